"""The main job, run from here: the same definitions that Dagster loads, in this process.

Not here: what a run does (``assets``) and what people type (``cli``).
"""

import importlib.util
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from pipeline.definitions import defs
from pipeline.engine.stage import LOG, note
from pipeline.resources import Engine, Folders, Progress
from pipeline.schedules import main_job, unrecorded_job
from pipeline.storage import BusyError, CleanFolder
from pipeline.tables import MisplacedError, StorageError

HOME = Path(".dagster")
"""Dagster's home beside the project: its settings, and the history of runs on the project's own folders."""

OWN_FOLDERS = (Path("data/raw"), Path("data/clean"))


class Exit(IntEnum):
    """Exit codes of a run, told apart by what a scheduler can do: wait, mend the disk, or call somebody."""

    PUBLISHED = 0
    FAILED = 1
    USAGE = 2
    BUSY = 3
    DISK = 4


_EXITS = {BusyError.__name__: Exit.BUSY, StorageError.__name__: Exit.DISK, MisplacedError.__name__: Exit.USAGE}


class RunError(Exception):
    """A run that published nothing; the message says why, and that the tables before stand."""

    def __init__(self, message: str, exit_code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit = exit_code


class UiMissingError(Exception):
    """Dagster's web pages are not installed."""


def run_main_job(
    raw: Path, clean: Path, progress: Progress, *, workers: int = 0, full: bool = False, scheduler: str = ""
) -> None:
    """Run all stages; raises RunError when nothing was published."""
    folders = Folders(raw=str(raw), clean=str(clean))
    note((LOG,), "run.started", raw=str(raw), clean=str(clean), workers=workers, full=full)
    try:
        CleanFolder(clean).prepare()
    except StorageError as error:
        raise _failed([str(error)], _EXITS[type(error).__name__]) from error
    with _instance(raw, clean) as instance:
        job = defs.resolve_job_def((unrecorded_job if instance.is_ephemeral else main_job).name)
        result = job.execute_in_process(
            instance=instance,
            resources={
                "folders": folders,
                "engine": Engine(folders=folders, workers=workers, full=full, scheduler=scheduler),
                "progress": progress,
            },
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )
    if not result.success:
        raise _failed(list(_reasons(result)), _exit(result))


def _failed(reasons: list[str], exit_code: Exit) -> RunError:
    note((LOG,), "run.failed", logging.ERROR, exit=int(exit_code), reasons=reasons)
    return RunError("\n".join(reasons), exit_code)


def _exit(result: dg.ExecuteInProcessResult) -> Exit:
    """The exit code for the errors of a run; the one for which there is most to be done where there are several."""
    errors = [e.engine_event_data.error for e in result.all_events if e.is_resource_init_failure]
    errors += [event.step_failure_data.error for event in result.get_step_failure_events()]
    found = {_EXITS.get(_cause(error).cls_name or "", Exit.FAILED) for error in errors if error}
    return min(found, default=Exit.FAILED)


def _cause(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """The error that names file and remedy: our own, behind which is only what the system said, or the innermost."""
    return _cause(error.cause) if error.cause and error.cls_name not in _EXITS else error


def open_ui(arguments: list[str]) -> int:
    """Start Dagster's web pages and daemon on the same definitions; returns their exit code."""
    if importlib.util.find_spec("dagster_webserver") is None:
        raise UiMissingError("Dagster's web pages are not installed; install them with: pip install 'palimpsest[ui]'")
    environment = dict(os.environ)
    if HOME.is_dir():
        environment.setdefault("DAGSTER_HOME", str(HOME.absolute()))
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipeline.definitions", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603


@contextmanager
def _instance(raw: Path, clean: Path) -> Iterator[dg.DagsterInstance]:
    """Where the run is recorded: the home that is set, the project's for its own folders, else nowhere."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
    elif HOME.is_dir() and (raw, clean) == OWN_FOLDERS:
        os.environ["DAGSTER_HOME"] = str(HOME.absolute())  # which dagster.yaml refers to
        try:
            with dg.DagsterInstance.get() as instance:
                yield instance
        finally:
            del os.environ["DAGSTER_HOME"]
    else:
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance


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
        yield "  nothing was published; the tables before stand"


def _innermost(error: SerializableErrorInfo | None) -> str:
    return _cause(error).message.strip() if error else "for an unknown reason"
