"""What the footer of a Parquet file says: which row groups hold the rows of which files, and where nothing stands.

Not here: the tables themselves (``tables``).
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

BATCHES: Final = b"palimpsest.batches"
"""The key of the batches in the footer."""


READ_ROWS: Final = 1 << 16
READ_BYTES: Final = 1 << 23
"""What is read of a table at once, where its row groups are smaller."""


class Part(NamedTuple):
    """The row groups, from ``start`` up to ``end``, in which the rows of a batch of files are."""

    first: str
    last: str
    start: int
    end: int
    key: str


def groups_of(parquet: Any, paths: Sequence[str]) -> list[int]:
    """The row groups that hold rows of the paths (sorted), as the footer says; all where it says nothing."""
    known = parts_of(parquet)
    if known is None:
        return list(range(parquet.num_row_groups))
    if not paths:
        return []
    touched = [part for part in known if part.first <= paths[-1] and paths[0] <= part.last]
    return [group for part in touched for group in range(part.start, part.end)]


def rows_of_parts(parquet: Any) -> list[int]:
    """How many rows each of the batches of files has that a table was written in."""
    counts = [parquet.metadata.row_group(group).num_rows for group in range(parquet.num_row_groups)]
    return [sum(counts[part.start : part.end]) for part in parts_of(parquet) or ()]


def spans(parquet: Any, columns: Sequence[str] | None = None) -> Iterator[range]:
    """The row groups of a table in their order, a few small ones at a time, since each time takes as long as many rows.

    Of some ``columns``, or of all, those at a time hold no more than ``READ_ROWS`` and ``READ_BYTES``, or are one.
    """
    start = rows = size = 0
    for number in range(parquet.num_row_groups):
        group = parquet.metadata.row_group(number)
        more = _bytes(group, columns)
        if number > start and (rows + group.num_rows > READ_ROWS or size + more > READ_BYTES):
            yield range(start, number)
            start, rows, size = number, 0, 0
        rows, size = rows + group.num_rows, size + more
    if start < parquet.num_row_groups:
        yield range(start, parquet.num_row_groups)


def spans_at(parquet: Any, column: str, rows: Ints) -> Iterator[tuple[range, Ints]]:
    """The ``spans`` that have some of ``rows`` of a table, which are in order, and where in them they are."""
    first = 0
    for span in spans(parquet, [column]):
        end = first + sum(parquet.metadata.row_group(group).num_rows for group in span)
        asked = rows[np.searchsorted(rows, first) : np.searchsorted(rows, end)] - first
        if len(asked):
            yield span, asked
        first = end


def _bytes(group: Any, columns: Sequence[str] | None) -> int:
    if columns is None:
        return int(group.total_byte_size)
    held = map(group.column, range(group.num_columns))
    return sum(column.total_uncompressed_size for column in held if column.path_in_schema.split(".")[0] in columns)


def said_nulls(group: Any) -> dict[str, int]:
    """How many nulls there are in each plain column of a row group, where its footer says it."""
    columns = map(group.column, range(group.num_columns))
    told = ((column.path_in_schema, column.statistics) for column in columns)
    return {name: said.null_count for name, said in told if said is not None and said.has_null_count}


def may_have(group: Any, at: pd.DataFrame) -> bool:
    """Whether a row group can have a row that agrees with one of ``at`` in all columns, as its footer says."""
    columns = map(group.column, range(group.num_columns))
    told = {column.path_in_schema: column.statistics for column in columns}
    fits = np.ones(len(at), bool)
    for name in at:
        said = told.get(str(name))
        if said is not None and said.has_min_max:
            inside = [value is not None and said.min <= value <= said.max for value in at[name].to_list()]
            fits &= np.array(inside, bool)
    return bool(fits.any())


def parts_of(parquet: Any) -> list[Part] | None:
    """The batches of files that a table was written in; None where the footer says nothing."""
    held = (parquet.metadata.metadata or {}).get(BATCHES)
    return None if held is None else [Part(*part) for part in json.loads(held)]
