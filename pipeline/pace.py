"""How far long work is: files, bytes a second and the time that is left, as a line now and then.

Not here: bars in a terminal (``terminal``).
"""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

SECONDS_BETWEEN: Final = 10.0
"""A line at most so often; work that takes less than that has none."""


class Progress:
    """Whom a stage tells how many files it has done; this one keeps it to itself, a terminal draws bars."""

    def report(self, stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
        """Take note that a stage has done so many of so many files, and of so many bytes where these are known."""


class Pace:
    """Passes reports of one stage on, and says a line now and then."""

    def __init__(
        self,
        say: Callable[[str], object],
        report: Callable[[str, int, int, int, int], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say, self._report, self._clock = say, report, clock
        self._start = self._last = clock()

    def report(self, stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
        """Take note that so many of so many files are done, and so many of so many bytes."""
        self._report(stage, done, total, read, size)
        now = self._clock()
        if now - self._last >= SECONDS_BETWEEN:
            self._last = now
            self._say(f"{stage}: {pace(done, total, read, size, seconds=now - self._start)}")


def pace(done: int, total: int, read: int, size: int, *, seconds: float) -> str:
    """Files, bytes and speed so far, and the time left if the rest goes as fast; by bytes where they are known."""
    said = [f"{done:,} of {total:,}"]
    if size:
        said += [f"{read / 1e6:,.1f} of {size / 1e6:,.1f} MB", f"{read / 1e6 / max(seconds, 1e-9):,.1f} MB/s"]
    share = read / size if size else done / max(1, total)
    if 0 < share < 1:
        said.append(f"{timedelta(seconds=round(seconds * (1 - share) / share))} left")
    return ", ".join(said)
