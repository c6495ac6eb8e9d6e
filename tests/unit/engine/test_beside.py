"""A process beside a run does what it is asked, raises what that raises, and nothing is lost when it is killed."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine import Settings, StageRun
from pipeline.engine.beside import Beside, with_beside
from pipeline.storage import CleanFolder, RawFolder


@pytest.mark.skipif(sys.platform == "win32", reason="there no process is killed by a signal")
def test_work_is_done_there_or_here() -> None:
    with Beside(list) as beside:
        there = beside.start(os.getpid)()
        assert there != os.getpid()
        with pytest.raises(ValueError, match="invalid literal"):
            beside.start(int, "three")()
        os.kill(there, signal.SIGKILL)
        assert beside.start(os.getpid)() == os.getpid()
        assert beside.start(divmod, 7, 2)() == (3, 1)


def test_a_stage_has_a_process_beside_it_where_the_run_may_have_several(tmp_path: Path) -> None:
    run = StageRun("link", RawFolder(tmp_path), CleanFolder(tmp_path), "run", settings=Settings(2))
    with with_beside(run):
        assert run.beside(os.getpid)() != os.getpid()
    assert run.beside(os.getpid)() == os.getpid()
    assert len(run.workers) == 1, "what it cost is known"
    run.settings = replace(run.settings, workers=1)
    with with_beside(run):
        assert run.beside(os.getpid)() == os.getpid()
