"""Tables that are stored in ranges of an id, kept some rows at a time, so that no table is in memory as a whole.

Not here: rows that are copied from an earlier set (``changed``), and which rows there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pandas as pd

from pipeline.engine.stage import StageRun, Written
from pipeline.ranges import Regrouped, bits_of
from pipeline.tables import TableSet, TableWriter
from schemas import TABLES, RuleResult, Table
from schemas.arrow import to_arrow
from schemas.masks import Frames
from schemas.rule import merged


class RefusedError(Exception):
    """A row that breaks its contract; who makes all rows at once learns which."""


@dataclass
class _Kept:
    """One of the tables, as far as it has come."""

    table: Table
    writer: TableWriter
    ranges: Regrouped
    written: Written = field(default_factory=Written)
    results: list[RuleResult] = field(default_factory=list)

    def add(self, rows: pd.DataFrame, parents: Frames) -> None:
        split = self.table.split(rows, parents)
        if any(result.failures for result in split.results):
            raise RefusedError(self.table.name)
        self.results = merged(self.results, split.results)
        self.written.add(split.accepted)
        self.ranges.add(to_arrow(split.accepted, self.writer.parquet.schema))


def keep_parts(run: StageRun, sizes: Mapping[str, int], parts: Iterable[tuple[Frames, Frames]]) -> bool:
    """Keep tables of which rows come in parts, in the order of their ids; ``sizes`` are how many rows each will have.

    A part has its rows of each of the tables, and the rows of tables of earlier stages that these refer to or have to
    cover. No row refers to another part, which is held against them, so that what contracts say of all rows is held,
    too: a key is in two parts only where one of them is wrong to have it. Returns whether nothing was refused; else
    nothing is written, and who makes all rows at once learns what was wrong. The tables are not held by the run.
    """
    try:
        with ExitStack() as stack:
            kept = {
                name: stack.enter_context(_keeping(run.tables, name, size, run.made_by)) for name, size in sizes.items()
            }
            for new, parents in parts:
                for name, one in kept.items():
                    one.add(new[name], {**parents, **new})
    except RefusedError:
        return False
    for name, one in kept.items():
        run.results += one.results
        run.written[name] = one.written
    return True


@contextmanager
def _keeping(tables: TableSet, name: str, size: int, made_by: str) -> Iterator[_Kept]:
    with tables.writer(TABLES[name], made_by=made_by) as writer:
        kept = _Kept(TABLES[name], writer, Regrouped(bits_of(size), writer.append_arrow))
        yield kept
        kept.ranges.close()
