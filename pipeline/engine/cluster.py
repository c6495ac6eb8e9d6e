"""Workers on other machines: a Dask cluster that is driven from within a stage.

Dask runs the work of a worker that dies on another one. Every worker first makes sure that it sees the same folders
and runs the same code, since it would otherwise refuse every file, or return rows that a local run would not.
Measured against Ray, Spark, Daft and Fugue: SCALING.md. The scheduler and the workers need palimpsest installed.
"""

import platform
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

from distributed import Client, Future, get_worker
from distributed.scheduler import KilledWorker

from pipeline.engine.batches import Batch
from pipeline.engine.pools import Share, WorkerError, named
from pipeline.engine.versions import code_version
from pipeline.footers import Part
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import StorageError

T = TypeVar("T")

PYTHON: Final = ".".join(platform.python_version_tuple()[:2])

ANSWER_SECONDS: Final = 30
"""How long to wait for the scheduler."""

WORKERS_SECONDS: Final = 60
"""How long to wait for a worker, at the start and when all have gone."""


@dataclass(frozen=True)
class Home:
    """What a worker must have in common with the process that runs the stage; no ``sources_of`` for ingest."""

    stage: str
    raw: RawFolder
    clean: CleanFolder
    run_id: str
    sources_of: str
    files: tuple[str, ...]
    made_by: str
    python: str = PYTHON

    def check(self, worker: str) -> None:
        """Raise WorkerError when the worker does not see the folders or does not run the same code."""
        remedy = "mount it there at the same place, or use an object store and name the folder by its URL"
        seen = [error for file in self.files if (error := _unreadable(self.raw, file))]
        if self.files and len(seen) == len(self.files):
            raise WorkerError(
                f"{self.raw.root}: worker {worker} cannot see this raw folder ({self.files[0]}: {seen[0]}); {remedy}"
            )
        if self.sources_of:
            self._check_clean(worker, remedy)
        if code_version(self.stage, self.raw) != self.made_by or self.python != PYTHON:
            raise WorkerError(
                f"worker {worker} runs other code, other libraries or another Python than this process (Python "
                f"{PYTHON}, here {self.python}), or sees other files of corrections and layouts "
                f"beside {self.raw.root}; install the same release with the same libraries on all machines"
            )

    def _check_clean(self, worker: str, remedy: str) -> None:
        try:
            found = self.clean.latest("sources", self.run_id).run_id
        except StorageError as error:
            raise WorkerError(
                f"{self.clean.root}: worker {worker} cannot see this clean folder ({error}); {remedy}"
            ) from None
        if found != self.sources_of:
            raise WorkerError(
                f"{self.clean.root}: worker {worker} sees another folder of that name, with the run {found} "
                f"and not {self.sources_of}; {remedy}"
            )


@lru_cache(maxsize=8)
def _check_once(home: Home) -> None:
    home.check(f"{get_worker().address} on {socket.gethostname()}")


def _unreadable(raw: RawFolder, file: str) -> OSError | None:
    try:
        if raw.size(file) is None:
            raw.read(file)
        else:
            raw.reader(file)(0, 1)
    except OSError as error:
        return error
    return None


def at_home(home: Home, work: Callable[[Share], T], share: Share) -> T:
    """What a worker runs."""
    _check_once(home)
    return work(share)


class DaskCluster:
    """The workers of a cluster, by the address of its scheduler (``tcp://host:8786``).

    Raises WorkerError when no scheduler answers there, or it has no workers.
    """

    def __init__(self, scheduler: str, home: Home) -> None:
        self.scheduler, self._home = scheduler, home
        try:
            self._client = Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise WorkerError(
                f"{scheduler}: no Dask scheduler answers there ({error}); start one with `dask scheduler`, and name "
                "its address with --scheduler tcp://host:8786"
            ) from None
        self.expect_workers()

    def expect_workers(self) -> None:
        """Wait until there is a worker."""
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            self._client.close()
            raise WorkerError(
                f"{self.scheduler}: the scheduler has no workers, and none came in {WORKERS_SECONDS} seconds; start "
                f"some with `dask worker {self.scheduler} --nthreads 1`, where the folders are mounted"
            ) from None

    @property
    def room(self) -> int:
        """Two batches a thread of the workers that there are now."""
        threads: dict[str, int] = self._client.nthreads()
        return 2 * max(1, sum(threads.values()))

    def submit(self, work: Callable[[Share], T], share: Share) -> "_Task[T]":
        """Hand in work."""
        return _Task(self, self._client.submit(at_home, self._home, work, share, pure=False), share)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()  # which lets go of what is under way


class _Task(Generic[T]):
    """One piece of work, by whichever worker lives to finish it."""

    def __init__(self, cluster: DaskCluster, future: Future, share: Batch | Part) -> None:
        self._cluster, self._future, self._share = cluster, future, share

    def result(self) -> T:
        """Wait for it; raises what the work raised, or WorkerError."""
        try:
            while True:
                try:
                    done: T = self._future.result(timeout=WORKERS_SECONDS)
                except TimeoutError:
                    if self._future.done():
                        raise
                    self._cluster.expect_workers()
                else:
                    return done
        except KilledWorker as error:
            raise WorkerError(
                f"workers died again and again on {named(self._share)} ({error}); give them more memory, or take the "
                "largest of these files out of the raw folder"
            ) from None
        except CancelledError as error:
            raise WorkerError(
                f"{self._cluster.scheduler}: the connection to the scheduler was lost ({error}); the tables published "
                "before stand. Run again when it is back"
            ) from None
