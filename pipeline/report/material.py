"""What a report is made of: the columns that it reads, a way to a few lines of text, and runs before this one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

import pandas as pd
import pyarrow as pa

from schemas import TABLES
from schemas.arrow import decoded, to_frame
from schemas.masks import Frames

COLUMNS: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "raw_files": ["path", "line_count", "status", "reason", "note", "layout", "record_count"],
        "text_repairs": TABLES["text_repairs"].arrow_schema.names,
        "line_roles": ["path", "role"],
        "unused_tokens": ["reason"],
        "works": ["work_id", "title", "abstract_record_id", "venue_record_id", "year", "record_count", "author_count"],
        "work_records": ["work_id", "path", "line_start", "rule", "score"],
        "authors": ["kind", "certainty", "ambiguous_name"],
        "possible_same_author": ["reason"],
        "rejects": ["table", "path", "line_start", "rules", "row"],
        "ledger": TABLES["ledger"].arrow_schema.names,
        "rule_results": TABLES["rule_results"].arrow_schema.names,
    }
)
"""The tables of a report and their columns that it looks at; texts of lines and abstracts are not among them."""

FEW_VALUES: Final[Mapping[str, Sequence[str]]] = MappingProxyType(
    {
        "text_repairs": ["path", "before", "after", "kind", "codec", "certainty", "evidence"],
        "line_roles": ["path", "role"],
        "work_records": ["path", "rule"],
    }
)
"""Columns of the longest tables that may hold each value once (Arrow's dictionaries); ``plain`` gives the texts."""

Lines = Callable[[pd.DataFrame], pd.DataFrame]
"""Gives for rows with ``path`` and ``line_no`` the rows of ``text_lines`` with ``path``, ``line_no`` and ``text``."""

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

    ``tables`` has at least ``COLUMNS``, of which ``FEW_VALUES`` may be dictionaries. ``findings`` is why the run is not
    published, empty when it is. ``history`` has a row for each figure of a run, this run's among them, with at least
    the columns ``HISTORY``: measure ``row_count`` of a table, ``rule_failures`` of a rule, which is named in
    ``column``, and what else the contract of ``run_history`` says. ``*`` stands for all columns and all categories.
    """

    tables: Frames
    lines: Lines
    findings: Sequence[str] = ()
    history: pd.DataFrame = field(default_factory=no_history)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

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


def tally(frame: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """How often each combination of keys is there (``count``) and the number of its first row (``first``).

    Frequent ones come first, and of equally frequent ones the one that is met first.
    """
    table = pa.Table.from_pandas(frame[list(keys)], preserve_index=False).unify_dictionaries()
    table = table.append_column("row", pa.arange(0, len(frame)))
    counts = table.group_by(list(keys), use_threads=False).aggregate([("row", "count"), ("row", "min")])
    counts = counts.rename_columns([*keys, "count", "first"])
    ordered = counts.sort_by([("count", "descending"), ("first", "ascending")])
    return to_frame(decoded(ordered))


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """A few rows with the values themselves where a table holds dictionaries."""
    return to_frame(decoded(pa.Table.from_pandas(frame, preserve_index=False)))
