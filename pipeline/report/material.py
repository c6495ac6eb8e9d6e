"""What a report is made of: what was gathered of the tables, a way to a few of their rows, and runs before this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pandas as pd

from schemas.masks import Frames

At = Callable[[str, Sequence[str], pd.DataFrame], pd.DataFrame]
"""Gives some columns of the few rows of a table that agree with a row of a frame in all of its columns."""

ALL: Final = "*"
HISTORY: Final = (
    "run_no", "measure", "table", "column", "category", "value", "expected_low", "expected_high",
)  # fmt: skip


def no_history() -> pd.DataFrame:
    """The history of a first run."""
    return pd.DataFrame({name: [] for name in HISTORY})


@dataclass(frozen=True)
class Material:
    """Everything that a report is made of; no clock and no disk, so that the same gives the same page.

    ``tables`` is what ``gathered`` gives. ``findings`` is why the run is not published, empty when it is. ``history``
    has a row for each figure of a run, this run's among them, with at least the columns ``HISTORY``: measure
    ``row_count`` of a table, ``rule_failures`` of a rule, which is named in ``column``, and what else the contract of
    ``run_history`` says. ``*`` stands for all columns and all categories.
    """

    tables: Frames
    at: At
    findings: Sequence[str] = ()
    history: pd.DataFrame = field(default_factory=no_history)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def count(self, name: str) -> int:
        """How many rows were counted for a gathered table."""
        return int(self.tables[name]["count"].sum())

    def over_runs(self, table: str, measure: str, column: str = ALL) -> list[float]:
        """A measure of a table over the runs, oldest first."""
        return self._series.get((measure, table, column), [])

    @cached_property
    def _series(self) -> dict[tuple[str, str, str], list[float]]:
        series: dict[tuple[str, str, str], list[float]] = {}
        rows = self.history[self.history["category"] == ALL].sort_values("run_no", kind="stable")
        for measure, table, column, value in rows[["measure", "table", "column", "value"]].itertuples(
            index=False, name=None
        ):
            series.setdefault((str(measure), str(table), str(column)), []).append(float(value))
        return series
