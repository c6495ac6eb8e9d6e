"""Which codecs can have yielded words without a loss: many words and all codecs at once, one bit a codec.

An automaton goes over the characters of all words together, one step a character; its states are the bytes that the
rest of a letter still needs. What is left at the end of a word may be UTF-8 that a codec read; nearly every genuine
word leaves nothing and needs no further look. Not here: what the words were (``undone``), and lost bytes
(``automaton``).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.channels import CODECS
from pipeline.repair.places import marked, sums
from pipeline.repair.prefilter import TOP, Bits, Marks, Places, points_of
from pipeline.repair.undone import TYPOGRAPHIC

_STATES: Final = 4  # bytes that the rest of a letter needs: none to three
FEW: Final = 12  # words that are not worth a further step: of them it is left open whether they end well
_EVERY: Final = np.uint64((1 << len(CODECS)) - 1)
_BETWEEN: Final = "\n"  # no byte of a character in any of the codecs
_JOINED: Final = "\u0304\u030c"  # marks that one codec reads together with the letter in front

# What a byte is to UTF-8: a letter of ASCII, a continuation, a lead of two (C0 in Java's variant), three or four bytes,
# or none of these; line feeds stay.
_ROLES: Final = b"A" * 10 + b"\n" + b"A" * 117 + b"C" * 64 + b"2X" + b"2" * 30 + b"3" * 16 + b"4" * 5 + b"X" * 11


def sifted(words: Sequence[str]) -> Bits:
    """For each word the codecs (by their place in ``CODECS``) that can have yielded every run of it without a loss.

    None is missing with which ``undone`` finds something; some may be too many.
    """
    return _run(words, _steps())


class _Steps:
    """For each character that was met, each state and each next state, the codecs that go that way."""

    def __init__(self) -> None:
        self.table: Bits = np.zeros((TOP, _STATES, _STATES), np.uint64)
        self.met = np.zeros(TOP, np.bool_)
        self.met[:0x80] = self.met[-1] = True
        self.table[:0x80, 0, 0] = _EVERY
        self.table[-1] = _EVERY  # what no table reaches, and U+FFFF
        for place, codec in enumerate(CODECS):
            if codec.multibyte:
                continue
            points = np.array(list(codec.bytes_of))
            roles = np.array([_ROLES[byte] for byte in codec.bytes_of.values()])
            for role in "C234":
                self._add(place, points[(roles == ord(role)) & (points >= 0x80)], _ways(role))

    def _add(self, place: int, points: Places, ways: tuple[int, ...]) -> None:
        for state, then in enumerate(ways):
            if then >= 0:
                self.table[points, state, then] |= np.uint64(1 << place)

    def meet(self, points: Places) -> None:
        """Look up in the codecs of several bytes what is new."""
        new = points[~self.met[points]]
        self.met[new] = True
        new = new[(new < 0xD800) | (new > 0xDFFF)]
        if not new.size:
            return
        text = _BETWEEN.join(map(chr, new.tolist()))
        for place, codec in enumerate(CODECS):
            if codec.multibyte:
                # What the codec does not have comes out as a question mark, which is "A" by itself.
                roles = text.encode(codec.name, "replace").translate(_ROLES).split(_BETWEEN.encode())
                for kind in {*roles} - {b"A"}:
                    self._add(place, new[[here == kind for here in roles]], _ways(kind.decode()))
        for char in _JOINED:
            self.table[ord(char), range(_STATES), range(_STATES)] = _EVERY


def _ways(roles: str) -> tuple[int, ...]:
    """The state behind some bytes, by the state in front; -1 where they cannot follow it."""
    return tuple([_state(state, roles) for state in range(_STATES)])


def _state(state: int, roles: str) -> int:
    for role in roles:
        if role == "C":
            state -= 1
        elif state:
            return -1
        else:
            state = {"A": 0, "2": 1, "3": 2, "4": 3}.get(role, -1)
        if state < 0:
            return -1
    return state


@lru_cache(maxsize=1)
def _steps() -> _Steps:
    return _Steps()


@lru_cache(maxsize=1)
def _points_between() -> Marks:
    """For each code point whether it may stand between damage of another origin; words without such see no others."""
    marks = np.zeros(TOP, np.bool_)
    marks[[point for point in range(TOP) if TYPOGRAPHIC.match(chr(point))]] = True
    return marks


class Columns(NamedTuple):
    """Words by length, the longest first (``order``), and what their characters are, column by column.

    A column has the characters at one place of all words that are long enough: how many these are, and where in
    ``codes`` they stand, which are places in ``alphabet``, the distinct code points.
    """

    order: Places
    alphabet: Places
    codes: Places
    columns: Iterator[tuple[int, Places]]


def in_columns(words: Sequence[str]) -> Columns:
    """Words as columns of characters, of ASCII letters in a row only the first: the others say nothing more."""
    points = points_of("".join(words))
    bounds = sums(np.fromiter(map(len, words), np.intp, len(words)))
    said = (points | 0x20) - ord("a") >= 26
    said[1:] |= said[:-1]
    said[bounds[:-1][bounds[:-1] < len(points)]] = True
    points, bounds = points[said], sums(said)[bounds]
    lengths = bounds[1:] - bounds[:-1]
    order = np.argsort(-lengths, kind="stable")
    seen = np.zeros(TOP, np.bool_)
    seen[points] = True
    alphabet = marked(seen)
    number = np.empty(TOP, np.intp)  # of which nothing else is asked
    number[alphabet] = np.arange(len(alphabet))
    offsets = bounds[:-1][order]
    falling = -lengths[order]
    many = falling.searchsorted(-np.arange(lengths.max(initial=0)), "left").tolist()
    return Columns(order, alphabet, number[points], ((end, offsets[:end] + place) for place, end in enumerate(many)))


def _run(words: Sequence[str], steps: _Steps) -> Bits:
    """The automaton over some words; points may stand between the letters."""
    order, alphabet, codes, columns = in_columns(words)
    steps.meet(alphabet)
    table = np.ascontiguousarray(steps.table.take(alphabet, axis=0).transpose(1, 2, 0))
    table[0, 0, _points_between().take(alphabet)] = _EVERY
    found: Bits = np.zeros(len(words), np.uint64)
    living = np.arange(len(words))
    state: Bits = np.zeros((_STATES, len(words)), np.uint64)
    state[0] = _EVERY
    for many, places in columns:
        going = int(living.searchsorted(many))
        if going < len(living):
            found[order[living[going:]]] = state[0, going:]
            living, state = living[:going], state[:, :going]
        if going < FEW:
            found[order[living]] = np.bitwise_or.reduce(state)
            return found
        ways = table.take(codes.take(places.take(living)), axis=2)
        state = np.bitwise_or.reduce(ways & state[:, None])
        kept = marked(np.bitwise_or.reduce(state))
        if len(kept) < going:
            living, state = living[kept], state[:, kept]
    found[order[living]] = state[0]
    return found
