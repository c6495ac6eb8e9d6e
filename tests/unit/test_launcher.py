"""Whether the process of a run still lives."""

import os
import subprocess
import sys
import time

import psutil

from pipeline.launcher import alive


def test_a_process_lives_until_it_is_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert alive(process.pid, time.time())
    process.kill()
    deadline = time.monotonic() + 30
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not alive(process.pid, time.time()), "a zombie is dead"
    process.wait()
    assert not alive(process.pid, time.time())


def test_a_number_that_was_given_anew_is_another_process() -> None:
    assert alive(os.getpid(), time.time())
    assert not alive(os.getpid(), psutil.Process().create_time() - 60)
