"""The stage ``ingest``: every file below the raw folder, as bytes."""

import hashlib
import logging
from collections.abc import Mapping

from pipeline.engine import StageRun, code_version, note_state, state_of
from pipeline.engine.stage import LOG, FileCounts, note
from pipeline.exports import TEXT, recognised
from pipeline.ingest import Source, bounded, bounds, identify, sources_of, unreadable
from pipeline.ingest.pieces import pieces_of
from pipeline.repair.plausible import price
from pipeline.steps.large import large_source
from pipeline.storage import Found
from schemas import TABLES
from schemas.arrow import to_rows


def ingest(run: StageRun) -> None:
    """Look at every file."""
    state = state_of(run.raw)
    found = run.raw.settled(run.raw.scan())
    run.made_by = code_version(run.stage, run.raw)
    known = _known(run)
    sources: list[Source] = []
    for number, file in enumerate(found, 1):
        sources += _sources(run, file, known)
        run.report("ingest", number, len(found))
    kept = run.keep("sources", TABLES["sources"].of(sources))
    run.files = FileCounts(len(sources), 0, int(kept["bytes"].fillna(0).sum()))
    note_state(run, state)
    _tell(run, sources)


def _tell(run: StageRun, sources: list[Source]) -> None:
    for source in sources if LOG.isEnabledFor(logging.INFO) else ():
        level = logging.WARNING if source.status == "rejected" else logging.INFO
        facts = {name: getattr(source, name) for name in ("status", "bytes", "encoding", "format", "reason")}
        note((LOG,), "file.read", level, run=run.run_id, stage=run.stage, file=source.path, **facts)


def _known(run: StageRun) -> dict[str, Source]:
    """What the same code said of files before, by their paths."""
    before = None if run.full else run.clean.published()
    if before is None or before.made_by("sources") != run.made_by:
        return {}
    return {row["path"]: Source(**row) for row in to_rows(before.read("sources"))}


def _sources(run: StageRun, file: Found, known: Mapping[str, Source]) -> list[Source]:
    """The file, or the members of the archive that it is; what was said of the same bytes before is said again."""
    if file.error:
        return [unreadable(file.path, file.error)]
    try:
        before = known.get(file.path)
        size = run.raw.size(file.path)
        if size is not None and size > bounds.STREAM_BYTES:
            large = _large(run, file.path, size, before)
            if large is not None:
                return [large]
        data = run.raw.read(file.path)
        if before is not None and before.sha256 == hashlib.sha256(data).hexdigest():
            return [before]
        return list(sources_of(file.path, data, _look))
    except OSError as error:
        return [unreadable(file.path, error)]


def _large(run: StageRun, path: str, size: int, before: Source | None) -> Source | None:
    """What a file is that is read in pieces; None where it must be read whole.

    Nothing is asked of a file that was read in pieces before and has not changed but its bytes.
    """
    if before is not None and before.pieces and before.bytes == size:
        pieces = pieces_of(before.pieces, size, before.line_count)
        if all(piece.holds(run.raw.read_range(path, piece.byte_start, piece.byte_end)) for piece in pieces):
            return before
    return large_source(run.raw, path, size)


def _look(path: str, data: bytes) -> Source:
    source = recognised(identify(path, data, price), data)
    return source if source.format != TEXT else bounded(source, data)
