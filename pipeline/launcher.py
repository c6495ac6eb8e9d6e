"""Starts runs as Dagster does by itself, and can tell whether the process of a run still lives.

Without that, a run whose machine went down stays "started" in the history, and the next one waits for it. Dagster's run
monitoring asks here every few seconds, marks a dead run as failed, and the retries of crashed runs take over.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import psutil
from dagster import DagsterEventType, DagsterRun
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.events import EngineEventData
from dagster._core.events.log import EventLogEntry
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher
from dagster._serdes import ConfigurableClassData

_CLOCK = 5.0  # seconds by which the start of a process and the time of an event may be off

# A run that is marked as failed before its code server is back is not retried: Dagster tries that once.
_SETTLE = 10.0  # seconds in which the daemon takes note of a code server that answers again
_PATIENCE = 180.0  # seconds after which a code server is waited for no longer


@dataclass
class _Missing:
    """Since when a process is known to be gone, and since when its code server has answered all the same."""

    since: float
    answered: float | None = None


class WatchingRunLauncher(DefaultRunLauncher):
    """Dagster's own launcher, and a look at the process of a run; all processes must be of one machine."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(inst_data)
        self._missing: dict[str, _Missing] = {}

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Yes: run monitoring may ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Whether the process that said it works on the run is still the same and alive.

        A run of which no process has said so yet is left alone; so is a dead one until its code server is there to
        start it again.
        """
        started = _said_to_work(self._instance.all_logs(run.run_id, of_type=DagsterEventType.ENGINE_EVENT))
        if started is None:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "no process has reported yet")
        pid, since = started
        if alive(pid, since):
            self._missing.pop(run.run_id, None)
            return CheckRunHealthResult(WorkerStatus.RUNNING, f"process {pid}")
        if not self._given_up(run.run_id):
            return CheckRunHealthResult(WorkerStatus.RUNNING, f"process {pid} is gone; waiting for the code server")
        return CheckRunHealthResult(WorkerStatus.NOT_FOUND, f"its process {pid} is gone, killed or lost in a reboot")

    def _given_up(self, run_id: str) -> bool:
        now = time.monotonic()
        missing = self._missing.setdefault(run_id, _Missing(now))
        if not self._code_server_answers(run_id):
            missing.answered = None
        elif missing.answered is None:
            missing.answered = now
        settled = missing.answered is not None and now - missing.answered >= _SETTLE
        return settled or now - missing.since >= _PATIENCE

    def _code_server_answers(self, run_id: str) -> bool:
        client = self._get_grpc_client_for_termination(run_id)  # type: ignore[no-untyped-call]
        if client is None:  # a run of the command, which nobody starts again
            return True
        try:
            return bool(client.ping("")["echo"] == "")
        except DagsterUserCodeUnreachableError:
            return False


def alive(pid: int, since: float) -> bool:
    """Whether the process with this number is there and was already there at that time (seconds since 1970).

    Numbers are given anew after a reboot: a younger process is another one. A zombie is dead.
    """
    try:
        process = psutil.Process(pid)
        return bool(process.create_time() <= since + _CLOCK and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _said_to_work(events: Sequence[EventLogEntry]) -> tuple[int, float] | None:
    """The last process that reported for a run, and when."""
    for entry in reversed(events):
        data = entry.get_dagster_event().event_specific_data
        if isinstance(data, EngineEventData) and "pid" in data.metadata:
            return int(cast("str", data.metadata["pid"].value)), entry.timestamp
    return None
