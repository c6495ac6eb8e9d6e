"""How a run works: on how many processes or which cluster, and whether it redoes everything."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, ParamSpec, Protocol, TypeVar

from pipeline.storage import CleanFolder

P = ParamSpec("P")
T = TypeVar("T")


class Elsewhere(Protocol):
    """Another process, which has nothing to do as yet."""

    def start(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Callable[[], T]:
        """Have it do something; what is returned waits for that, and raises what it raises."""


class Staff(Protocol):
    """Worker processes that stay from stage to stage."""

    def lent(self, processes: int, /) -> AbstractContextManager[Any]:
        """At least so many of them, as a ``Pool``, for one stage."""

    def let_go(self) -> None:
        """End them, and with them what they hold in memory; who asks for some again has them started afresh."""


@dataclass(frozen=True)
class Settings:
    """How a run works: on how many processes (0: one a core), and whether it redoes what has not changed.

    With the address of a Dask ``scheduler``, batches go to the workers of that cluster instead. Where there is a
    process ``beside``, a stage may have it do a part of its work. One that is there until the run ends makes ``ahead``,
    while a stage that is named there is at work, what comes later; each is given the clean folder and the run's id.
    Each stage starts processes of its own where the run has no ``staff``.
    """

    workers: int = 0
    full: bool = False
    scheduler: str = ""
    beside: Elsewhere | None = None
    ahead: Mapping[str, Sequence[Callable[[CleanFolder, str], object]]] = field(default_factory=dict)
    staff: Staff | None = None

    @property
    def processes(self) -> int:
        """The number of worker processes; without a number, the cores that this process may use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self.workers or cores or 1
