"""Mentions as numbers of four bytes and less: which record and which name each is of, and how sure it is.

Not here: which names those are (``naming``).
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.components import Ints, Mask
from pipeline.link.fold import arrow_array
from pipeline.link.numbers import Hashes, distinct

Places = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]
CERTAINTIES: Final = ("clean", "exact", "constrained", "inferred", "unresolved")
"""What a mention's certainty may be, by its code."""


@dataclass(frozen=True)
class Mentioned:
    """All mentions, in the order of record and position; ``order`` has where each is in their table.

    ``record`` is a position in ``records``, the ids of records that have mentions, as numbers and in order, ``name``
    the number of the name in the order of the ids that names have alone, ``certainty`` a position in ``CERTAINTIES``,
    and ``letters`` how many the folded given names have.
    """

    order: Places
    position: Places
    record: Places
    records: Hashes
    name: Places
    certainty: Codes
    damaged: Mask
    letters: Places


@dataclass(frozen=True)
class Said:
    """What some mentions say by themselves; of ids there are the digits as numbers, and ``row`` is in the table."""

    row: Places
    position: Places
    record: Hashes
    name: Hashes
    certainty: Codes
    damaged: Mask
    letters: Places


def in_order(parts: list[Said], names: Hashes) -> Mentioned:
    """What all say, in the order of record and position; ``names`` are the ids of names in order. At least one part."""
    record, position = (_taken(parts, name) for name in ("record", "position"))
    follows = (record[1:] > record[:-1]) | ((record[1:] == record[:-1]) & (position[1:] >= position[:-1]))
    order = slice(None) if follows.all() else np.lexsort([position, record]).astype(np.int32)
    records = distinct(record)
    return Mentioned(
        _taken(parts, "row")[order],
        position[order],
        np.searchsorted(records, record[order]).astype(np.int32),
        records,
        np.searchsorted(names, _taken(parts, "name")[order]).astype(np.int32),
        *(_taken(parts, name)[order] for name in ("certainty", "damaged", "letters")),
    )


def _taken(parts: list[Said], name: str) -> Any:
    return np.concatenate([getattr(part, name) for part in parts])


def certainty_codes(certainty: pd.Series) -> Codes:
    """The position of each in ``CERTAINTIES``."""
    found: Codes = np.asarray(pc.index_in(arrow_array(certainty, pa.string()), pa.array(CERTAINTIES)), dtype=np.int8)
    return found


def certainties(codes: Codes) -> pa.Array:
    """The certainties of their codes."""
    return pa.array(CERTAINTIES, pa.string()).take(pa.array(codes))


def wide(numbers: npt.NDArray[np.int32] | Ints) -> Ints:
    """The same as numbers whose products fit."""
    return numbers.astype(np.int64, copy=False)
