"""The stage ``ingest``: every file below the raw folder, as bytes."""

import logging

from pipeline.engine import StageRun
from pipeline.engine.stage import LOG, FileCounts, note
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
    kept = run.keep("sources", TABLES["sources"].of(sources))
    run.files = FileCounts(len(sources), 0, int(kept["bytes"].fillna(0).sum()))
    _tell(run, sources)


def _tell(run: StageRun, sources: list[Source]) -> None:
    for source in sources if LOG.isEnabledFor(logging.INFO) else ():
        level = logging.WARNING if source.status == "rejected" else logging.INFO
        facts = {name: getattr(source, name) for name in ("status", "bytes", "encoding", "format", "reason")}
        note((LOG,), "file.read", level, run=run.run_id, stage=run.stage, file=source.path, **facts)


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
