"""Where numbers wait until all that belong together are there. Not here: a shelf on a disk (``pipeline.spill``)."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[np.uint64]


class Shelf(Protocol):
    """Takes numbers for a place, some at a time, and gives them back together, once."""

    def put(self, place: str, numbers: Numbers) -> None:
        """Add numbers to a place."""

    def take(self, place: str) -> Numbers:
        """All numbers of a place in the order in which they came; it is empty then."""


class MemoryShelf:
    """A shelf in memory."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Numbers]] = {}

    def put(self, place: str, numbers: Numbers) -> None:
        """Add numbers to a place; they are copied, so that a slice does not keep what it was cut from."""
        self._parts.setdefault(place, []).append(numbers.copy())

    def take(self, place: str) -> Numbers:
        """All numbers of a place, which is empty then."""
        return np.concatenate([np.empty(0, dtype=np.uint64), *self._parts.pop(place, [])])


class Rows(Protocol):
    """Takes rows for a place, some at a time, and gives them back together, once."""

    def put(self, place: int, rows: pa.Table) -> None:
        """Add rows to a place; they are not copied."""

    def take(self, place: int) -> pa.Table | None:
        """All rows of a place in the order in which they came, None where there are none; it is empty then."""
