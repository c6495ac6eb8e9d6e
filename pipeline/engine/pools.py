"""Where batches are worked on: what a pool of workers is, and the processes of this machine as one.

Not here: what is done with a batch (``running``), and workers on other machines (``cluster``).
"""

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

from pipeline.engine.batches import Batch
from pipeline.engine.memory import give_memory_back, pass_over_what_is_imported
from pipeline.footers import Part
from pipeline.processes import context

T = TypeVar("T")
Share = TypeVar("Share", bound=Batch | Part)
"""What one piece of work is about: a batch of files, or the rows of one in a table."""
T_co = TypeVar("T_co", covariant=True)


class WorkerError(Exception):
    """Workers that died, cannot be reached or cannot do the work; the message says which, where and the remedy."""


class Pending(Protocol[T_co]):
    """Work that was handed in."""

    def result(self) -> T_co:
        """Wait for it; raises what the work raised, and WorkerError when it cannot be had."""


class Pool(Protocol):
    """Workers that take batches, or rows of such; what becomes of one that dies is the pool's business."""

    @property
    def room(self) -> int:
        """How many batches may be under way, so that no worker waits and memory stays bounded."""

    def submit(self, work: Callable[[Share], T], share: Share) -> Pending[T]:
        """Hand in work."""


def in_order(pool: Pool, work: Callable[[Share], T], plan: Iterable[Share]) -> Generator[T]:
    """The results in the order of the plan, whichever is done first."""
    waiting: deque[Pending[T]] = deque()
    left = iter(plan)
    for share in islice(left, pool.room):
        waiting.append(pool.submit(work, share))
    while waiting:
        yield waiting.popleft().result()
        for share in islice(left, max(0, pool.room - len(waiting))):
            waiting.append(pool.submit(work, share))


def named(share: Batch | Part) -> str:
    """The files of a batch, for a message."""
    if isinstance(share, Part):
        return f"{share.first} … {share.last}"
    files = share.fresh or share.files
    return files[0] if len(files) == 1 else f"{files[0]} … {files[-1]} ({len(files):,} files)"


def begin(environment: Mapping[str, str]) -> None:
    """Make a worker see the variables of the process that runs the stage, and end when that is gone, however it went.

    A fork server has the variables of when it was started. Without the watch a worker whose run was killed would wait
    for work for ever.
    """
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]
    os.environ.update(environment)
    give_memory_back()
    pass_over_what_is_imported()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def as_raised(error: BaseException) -> BaseException:
    """The error of another process as if it had been raised here."""
    if error.__cause__ is not None:  # the process's traceback as text, which would hide the error
        error.add_note(str(error.__cause__))
        error.__cause__ = None
    return error


class LocalProcesses:
    """Processes of this machine.

    When one dies (killed for its memory, say), they are started afresh and what was under way is done again; when that
    happens twice and nothing was done in between, WorkerError names the files.
    """

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self._jobs: list[_Job[Any]] = []
        self._died = False
        self._executor = self._started()

    @property
    def room(self) -> int:
        """Two batches a process: one that it works on, one that waits."""
        return 2 * self.processes

    @property
    def under_way(self) -> int:
        """How much was handed in whose result nobody has taken."""
        return len(self._jobs)

    def submit(self, work: Callable[[Share], T], share: Share) -> "_Job[T]":
        """Hand in work."""
        job = _Job(self, work, share)
        self._jobs.append(job)
        self.start(job)
        return job

    def start(self, job: "_Job[T]") -> None:
        """Put a job before the processes."""
        try:
            job.future = self._executor.submit(job.work, job.share)
        except BrokenProcessPool:
            self.start_afresh()

    def start_afresh(self) -> None:
        """Replace the processes and hand in again what is not done; raises WorkerError the second time in a row."""
        if self._died:
            raise WorkerError(
                f"a worker process died twice on the same work; under way were {named(self._jobs[0].share)} "
                f"and {len(self._jobs) - 1} more batches. It was killed or ran out of memory: run with fewer "
                "--workers, or take the largest of these files out of the raw folder"
            )
        self._died = True
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._started()
        for job in self._jobs:
            if not job.done:
                self.start(job)

    def finished(self, job: "_Job[T]") -> None:
        """Forget a job whose result has been taken."""
        self._jobs = [other for other in self._jobs if other is not job]
        self._died = False

    def _started(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.processes, context(), begin, (dict(os.environ),))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


class _Job(Generic[T]):
    """One piece of work, by whichever process lives to finish it."""

    def __init__(self, pool: LocalProcesses, work: Callable[[Any], T], share: Batch | Part) -> None:
        self.pool, self.work, self.share = pool, work, share
        self.future: Future[T] = Future()

    @property
    def done(self) -> bool:
        """Whether it has a result."""
        return self.future.done() and not self.future.cancelled() and self.future.exception() is None

    def result(self) -> T:
        """Wait for it; raises what the work raised, or WorkerError."""
        while isinstance(error := self.future.exception(), BrokenProcessPool):
            self.pool.start_afresh()
        self.pool.finished(self)
        if error is not None:
            raise as_raised(error)
        return self.future.result()


class LastingProcesses:
    """Processes of this machine that stay for a whole run, since each takes a while to start and to learn its tables.

    They are started when a stage first has work for them, and anew where one has work for more.
    """

    def __init__(self) -> None:
        self._pool: LocalProcesses | None = None

    @contextmanager
    def lent(self, processes: int, /) -> Iterator[LocalProcesses]:
        """At least so many of them; where the block leaves work under way they end, as when it has failed."""
        if self._pool is None or self._pool.processes < processes:
            self.let_go()
            self._pool = LocalProcesses(processes)
        pool = self._pool
        try:
            yield pool
        finally:
            if pool.under_way:
                self.let_go()

    def let_go(self) -> None:
        """End them."""
        if self._pool is not None:
            self._pool.__exit__(None, None, None)
        self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.let_go()
