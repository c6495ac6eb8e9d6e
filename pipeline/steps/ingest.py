"""The stage ``ingest``: every file below the raw folder, as bytes."""

from pipeline.engine import StageRun
from pipeline.exports import TEXT, recognised
from pipeline.ingest import Source, bounded, identify, sources_of, unreadable
from pipeline.repair.plausible import price
from pipeline.storage import Found
from schemas import TABLES


def ingest(run: StageRun) -> None:
    """Look at every file."""
    found = run.raw.settled(run.raw.scan())
    sources: list[Source] = []
    for number, file in enumerate(found, 1):
        sources += _sources(run, file)
        run.report("ingest", number, len(found))
    run.keep("sources", TABLES["sources"].of(sources))


def _sources(run: StageRun, file: Found) -> list[Source]:
    """The file, or the members of the archive that it is."""
    if file.error:
        return [unreadable(file.path, file.error)]
    try:
        return list(sources_of(file.path, run.raw.read(file.path), _look))
    except OSError as error:
        return [unreadable(file.path, error)]


def _look(path: str, data: bytes) -> Source:
    source = recognised(identify(path, data, price), data)
    return source if source.format != TEXT else bounded(source, data)
