"""The codecs in which a word can be bytes of UTF-8, of which some were lost: all codecs at once, one bit each.

An automaton goes over the characters and keeps for each of its states the codecs that are in it. Nearly every genuine
word leaves none after a few letters, and then no longer span that begins with it has one either. Not here: what may
have stood where bytes are lost (``gaps``, whose shape of a word is told here once more).
"""

from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.repair.channels import CODECS

_GAPS: Final = " ?\ufffd"
_EVERY: Final = sum(1 << place for place, codec in enumerate(CODECS) if not codec.multibyte)


class _Roles(NamedTuple):
    """The codecs that read so a lead of two bytes, one of them that loses nothing, of three, four; a continuation."""

    two: int = 0
    whole: int = 0
    three: int = 0
    four: int = 0
    rest: int = 0


_NONE: Final = _Roles()


@lru_cache(maxsize=1)
def _roles() -> dict[str, _Roles]:
    spans = (range(0xC3, 0xE0), range(0xC2, 0xC3), range(0xE0, 0xF0), range(0xF0, 0xF5), range(0x80, 0xC0))
    found: dict[str, list[int]] = {}
    for place, codec in enumerate(CODECS):
        for role, span in enumerate(spans):
            for byte in () if codec.multibyte else span:
                found.setdefault(codec.table[byte], [0] * len(spans))[role] |= 1 << place
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
