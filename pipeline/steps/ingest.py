"""The stage ``ingest``: every file below the raw folder, as bytes."""

from pipeline.engine import StageRun
from pipeline.exports import recognised
from pipeline.ingest import Source, identify, unreadable
from pipeline.storage import Found
from schemas import TABLES


def ingest(run: StageRun) -> None:
    """Look at every file."""
    found = run.raw.scan()
    sources = []
    for number, file in enumerate(found, 1):
        sources.append(_source(run, file))
        run.report("ingest", number, len(found))
    run.keep("sources", TABLES["sources"].of(sources))


def _source(run: StageRun, file: Found) -> Source:
    if file.error:
        return unreadable(file.path, file.error)
    try:
        data = run.raw.read(file.path)
        return recognised(identify(file.path, data), data)
    except OSError as error:
        return unreadable(file.path, error)
