"""A run, started from here: through Dagster where its history is kept, and else the same steps one after the other.

Importing Dagster and opening a history that is thrown away takes two seconds, half of what a run takes that has
nothing new. Not here: what a run does (``steps``, ``publish``), what people type (``cli``), and runs in Dagster's
history (``recorded``).
"""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import traceback
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.engine import Settings, StageRun
from pipeline.engine.stage import LOG, note
from pipeline.exits import EXITS, STAND, Exit, RunError, failed
from pipeline.pace import Progress
from pipeline.publish import AuditError, publish
from pipeline.steps import STEPS
from pipeline.storage import BusyError, CleanFolder, RawFolder
from pipeline.tables import StorageError
from pipeline.workplace import drawing, workplace

__all__ = ["Exit", "RunError", "UiMissingError", "open_ui", "run_main_job"]

HOME = Path(".dagster")
"""Dagster's home beside the project: its settings, and the history of runs on the project's own folders."""

OWN_FOLDERS = (Path("data/raw"), Path("data/clean"))


class UiMissingError(Exception):
    """Dagster's web pages are not installed."""


def run_main_job(
    raw: Path, clean: Path, progress: Progress, *, workers: int = 0, full: bool = False, scheduler: str = ""
) -> None:
    """Run all stages and publish; raises RunError when nothing was published.

    It is recorded in the home that ``DAGSTER_HOME`` names, in the project's for its own folders, and else nowhere.
    """
    settings = Settings(workers, full, scheduler)
    note((LOG,), "run.started", raw=str(raw), clean=str(clean), workers=workers, full=full)
    try:
        CleanFolder(clean).prepare()
    except StorageError as error:
        raise failed([str(error)], EXITS[type(error).__name__]) from error
    own = HOME.is_dir() and (raw, clean) == OWN_FOLDERS
    if os.environ.get("DAGSTER_HOME") or own:
        from pipeline.recorded import run_recorded  # noqa: PLC0415  (imports Dagster)

        run_recorded(None if os.environ.get("DAGSTER_HOME") else HOME, raw, clean, progress, settings)
    else:
        _run_unrecorded(RawFolder(raw), CleanFolder(clean), progress, settings)


def _run_unrecorded(raw: RawFolder, clean: CleanFolder, progress: Progress, settings: Settings) -> None:
    run_id = str(uuid.uuid4())
    with _stopped_gently(), ExitStack() as stack:
        try:
            settings = stack.enter_context(workplace(raw, clean, settings))
        except (BusyError, StorageError) as error:
            raise failed([str(error)], EXITS[type(error).__name__]) from error
        for step in STEPS.values():
            with _Stage(step.stage):
                step.work(StageRun(step.stage, raw, clean, run_id, progress.report), settings)
        with _Stage("publish"):
            publish(clean, run_id, draw=drawing(settings.beside))


class _Stage:
    """Whatever goes wrong in the block, as RunError that names the stage, as Dagster does for runs that it has."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, AuditError):
            raise failed([str(error)], Exit.FAILED) from error
        if isinstance(error, Exception):
            cause = _cause(error)
            said = "".join(traceback.format_exception_only(cause)).strip()
            reasons = [f"stage {self._stage} failed: {said}", STAND]
            raise failed(reasons, EXITS.get(type(cause).__name__, Exit.FAILED)) from error


def _cause(error: BaseException) -> BaseException:
    """The error that names file and remedy: our own, behind which is only what the system said, or the innermost."""
    known = type(error).__name__ in EXITS
    return error if known or error.__cause__ is None else _cause(error.__cause__)


@contextmanager
def _stopped_gently() -> Iterator[None]:
    """Make SIGTERM end the block as Ctrl-C does: with the folder let go, and no draft of a table left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def open_ui(arguments: list[str]) -> int:
    """Start Dagster's web pages and daemon on the same definitions; returns their exit code."""
    if importlib.util.find_spec("dagster_webserver") is None:
        raise UiMissingError("Dagster's web pages are not installed; install them with: pip install 'palimpsest[ui]'")
    environment = dict(os.environ)
    if HOME.is_dir():
        environment.setdefault("DAGSTER_HOME", str(HOME.absolute()))
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipeline.definitions", *arguments]
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
