"""What a stage did and what it cost, as a row of ``run_metrics`` and as events of the log."""

import logging
from typing import Any

from pipeline.engine.stage import LOG, StageRun, note
from pipeline.engine.usage import Usage
from pipeline.quality.rejects import Reject


def cost_row(run: StageRun, usage: Usage) -> dict[str, Any]:
    """The row of a stage that is done; the number of the run is known when it is published."""
    return {
        "run_no": 1,
        "run_id": run.run_id,
        "stage": run.stage,
        "started": usage.started,
        "seconds": round(usage.seconds, 3),
        "cpu_seconds": round(usage.cpu_seconds, 3),
        "peak_memory": usage.peak_memory,
        "read_bytes": run.files.read_bytes,
        "written_bytes": sum(run.tables.path(name).stat().st_size for name in run.written),
        "rows": sum(written.rows for written in run.written.values()),
        "files_done": run.files.done,
        "files_taken_over": run.files.taken_over,
        "taken_over": run.taken_over or (run.files.done == 0 and bool(run.files.taken_over)),
    }


def tell_outcome(run: StageRun, row: dict[str, Any]) -> None:
    """Log what was refused, which rules were broken, and that the stage is done.

    Refused rows one by one go to the log of the run only: Dagster has them in its checks.
    """
    for reject in run.rejects:
        _tell_reject(run, reject)
    for result in (result for result in run.results if result.failures):
        run.tell(
            "rule.broken",
            logging.WARNING,
            table=result.table,
            rule=result.rule,
            severity=result.severity,
            failures=result.failures,
            rows=result.rows,
        )
    facts = {name: value for name, value in row.items() if name not in {"run_no", "run_id", "stage", "started"}}
    facts["tables"] = {name: written.rows for name, written in run.written.items()}
    run.tell("stage.done", **facts)


def _tell_reject(run: StageRun, reject: Reject) -> None:
    note(
        (LOG,),
        "row.rejected",
        logging.WARNING,
        run=run.run_id,
        stage=run.stage,
        file=reject.path,
        table=reject.table,
        line_start=reject.line_start,
        line_end=reject.line_end,
        rules=list(reject.rules),
        reason=reject.reason,
    )
