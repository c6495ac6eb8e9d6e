"""Contracts of the accounting: rows that were refused, the ledger, and how every rule fared."""

import pandas as pd
import pandera.pandas as pap

from schemas.arrow import Flag, Real, Text, Texts, Whole
from schemas.contract import Table, column
from schemas.rule import SEVERITIES

STAGES = ["ingest", "repair", "split", "link"]
ALL_STAGES = [*STAGES, "quality", "publish"]


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
    broken_row: Text = column("The first row that broke it, as JSON; null when none did", nullable=True)

    class Config:
        """The table's name."""

        name = "rule_results"
        strict = True


class RunMetrics(pap.DataFrameModel):
    """What one stage of one of the last 50 published runs cost; the only table in which there is time."""

    run_no: Whole = column("Number of the run, counted from the first one in this folder that was measured", ge=1)
    run_id: Text = column("Id of the run, as in Dagster and in the footer of its files")
    stage: Text = column("Stage", isin=ALL_STAGES)
    started: Text = column(
        "When it started, in UTC, by the clock on the wall",
        str_matches="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    )
    seconds: Real = column("How long it took", ge=0)
    cpu_seconds: Real = column("Seconds of all cores and processes together", ge=0)
    peak_memory: Whole = column(
        "Bytes of memory that the largest of its processes held at most; null where the system does not say",
        nullable=True,
        gt=0,
    )
    read_bytes: Whole = column(
        "Bytes on disk of the raw files that it worked on; null for stages that read tables only", nullable=True, ge=0
    )
    written_bytes: Whole = column("Bytes of the tables that it wrote; for publish, of everything published", ge=0)
    rows: Whole = column("Rows of the tables that it wrote; for publish, of all that were published", ge=0)
    files_done: Whole = column(
        "Raw files that it worked on; null for stages that do not go by files", nullable=True, ge=0
    )
    files_taken_over: Whole = column(
        "Raw files whose rows it took over from the run before; null for stages that do not go by files",
        nullable=True,
        ge=0,
    )
    taken_over: Flag = column("True when nothing was worked on: everything was taken over from the run before")

    class Config:
        """The table's name."""

        name = "run_metrics"
        strict = True


REJECTS = Table(Rejects, stage="quality", key=("reject_id",), version="1.0.0")
LEDGER = Table(Ledger, stage="quality", key=("stage", "path", "unit"), version="1.0.0")
RULE_RESULTS = Table(RuleResults, stage="quality", key=("table", "rule"), version="1.2.0")
RUN_METRICS = Table(RunMetrics, stage="quality", key=("run_no", "stage"), version="1.0.0")
