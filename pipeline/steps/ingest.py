"""The stage ``ingest``: every file below the raw folder, as bytes."""

from pipeline.engine import StageRun
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
        return identify(file.path, run.raw.read(file.path))
    except OSError as error:
        return unreadable(file.path, error)
