"""The stage ``quality``: rejects, ledger, history and rule results of the run."""

from collections import Counter

import pandas as pd

from pipeline.engine import StageRun
from pipeline.quality import balance, measured, profile, refused_files, result_rows, with_history
from pipeline.quality.drift import Counts
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
    run.keep("run_history", _history(run, pd.concat([earlier, result_rows(run.results)], ignore_index=True)))
    table = TABLES["rule_results"]
    own = table.split(pd.concat([earlier, result_rows(run.results)], ignore_index=True), {}).results
    run.keep("rule_results", pd.concat([earlier, result_rows([*run.results, *own])], ignore_index=True))


def _history(run: StageRun, results: pd.DataFrame) -> pd.DataFrame:
    """The history that readers have now, and this run at its end."""
    counts: Counts = Counter()
    for table in TABLES.values():
        if table.stage in STAGES:
            counts.update(profile(table, run.clean.latest(table.name, run.run_id).read(table.name)))
    counts.update(profile(TABLES["rejects"], run.read("rejects")))
    before = run.clean.published()
    history = before.read("run_history") if before and before.has("run_history") else TABLES["run_history"].empty()
    return with_history(measured(counts, results), history, run.run_id)
