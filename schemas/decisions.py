"""Contract of what people decide about works and authors, which the link stage obeys and reports on."""

import pandas as pd
import pandera.pandas as pap

from schemas import rules
from schemas.arrow import Text, Whole
from schemas.contract import Table, column


class Decisions(pap.DataFrameModel):
    """One row of decisions.csv beside the raw folder: two works, records or authors that a person knows about."""

    row_no: Whole = column("Row of the CSV file, from 1; the line with the column names is not counted", ge=1)
    decision: Text = column("same or different", isin=["same", "different"])
    one: Text = column("Id of a work, record or author; also one that was superseded", str_matches=rules.DECIDABLE_ID)
    other: Text = column("Id of what it is the same as or different from", str_matches=rules.DECIDABLE_ID)
    note: Text = column("Why, or who says so", nullable=True)
    matches: Whole = column(
        "Records or names that the two ids stand for in this run; 0 when one of them stands for nothing",
        ge=0,
        of=("records.record_id", "author_mentions.family"),
    )
    contradicts: Whole = column("Number of the row that says the contrary, where one does", nullable=True)

    @pap.dataframe_check(name="about_two", error="one is not the same id as other")
    def _about_two(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["one"] != frame["other"]

    @pap.dataframe_check(
        name="of_one_kind", error="authors are decided about with authors, works and records with each other"
    )
    def _of_one_kind(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["one"].str.startswith("a") == frame["other"].str.startswith("a")

    @pap.dataframe_check(
        name="not_contradicted", error="no other row says the contrary; the column contradicts names the one that does"
    )
    def _not_contradicted(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["contradicts"].isna()

    @pap.dataframe_check(name="matched", error="both ids are known; mend or remove a decision that never matches")
    def _matched(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["matches"] > 0

    class Config:
        """The table's name."""

        name = "decisions"
        strict = True


DECISIONS = Table(Decisions, stage="link", key=("row_no",), version="1.0.0")
