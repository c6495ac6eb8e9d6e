"""A process beside a run does what it is asked, raises what that raises, and nothing is lost when it is killed."""

import os
import signal
import sys

import pytest

from pipeline.engine.beside import Beside


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
