"""Contract of the history: what every published run measured, and what the runs before let one expect."""

import pandas as pd
import pandera.pandas as pap

from schemas.arrow import Real, Text, Whole
from schemas.contract import Table
from schemas.contract import column as declare  # one of the columns is called column

MEASURES = [
    "row_count",
    "null_rate",
    "category_share",
    "repair_rate",
    "layout_share",
    "rule_failures",
]


def _as_before(frame: pd.DataFrame, measure: str) -> pd.Series:
    """True but where this measure of the last run is outside of what the runs before let one expect."""
    looked_at = (frame["measure"] == measure) & (frame["run_no"] == frame["run_no"].max())
    value = frame["value"]
    held: pd.Series = ~looked_at | ((value >= frame["expected_low"]) & (value <= frame["expected_high"]))
    return held


class RunHistory(pap.DataFrameModel):
    """One figure of one published run; the rules on it warn when the last run differs much from those before."""

    run_no: Whole = declare("Number of the run, counted from the first one in this folder", ge=1)
    run_id: Text = declare("Id of the run, as in Dagster and in the footer of its files")
    measure: Text = declare(
        "row_count: rows of a table; null_rate: nulls a row; category_share and layout_share: rows with a value, of "
        "all rows; repair_rate: mends through a channel, or of a kind that has none, a line; rule_failures: rows that "
        "broke a rule",
        isin=MEASURES,
    )
    table: Text = declare("Table that was measured")
    column: Text = declare("Column, or for rule_failures the rule; * for the table as a whole")
    category: Text = declare("Value of that column; * for all of them")
    rows: Whole = declare("Rows that the figure was taken from", ge=0)
    value: Real = declare("The figure", ge=0)
    expected_low: Real = declare("Lowest value that is no surprise; null when there was no run before", nullable=True)
    expected_high: Real = declare("Highest value that is no surprise; null when there was no run before", nullable=True)

    @pap.dataframe_check(name="bounds_in_order", error="the bounds are both there or both not, and in order")
    def _bounds_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        low, high = frame["expected_low"], frame["expected_high"]
        return (low.isna() & high.isna()) | (low <= high).fillna(value=False)

    @pap.dataframe_check(name="row_counts_as_before", error="the rows of a table are about as many", raise_warning=True)
    def _row_counts_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return _as_before(frame, "row_count")

    @pap.dataframe_check(name="null_rates_as_before", error="a column is null about as often", raise_warning=True)
    def _null_rates_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return _as_before(frame, "null_rate")

    @pap.dataframe_check(
        name="category_shares_as_before", error="a value of a column is about as frequent", raise_warning=True
    )
    def _category_shares_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return _as_before(frame, "category_share")

    @pap.dataframe_check(
        name="repair_rates_as_before", error="a kind of damage is about as frequent", raise_warning=True
    )
    def _repair_rates_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return _as_before(frame, "repair_rate")

    @pap.dataframe_check(name="layout_shares_as_before", error="a layout is about as frequent", raise_warning=True)
    def _layout_shares_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return _as_before(frame, "layout_share")

    class Config:
        """The table's name."""

        name = "run_history"
        strict = True


RUN_HISTORY = Table(
    RunHistory, stage="quality", key=("run_no", "measure", "table", "column", "category"), version="1.0.0"
)
