"""The long tables of a report, read a batch at a time: counts of what they hold, and the most of what is shown.

Memory holds what is told apart, never the rows. Not here: what the page says of it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES
from schemas.arrow import to_frame
from schemas.quality import ALL_STAGES

Read = Callable[[str, Sequence[str]], Iterable[pd.DataFrame]]
"""Gives some columns of a table, some rows at a time."""

Order = Sequence[tuple[str, str]]

_FREQUENT: Final[Order] = (("count", "descending"), ("first", "ascending"))
_AT_ONCE: Final = 1 << 17  # rows that wait to be counted
_DISTINCT: Final = 100_000
PLACE: Final = ("path", "line_no", "start")
"""The columns that say where a repair starts."""


def _all(rows: pa.Table) -> pa.Table:
    return rows


def _with(column: str, value: str) -> Callable[[pa.Table], pa.Table]:
    return lambda rows: rows.filter(pc.equal(rows[column], value))


def _without(column: str, value: str) -> Callable[[pa.Table], pa.Table]:
    return lambda rows: rows.filter(pc.not_equal(rows[column], value))


def _filled(rows: pa.Table) -> pa.Table:
    """Which fields works have."""
    for name, column in (("titled", "title"), ("abstracted", "abstract_record_id"), ("placed", "venue_record_id")):
        rows = rows.append_column(name, pc.is_valid(rows[column]))
    return rows


def _of_several(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.greater(rows["record_count"], 1))


def _by_rule(rows: pa.Table) -> pa.Table:
    """A row for each rule that a refused row broke."""
    lists = rows["rules"].combine_chunks()
    return rows.take(pc.list_parent_indices(lists)).append_column("rule", pc.list_flatten(lists))


@dataclass(frozen=True)
class Gather:
    """What is kept of a table: for each combination of ``keys`` how many rows have it, and the number of the first.

    ``made`` makes the rows that count of those of the ``columns``. Of the first row ``firsts`` are kept, too, of all of
    them the sums of ``sums``. Where there are more than ``most`` combinations the first ones in ``order`` are kept.
    """

    table: str
    keys: Sequence[str]
    made: Callable[[pa.Table], pa.Table] = _all
    columns: Sequence[str] = ()
    firsts: Sequence[str] = ()
    sums: Sequence[str] = ()
    order: Order = _FREQUENT
    most: int | None = None

    @property
    def needs(self) -> list[str]:
        """The columns that are read."""
        held = TABLES[self.table].arrow_schema.names
        asked = [*self.columns, *self.keys, *self.firsts, *self.sums]
        return [name for name in dict.fromkeys(asked) if name in held]


_NUMBERS: Final = ("received", "used", "set_aside", "rejected", "difference")
_WORK: Final = ("work_id", "title", "record_count")
GATHERED: Final[Mapping[str, Gather]] = MappingProxyType(
    {
        "roles": Gather("line_roles", ["role"]),
        "unclaimed": Gather("line_roles", ["path"], _with("role", "unclaimed"), ["role"]),
        "unused": Gather("unused_tokens", ["reason"]),
        "mends": Gather("text_repairs", ["kind", "codec", "certainty"]),
        "mended_files": Gather("text_repairs", ["path", "certainty"]),
        # Where more are told apart, a rare one may be forgotten and counted anew; frequent ones are counted right.
        "examples": Gather(
            "text_repairs", ["kind", "codec", "certainty", "before", "after"], _without("certainty", "unresolved"),
            firsts=PLACE, most=_DISTINCT,
        ),
        "left": Gather(
            "text_repairs", ["before", "evidence"], _with("certainty", "unresolved"), ["certainty"],
            firsts=PLACE, most=_DISTINCT,
        ),
        "unsure": Gather(
            "text_repairs", ["before", "after", "evidence", "confidence"], _with("certainty", "inferred"),
            ["certainty"], firsts=PLACE, order=(("confidence", "ascending"), ("first", "ascending")), most=1000,
        ),
        "works": Gather(
            "works", ["titled", "abstracted", "placed", "year", "record_count", "author_count"], _filled,
            ["title", "abstract_record_id", "venue_record_id"],
        ),
        "largest_works": Gather(
            "works", _WORK, _of_several, order=(("record_count", "descending"), ("work_id", "ascending")), most=1000,
        ),
        "authors": Gather("authors", ["certainty"]),
        "rejects": Gather("rejects", ["table"]),
        "broken_rows": Gather(
            "rejects", ["table", "rule"], _by_rule, ["rules"], firsts=["path", "line_start", "row"],
        ),
        "ledger": Gather("ledger", ["stage", "unit"], sums=_NUMBERS, order=(("first", "ascending"),)),
    }
)  # fmt: skip
"""What the page needs of long tables, by the names that it has for it."""

WHOLE: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "raw_files": ["path", "line_count", "status", "reason", "note", "layout", "record_count"],
        "rule_results": TABLES["rule_results"].arrow_schema.names,
    }
)
"""The tables that are held as they are: a row is a file, or a rule."""


def gathered(read: Read, stages: Collection[str] = ALL_STAGES) -> dict[str, pd.DataFrame]:
    """What the page needs of the tables of some stages, or of all; each is read once."""
    whole = {name: columns for name, columns in WHOLE.items() if TABLES[name].stage in stages}
    found = {name: pd.concat(list(_batches(read, name, columns)), ignore_index=True) for name, columns in whole.items()}
    for table in dict.fromkeys(one.table for one in GATHERED.values() if TABLES[one.table].stage in stages):
        wanted = {name: _Counts(one) for name, one in GATHERED.items() if one.table == table}
        number = 0
        for batch in _batches(read, table, list(dict.fromkeys(c for one in wanted.values() for c in one.of.needs))):
            rows = pa.Table.from_pandas(batch, preserve_index=False)
            rows = rows.append_column("first", pa.arange(number, number + len(rows)))
            number += len(rows)
            for one in wanted.values():
                one.add(rows)
        found |= {name: one.frame() for name, one in wanted.items()}
    return found


def _batches(read: Read, table: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The batches, and before them one without rows, so that there is one."""
    yield TABLES[table].empty()[list(columns)]
    yield from read(table, columns)


@dataclass
class _Counts:
    """What has been counted so far, and rows that wait for it."""

    of: Gather
    _waiting: list[pa.Table] = field(default_factory=list)
    _rows: int = 0

    def add(self, rows: pa.Table) -> None:
        """Count some more rows."""
        kept = self.of.made(rows)
        kept = kept.append_column("count", pa.repeat(pa.scalar(1, pa.int64()), len(kept)))
        self._waiting.append(kept.select([*self.of.keys, "count", "first", *self.of.firsts, *self.of.sums]))
        self._rows += len(kept)
        if self._rows > _AT_ONCE:
            self._settle()

    def frame(self) -> pd.DataFrame:
        """The counts, in their order."""
        self._settle()
        return to_frame(self._waiting[0])

    def _settle(self) -> None:
        of = self.of
        rows, first = pa.concat_tables(self._waiting), pc.ScalarAggregateOptions(skip_nulls=False)
        sums = [(name, "sum") for name in ("count", *of.sums)]
        asked = [*sums, ("first", "min"), *((name, "first", first) for name in of.firsts)]
        # In one thread rows keep their order, so that the first is the first.
        counts = rows.group_by(list(of.keys), use_threads=False).aggregate(asked)
        names = [*of.keys, "count", *of.sums, "first", *of.firsts]
        counts = counts.rename_columns(names).sort_by(list(of.order))
        counts = counts.cast(pa.schema([rows.schema.field(name) for name in names]))
        self._waiting, self._rows = [counts.slice(0, of.most)], 0


def tally(frame: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Counted rows by fewer keys: how often each combination is there (``count``), and its first row (``first``).

    Frequent ones come first, and of equally frequent ones the one that is met first.
    """
    table = pa.Table.from_pandas(frame[[*keys, "count", "first"]], preserve_index=False)
    counts = table.group_by(list(keys), use_threads=False).aggregate([("count", "sum"), ("first", "min")])
    return to_frame(counts.rename_columns([*keys, "count", "first"]).sort_by(list(_FREQUENT)))


def by_certainty(mends: pd.DataFrame) -> dict[str, int]:
    """How many of the gathered ``mends`` have each certainty, where there is one."""
    counts = tally(mends, "certainty")
    return dict(zip(counts["certainty"].tolist(), counts["count"].tolist(), strict=True))
