"""The codecs in which a word can be bytes of UTF-8, of which some were lost: all codecs at once, one bit each.

An automaton goes over the characters and keeps for each of its states the codecs that are in it. Nearly every genuine
word leaves none after a few letters, and then no longer span that begins with it has one either. Not here: what may
have stood where bytes are lost (``gaps``, whose shape of a word is told here once more).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.channels import CODECS, CONTINUATIONS
from pipeline.repair.gaps import losable
from pipeline.repair.places import marked
from pipeline.repair.plausible import likely
from pipeline.repair.prefilter import Bits
from pipeline.repair.sieve import FEW, in_columns

_GAPS: Final = " ?\ufffd"
_EVERY: Final = sum(1 << place for place, codec in enumerate(CODECS) if not codec.multibyte)


class _Roles(NamedTuple):
    """The codecs that read so a lead of two bytes, one of them that loses nothing, of three, four; a continuation.

    A lead loses nothing where no likely letter has a byte that goes lost in the codec: É, ß in Windows-1252.
    """

    two: int = 0
    whole: int = 0
    three: int = 0
    four: int = 0
    rest: int = 0


_NONE: Final = _Roles()


@lru_cache(maxsize=1)
def _roles() -> dict[str, _Roles]:
    letters = {
        lead: {rest for rest in CONTINUATIONS if likely(bytes([lead, rest]).decode())} for lead in range(0xC3, 0xE0)
    }
    found: dict[str, list[int]] = {}
    for place, codec in enumerate(CODECS):
        if codec.multibyte:
            continue
        lost = losable(codec)
        for byte in range(0x80, 0xF5):
            role = (
                4 if byte < 0xC0 else 3 if byte >= 0xF0 else 2 if byte >= 0xE0 else
                0 if not lost.isdisjoint(letters.get(byte, ())) else 1
            )  # fmt: skip
            if not 0xC0 <= byte < 0xC2:
                found.setdefault(codec.table[byte], [0] * 5)[role] |= 1 << place
    return {char: _Roles(*roles) for char, roles in found.items()}


@lru_cache(maxsize=65536)
def yielding(word: str) -> tuple[int, int]:
    """The codecs of one byte that can have yielded a word which may have lost bytes, and those of its beginnings.

    The second has every codec that can have yielded a longer word which begins so.
    """
    roles = _roles()
    done, two, three, three_rest = _EVERY, 0, 0, 0  # a whole character; what a lead and its first continuation left
    last, four, four_rest = 0, 0, 0  # what needs one more continuation; and two or one in front of that
    for char in word:
        if char.isascii() and char.isalpha():
            done, two, three, three_rest, last, four, four_rest = done | two | three_rest, 0, 0, 0, 0, 0, 0
        elif char in _GAPS:
            done, last = two | three_rest, three
            two, three, three_rest, four, four_rest = 0, 0, 0, 0, 0
        else:
            is_two, whole, is_three, is_four, rest = roles.get(char, _NONE)
            begins = done | two | three_rest
            done = (two | three_rest | last) & rest
            last, four_rest, three_rest = (begins & whole) | (four_rest & rest), four & rest, three & rest
            two, three, four = begins & is_two, begins & is_three, begins & is_four
        if not (done or two or three or three_rest or last or four or four_rest):
            return 0, 0
    accepted = done | two | three_rest
    return accepted, accepted | three | last | four | four_rest


def hopeful(words: Sequence[str]) -> Bits:
    """For each word whether it can begin one that lost bytes: not 0, as the second that ``yielding`` tells.

    Of the few longest words it is left open, which is not 0 either.
    """
    order, alphabet, codes, columns = in_columns(words)
    rows: Bits = np.array([_row(chr(point)) for point in alphabet.tolist()], np.uint64).T
    found: Bits = np.zeros(len(words), np.uint64)
    living = np.arange(len(words))
    state: Bits = np.zeros((7, len(words)), np.uint64)
    state[0] = _EVERY
    for many, places in columns:
        going = living.searchsorted(many)
        found[order[living[going:]]] = _going_on(state[:, going:])
        living, state = living[:going], state[:, :going]
        if going < FEW:
            break
        done, two, three, three_rest, last, four, four_rest = state
        letter, gap, is_two, whole, is_three, is_four, rest = rows[:, codes[places[living]]]
        ended = two | three_rest
        begins = done | ended
        then = np.stack([
            (begins & letter) | (ended & gap) | ((ended | last) & rest),
            begins & is_two,
            begins & is_three,
            three & rest,
            (begins & whole) | (four_rest & rest) | (three & gap),
            begins & is_four,
            four & rest,
        ])  # fmt: skip
        kept = marked(np.bitwise_or.reduce(then))
        living, state = living[kept], then[:, kept]
    found[order[living]] = _going_on(state)
    return found


def _going_on(state: Bits) -> Bits:
    """What is accepted, or can go on."""
    done, two, three, three_rest, last, four, four_rest = state
    going_on: Bits = done | two | three_rest | three | last | four | four_rest
    return going_on


def _row(char: str) -> tuple[int, ...]:
    """The codecs in which a character is a letter of ASCII, a gap, or has the roles of ``_Roles``."""
    if char.isascii() and char.isalpha():
        return (_EVERY, 0, 0, 0, 0, 0, 0)
    return (0, _EVERY, 0, 0, 0, 0, 0) if char in _GAPS else (0, 0, *_roles().get(char, _NONE))
