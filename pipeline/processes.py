"""How processes of a run are started, and when one beside it is worth it. Light: a command asks before it imports more.

Not here: what they work on (``engine``).
"""

import multiprocessing
import sys
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

_IMPORTED: Final = ["pipeline.steps"]
"""What every worker needs: importing it takes as long as working on a megabyte."""

WORTH_A_PROCESS: Final = 32 * 1024 * 1024
"""Bytes of published tables from which on a run takes longer than a process beside it takes to start."""


def context() -> BaseContext:
    """How processes are started: none is forked from this one, for a fork would inherit the locks of its threads.

    Where there is a fork server, it imports everything once and has no threads; workers of all stages are forked from
    it. (Linux only: the libraries of macOS break when they are forked.)
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(_IMPORTED)
    return server


def prepare_workers() -> None:
    """Have that server import what workers need while this process does something else, before there is work."""
    if sys.platform == "linux":
        context()
        forkserver.ensure_running()


def worth_a_process(published: Path) -> bool:
    """Whether a folder of published tables is large enough for a process beside the run; not where it cannot be read.

    It need not be there, and another run may be writing to it.
    """
    try:
        return sum(file.stat().st_size for file in published.iterdir()) >= WORTH_A_PROCESS
    except OSError:
        return False
