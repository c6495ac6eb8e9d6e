"""Arrays of whole numbers as sets, and texts as whole numbers.

By sorting: numpy's own ways by hash take a hundred times as long for many numbers. Not here: what numbers stand for.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.components import Ints, Mask
from pipeline.link.fold import arrow_array

Hashes = npt.NDArray[np.uint64]
Numbers = TypeVar("Numbers", Ints, npt.NDArray[np.uint64])
_LARGE: Final = 1 << 31  # the product of two numbers that are smaller fits
_AT_ONCE: Final = 1 << 16
_ID: Final = 17  # a letter and 16 digits
_DIGITS: Final = np.frombuffer(b"0123456789abcdef", np.uint8)


def distinct(numbers: Numbers) -> Numbers:
    """Each number once, sorted."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def among(numbers: Numbers, ordered: Numbers) -> Mask:
    """Which of ``numbers`` are in ``ordered``, which is sorted."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    found: Mask = ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers
    return found


def places_of(asked: Hashes, ordered: Hashes) -> tuple[Ints, Mask]:
    """Where in ``ordered``, which is sorted, each of ``asked`` is, and which of them are there at all."""
    if not len(ordered):
        return np.zeros(len(asked), dtype=np.int64), np.zeros(len(asked), dtype=bool)
    place: Ints = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    return place, ordered[place] == asked


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
    encoded = arrow_array(texts, pa.string()).dictionary_encode()
    codes = np.asarray(pc.fill_null(encoded.indices, -1), dtype=np.int64)
    if not sort:
        return codes, encoded.dictionary
    order = np.asarray(pc.array_sort_indices(encoded.dictionary), dtype=np.int64)
    place = np.full(len(order) + 1, -1)  # the last is for null
    place[order] = np.arange(len(order))
    return place[codes], encoded.dictionary.take(pa.array(order))


def firsts(*ordered: Ints | Hashes) -> Mask:
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


def id_numbers(texts: pd.Series, start: int = 1) -> Hashes:
    """Sixteen hexadecimal digits of each text, from ``start`` on, as a number; in their order, as digits are.

    For ids, a letter and these digits, and for longer hashes. Raises ValueError where a text is of another length.
    """
    array = arrow_array(texts, pa.string())
    found = [np.empty(0, np.uint64)]
    found += [_of_digits(array.slice(first, _AT_ONCE), start) for first in range(0, len(array), _AT_ONCE)]
    return np.concatenate(found)


def _of_digits(texts: pa.Array, start: int) -> Hashes:
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, np.int32)[texts.offset :][: len(texts) + 1]
    width = int(ends[1] - ends[0])
    if texts.null_count or width < start + _ID - 1 or (np.diff(ends) != width).any():
        raise ValueError(f"not ids or hashes of one kind: {texts[0]} and others")
    digits = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]].reshape(-1, width)[:, start : start + _ID - 1]
    values = np.where(digits > ord("9"), digits - np.uint8(ord("a") - 10), digits - np.uint8(ord("0")))
    return np.ascontiguousarray(values[:, ::2] << 4 | values[:, 1::2]).view(">u8").ravel().astype(np.uint64)


def ids_of(letter: str, numbers: Hashes) -> pa.Array:
    """Ids from a letter and what ``id_numbers`` makes of them."""
    found = np.empty((len(numbers), _ID), np.uint8)
    found[:, 0] = ord(letter)
    for first in range(0, len(numbers), _AT_ONCE):
        bytes_ = numbers[first : first + _AT_ONCE].astype(">u8").view(np.uint8).reshape(-1, 8)
        found[first : first + _AT_ONCE, 1::2] = _DIGITS[bytes_ >> 4]
        found[first : first + _AT_ONCE, 2::2] = _DIGITS[bytes_ & 15]
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * np.int32(_ID)
    return pa.Array.from_buffers(pa.string(), len(numbers), [None, pa.py_buffer(offsets), pa.py_buffer(found)])


def text_numbers(texts: pd.Series) -> Hashes:
    """A number for each text, of 64 bits, the same exactly where texts are, but for one in 10^19 pairs."""
    array = arrow_array(texts, pa.string())
    found = [np.empty(0, np.uint64)]
    for first in range(0, len(array), _AT_ONCE):
        some = array.slice(first, _AT_ONCE).to_numpy(zero_copy_only=False)
        found.append(pd.util.hash_array(some, categorize=False))
    return np.concatenate(found)


def where_there(texts: pd.Series, number: Callable[[pd.Series], Hashes]) -> pd.Series:
    """What ``number`` gives of the texts that are there; null of the others."""
    there = texts.notna().to_numpy(dtype=bool)
    found = np.zeros(len(texts), np.uint64)
    found[there] = number(texts[there])
    return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(found, mask=~there)))
