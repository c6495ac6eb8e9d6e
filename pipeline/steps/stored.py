"""Records that stay on the disk while they are linked: what is compared of them is in memory, as numbers.

Not here: how they are linked (``pipeline.link``), and how the tables of works are kept (``ranged``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.engine import StageRun
from pipeline.link.components import Ints
from pipeline.link.fingerprint import entries, evidence, in_order, print_numbers
from pipeline.link.naming import deal
from pipeline.spill import RowShelf
from pipeline.tables import TableSet
from schemas.arrow import to_frame
from schemas.registry import stored

_PRINTS: Final = stored("record_prints")
_ENTRIES: Final = ["record_id", "venue", "year"]
_FOLDED: Final = ("title_folded",)


@dataclass(frozen=True)
class Stored:
    """The texts of records on the disk; ``order`` has the row of each, in the order of ids, in both tables."""

    records: TableSet
    prints: TableSet
    order: Ints

    def some(self, name: str, rows: Ints) -> Iterator[tuple[Ints, pd.Series]]:
        """A column of some records, in the order of the table: places in ``rows``, and the values."""
        at = self.order[rows]
        places = np.argsort(at)
        tables, table = (self.prints, _PRINTS) if name in _FOLDED else (self.records, "records")
        start = 0
        for values in tables.rows_at(table, name, at[places]):
            yield places[start : start + len(values)], values
            start += len(values)


@dataclass(frozen=True)
class StoredMentions:
    """What mentions print, on the disk."""

    mentions: TableSet
    folder: Path

    def dealt(self, name: str, rows: Sequence[Ints]) -> Iterator[pd.Series]:
        """A column of several lists of rows of the table, no row twice: the table is read once, and rows are dealt."""
        every = np.concatenate([np.empty(0, np.int32), *rows])
        place = np.full(self.mentions.count("author_mentions"), -1, np.int32)
        place[every] = np.arange(len(every), dtype=np.int32)
        ends = np.cumsum([len(some) for some in rows])
        first = 0
        with RowShelf(self.folder) as shelf:
            for frame in self.mentions.groups("author_mentions", [name]):
                at = place[first : first + len(frame)]
                first += len(frame)
                there = np.flatnonzero(at >= 0)
                table = pa.table({name: pa.array(frame[name]), "at": pa.array(at)}).take(pa.array(there))
                deal(table, np.searchsorted(ends, at[there], "right"), shelf)
            for number in range(len(rows)):
                held = shelf.take(number)
                yield to_frame(held.sort_by("at"))[name] if held else pd.Series([], dtype=pd.ArrowDtype(pa.string()))


def all_prints(run: StageRun) -> tuple[pd.DataFrame, Stored]:
    """The ``print_numbers`` of all records in the order of ids, and their texts; the prints have been kept."""
    prints = _together(print_numbers(rows) for rows in _rows(run.tables, _PRINTS))
    return in_order(prints), _stored(run, prints)


def all_evidence(run: StageRun) -> tuple[pd.DataFrame, Stored]:
    """The ``evidence`` of all records, and their texts; their prints have been kept."""
    records = run.clean.latest("records", run.run_id)
    held = _together(entries(rows) for rows in _rows(records, "records", _ENTRIES))
    prints = _together(print_numbers(rows) for rows in _rows(run.tables, _PRINTS))
    return evidence(held, prints), _stored(run, prints)


def _rows(tables: TableSet, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
    """Some rows of a table at a time, and none where it has none."""
    if not tables.count(name):
        yield tables.read(name, columns)
    yield from tables.groups(name, columns)


def _together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(parts), ignore_index=True)


def _stored(run: StageRun, prints: pd.DataFrame) -> Stored:
    order = np.argsort(prints["record"].to_numpy(), kind="stable")
    return Stored(run.clean.latest("records", run.run_id), run.tables, order)
