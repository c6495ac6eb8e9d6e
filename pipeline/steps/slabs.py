"""Tables that are kept some rows at a time, while what they refer to is known by numbers alone.

Contracts are held as ``StageRun.keep`` holds them, which wants whole tables. Not here: tables that are stored in ranges
of an id (``parted``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.engine.parted import RefusedError
from pipeline.engine.stage import StageRun, Written
from pipeline.link.numbers import Hashes, distinct, firsts, id_numbers, places_of
from pipeline.writing import TableWriter
from schemas import TABLES, RuleResult, Table
from schemas.arrow import to_arrow
from schemas.rule import merged

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def key_numbers(rows: pd.DataFrame, columns: Sequence[str]) -> Hashes:
    """A number for the values of some columns, ids or whole numbers, of each row; the same where they are."""
    found = np.zeros(len(rows), np.uint64)
    for name in columns:
        is_text = pa.types.is_string(pa.array(rows[name]).type)
        values = id_numbers(rows[name]) if is_text else rows[name].to_numpy(dtype=np.int64).view(np.uint64)
        found = (found ^ (found >> np.uint64(32))) * _MIX + values
    return found


def keys_of(run: StageRun, name: str) -> Hashes:
    """The numbers of the keys of a table that has been written, in order."""
    table = TABLES[name]
    held = run.clean.latest(name, run.run_id).groups(name, list(table.key))
    numbers = np.concatenate([np.empty(0, np.uint64), *(key_numbers(rows, table.key) for rows in held)])
    numbers.sort()
    return numbers


@dataclass
class _Slabs:
    """A table, as far as it has come; what it refers to is ``known`` by the numbers of keys, in order."""

    table: Table
    writer: TableWriter
    known: Mapping[str, Hashes]
    written: Written = field(default_factory=Written)
    results: list[RuleResult] = field(default_factory=list)
    keys: list[Hashes] = field(default_factory=list)
    named: dict[str, list[Hashes]] = field(default_factory=dict)

    def add(self, rows: pd.DataFrame) -> None:
        """More rows; raises RefusedError where one breaks the contract, as far as it can be told of these."""
        parents: dict[str, pd.DataFrame] = {}
        for ref in (*self.table.references, *self.table.covers):
            numbers = key_numbers(rows, ref.columns)
            held = rows.loc[places_of(numbers, self.known[ref.table])[1], list(ref.columns)]
            held = held.set_axis(list(ref.target), axis=1)
            same = ref.table in parents and list(parents[ref.table]) == list(ref.target)  # two ends in one table
            parents[ref.table] = pd.concat([parents[ref.table], held], ignore_index=True) if same else held
            if ref in self.table.covers:
                self.named.setdefault(ref.table, []).append(distinct(numbers))
        split = self.table.split(rows, parents)
        if any(result.failures for result in split.results):
            raise RefusedError(self.table.name)
        self.results = merged(self.results, split.results)
        self.written.add(rows)
        self.keys.append(key_numbers(rows, self.table.key))
        self.writer.append_arrow(to_arrow(rows, self.writer.parquet.schema))

    def close(self) -> None:
        """No more rows; raises RefusedError where a key is there twice, or a row that is to be covered is not."""
        if not _differ(self.keys, self.written.rows):
            raise RefusedError(self.table.name)
        for ref in self.table.covers:
            if not _differ(self.named.get(ref.table, []), len(self.known[ref.table])):
                raise RefusedError(self.table.name)
        covered = {rule.name: len(self.known[rule.columns[0]]) for rule in self.table.rules if rule.whole}
        self.results = [replace(one, rows=covered.get(one.rule, one.rows)) for one in self.results]


def _differ(numbers: Sequence[Hashes], count: int) -> bool:
    """Whether there are just so many different numbers."""
    every = np.concatenate([np.empty(0, np.uint64), *numbers])
    every.sort()  # in its place, as there are as many as the table has rows
    return int(np.count_nonzero(firsts(every))) == count


def keep_slabs(run: StageRun, name: str, parts: Iterable[pd.DataFrame], known: Mapping[str, Hashes]) -> bool:
    """Keep a table of which some rows come at a time, at least one part; ``known`` has the ``keys_of`` what it names.

    Each part is a row group. Rows that a check of several rows compares come together. Returns whether nothing was
    refused; else nothing is written, and who keeps the table as a whole learns what was wrong. The run does not hold
    the table.
    """
    try:
        with run.tables.writer(TABLES[name], made_by=run.made_by) as writer:
            slabs = _Slabs(TABLES[name], writer, known)
            for rows in parts:
                slabs.add(rows)
            slabs.close()
    except RefusedError:
        return False
    run.results += slabs.results
    run.written[name] = slabs.written
    return True
