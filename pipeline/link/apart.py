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
    damaged,
    searched,
    strongest,
)
from pipeline.link.components import Ints, Mask
from pipeline.link.damaged import may_fit
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
    for key in (FAMILY, GIVEN, LETTERS, LATIN):
        latin = _latin(shown) if key == LATIN else None
        if latin is not None and not len(latin):
            continue
        for rows, some in _parts(shown):
            asked = ((some["kind"] == "person") & ~some["damaged"].astype(bool)).to_numpy(dtype=bool)
            numbers = _numbers(some, key)
            if key == GIVEN:  # where all that have none would be in one place
                asked &= (some["folded_given"].str.len() >= LEAST_PART).to_numpy(dtype=bool)
            if latin is not None:
                asked &= among(numbers, latin)
            _put(some, rows, asked, (numbers % np.uint64(places)).astype(np.int64), shelf)
        for place in range(places):
            for rows, some in _taken(shelf, place):
                found += [one for one in searched(some, key, rows, size) if len(one.pairs)]
    for rows, some in _fitting(shown, shelf):
        found += damaged(some, rows, size)
    return strongest(found, size)


def _parts(shown: Listed) -> Iterator[tuple[Ints, pd.DataFrame]]:
    """Some names at a time, with their positions."""
    start = 0
    for part in shown.parts(COMPARED):
        yield np.arange(start, start + len(part)), compared(part)
        start += len(part)


def _put(some: pd.DataFrame, rows: Ints, asked: Mask, places: Ints, shelf: Rows) -> None:
    table = pa.Table.from_pandas(some, preserve_index=False).replace_schema_metadata(None)
    table = table.append_column("row", pa.array(rows)).filter(pa.array(asked))
    if len(table):
        deal(table, places[asked], shelf)


def _taken(shelf: Rows, place: int) -> Iterator[tuple[Ints, pd.DataFrame]]:
    """The names of a place of the shelf, with their positions; nothing where it has none."""
    held = shelf.take(place)
    if held is not None:
        some = to_frame(held)
        yield some.pop("row").to_numpy(dtype=np.int64), some


def _numbers(some: pd.DataFrame, key: str) -> Hashes:
    """A number of each name, the same where the names have in common what the searches by a key ask for."""
    if key in {FAMILY, GIVEN}:
        return text_numbers(some[f"folded_{key}"])
    texts = [some["folded_family"], some["folded_given"]]
    if key == LATIN:
        texts = [map_distinct(one, transliterate, pa.string(), lambda same: same) for one in texts]
    return _letters(texts[0]) + _letters(texts[1])


def _letters(texts: pd.Series) -> Hashes:
    """A number of each text that does not change with the order of its letters."""
    array = arrow_array(texts, pa.binary())
    ends = np.cumsum(np.asarray(pc.binary_length(array), dtype=np.int64))
    data = np.frombuffer(b"".join(array.to_pylist()), np.uint8)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_WORTH[data], dtype=np.uint64)])
    found: Hashes = sums[ends] - sums[np.concatenate([np.zeros(1, np.int64), ends])[:-1]]
    return found


def _latin(shown: Listed) -> Hashes:
    """The numbers that names of other letters than ASCII have by their transliteration, sorted."""
    found = [np.empty(0, np.uint64)]
    for _, some in _parts(shown):
        told = (some["kind"] == "person") & ~some["damaged"].astype(bool)
        beyond = [~np.asarray(pc.string_is_ascii(arrow_array(some[f"folded_{part}"], pa.string()))) for part in _PARTS]
        foreign = some[told.to_numpy(dtype=bool) & (beyond[0] | beyond[1])]
        found.append(_numbers(foreign, LATIN))
    return distinct(np.concatenate(found))


def _fitting(shown: Listed, shelf: Rows) -> Iterator[tuple[Ints, pd.DataFrame]]:
    """The damaged names, and the undamaged ones that they may have been, with their positions."""
    for rows, some in _parts(shown):
        _put(some, rows, some["damaged"].to_numpy(dtype=bool), np.zeros(len(rows), np.int64), shelf)
    for _, lost in list(_taken(shelf, 0)):
        for rows, some in _parts(shown):
            asked = some["damaged"].to_numpy(dtype=bool, copy=True)
            sound = np.flatnonzero(~asked & (some["kind"] == "person").to_numpy(dtype=bool))
            asked[sound[may_fit(some.take(sound), lost[lost["kind"] == "person"])]] = True
            _put(some, rows, asked, np.zeros(len(rows), np.int64), shelf)
        yield from _taken(shelf, 0)
