"""Batches of files: how a run is cut into them, and a stage's work on one, with the rows of unchanged files taken over.

Memory is bounded by the batch, never by the number of files.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from pipeline.engine.renames import Names, names_of, record_names
from pipeline.engine.stage import StageRun
from pipeline.ingest.pieces import Piece, pieces_of
from pipeline.tables import TableSet
from schemas import TABLES
from schemas.arrow import to_frame, values_of
from schemas.registry import KEPT, of_stage, stored

BATCH_BYTES = 4 * 1024 * 1024
BATCH_FILES = 1000
FILE_KEY = ("path",)
"""The key of tables in which a row is a file."""

_ENOUGH_BYTES = 1024 * 1024
_ENOUGH_FILES = 100
_ONE_IN = 16  # names, at which a batch that is large enough ends


@dataclass(frozen=True)
class Batch:
    """Some files, by their rows of ``sources`` in the order of their paths, and those whose rows are taken over.

    These are ``unchanged``, or ``renamed``, which has the paths that they had. Or one ``piece`` of one file that is too
    large to be read at once. ``twins`` are the rows of ``file_twins`` that their text depends on.
    """

    sources: pd.DataFrame
    unchanged: frozenset[str] = frozenset()
    piece: Piece | None = None
    twins: pd.DataFrame = field(default_factory=KEPT["file_twins"].empty)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths, sorted."""
        return tuple(values_of(self.sources["path"]))

    @cached_property
    def fresh(self) -> tuple[str, ...]:
        """The paths of the files that are worked on."""
        return tuple(path for path in self.files if path not in self.unchanged and path not in self.renamed)

    @cached_property
    def readable(self) -> tuple[str, ...]:
        """The paths of files that could be read when the run began."""
        return tuple(values_of(self.sources.loc[self.sources["status"] == "read", "path"]))

    @property
    def afresh(self) -> "Batch":
        """The same with nothing taken over."""
        return replace(self, unchanged=frozenset(), renamed={})

    @property
    def done(self) -> int:
        """How many files are worked on and done with this batch: a large one is with its last piece."""
        return len(self.fresh) if self.ends_files else 0

    @property
    def ends_files(self) -> bool:
        """Whether no piece of its file follows."""
        return self.piece is None or self.piece.is_last

    @cached_property
    def fresh_bytes(self) -> int:
        """Bytes on disk of the files that are worked on."""
        if self.piece is not None:
            return self.piece.byte_end - self.piece.byte_start if self.fresh else 0
        if not self.fresh:  # as in most batches of most runs
            return 0
        return int(self.sources.loc[self.sources["path"].isin(self.fresh), "bytes"].fillna(0).sum())

    @cached_property
    def key(self) -> str:
        """A hash over names and contents of the files, the piece, and what other files have for them."""
        named = "\n".join(
            f"{path}\x00{sha}" for path, sha in zip(self.files, values_of(self.sources["sha256"]), strict=True)
        )
        named += f"\x00{self.piece.number}" if self.piece else ""
        named += "".join(f"\x01{path}\x00{word}\x00{place}" for path, word, place in self.twins.itertuples(index=False))
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def batches(
    sources: pd.DataFrame,
    unchanged: frozenset[str],
    twins: pd.DataFrame | None = None,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Batch]:
    """All files in order of their paths, at most BATCH_FILES and about BATCH_BYTES in each batch.

    Where batches end depends on names and sizes alone, so that a run that takes rows over writes the same bytes as one
    that works on every file. Most end at a name that its hash picks: then a new file changes one batch, and moves no
    other (content-defined chunking, as rsync and its successors cut files). A file with pieces has a batch for each.
    """
    for cut in _cut(sources.sort_values("path", ignore_index=True), unchanged):
        batch = replace(cut, renamed={path: renamed[path] for path in cut.files if path in renamed}) if renamed else cut
        if twins is None or twins.empty:
            yield batch
        else:
            rows = twins[twins["path"].isin(batch.files)].reset_index(drop=True)
            yield replace(batch, twins=rows) if len(rows) else batch


def _cut(ordered: pd.DataFrame, unchanged: frozenset[str]) -> Iterator[Batch]:
    start = size = 0
    sizes = values_of(ordered["bytes"].fillna(0))
    large = frozenset(ordered.index[ordered["pieces"].notna()])
    for row, (path, length) in enumerate(zip(values_of(ordered["path"]), sizes, strict=True)):
        if row in large:
            if row > start:
                yield _batch(ordered.iloc[start:row], unchanged)
            yield from _pieces(ordered.iloc[row : row + 1], unchanged)
            start, size = row + 1, 0
            continue
        full = size + length > BATCH_BYTES or row - start == BATCH_FILES
        enough = size > _ENOUGH_BYTES or row - start >= _ENOUGH_FILES
        if row > start and (full or (enough and zlib.crc32(path.encode()) % _ONE_IN == 0)):
            yield _batch(ordered.iloc[start:row], unchanged)
            start, size = row, 0
        size += length
    if start < len(ordered) or ordered.empty:  # no file at all is a batch too: every rule runs
        yield _batch(ordered.iloc[start:], unchanged)


def _pieces(rows: pd.DataFrame, unchanged: frozenset[str]) -> Iterator[Batch]:
    whole = _batch(rows, unchanged)
    text, size, lines = whole.sources[["pieces", "bytes", "line_count"]].iloc[0]
    told, count = (None if pd.isna(one) else one for one in whole.sources[["piece_values", "value_count"]].iloc[0])
    for piece in pieces_of(text, size, lines, (told, count)):
        yield replace(whole, piece=piece)


def _batch(rows: pd.DataFrame, unchanged: frozenset[str]) -> Batch:
    return Batch(rows.reset_index(drop=True), unchanged.intersection(rows["path"]))


@dataclass
class BatchRun(StageRun):
    """A stage's work on one batch: its body reads and keeps the rows of the fresh files only."""

    batch: Batch = field(default_factory=lambda: Batch(TABLES["sources"].empty()))
    before: TableSet | None = None
    names: Names = field(default_factory=lambda: names_of({}))

    def take_names(self) -> None:
        """Find out what renamed files and their records are called now; files that cannot be told are worked on."""
        if not self.batch.renamed or self.before is None:
            return
        if not any("record_id" in table.arrow_schema.names for table in of_stage(self.stage)):
            self.names = names_of(self.batch.renamed)
            return
        lines, repairs = (self._rows(name, tuple(self.batch.renamed)) for name in ("text_lines", "text_repairs"))
        records = record_names(self.before, self.batch.renamed, lines, repairs)
        sure = set(records["path"])
        self.batch = replace(self.batch, renamed={new: old for new, old in self.batch.renamed.items() if new in sure})
        self.names = names_of(self.batch.renamed, records)

    def read(self, name: str) -> pd.DataFrame:
        """The rows of the batch's fresh files in a table of an earlier stage."""
        if name == "sources":
            rows = self.batch.sources
            return rows[rows["path"].isin(self.batch.fresh)].reset_index(drop=True)
        taken_over = self.batch.unchanged or self.batch.renamed
        return self._rows(name, self.batch.fresh) if taken_over else self.parent(name)

    def parent(self, name: str) -> pd.DataFrame:
        """The rows of all of the batch's files."""
        if name == "sources":
            return self.batch.sources
        if name in self.kept:
            return self.kept[name]
        if name not in self._earlier:
            self._earlier[name] = self._rows(name, self.batch.files)
        return self._earlier[name]

    def _rows(self, name: str, files: Sequence[str]) -> pd.DataFrame:
        tables = self.clean.latest(name, self.run_id)
        if self.batch.piece is None:
            return tables.read_files(name, files)
        return to_frame(tables.read_part(name, tables.parts(name)[self.batch.key]))

    def keep(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Hold rows against their contract, those that are taken over with them; who runs the batches writes them.

        The row of a file that is read in pieces is held when it is whole.
        """
        if name in KEPT:
            self.kept[name] = self._with_earlier(name, KEPT[name].typed(frame))
            return self.kept[name]
        rows = TABLES[name].typed(frame)
        if self.batch.piece is not None and TABLES[name].key == FILE_KEY:
            self.kept[name] = rows
            return rows
        self.kept[name] = self.held(TABLES[name], self._with_earlier(name, rows))
        return self.kept[name]

    def _with_earlier(self, name: str, rows: pd.DataFrame) -> pd.DataFrame:
        if not (self.batch.unchanged or self.batch.renamed) or self.before is None:
            return rows
        before = self.before.read_files(stored(name), self.batch.unchanged), self.names.rows(name, self.before)
        return self._in_order(pd.concat([rows, *before], ignore_index=True))

    def progress(self, done: int) -> None:
        """Say how many of the fresh files are done."""
        self.report(self.stage, done, len(self.batch.fresh))

    def _in_order(self, rows: pd.DataFrame) -> pd.DataFrame:
        """By file, and within a file as they came; rows that name no file as their records stand."""
        if "path" in rows:
            return rows.sort_values("path", kind="stable", ignore_index=True)
        records = self.parent("records")["record_id"]
        place = rows["record_id"].map(pd.Series(range(len(records)), index=records))
        return rows.iloc[place.argsort(kind="stable")].reset_index(drop=True)
