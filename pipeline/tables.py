"""One set of Parquet tables: written whole or not at all, a batch of files at a time, and read back by files.

Not here: which set readers see (``storage``).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.footers import Part, groups_of, may_have, parts_of, rows_of_parts, said_nulls, spans, spans_at
from pipeline.groups import FooterError
from pipeline.objectstore import filesystem, mishaps
from pipeline.ranges import bits_of, cut, groups_by_range, joined, range_of
from pipeline.splice import Sink, Source, same_rows
from pipeline.writing import MisplacedError, StorageError, TableWriter, disk, whole
from schemas import Table
from schemas.arrow import stamped, to_arrow, to_frame

__all__ = ["MisplacedError", "StorageError", "TableSet", "TableWriter"]

_HEAD_ROWS = 512


@dataclass(frozen=True)
class TableSet:
    """The tables of one run in one folder."""

    folder: Path
    run_id: str

    def path(self, name: str) -> Path:
        """Where a table is or would be."""
        return self.folder / f"{name}.parquet"

    def has(self, name: str) -> bool:
        """Whether the table has been written."""
        return self.path(name).exists()

    @contextmanager
    def writer(self, table: Table, part: str = "", made_by: str = "") -> Iterator[TableWriter]:
        """Writes a table, or a stage's part of one, whole or not at all, when the block ends.

        The footer carries contract, version, hash, run, and in ``made_by`` the code and settings that made it. Raises
        StorageError when the disk refuses.
        """
        stamp = {"table": table.name, "version": table.version, "contract": table.fingerprint, "run": self.run_id}
        schema = stamped(table.arrow_schema, {**stamp, **({"made_by": made_by} if made_by else {})})
        target = self.path(f"{table.name}@{part}" if part else table.name)
        with whole(target) as stream:
            sink = Sink(stream)
            # Dictionaries took a fifth longer to write, longer to read, and more room than zstd without them.
            parquet = pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=False)
            rows = TableWriter(target, table, parquet, sink)
            try:
                yield rows
                with disk(target):
                    rows.close()
            finally:
                rows.parquet.is_open = False  # else it would write to the end when it is collected

    def write(self, table: Table, frame: pd.DataFrame, part: str = "", made_by: str = "") -> Path:
        """Write a table at once; raises StorageError when the disk refuses. Returns where it is."""
        with self.writer(table, part, made_by) as rows:
            if table.in_ranges:
                for _, some in cut(to_arrow(frame, rows.parquet.schema), bits_of(len(frame))):
                    rows.append_arrow(some)
            else:
                rows.append(frame)
        return rows.target

    def copy_changed(self, writer: TableWriter, new: pd.DataFrame, gone: pa.Array) -> None:
        """Write this set's rows of a table that is stored in ranges, but those whose id is ``gone``, and ``new`` ones.

        All rows of an id are either. Ranges that have none of both are copied as bytes. Raises StorageError.
        """
        name, fresh = writer.table.name, to_arrow(new, writer.parquet.schema)
        with self._mishaps(name), self._opened(name) as parquet:
            ids = parquet.read(columns=fresh.column_names[:1], use_threads=False).column(0)
            bits = bits_of(len(ids) - int(pc.sum(pc.is_in(ids, gone)).as_py() or 0) + len(new))
            groups = groups_by_range(parquet, bits) if bits == bits_of(len(ids)) else None
            if groups is None:
                for _, some in cut(joined(parquet.read(use_threads=False), fresh, gone), bits):
                    writer.append_arrow(some)
                return
            source, added = Source.of(self.path(name)), dict(cut(fresh, bits))
            touched = {range_of(one, bits) for one in gone.to_pylist()} | added.keys()
            for number in sorted(groups.keys() | added.keys()):
                group = groups.get(number)
                if group is not None and number not in touched:
                    writer.move(source, Part("", "", group, group + 1, ""))
                else:
                    held = fresh.slice(0, 0) if group is None else parquet.read_row_group(group, use_threads=False)
                    writer.append_arrow(joined(held, added.get(number, fresh.slice(0, 0)), gone))

    def take_over(self, table: Table, before: "TableSet", part: str = "", made_by: str = "") -> Path:
        """Write a table, or a stage's part of one, with the rows that another set has; nothing of it is decoded.

        The footer is of this run. Raises StorageError when the disk refuses or the other set's cannot be read.
        """
        name = f"{table.name}@{part}" if part else table.name
        source, parts = before.source(name), before.parts(name)
        with self.writer(table, part, made_by) as rows:
            for one in parts.values() or [Part("", "", 0, len(source.groups), "")]:
                rows.move(source, one)
        return rows.target

    def write_page(self, name: str, text: str) -> None:
        """Write a page for people beside the tables; raises StorageError when the disk refuses."""
        with disk(self.folder / name):
            (self.folder / name).write_text(text, encoding="utf-8")

    def read_page(self, name: str, otherwise: str) -> str:
        """A page beside the tables, or ``otherwise`` where the set has none."""
        page = self.folder / name
        return page.read_text(encoding="utf-8") if page.exists() else otherwise

    def read(self, name: str, columns: Sequence[str] | None = None, at: pd.DataFrame | None = None) -> pd.DataFrame:
        """A table, or some columns of it, with Arrow-backed columns.

        With ``at`` only the rows that agree with a row of it in all of its columns, which must be among those read, a
        row group at a time; those that cannot have such rows are not read. Raises StorageError when it is not there or
        no Parquet.
        """
        if at is not None:
            return self._read_at(name, columns, at)
        where, store = filesystem(self.path(name))
        with self._mishaps(name):
            return to_frame(pq.read_table(where, columns=columns, filesystem=store, partitioning=None))

    def _read_at(self, name: str, columns: Sequence[str] | None, at: pd.DataFrame) -> pd.DataFrame:
        names = None if columns is None else list(columns)
        with self._mishaps(name), self._opened(name) as parquet:
            found = [parquet.schema_arrow.empty_table().select(names or parquet.schema_arrow.names)]
            for group in range(parquet.num_row_groups):
                if may_have(parquet.metadata.row_group(group), at):
                    keys = parquet.read_row_group(group, columns=list(at), use_threads=False)
                    places = pa.array(np.flatnonzero(_agree(keys, at)))
                    if len(places):
                        found.append(parquet.read_row_group(group, columns=names, use_threads=False).take(places))
        return to_frame(pa.concat_tables(found)).merge(at, on=list(at.columns))

    def count(self, name: str) -> int:
        """The rows of a table, as its footer says."""
        with self._mishaps(name), self._opened(name) as parquet:
            rows: int = parquet.metadata.num_rows
        return rows

    def frequencies(self, name: str, column: str) -> Counter[str]:
        """How often a column has each value, nulls left out; for columns of few values. Raises StorageError."""
        found: Counter[str] = Counter()
        with self._mishaps(name), self._opened(name) as parquet:
            for group in range(parquet.num_row_groups):
                counted = pc.value_counts(parquet.read_row_group(group, columns=[column], use_threads=False)[column])
                found.update(
                    {pair["values"]: pair["counts"] for pair in counted.to_pylist() if pair["values"] is not None}
                )
        return found

    def nulls(self, name: str, columns: Sequence[str]) -> dict[str, int]:
        """How many rows of a table have nothing in each of some columns. Raises StorageError.

        The footer says so of plain columns, so that only lists are read.
        """
        found = dict.fromkeys(columns, 0)
        with self._mishaps(name), self._opened(name) as parquet:
            asked = []
            for group in range(parquet.num_row_groups):
                said = said_nulls(parquet.metadata.row_group(group))
                for column in columns:
                    if column in said:
                        found[column] += said[column]
                    else:
                        asked.append((group, column))
            for group, column in asked:
                read = parquet.read_row_group(group, columns=[column], use_threads=False)
                found[column] += read[column].null_count
        return found

    def read_files(self, name: str, files: Collection[str]) -> pd.DataFrame:
        """The rows of some files, in the order of the table; only their row groups are read.

        For tables that were written by files. Rows that name no file go with their record. Raises StorageError.
        """
        paths = sorted(files)
        with self._mishaps(name), self._opened(name) as parquet:
            groups = groups_of(parquet, paths)
            found = parquet.read_row_groups(groups, use_threads=False) if groups else parquet.schema_arrow.empty_table()
        if "path" in found.column_names:
            key, wanted = "path", pa.array(paths, pa.string())
        else:
            key, wanted = "record_id", pa.array(self.read_files("records", paths)["record_id"])
        named = pc.is_in(found[key], value_set=wanted)
        return to_frame(found if pc.all(named).as_py() else found.filter(named))

    def groups(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """A table, or some columns of it, a few row groups at a time, as ``spans`` has them. Raises StorageError."""
        with self._mishaps(name), self._opened(name) as parquet:
            for span in spans(parquet, columns):
                yield to_frame(parquet.read_row_groups(span, columns=columns, use_threads=False))

    def rows_at(self, name: str, column: str, rows: npt.NDArray[np.int64]) -> Iterator[pd.Series]:
        """A column of some ``rows``, which are in order, in parts; what has none of them is not read. StorageError."""
        with self._mishaps(name), self._opened(name) as parquet:
            for span, at in spans_at(parquet, column, rows):
                held = parquet.read_row_groups(span, columns=[column], use_threads=False)
                yield to_frame(held.take(pa.array(at)))[column]

    def batch_rows(self, name: str) -> list[int]:
        """How many rows of a table that was written by files each batch has, in their order. Raises StorageError."""
        with self._mishaps(name), self._opened(name) as parquet:
            return rows_of_parts(parquet)

    def by_batch(self, name: str, columns: Sequence[str], together: Iterable[range]) -> Iterator[pd.DataFrame]:
        """Some columns of a table that was written by files, some batches at a time; ``together`` has their numbers."""
        with self._mishaps(name), self._opened(name) as parquet:
            parts = parts_of(parquet) or ()
            for groups in (range(parts[batches[0]].start, parts[batches[-1]].end) for batches in together):
                yield to_frame(parquet.read_row_groups(groups, columns=list(columns), use_threads=False))

    def parts(self, name: str) -> dict[str, Part]:
        """The row groups of every batch of files in a table, by the batch's key; none where the footer says nothing."""
        with self._mishaps(name), self._opened(name) as parquet:
            return {part.key: part for part in parts_of(parquet) or ()}

    def read_part(self, name: str, part: Part) -> pa.Table:
        """The rows of a batch, as Arrow has them."""
        with self._mishaps(name), self._opened(name) as parquet:
            return parquet.read_row_groups(range(part.start, part.end), use_threads=False)

    def source(self, name: str) -> Source:
        """A table as row groups that a writer of the same table can take over."""
        with self._mishaps(name):
            return Source.of(self.path(name))

    def has_rows_of(self, other: "TableSet", name: str) -> bool:
        """Whether a table has just the rows that it has in another set; only their bytes are compared.

        False where another library or other batches wrote the same rows. Raises StorageError.
        """
        if self == other:
            return True
        if not self.has(name) or not other.has(name):
            return False
        with self._mishaps(name):
            return same_rows(self.path(name), other.path(name))

    def head(self, name: str, most: int = 4096) -> Iterator[pd.DataFrame]:
        """The first rows of a table, some at a time, ``most`` in all."""
        with self._mishaps(name), self._opened(name) as parquet:
            for rows in islice(parquet.iter_batches(_HEAD_ROWS, use_threads=False), most // _HEAD_ROWS):
                yield to_frame(pa.Table.from_batches([rows]))

    def made_by(self, name: str) -> str | None:
        """The code and settings that made a table, or None where that is not known."""
        if not self.has(name):
            return None
        with self._mishaps(name), self._opened(name) as parquet:
            held = (parquet.schema_arrow.metadata or {}).get(b"palimpsest.made_by")
        return held.decode() if held else None

    def sha256(self, name: str) -> str:
        """The hash of a table's file."""
        with self.path(name).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def size(self) -> int:
        """Bytes on disk of all its files."""
        return sum(file.stat().st_size for file in self.folder.iterdir())

    def _opened(self, name: str) -> Any:
        where, store = filesystem(self.path(name))
        return pq.ParquetFile(where, filesystem=store)

    @contextmanager
    def _mishaps(self, name: str) -> Iterator[None]:
        try:
            with mishaps():
                yield
        except (OSError, pa.ArrowInvalid, FooterError) as error:
            raise StorageError(f"{self.path(name)}: cannot be read ({error}); run all stages again") from error


def _agree(keys: pa.Table, at: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows have in each column a value that ``at`` has there."""
    each = [pc.is_in(keys[name], value_set=pa.array(at[name].unique())).to_numpy() for name in at]
    agree: npt.NDArray[np.bool_] = np.logical_and.reduce(each)
    return agree
