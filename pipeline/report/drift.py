"""What is unlike the runs before: each figure that jumped, with what the runs before let one expect."""

from typing import Any, Final

import pandas as pd

from pipeline.report.charts import sparkline
from pipeline.report.grid import grid, percent
from pipeline.report.material import Material
from pipeline.report.page import Section, counted, paragraph
from schemas.arrow import to_rows

_MOST: Final = 25
_SINCE_NONE: Final = frozenset({"category_share", "layout_share", "repair_rate"})
"""Measures of what can be there or not: a run without a figure had none of it."""


def jumps(made_of: Material) -> pd.DataFrame:
    """The figures of this run that are outside of their bounds, those furthest outside first."""
    rows = _of_last_run(made_of)
    rows = rows[rows["expected_low"].notna()]
    value, low, high = (rows[name].astype("float64") for name in ("value", "expected_low", "expected_high"))
    beyond = (low - value).clip(lower=0) + (value - high).clip(lower=0)
    ranked = rows.assign(beyond=beyond / (high - low).where(high > low, 1.0))
    return ranked[beyond > 0].sort_values(["beyond", "measure", "table", "column", "category"],
                                          ascending=[False, True, True, True, True])  # fmt: skip


def drift(made_of: Material) -> Section:
    """The jumps, each with its number, what was expected, and its line over the runs."""
    found = jumps(made_of)
    runs = made_of.history["run_no"].nunique()
    compared = int(_of_last_run(made_of)["expected_low"].notna().sum())
    if runs < 2:
        lead = "There is no run before this one to compare it with."
    elif found.empty:
        lead = f"{counted(compared, 'figure')} {'is' if compared == 1 else 'are'} about as in the runs before."
    else:
        lead = (
            f"{len(found):,} of {counted(compared, 'figure')} {'is' if len(found) == 1 else 'are'} unlike the runs "
            "before, which let one expect at least and at most what is said here. That is no fault in itself: see "
            "whether other files explain it."
        )
    table = _table(made_of, found.head(_MOST)) if len(found) else ""
    more = f"And {len(found) - _MOST:,} more: see run_history.parquet." if len(found) > _MOST else ""
    return Section("drift", "Unlike the runs before", paragraph(lead) + table + (paragraph(more) if more else ""))


def _of_last_run(made_of: Material) -> pd.DataFrame:
    rows = made_of.history
    last: pd.DataFrame = rows[rows["run_no"] == rows["run_no"].max()]
    return last


def _table(made_of: Material, found: pd.DataFrame) -> str:
    rows = to_rows(found)
    shown = pd.DataFrame(
        {
            "what": [_words(row) for row in rows],
            "now": [_figure(row, row["value"]) for row in rows],
            "low": [_figure(row, row["expected_low"]) for row in rows],
            "high": [_figure(row, row["expected_high"]) for row in rows],
            "trend": [_trend(made_of.history, row) for row in rows],
        }
    )
    labels = {"what": "Figure", "now": "This run", "low": "At least", "high": "At most", "trend": "Runs"}
    numbers = ["now", "low", "high"]
    return grid("drift-table", shown, labels, numbers=numbers, cells=dict.fromkeys([*numbers, "trend"], str))


def _words(row: dict[str, Any]) -> str:
    """A figure in words: ``works: year is null``, ``records: layout is listing_d``."""
    table, column, category = row["table"], row["column"], row["category"]
    return {
        "row_count": f"{table}: rows",
        "null_rate": f"{table}: {column} is null",
        "repair_rate": f"{table}: mends a line, {category}",
    }.get(str(row["measure"]), f"{table}: {column} is {category}")


def _figure(row: dict[str, Any], value: float) -> str:
    if row["measure"] == "row_count":
        return f"{value:,.0f}"
    return f"{value:.2f}" if row["measure"] == "repair_rate" else percent(value)


def _trend(history: pd.DataFrame, row: dict[str, Any]) -> str:
    same = history
    for name in ("measure", "table", "column", "category"):
        same = same[same[name] == row[name]]
    values = same.set_index("run_no")["value"].astype("float64")
    if row["measure"] in _SINCE_NONE:
        values = values.reindex(sorted(history["run_no"].unique()), fill_value=0.0)
    figures = [float(value) for value in values.sort_index()]
    says = f"{_words(row)} over {len(figures)} runs: {', '.join(_figure(row, v) for v in figures)}"
    return sparkline(figures, says.replace("\N{NO-BREAK SPACE}", " "))
