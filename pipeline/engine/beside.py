"""One process beside a run, for what comes at its end: what that needs is imported while the run is at work.

Not here: what is done there, and when it is worth a process.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from pipeline.engine.pools import as_raised, begin
from pipeline.engine.stage import StageRun
from pipeline.processes import context

P = ParamSpec("P")
T = TypeVar("T")


class Beside:
    """A process that gets ready (``prepare``) when it is started, and ends with the block; all goes on if it dies."""

    def __init__(self, prepare: Callable[[], object] = tuple) -> None:
        self._executor = ProcessPoolExecutor(1, context(), begin, (dict(os.environ),))
        with_it = ThreadPoolExecutor(1)  # a process starts when its server has imported everything, which takes a while
        self._started = with_it.submit(self._executor.submit, prepare)
        with_it.shutdown(wait=False)

    def start(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Callable[[], T]:
        """Do something there, or here where that process was killed; what is returned waits for it."""
        here = partial(work, *given, **named)
        try:
            self._started.result()
            done = self._executor.submit(here)
        except BrokenProcessPool:
            return here

        def result() -> T:
            error = done.exception()
            if isinstance(error, BrokenProcessPool):
                return here()
            if error is not None:
                raise as_raised(error)
            return done.result()

        return result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._started.exception()
        self._executor.shutdown(wait=False, cancel_futures=True)


@contextmanager
def with_beside(run: StageRun) -> Iterator[None]:
    """Give a stage a process beside it for the block, where the run has none and may have several."""
    settings = run.settings
    if settings.beside is not None or settings.processes < 2:
        yield
        return
    with Beside() as beside:
        run.settings = replace(settings, beside=beside)
        try:
            yield
        finally:
            run.settings = settings
