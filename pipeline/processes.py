"""How processes of a run are started, and when one beside it is worth it. Light: a command asks before it imports more.

Not here: what they work on (``engine``).
"""

import multiprocessing
import os
import sys
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final

_IMPORTED: Final = ["pipeline.steps"]
"""What every worker needs: importing it takes as long as working on a megabyte."""

WORTH_A_PROCESS: Final = 32 * 1024 * 1024
"""Bytes of tables or raw files from which on a run takes longer than a process beside it takes to start."""

_MANY_FILES: Final = 10_000
"""Files that are as much work, however small they are."""


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


def worth_a_process(folder: Path) -> bool:
    """Whether a folder of published tables, or of raw files, is large enough for a process beside the run.

    What is not there or cannot be read does not count; another run may be writing to it. Looking ends where it is.
    """
    size = count = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += (Path(place) / name).stat().st_size
            count += 1
            if size >= WORTH_A_PROCESS or count >= _MANY_FILES:
                return True
    return False
