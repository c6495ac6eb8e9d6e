"""The stage ``ingest``: every file below the raw folder, as bytes."""

import hashlib
import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import pandas as pd

from pipeline.engine import Batch, StageRun, code_version, note_state, spread, state_of
from pipeline.engine.batches import BATCH_BYTES, BATCH_FILES
from pipeline.engine.running import WORTH_A_WORKER
from pipeline.engine.stage import LOG, FileCounts, note
from pipeline.exports import TEXT, recognised
from pipeline.ingest import Source, bounded, sources_of, unreadable
from pipeline.ingest.identify import identified
from pipeline.ingest.pieces import Cutting
from pipeline.ingest.unpacking import compression_of
from pipeline.processes import prepare_workers
from pipeline.repair import get_ready
from pipeline.repair.plausible import price
from pipeline.steps.large import Bytes, is_same, large_source
from pipeline.storage import RawFolder
from schemas import TABLES
from schemas.arrow import to_rows, values_of
from schemas.registry import KEPT, stored

_IDENTITIES = KEPT["file_identities"]
_CHEAPER = 4  # times as cheap as repair and split, a byte, or more; but workers that it starts are there for these


def ingest(run: StageRun) -> None:
    """Look at every file."""
    state = state_of(run.raw)
    found = run.raw.scan()
    fresh = run.raw.fresh(found)
    run.made_by = code_version(run.stage, run.raw)
    known = _known(run)
    if fresh.looks:
        get_ready()  # until they are looked at again there is time, for what follows, too
    now = time.time()
    identities = {file.path: run.raw.identity(file.path, now) for file in found if not file.error}
    same = _same(run, known, identities)
    found = run.raw.settled(found, fresh)
    same = same.difference(file.path for file in found if file.error)
    asked = [file for file in found if not file.error and file.path not in same]
    sizes = {file.path: run.raw.size(file.path) if file.size is None else file.size for file in asked}
    plan = list(_batches(sizes, known))
    lost = [unreadable(file.path, file.error) for file in found if file.error]
    held = known[known.index.isin(same)].reset_index()
    done, read, size = len(lost) + len(held), 0, sum(filter(None, sizes.values()))
    frames = [TABLES["sources"].of(lost), held]
    mixed, count, each = bool(lost) or len(held) > 0, len(found), iter(sizes.values())
    _tell(run, frames)
    if size > WORTH_A_WORKER and run.settings.processes > 1 and not run.settings.scheduler:
        prepare_workers()
    looking = Looking(RawFolder(run.raw.root.absolute()), Cutting())  # workers start elsewhere
    looked = spread(run, looking, plan, size // _CHEAPER, sizes)
    for batch, frame in zip(plan, looked, strict=True):
        frames.append(frame)
        _tell(run, [frame])
        done, read = done + len(batch.sources), read + sum(filter(None, islice(each, len(batch.sources))))
        run.report("ingest", done, count, read, size)
    del plan, asked, sizes, found  # of a million files these are 400 MB, and so is each copy of the table
    kept = run.keep("sources", _joined(frames, mixed=mixed))
    _keep_identities(run, kept, identities)
    looked_at = kept[~kept["path"].isin(held["path"])]
    run.files = FileCounts(len(looked_at), len(held), int(looked_at["bytes"].fillna(0).sum()))
    note_state(run, state)


def _joined(frames: list[pd.DataFrame], *, mixed: bool) -> pd.DataFrame:
    """The rows of all frames, which are let go; ``mixed``: they are not in the order of paths."""
    rows = pd.concat(frames, ignore_index=True)
    frames.clear()
    return rows.sort_values("path", kind="stable", ignore_index=True) if mixed else rows


def _tell(run: StageRun, frames: Iterable[pd.DataFrame]) -> None:
    for source in (row for frame in frames for row in to_rows(frame)) if LOG.isEnabledFor(logging.INFO) else ():
        level = logging.WARNING if source["status"] == "rejected" else logging.INFO
        facts = {name: source[name] for name in ("status", "bytes", "encoding", "format", "reason")}
        note((LOG,), "file.read", level, run=run.run_id, stage=run.stage, file=source["path"], **facts)


def _known(run: StageRun) -> pd.DataFrame:
    """What the same code said of files before, by their paths."""
    before = None if run.full else run.clean.published()
    known = before is not None and before.made_by("sources") == run.made_by
    return (before.read("sources") if before and known else TABLES["sources"].empty()).set_index("path")


def _same(run: StageRun, known: pd.DataFrame, identities: Mapping[str, str | None]) -> set[str]:
    """The files of which the disk says what it said before they were read, by the same code: they are as they were.

    Only plain files are known by their own names, and those that could not be read are always tried again.
    """
    before, name = run.clean.published(), stored(_IDENTITIES.name)
    if before is None or known.empty or before.made_by(name) != run.made_by:
        return set()
    then = before.read(name)
    readable = set(known.index[known["sha256"].notna()].to_numpy())
    pairs = zip(values_of(then["path"]), values_of(then["identity"]), strict=True)
    return {path for path, identity in pairs if identities.get(path) == identity and path in readable}


def _keep_identities(run: StageRun, sources: pd.DataFrame, identities: Mapping[str, str | None]) -> None:
    """Note for the next run what the disk said of each file before it was read."""
    paths = [path for path in values_of(sources["path"]) if identities.get(path)]
    rows = _IDENTITIES.joined([{"path": paths, "identity": [identities[path] for path in paths]}])
    run.tables.write(_IDENTITIES, rows, part=run.stage, made_by=run.made_by)


def _batches(sizes: Mapping[str, int | None], known: pd.DataFrame) -> Iterator[Batch]:
    """The files with what is known of them; a file that is read in pieces is a batch alone."""
    paths: list[str] = []
    size = 0
    for path, length in sizes.items():
        if paths and (len(paths) == BATCH_FILES or size + (length or 0) > BATCH_BYTES):
            yield Batch(known.reindex(pd.Index(paths, name="path", dtype=known.index.dtype)).reset_index())
            paths, size = [], 0
        paths, size = [*paths, path], size + (length or 0)
    if paths:
        yield Batch(known.reindex(pd.Index(paths, name="path", dtype=known.index.dtype)).reset_index())


@dataclass(frozen=True)
class Looking:
    """Looks at the files of a batch, whose rows say what is known of them from before."""

    raw: RawFolder
    cutting: Cutting

    def __call__(self, batch: Batch) -> pd.DataFrame:
        """The rows of ``sources`` of the files and of the members of archives among them."""
        rows = to_rows(batch.sources)
        return TABLES["sources"].of(source for row in rows for source in self._sources(row))

    def _sources(self, row: dict[str, Any]) -> list[Source]:
        """The file, or the members of the archive that it is; what was said of the same bytes is said again."""
        path, before = row["path"], Source(**row) if row["status"] else None
        try:
            size = self.raw.size(path)
            whole = None
            if size is not None and size > self.cutting.least:
                large = self._large(path, size, before)
                if large is not None:
                    return [large]
                whole = path
            data = self.raw.read(path)
            if before is not None and before.sha256 == hashlib.sha256(data).hexdigest():
                return [before]
            return list(sources_of(path, data, partial(self._look, whole=whole)))
        except OSError as error:
            return [unreadable(path, error)]

    def _large(self, path: str, size: int, before: Source | None) -> Source | None:
        """What a file is that is read in pieces; None where it must be read whole.

        Nothing is asked of a file that was read in pieces before and has not changed but its bytes.
        """
        if before is not None and before.pieces and before.bytes == size and is_same(self.raw, before, size):
            return before
        return large_source(self.raw, Bytes(path, size, self.raw.reader(path)), self.cutting)

    def _look(self, path: str, data: bytes, whole: str | None = None) -> Source:
        """What a file or member is; its text is read in pieces where it is large, packed or not.

        ``whole`` is the path of a file that is known to be read whole.
        """
        if path != whole and (len(data) > self.cutting.least or compression_of(data) != "none"):
            large = large_source(self.raw, Bytes(path, len(data), lambda start, end: data[start:end]), self.cutting)
            if large is not None:
                return large
        source, text = identified(path, data, price)
        source = recognised(source, data, text)
        return source if source.format != TEXT else bounded(source, data)
