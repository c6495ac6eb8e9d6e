"""Pairs of names that may be one person's, looked for among some names at a time: those that have a key in common.

Each search asks for names that have something in common, so names are dealt by that, on a shelf, and one place of it is
in memory at a time. Neither the shelf nor the number of places changes a pair. Not here: the searches (``candidates``).
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.candidates import (
    FAMILY,
    GIVEN,
    LATIN,
    LEAST_PART,
    LETTERS,
    Found,
    fitted,
    searched,
    strongest,
)
from pipeline.link.components import Ints, Mask
from pipeline.link.damaged import few_fit, fitting, handles, looked_up
from pipeline.link.fold import arrow_array, map_distinct, transliterate
from pipeline.link.naming import COMPARED, deal
from pipeline.link.numbers import Hashes, among, distinct, text_numbers
from pipeline.link.printed import Listed
from pipeline.link.shelf import Rows
from schemas.arrow import to_frame

_NAMES_AT_ONCE: Final = 1 << 16
_PARTS: Final = (FAMILY, GIVEN)
# What is added up for each byte of a text, so that texts of the same letters in another order have the same sum.
_WORTH: Final = np.random.default_rng(0).integers(1, 1 << 63, 256, dtype=np.uint64)


def compared(shown: pd.DataFrame) -> pd.DataFrame:
    """What ``candidates`` ask of names, from what is shown of them."""
    suffix = shown["suffix"].fillna("").str.lower().str.strip(".")
    return shown[COMPARED].assign(suffix=suffix).reset_index(drop=True)


def candidates_apart(shown: Listed, size: int, shelf: Rows) -> pd.DataFrame:
    """The ``candidates`` among ``size`` names, of which only some are in memory; the shelf is empty, and is again."""
    places = max(1, -(-size // _NAMES_AT_ONCE))
    found: list[Found] = []
    for key in (FAMILY, GIVEN, LETTERS):
        for rows, some in _parts(shown):
            asked = _sound(some)
            if key == GIVEN:  # where all that have none would be in one place
                asked &= (some["folded_given"].str.len() >= LEAST_PART).to_numpy(dtype=bool)
            _put(some, rows, asked, _numbers(some, key) % np.uint64(places), shelf)
        found += _found(key, places, size, shelf)
    _put_latin(shown, places, shelf)
    found += _found(LATIN, places, size, shelf)
    found += _fitting(shown, size, shelf)
    return strongest(found, size)


def _found(key: str, places: int, size: int, shelf: Rows) -> Iterator[Found]:
    """What is found among names that have been dealt by a key."""
    for place in range(places):
        for rows, some in _taken(shelf, place):
            yield from (one for one in searched(some, key, rows, size) if len(one.pairs))


def _sound(some: pd.DataFrame) -> Mask:
    """Which names are undamaged ones of persons."""
    sound: Mask = ((some["kind"] == "person") & ~some["damaged"].astype(bool)).to_numpy(dtype=bool)
    return sound


def _parts(shown: Listed) -> Iterator[tuple[Ints, pd.DataFrame]]:
    """Some names at a time, with their positions."""
    start = 0
    for part in shown.parts(COMPARED):
        yield np.arange(start, start + len(part)), compared(part)
        start += len(part)


def _put(some: pd.DataFrame, rows: Ints, asked: Mask, places: Hashes, shelf: Rows) -> None:
    table = pa.Table.from_pandas(some, preserve_index=False).replace_schema_metadata(None)
    table = table.append_column("row", pa.array(rows)).filter(pa.array(asked))
    if len(table):
        deal(table, places[asked].astype(np.int64), shelf)


def _taken(shelf: Rows, place: int) -> Iterator[tuple[Ints, pd.DataFrame]]:
    """The names of a place of the shelf, with their positions; nothing where it has none."""
    held = shelf.take(place)
    if held is not None:
        some = to_frame(held)
        yield some.pop("row").to_numpy(dtype=np.int64), some


def _numbers(some: pd.DataFrame, key: str) -> Hashes:
    """A number of each name, the same where the names have in common what the searches by a key ask for."""
    if key == LETTERS:
        return _letters(some["folded_family"]) + _letters(some["folded_given"])
    return text_numbers(some[f"folded_{key}"])


def _letters(texts: pd.Series) -> Hashes:
    """A number of each text that does not change with the order of its letters."""
    array = arrow_array(texts, pa.binary())
    ends = np.cumsum(np.asarray(pc.binary_length(array), dtype=np.int64))
    data = np.frombuffer(b"".join(array.to_pylist()), np.uint8)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_WORTH[data], dtype=np.uint64)])
    found: Hashes = sums[ends] - sums[np.concatenate([np.zeros(1, np.int64), ends])[:-1]]
    return found


def _put_latin(shown: Listed, places: int, shelf: Rows) -> None:
    """Deal names by the letters of their transliteration: those beyond ASCII, and names that have these."""
    told = [_latin(some) for _, some in _parts(shown)]
    latin: Hashes = distinct(np.concatenate([np.empty(0, np.uint64), *(numbers for _, numbers in told)]))
    if not len(latin):
        return
    for (at, numbers), (rows, some) in zip(told, _parts(shown), strict=True):
        every: Hashes = _numbers(some, LETTERS)
        every[at] = numbers
        _put(some, rows, _sound(some) & among(every, latin), every % np.uint64(places), shelf)


def _latin(some: pd.DataFrame) -> tuple[Mask, Hashes]:
    """Which are undamaged names of persons beyond ASCII, and the numbers of the letters of their transliterations."""
    families, givens = (some[f"folded_{part}"] for part in _PARTS)
    ascii_only = [pc.string_is_ascii(arrow_array(texts, pa.string())) for texts in (families, givens)]
    beyond: Mask = _sound(some) & ~np.asarray(pc.and_(*ascii_only))
    family, given = (map_distinct(texts[beyond], transliterate, pa.string(), _same) for texts in (families, givens))
    return beyond, _letters(family) + _letters(given)


def _same(texts: pa.Array) -> pa.Array:
    return texts


def _fitting(shown: Listed, size: int, shelf: Rows) -> Iterator[Found]:
    """The pairs of damaged names and undamaged ones that they may have been."""
    for rows, some in _parts(shown):
        hurt = (some["damaged"].astype(bool) & (some["kind"] == "person")).to_numpy(dtype=bool)
        _put(some, rows, hurt, np.zeros(len(rows), np.uint64), shelf)
    for rows, lost in _taken(shelf, 0):
        asked = few_fit(handles(lost.set_axis(rows)), (some[_sound(some)] for _, some in _parts(shown)))
        for at, some in _parts(shown):
            wanted = np.isin(at, rows)
            for keys in looked_up(some[_sound(some)], asked):
                wanted[keys["right"].to_numpy(dtype=np.int64)] = True
            _put(some, at, wanted, np.zeros(len(at), np.uint64), shelf)
        for at, some in _taken(shelf, 0):
            place = asked.assign(left=np.searchsorted(at, asked["left"].to_numpy(dtype=np.int64)))
            yield from fitted(some, fitting(some, place), at, size)
