"""Drift: the figures of a run, beside what the runs before let one expect.

A figure is a surprise when it is further from the median of the last runs than chance explains (four standard
deviations of a count of that size), than those runs differ among themselves (three times their median absolute
deviation, scaled to a standard deviation; Rousseeuw and Croux 1993), and than anybody would care about (half of a count
or rate, five points of a share). The contract of ``run_history`` has the rules that say so. Not here: which runs are in
the history (those that were published).
"""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES, Table
from schemas.arrow import to_rows

Counts = Counter[tuple[str, str, str, str]]
"""Rows by measure, table, column and category; the counts of parts of a table add up to those of the table."""

ALL: Final = "*"
WINDOW: Final = 10
"""Runs that a run is compared with."""
KEPT: Final = 50
"""Runs that stay in the history."""

_KEY = ["measure", "table", "column", "category"]
_OPEN = {"category_share", "layout_share", "repair_rate"}  # a category that is not there was counted 0 times
_REPAIRS, _LINES = "text_repairs", "text_lines"
_CHANNEL = ("codec", "kind")
Numbers = npt.NDArray[np.float64]


def profile(table: Table, frame: pd.DataFrame) -> Counts:
    """Count the rows of a table, or of a part of it, its nulls and its categories; for repairs their channels."""
    counts = counted(table, len(frame), {name: int(frame[name].isna().sum()) for name in optional(table)})
    counts.update(categories(table, frame))
    return counts


def optional(table: Table) -> list[str]:
    """The columns of which nulls are counted."""
    return [column.name for column in table.arrow_schema if column.nullable]


def counted(table: Table, rows: int, nulls: Mapping[str, int]) -> Counts:
    """The counts of rows, and of the nulls of the ``optional`` columns."""
    counts: Counts = Counter({("row_count", table.name, ALL, ALL): rows})
    counts.update({("null_rate", table.name, name, ALL): count for name, count in nulls.items()})
    return counts


def told_apart(table: Table) -> list[str]:
    """The columns of which ``categories`` counts the values."""
    return list(dict.fromkeys([*_categorical(table), *(_CHANNEL if table.name == _REPAIRS else ())]))


def categories(table: Table, frame: pd.DataFrame) -> Counts:
    """Count the categories of a part of a table, of which the columns ``told_apart`` are asked."""
    counts: Counts = Counter()
    for name in _categorical(table):
        measure = "layout_share" if name == "layout" else "category_share"
        counts.update({(measure, table.name, name, value): n for value, n in _frequencies(frame[name]).items()})
    if table.name == _REPAIRS:
        channel = frame["codec"].fillna(frame["kind"])
        counts.update({("repair_rate", table.name, "codec", value): n for value, n in _frequencies(channel).items()})
    return counts


def measured(counts: Counts, rule_results: pd.DataFrame) -> pd.DataFrame:
    """The figures of a run: columns measure, table, column, category, rows, value; sorted.

    ``rule_results`` are rows of that table. What a table without rows has no share of is left out.
    """
    rows = {table: n for (measure, table, _, _), n in counts.items() if measure == "row_count"}
    figures = []
    for (measure, table, column, category), n in counts.items():
        of = rows.get(_LINES if measure == "repair_rate" else table, 0)
        if measure == "row_count":
            figures.append((measure, table, column, category, n, float(n)))
        elif of:
            figures.append((measure, table, column, category, of, n / of))
    for row in to_rows(rule_results[["table", "rule", "rows", "failures"]]):
        figures.append(("rule_failures", row["table"], row["rule"], ALL, row["rows"], float(row["failures"])))
    return pd.DataFrame(figures, columns=[*_KEY, "rows", "value"]).sort_values(_KEY, ignore_index=True)


def with_history(figures: pd.DataFrame, history: pd.DataFrame, run_id: str) -> pd.DataFrame:
    """The history with this run's figures at its end, each with the bounds that the runs before give it.

    ``history`` is ``run_history`` as it was published last; one of other columns than the contract's now is begun
    anew. Runs before the last 50 are forgotten.
    """
    table = TABLES["run_history"]
    if set(history.columns) != set(table.arrow_schema.names):
        history = table.empty()
    history = history[history["run_id"] != run_id]  # a run that is done again counts once
    numbers = sorted(history["run_no"].unique())
    now = _bounded(figures, history[history["run_no"].isin(numbers[-WINDOW:])])
    now = now.assign(run_no=numbers[-1] + 1 if numbers else 1, run_id=run_id)
    kept = history[history["run_no"].isin(numbers[1 - KEPT :])]
    return table.typed(pd.concat([kept, now[table.arrow_schema.names].astype(kept.dtypes)], ignore_index=True))


def _categorical(table: Table) -> list[str]:
    """Columns of few values: those whose values the contract lists, and the layout."""
    listed = {rule.columns[0] for rule in table.rules if "allowed_values" in rule.terms}
    return [name for name in table.arrow_schema.names if name in listed or name == "layout"]


def _frequencies(values: pd.Series) -> dict[str, int]:
    counted = pc.value_counts(pa.array(values).drop_null())
    return {str(pair["values"]): pair["counts"] for pair in counted.to_pylist()}


def _bounded(figures: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """The figures, categories that the history has and this run has not among them, with their bounds."""
    if history.empty:
        return figures.assign(expected_low=np.nan, expected_high=np.nan)
    before = history.pivot(index=_KEY, columns="run_no", values="value").astype("float64")
    now = figures.set_index(_KEY).reindex(before.index.union(pd.MultiIndex.from_frame(figures[_KEY]))).reset_index()
    of = now["table"].where(now["measure"] != "repair_rate", _LINES)
    here = figures[figures["measure"] == "row_count"].set_index("table")["rows"]
    gone = now["value"].isna() & now["measure"].isin(_OPEN) & (of.map(here) > 0)
    now["rows"] = now["rows"].where(~gone, of.map(here))
    now["value"] = now["value"].where(~gone, 0.0)
    now, of = now[now["value"].notna()].reset_index(drop=True), of[now["value"].notna()]
    counted = before.xs("row_count", level="measure").groupby("table").first().reindex(of).to_numpy()
    past = before.reindex(pd.MultiIndex.from_frame(now[_KEY])).to_numpy(copy=True)
    # A category that a run did not have was counted 0 times there, where the table had rows.
    past[np.isnan(past) & (counted > 0) & now["measure"].isin(_OPEN).to_numpy()[:, None]] = 0.0
    past[(now["measure"] == "rule_failures").to_numpy()] = np.nan
    low, high = _bounds(now["measure"].to_numpy(dtype=object), now["rows"].to_numpy(dtype="float64"), past, counted)
    return now.assign(expected_low=low, expected_high=high)


def _bounds(
    measure: npt.NDArray[np.object_], rows: Numbers, past: Numbers, past_rows: Numbers
) -> tuple[Numbers, Numbers]:
    """What is no surprise: from the median of the past as far as chance, its own spread, and indifference go.

    ``past`` and ``past_rows`` have a row a figure and a column a run. NaN where there is no past.
    """
    middle, spread, of = (np.full(len(measure), np.nan) for _ in range(3))
    known = ~np.isnan(past).all(axis=1)
    middle[known] = np.nanmedian(past[known], axis=1)
    spread[known] = 1.4826 * np.nanmedian(np.abs(past[known] - middle[known, None]), axis=1)
    of[known] = np.nanmedian(past_rows[known], axis=1)
    # Both samples are subject to chance: their variances add up.
    rows = 1 / (1 / np.maximum(rows, 1) + 1 / np.maximum(of, 1))
    # Of a share that was 0 or 1 in few rows, chance is judged as if one row more had been either way (Laplace).
    share = (middle * rows + 1) / (rows + 2)
    chance = np.select(
        [measure == "row_count", measure == "repair_rate"],
        [np.sqrt(np.maximum(middle, 1)), np.sqrt(np.maximum(middle * rows, 1)) / rows],
        np.sqrt(np.clip(share * (1 - share), 0, None) / rows),
    )
    a_share = ~np.isin(measure, ["row_count", "repair_rate"])
    width = np.maximum.reduce([4 * chance, 3 * spread, np.where(a_share, 0.05, middle / 2)])
    return np.maximum(middle - width, 0), np.where(a_share, np.minimum(middle + width, 1), middle + width)
