"""How often the words of the lexicon have a letter between some others, and in which languages.

The letter model looks at two letters before each. Here a letter outside ASCII is seen with four around it, two on
either side and more on one where the word ends on the other, so that endings and beginnings are seen whole.
Not here: what such a count is worth (``odds``).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.letters import letter_model
from pipeline.repair.places import marked

_AROUND: Final = 4  # letters of a context, the edge of the word counted as one
_SIDE: Final = 2  # of them on either side, where the word goes on
_EDGE: Final = "\n"
_BITS: Final = 12  # a letter of a context takes

Counts = npt.NDArray[np.int64]


def counts(words: Sequence[str], places: Sequence[int]) -> Counts:
    """How many other words of each language have the letter at a place of a word, in small letters, so surrounded.

    One row a word, one column a language.
    """
    found = np.zeros((len(words), len(letter_model().languages)), np.int64)
    asked: dict[int, list[tuple[int, int]]] = {}
    for row, (word, place) in enumerate(zip(words, places, strict=True)):
        left, key = _context(word, place)
        asked.setdefault(left, []).append((row, key))
    for left, rows in asked.items():
        keys, languages = _contexts()[left]
        wanted = np.array([key for _, key in rows])
        first, behind = keys.searchsorted(wanted), keys.searchsorted(wanted + 1)
        for met in marked(first < behind).tolist():
            row = rows[met][0]
            found[row] = np.bincount(languages[first[met] : behind[met]], minlength=found.shape[1])
            own = _language_of().get(words[row])
            if own is not None:
                found[row, own] -= 1
    return found


def _context(word: str, place: int) -> tuple[int, int]:
    """How many letters are looked at before the one at a place, and all that are looked at as a number."""
    text = f"{_EDGE}{word}{_EDGE}"
    left, right = _sides(place + 1, len(word) - place)
    key = 0
    for char in text[place + 1 - left : place + right + 2]:
        key = key << _BITS | _code(ord(char))
    return left, key


def _sides(before: int, after: int) -> tuple[int, int]:
    """How many letters are looked at before and after one that has so many, edges counted."""
    left = min(_AROUND - min(_SIDE, after), before)
    return left, min(_AROUND - left, after)


def _code(point: int) -> int:
    """The bits of a letter, which no other letter of the lexicon has."""
    return point & 0x7FF | (point >= 0x1000) << 11


@lru_cache(maxsize=1)
def _language_of() -> dict[str, int]:
    model = letter_model()
    return dict(zip(model.words, model.spoken.tolist(), strict=True))


@lru_cache(maxsize=1)
def _contexts() -> tuple[tuple[Counts, npt.NDArray[np.int8]], ...]:
    """The contexts of all letters outside ASCII as sorted numbers with their languages, by the letters before."""
    model = letter_model()
    text = "".join((_EDGE, _EDGE.join(model.words), _EDGE))
    points = np.frombuffer(text.encode("utf-16-le"), np.uint16).astype(np.int64)
    codes = points & 0x7FF | (points >= 0x1000).astype(np.int64) << 11
    (edges,) = np.nonzero(points == ord(_EDGE))
    (places,) = np.nonzero(points > 0x7F)
    word = edges.searchsorted(places) - 1
    before, after = places - edges[word], edges[word + 1] - places
    left = np.minimum(_AROUND - np.minimum(_SIDE, after), before)
    right = np.minimum(_AROUND - left, after)
    keys = np.zeros(len(places), np.int64)
    for step in range(-_AROUND, _AROUND + 1):
        inside = (step >= -left) & (step <= right)
        keys[inside] = keys[inside] << _BITS | codes[places[inside] + step]
    tables = []
    for number in range(_AROUND + 1):
        (own,) = np.nonzero(left == number)
        own = own[np.argsort(keys[own], kind="stable")]
        tables.append((keys[own], model.spoken[word[own]]))
    return tuple(tables)
