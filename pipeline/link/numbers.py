"""Arrays of whole numbers as sets, and texts as whole numbers.

By sorting: numpy's own ways by hash take a hundred times as long for many numbers. Not here: what numbers stand for.
"""

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.components import Ints, Mask

_LARGE: Final = 1 << 31  # the product of two numbers that are smaller fits


def distinct(numbers: Ints) -> Ints:
    """Each number once, sorted."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def among(numbers: Ints, ordered: Ints) -> Mask:
    """Which of ``numbers`` are in ``ordered``, which is sorted."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    found: Mask = ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers
    return found


def codes_together(*codes: Ints) -> Ints:
    """Numbers that are equal exactly where all of the codes are (0 and up, -1 for nothing); -1 where any is that."""
    together = codes[0].copy()
    nothing = codes[0] < 0
    for code in codes[1:]:
        nothing |= code < 0
        if int(together.max(initial=0)) >= _LARGE:
            together = np.searchsorted(distinct(together), together)
        together = together * (int(code.max(initial=0)) + 1) + code
    together[nothing] = -1
    return together


def coded(texts: pd.Series, *, sort: bool = False) -> tuple[Ints, pa.Array]:
    """Numbers that are equal where the texts are, -1 for null, and the text of each; in their order if asked."""
    array = pa.array(texts, pa.string(), from_pandas=True)
    encoded = (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).dictionary_encode()
    codes = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    if not sort:
        return codes, encoded.dictionary
    order = np.asarray(pc.array_sort_indices(encoded.dictionary), dtype=np.int64)
    place = np.full(len(order) + 1, -1)  # the last is for null
    place[order] = np.arange(len(order))
    return place[codes], encoded.dictionary.take(pa.array(order))


def firsts(*ordered: Ints) -> Mask:
    """Where the first of each run of equal values is, in columns that are in order."""
    new = np.zeros(len(ordered[0]), dtype=bool)
    new[:1] = True
    for column in ordered:
        new[1:] |= column[1:] != column[:-1]
    return new


def spread(starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Ranges of numbers, one after the other: which of them each number is in, and the number."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    return owner, np.arange(len(owner)) + np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
