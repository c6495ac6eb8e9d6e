"""Contracts of the accounting: rows that were refused, the ledger, and how every rule fared."""

import pandas as pd
import pandera.pandas as pap

from schemas.arrow import Flag, Text, Texts, Whole
from schemas.contract import Table, column
from schemas.rule import SEVERITIES

STAGES = ["ingest", "repair", "split", "link"]


class Rejects(pap.DataFrameModel):
    """One file that could not be used or one row that broke a contract, with every reason."""

    reject_id: Text = column("Id made of stage, table, row and repetition", str_matches="^x[0-9a-f]{16}$")
    stage: Text = column("Stage that refused it", isin=STAGES)
    table: Text = column("Table that it would have been in")
    path: Text = column("File that it is from; null when the row does not say", nullable=True, of=("sources.path",))
    line_start: Whole = column("First line of it in that file", nullable=True, ge=1)
    line_end: Whole = column("Last line of it in that file", nullable=True, ge=1)
    rules: Texts = column("Every rule that it broke")
    reason: Text = column("The same in words, with the remedy where there is one")
    row: Text = column("The row as JSON")

    class Config:
        """The table's name."""

        name = "rejects"
        strict = True


class Ledger(pap.DataFrameModel):
    """What went into one stage from one file and where it went; the difference is always zero."""

    stage: Text = column("Stage", isin=STAGES)
    path: Text = column("File", of=("sources.path",))
    unit: Text = column("What is counted", isin=["files", "lines", "records", "author tokens", "names"])
    received: Whole = column("Units that the stage took in", ge=0)
    used: Whole = column("Units that went on to a table", ge=0)
    set_aside: Whole = column(
        "Units with a recorded role or reason that go no further (chrome, blanks, placeholders, repeats)", ge=0
    )
    rejected: Whole = column("Units that were refused, with reasons in rejects", ge=0)
    difference: Whole = column("received - used - set_aside - rejected", eq=0)

    @pap.dataframe_check(name="adds_up", error="difference is received - used - set_aside - rejected")
    def _adds_up(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["difference"] == frame["received"] - frame["used"] - frame["set_aside"] - frame["rejected"]

    class Config:
        """The table's name."""

        name = "ledger"
        strict = True


class RuleResults(pap.DataFrameModel):
    """One rule of one contract and how it fared in this run; a rule that is not here did not run."""

    table: Text = column("Table")
    rule: Text = column("Rule")
    says: Text = column("The rule in words")
    rows: Whole = column("Rows that it looked at", ge=0)
    failures: Whole = column("Rows that broke it", ge=0)
    severity: Text = column(
        "What breaking it means: warn (the row stays), reject (the row is in rejects), fatal (nothing is published)",
        isin=SEVERITIES,
    )
    blocks: Flag = column("True when its failures keep the run from being published")

    class Config:
        """The table's name."""

        name = "rule_results"
        strict = True


REJECTS = Table(Rejects, stage="quality", key=("reject_id",), version="1.0.0")
LEDGER = Table(Ledger, stage="quality", key=("stage", "path", "unit"), version="1.0.0")
RULE_RESULTS = Table(RuleResults, stage="quality", key=("table", "rule"), version="1.1.0")
