"""How often each record is named in a table of any size: eight bytes a row, whatever the ids take as text."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

Numbers = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Linked:
    """The ids of a column as numbers, sorted."""

    numbers: Numbers

    @classmethod
    def of(cls, columns: Iterable[pd.Series]) -> "Linked":
        """From the parts of a column of record ids."""
        parts = [_numbers(column) for column in columns]
        return cls(np.sort(np.concatenate([np.empty(0, np.uint64), *parts])))

    def times(self, ids: pd.Series) -> npt.NDArray[np.intp]:
        """How often each of some ids is in the column."""
        wanted = _numbers(ids)
        return np.searchsorted(self.numbers, wanted, "right") - np.searchsorted(self.numbers, wanted, "left")


def _numbers(ids: pd.Series) -> Numbers:
    """Ids as their contract has them (a letter and sixteen hexadecimal digits) as numbers."""
    texts = pa.array(ids, pa.string(), from_pandas=True)
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    if not len(texts):
        return np.empty(0, np.uint64)
    starts = np.frombuffer(texts.buffers()[1], np.int32, len(texts) + 1, 4 * texts.offset)
    letters = texts.buffers()[2][int(starts[0]) : int(starts[-1])].to_pybytes()
    digits = np.frombuffer(letters, np.uint8).reshape(len(texts), -1)[:, 1:].tobytes()
    return np.frombuffer(bytes.fromhex(digits.decode("ascii")), ">u8").astype(np.uint64)
