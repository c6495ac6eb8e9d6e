"""What records print, a few texts at a time: the texts of all records are most of what there is, and stay on the disk.

Not here: texts on a disk (``pipeline.steps.stored``), and what is compared of each record (``fingerprint``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints

_AT_ONCE: Final = 1 << 16


class Printed(Protocol):
    """The columns of records, which are known by their positions in the order of their ids."""

    def some(self, name: str, rows: Ints) -> Iterator[tuple[Ints, pd.Series]]:
        """A column of some records, in parts and in the order that is easiest: places in ``rows``, and the values."""


class Listed(Printed, Protocol):
    """Rows that are known by their positions, and may be gone through in their order."""

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of all rows, some rows at a time."""


class Dealt(Protocol):
    """Rows that are asked for once, in another order than their own."""

    def dealt(self, name: str, rows: Sequence[Ints]) -> Iterator[pd.Series]:
        """A column of several lists of rows, one list after the other, each in its order."""


@dataclass(frozen=True)
class Held:
    """Records in memory, in the order of their ids; ``rows`` are their positions, where they are some of all."""

    frame: pd.DataFrame
    rows: Ints | None = None

    def some(self, name: str, rows: Ints) -> Iterator[tuple[Ints, pd.Series]]:
        """The same, in the order that was asked for."""
        at = rows if self.rows is None else np.searchsorted(self.rows, rows)
        for start in range(0, len(at), _AT_ONCE):
            part = at[start : start + _AT_ONCE]
            yield np.arange(start, start + len(part)), self.frame[name].take(part).reset_index(drop=True)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of all rows at once."""
        yield self.frame[list(columns)]

    def dealt(self, name: str, rows: Sequence[Ints]) -> Iterator[pd.Series]:
        """A column of several lists of rows, one list after the other."""
        return (self.frame[name].take(some).reset_index(drop=True) for some in rows)


def column_at(printed: Printed, name: str, rows: Ints) -> pd.Series:
    """A column of some records, in the order of ``rows``."""
    places, values = [np.empty(0, np.int64)], []
    for place, part in printed.some(name, rows):
        places.append(place)
        values.append(pa.array(part))
    if not values:
        return pd.Series([], dtype=pd.ArrowDtype(pa.string()))
    order = np.argsort(np.concatenate(places))
    chunks = [chunk for one in values for chunk in (one.chunks if isinstance(one, pa.ChunkedArray) else [one])]
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.concat_arrays(chunks).take(pa.array(order))))


def frame_at(printed: Printed, columns: Sequence[str], rows: Ints) -> pd.DataFrame:
    """Some columns of some rows, in their order."""
    return pd.DataFrame({name: column_at(printed, name, rows) for name in columns})
