"""Texts that share much of what they say, where most of them were compared before: only what new and lost ones change.

A shingle that no new and no lost text has is in the same texts as before, in the same order, and makes the same
meetings. Of the others all texts are looked at: which pairs meet otherwise now, and which shingles have become set
phrases or are none any more. Texts that have a part in that are compared with all others anew; all other pairs stay.
Not here: what makes a pair (``overlap``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints, Mask
from pipeline.link.numbers import Hashes
from pipeline.link.overlap import MOST_TEXTS, NEIGHBOURS, Overlaps, bits_of, contained, met, runs, summed

_WORTH_IT: Final = 0.1
"""The part of the texts that may be compared anew; more are compared as quickly all at once."""
_TABLE_BITS: Final = 20

Shingles = Iterable[tuple[Hashes, Ints]]
"""Shingles, and the number of the text that each is of, some at a time."""


@dataclass(frozen=True)
class Held:
    """The shingles of the texts of now: of all those at the places that are picked of some, and those of some texts."""

    picked: Callable[[Callable[[Hashes], Ints]], Shingles]
    of_texts: Callable[[Ints], Shingles]


@dataclass(frozen=True)
class Before:
    """What was found then. ``was`` has for each text of now its number then, or -1; the others keep their order.

    ``lost`` are the shingles of texts that are not there now, by their numbers then.
    """

    was: Ints
    found: Overlaps
    lost: Shingles


def overlaps_again(held: Held, before: Before) -> Overlaps | None:
    """What ``overlaps`` finds in the texts of now; None where that takes no longer."""
    size, then, same = len(before.was), len(before.found.every), before.was >= 0
    bits, fresh = bits_of(size), np.flatnonzero(~same)
    # Shingles are told apart by other bits where the number of texts has another length.
    if bits != bits_of(then) or len(fresh) + then - int(same.sum()) > _WORTH_IT * size:
        return None
    place = np.full(then, -1, dtype=np.int64)
    place[before.was[same]] = np.flatnonzero(same)
    own, lost = _entries(held.of_texts(fresh), bits), _entries(before.lost, bits)
    entries = _with_shingles(held, np.concatenate([own, lost]), bits)
    again, phrases = _changed(_Runs(entries, lost, before.was, place, bits))
    again[fresh] = True
    asked = np.flatnonzero(again)
    if len(asked) > _WORTH_IT * size:
        return None
    if len(asked) > len(fresh):
        entries = _with_shingles(held, _entries(held.of_texts(asked), bits), bits)
    every = np.bincount(_texts(own, bits), minlength=size)
    every[same] = before.found.every[before.was[same]]
    phrases[same] += before.found.phrases[before.was[same]]
    found = contained(*_meeting(entries, again, bits), every, phrases)
    pairs = pd.concat([_staying(before.found.pairs, place, again), found])
    return Overlaps(pairs.sort_values(["left", "right"], ignore_index=True), every, phrases)


def _entries(shingles: Shingles, bits: int) -> Hashes:
    """Shingles and texts as one number each, as the index of ``overlap`` has them, sorted, each once."""
    upper = ~np.uint64((1 << bits) - 1)
    parts = [(hashes & upper) | text.astype(np.uint64) for hashes, text in shingles]
    return np.unique(np.concatenate([np.empty(0, np.uint64), *parts]))


def _texts(entries: Hashes, bits: int) -> Ints:
    return (entries & np.uint64((1 << bits) - 1)).astype(np.int64)


def _with_shingles(held: Held, entries: Hashes, bits: int) -> Hashes:
    """All entries of now that have a shingle which some have."""
    wanted = np.unique(entries >> np.uint64(bits))
    lower = np.uint64(64 - bits - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=bool)
    table[wanted >> lower] = True

    def places(hashes: Hashes) -> Ints:
        some = np.flatnonzero(table[hashes >> np.uint64(64 - _TABLE_BITS)])
        return some[np.isin(hashes[some] >> np.uint64(bits), wanted)]

    return _entries(held.picked(places), bits)


@dataclass(frozen=True)
class _Runs:
    """Which texts have the shingles of new and lost ones: entries of now, and those of texts that are lost."""

    entries: Hashes
    lost: Hashes
    was: Ints
    place: Ints
    bits: int

    def then(self) -> Hashes:
        """The entries of then, by the numbers of then."""
        text = self.was[_texts(self.entries, self.bits)]
        stayed = text >= 0
        shingles = self.entries[stayed] >> np.uint64(self.bits) << np.uint64(self.bits)
        return np.sort(np.concatenate([shingles | text[stayed].astype(np.uint64), self.lost]))


def _changed(of: _Runs) -> tuple[Mask, Ints]:
    """Which texts meet others otherwise than then, and how many more of each text's shingles are set phrases."""
    size, bits, then = len(of.was), np.uint64(of.bits), of.then()
    shingles = np.unique(np.concatenate([of.entries, then]) >> bits)
    number, text = np.searchsorted(shingles, of.entries >> bits), _texts(of.entries, of.bits)
    now_set = np.bincount(number, minlength=len(shingles)) > MOST_TEXTS
    then_set = np.bincount(np.searchsorted(shingles, then >> bits), minlength=len(shingles)) > MOST_TEXTS
    stayed = of.was[text] >= 0
    more = now_set[number].astype(np.int64) - (then_set[number] & stayed)
    phrases = np.bincount(text, weights=more, minlength=size).astype(np.int64)
    again = np.zeros(size, dtype=bool)
    again[text[(now_set != then_set)[number]]] = True
    still = np.where(of.was >= 0, np.arange(size), -1)
    codes = [_near(of.entries, still, size, of.bits), _near(then, of.place, size, of.bits)]
    pairs, place = np.unique(np.concatenate(codes), return_inverse=True)
    change = np.repeat([1, -1], [len(codes[0]), len(codes[1])])
    again[pairs[np.bincount(place, weights=change, minlength=len(pairs)) != 0] // size] = True
    return again, phrases


def _near(entries: Hashes, place: Ints, size: int, bits: int) -> Ints:
    """The pairs of texts that are near each other in a shingle, as often as they are; of texts that have a place."""
    text, shingles = place[_texts(entries, bits)], entries >> np.uint64(bits)
    found = [np.empty(0, dtype=np.int64)]
    for step in range(1, NEIGHBOURS + 1):
        left, right = text[:-step], text[step:]
        both = (shingles[:-step] == shingles[step:]) & (left >= 0) & (right >= 0)
        found.append(left[both] * size + right[both])
    return np.concatenate(found)


def _meeting(entries: Hashes, again: Mask, bits: int) -> tuple[Ints, Hashes]:
    """The pairs that have one of the texts ``again``, and what their meetings count for."""
    size = len(again)
    pairs, counts = [np.empty(0, np.int64)], [np.empty(0, np.uint64)]
    for some, worth in met(*runs(entries, bits), size):
        asked = again[some // size] | again[some % size]
        pairs.append(some[asked])
        counts.append(worth[asked])
    return summed(np.concatenate(pairs), np.concatenate(counts))


def _staying(pairs: pd.DataFrame, place: Ints, again: Mask) -> pd.DataFrame:
    """The pairs of then whose texts are there and not compared anew, by their numbers of now."""
    left, right = (place[pairs[side].to_numpy(dtype=np.int64)] for side in ("left", "right"))
    stay = (left >= 0) & (right >= 0)
    stay[stay] = ~(again[left[stay]] | again[right[stay]])
    kept: pd.DataFrame = pairs.assign(left=left, right=right)[stay]
    return kept
