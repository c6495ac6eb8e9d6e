"""How often each record is named in a table of any size: eight bytes a row, whatever the ids take as text."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

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
    digits = "".join(ids.str.slice(1).to_list())
    return np.frombuffer(bytes.fromhex(digits), ">u8").astype(np.uint64)
