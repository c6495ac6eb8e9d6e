"""A run that Dagster keeps in its history: the main job of the definitions that it loads, in this process.

Not here: runs that are recorded nowhere, which need nothing of Dagster (``runner``).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from pipeline.definitions import defs
from pipeline.engine import Settings
from pipeline.exits import EXITS, STAND, Exit, failed
from pipeline.pace import Progress
from pipeline.resources import Engine, Folders
from pipeline.schedules import main_job


def run_recorded(home: Path | None, raw: Path, clean: Path, progress: Progress, settings: Settings) -> None:
    """Run the main job, kept in Dagster's home at ``home``, or where ``DAGSTER_HOME`` says.

    Raises RunError when nothing was published.
    """
    folders = Folders(raw=str(raw), clean=str(clean))
    engine = Engine(folders=folders, workers=settings.workers, full=settings.full, scheduler=settings.scheduler)
    with _home(home), dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def(main_job.name).execute_in_process(
            instance=instance,
            resources={"folders": folders, "engine": engine, "progress": progress},
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    if not result.success:
        raise failed(list(_reasons(result)), _exit(result))


@contextmanager
def _home(home: Path | None) -> Iterator[None]:
    """Set ``DAGSTER_HOME``, which dagster.yaml refers to, while the block lasts."""
    if home is None:
        yield
        return
    os.environ["DAGSTER_HOME"] = str(home.absolute())
    try:
        yield
    finally:
        del os.environ["DAGSTER_HOME"]


def _exit(result: dg.ExecuteInProcessResult) -> Exit:
    """The exit code for the errors of a run; the one for which there is most to be done where there are several."""
    errors = [e.engine_event_data.error for e in result.all_events if e.is_resource_init_failure]
    errors += [event.step_failure_data.error for event in result.get_step_failure_events()]
    found = {EXITS.get(_cause(error).cls_name or "", Exit.FAILED) for error in errors if error}
    return min(found, default=Exit.FAILED)


def _cause(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """The error that names file and remedy: our own, behind which is only what the system said, or the innermost."""
    return _cause(error.cause) if error.cause and error.cls_name not in EXITS else error


def _reasons(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """Why a run failed: the innermost message of each error, since that is the one that names file and remedy."""
    for event in result.all_events:
        if event.is_resource_init_failure:
            yield _innermost(event.engine_event_data.error).partition(": ")[2]  # behind the name of the error's class
    for event in result.get_step_failure_events():
        data = event.step_failure_data
        if data.user_failure_data and data.user_failure_data.description:
            yield data.user_failure_data.description
            continue
        yield f"stage {event.step_key} failed: {_innermost(data.error)}"
        yield STAND


def _innermost(error: SerializableErrorInfo | None) -> str:
    return _cause(error).message.strip() if error else "for an unknown reason"
