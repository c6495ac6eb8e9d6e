"""The stage ``quality``: rejects, ledger and rule results of the run."""

import pandas as pd

from pipeline.engine import StageRun
from pipeline.quality import balance, refused_files, result_rows
from pipeline.quality.ledger import INPUTS
from pipeline.quality.rejects import reject_table
from schemas import TABLES
from schemas.quality import STAGES


def quality(run: StageRun) -> None:
    """Bring together what the stages put down, and balance it."""
    tables = {name: run.read(name) for name in INPUTS}
    files = reject_table(refused_files(TABLES["raw_files"], tables["raw_files"]))
    rejects = run.keep("rejects", pd.concat([run.read_parts("rejects", STAGES), files], ignore_index=True))
    run.keep("ledger", balance(tables, rejects))
    earlier = run.read_parts("rule_results", STAGES)
    table = TABLES["rule_results"]
    own = table.split(pd.concat([earlier, result_rows(run.results)], ignore_index=True), {}).results
    run.keep("rule_results", pd.concat([earlier, result_rows([*run.results, *own])], ignore_index=True))
