"""Sensors that tell people of runs and checks that failed; on from the start, silent where nobody is to be told."""

import os
from collections.abc import Iterator

import dagster as dg

from pipeline.alerts import Alert, send
from pipeline.schedules import main_job

ONLY_ERRORS = "PALIMPSEST_ALERT_ONLY_ERRORS"
"""Set to 1: broken rules that only set rows aside are no reason to tell anybody."""

_MOST = 20  # lines of broken rules


# All code locations, so that runs of the command count that are recorded in the same history.
@dg.run_failure_sensor(
    name="tell_of_failed_runs",
    description="Runs a command or sends an e-mail when a run has failed and is not tried again by itself.",
    monitor_all_code_locations=True,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def tell_of_failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tell of a failed run; a crash that Dagster retries by itself is told of when the last try fails."""
    run = context.dagster_run
    if run.tags.get("dagster/will_retry") == "true" and run.remote_job_origin:  # the command's runs are not retried
        return dg.SkipReason(f"run {run.run_id} is tried again by itself")
    lines = [
        f"Run {run.run_id} of job {run.job_name} failed. The tables published before stand.",
        *(f"stage {event.step_key}: {_innermost(event)}" for event in context.get_step_failure_events()),
        context.failure_event.message or "",
        *_broken_rules(context.instance, run.run_id, only_errors=False),
    ]
    return _told(Alert(f"palimpsest: run failed ({run.run_id[:8]})", "\n".join(filter(None, lines)), run.run_id))


@dg.run_status_sensor(
    name="tell_of_failed_checks",
    run_status=dg.DagsterRunStatus.SUCCESS,
    description="Runs a command or sends an e-mail when a run was published and rules of its tables were broken.",
    monitor_all_code_locations=True,
    default_status=dg.DefaultSensorStatus.RUNNING,
)
def tell_of_failed_checks(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tell of broken rules of a run that was published: one message a run."""
    run = context.dagster_run
    broken = list(_broken_rules(context.instance, run.run_id, only_errors=os.environ.get(ONLY_ERRORS) == "1"))
    if run.job_name != main_job.name or not broken:
        return dg.SkipReason(f"run {run.run_id} has broken no rule")
    head = f"Run {run.run_id} was published; {len(broken)} rules were broken, and the rows set aside in rejects:"
    more = [f"and {len(broken) - _MOST} more"] if len(broken) > _MOST else []
    text = "\n".join([head, *broken[:_MOST], *more])
    return _told(Alert(f"palimpsest: {len(broken)} rules broken ({run.run_id[:8]})", text, run.run_id))


def _told(alert: Alert) -> dg.SkipReason | None:
    """Send it; None, which Dagster records as done, or that nobody is to be told."""
    return None if send(alert) else dg.SkipReason("PALIMPSEST_ALERT_COMMAND and PALIMPSEST_ALERT_EMAIL are not set")


def _broken_rules(instance: dg.DagsterInstance, run_id: str, *, only_errors: bool) -> Iterator[str]:
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        check = entry.get_dagster_event().asset_check_evaluation_data
        if not check.passed and not (only_errors and check.severity is dg.AssetCheckSeverity.WARN):
            counts = {name: check.metadata[name].value for name in ("failures", "rows") if name in check.metadata}
            yield (
                f"  {check.asset_key.to_user_string()}.{check.check_name}: {counts.get('failures')} of "
                f"{counts.get('rows')} rows ({check.severity.value})"
            )


def _innermost(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    while error and error.cause:
        error = error.cause
    return error.message.strip() if error else "for an unknown reason"
