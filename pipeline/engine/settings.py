"""How a run works: on how many processes or which cluster, and whether it redoes everything."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a run works: on how many processes (0: one a core), and whether it redoes what has not changed.

    With the address of a Dask ``scheduler``, batches go to the workers of that cluster instead.
    """

    workers: int = 0
    full: bool = False
    scheduler: str = ""

    @property
    def processes(self) -> int:
        """The number of worker processes; without a number, the cores that this process may use."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        return self.workers or cores or 1
