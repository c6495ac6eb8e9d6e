"""How a run ends that is not published: in words, with an exit code, and gently when it is told to stop."""

import os
import signal
import threading
from pathlib import Path

import pytest

from pipeline import runner
from pipeline.publish import AuditError
from pipeline.runner import Exit, RunError
from pipeline.tables import StorageError


@pytest.mark.parametrize(
    ("error", "exit_code", "says"),
    [
        (
            StorageError("works: free the disk"),
            Exit.DISK,
            "stage link failed: pipeline.writing.StorageError",
        ),
        (ValueError("three"), Exit.FAILED, "stage link failed: ValueError: three"),
        (AuditError(["two lines are lost"], Path("report.html")), Exit.FAILED, "  - two lines are lost"),
    ],
)
def test_what_goes_wrong_in_a_stage_is_said_with_the_stage(error: Exception, exit_code: Exit, says: str) -> None:
    with pytest.raises(RunError) as caught, runner._Stage("link"):
        raise error
    assert caught.value.exit == exit_code
    assert caught.value.__cause__ is error
    assert says in str(caught.value)
    assert "the tables before stand" in str(caught.value)


def test_of_errors_behind_one_another_our_own_counts_or_the_innermost() -> None:
    with pytest.raises(RunError, match="OSError: no such place") as caught, runner._Stage("link"):
        raise RuntimeError("a worker") from OSError("no such place")
    assert caught.value.exit == Exit.FAILED
    with pytest.raises(RunError, match="StorageError: mend it") as caught, runner._Stage("link"):
        raise RuntimeError("a worker") from _behind(StorageError("mend it"), OSError(28, "full"))
    assert caught.value.exit == Exit.DISK


def _behind(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.skipif(
    threading.current_thread() is not threading.main_thread(), reason="signals reach the main thread alone"
)
def test_a_run_that_is_told_to_stop_lets_go_of_what_it_holds() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), runner._stopped_gently():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
