"""Tables in the order of an id, written in ranges of it, a row group each: a few new rows leave most as they were.

Ids are a letter and hexadecimal digits of a hash, so ranges of one width have about as many rows. Their edges depend on
nothing but the number of rows, and change where that doubles. Not here: row groups as bytes (``splice``).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

ROWS: Final = 2048
"""A range has half as many rows to as many."""
_DIGITS: Final = 4
_MOST_BITS: Final = 10


def bits_of(rows: int) -> int:
    """How many bits of an id tell its range in a table of so many rows."""
    return min(_MOST_BITS, (max(0, rows - 1) // ROWS).bit_length())


def range_of(identity: str, bits: int) -> int:
    """The number of the range that an id is in."""
    return int(identity[1 : 1 + _DIGITS].ljust(_DIGITS, "0"), 16) >> (4 * _DIGITS - bits)


def cut(rows: pa.Table, bits: int) -> Iterator[tuple[int, pa.Table]]:
    """The ranges that a table has rows in, with those; it is in the order of its first column, the id."""
    ids = rows.column(0)
    start = 0
    while start < len(rows):
        first = ids[start].as_py()
        number = range_of(first, bits)
        edge = f"{first[0]}{(number + 1) << (4 * _DIGITS - bits):0{_DIGITS}x}"
        last = number + 1 == 1 << bits
        end = len(rows) if last else bisect_left(range(len(rows)), edge, start, key=lambda row: ids[row].as_py())
        yield number, rows.slice(start, end - start).combine_chunks()
        start = end


def joined(rows: pa.Table, new: pa.Table, gone: pa.Array) -> pa.Table:
    """Rows whose id, the first column, is not ``gone``, and new ones, in the order of ids and else as they were."""
    kept = rows.filter(pc.invert(pc.is_in(rows.column(0), gone)))
    both = pa.concat_tables([kept.cast(new.schema), new])
    return both.take(pc.sort_indices(both.column(0))).combine_chunks()


def groups_by_range(parquet: Any, bits: int) -> dict[int, int] | None:
    """The row group of each range of a Parquet file; None where a row group is not just a range's, by its footer."""
    found: dict[int, int] = {}
    for group in range(parquet.num_row_groups):
        said = parquet.metadata.row_group(group).column(0).statistics
        ends = {range_of(end, bits) for end in (said.min, said.max)} if said is not None and said.has_min_max else set()
        if len(ends) != 1 or not found.keys().isdisjoint(ends):
            return None
        found[ends.pop()] = group
    return found


class Regrouped:
    """Takes rows in the order of ids, some at a time, and puts them where they belong a whole range at a time."""

    def __init__(self, bits: int, put: Callable[[pa.Table], None]) -> None:
        self._bits = bits
        self._put = put
        self._number = -1
        self._held: list[pa.Table] = []

    def add(self, rows: pa.Table) -> None:
        """More rows; raises ValueError where they are of an earlier range."""
        for number, some in cut(rows, self._bits):
            if number < self._number:
                raise ValueError(f"{some.column(0)[0]} comes behind ids that are larger; put the rows in order")
            if number > self._number:
                self.close()
            self._number = number
            self._held.append(some)

    def close(self) -> None:
        """No more rows of the last range come."""
        if self._held:
            self._put(pa.concat_tables(self._held).combine_chunks())
            self._held.clear()
