"""What a stage costs: seconds, CPU seconds of all processes, and the most memory that one of them held.

Seconds are taken from a clock that never jumps; only the time of the start is of the clock on the wall.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

if sys.platform != "win32":
    import resource

P = ParamSpec("P")
T = TypeVar("T")
_STATUS = Path("/proc/self/status")
_MARKS = Path("/proc/self/clear_refs")


@dataclass
class Usage:
    """The cost of a piece of work; that of worker processes is added with ``add``."""

    started: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: int | None = None
    _begin: tuple[float, float] = field(default=(0.0, 0.0), repr=False)

    def add(self, worker: "Usage") -> None:
        """Count what another process did: its CPU seconds, and its memory where it is the larger."""
        self.cpu_seconds += worker.cpu_seconds
        self.peak_memory = max(filter(None, (self.peak_memory, worker.peak_memory)), default=None)

    def stop(self) -> None:
        """Take the figures of this process."""
        wall, cpu = self._begin
        self.seconds = time.monotonic() - wall
        self.add(Usage(self.started, cpu_seconds=time.process_time() - cpu, peak_memory=_peak()))


def start() -> Usage:
    """Begin to measure; ``stop`` ends it. One after the other: the mark of the most memory is one for the process."""
    _reset_peak()
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Usage(now, _begin=(time.monotonic(), time.process_time()))


@contextmanager
def measured() -> Iterator[Usage]:
    """Measure a block."""
    usage = start()
    try:
        yield usage
    finally:
        usage.stop()


def costed(work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> tuple[T, Usage]:
    """Do something, and say what it cost."""
    with measured() as usage:
        done = work(*given, **named)
    return done, usage


def _reset_peak() -> None:
    """Linux keeps the mark of the most memory and forgets it on demand; other systems keep it for the whole process."""
    if _MARKS.exists():
        try:
            _MARKS.write_text("5", encoding="ascii")
        except PermissionError:  # some sandboxes; then the mark is that of the process since it started
            return


def _peak() -> int | None:
    """Bytes; None where the system does not say."""
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
