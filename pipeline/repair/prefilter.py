"""Find the lines worth a look, at the speed of memory: tables over code points, one bit a codec.

A line is suspicious where a character that some codec reads a lead byte as stands before one that the same codec
reads a continuation byte as, or where a lead stands in a place where no writer would put it. Whatever could be mended
by its own evidence is suspicious. Not here: lines (``page``), and whether it is
damage (``decide``, ``guess``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.channels import CODECS
from pipeline.repair.places import marked

TOP: Final = 0x10000  # beyond it no single-byte codec reaches; such characters share the last place
_LITTLE: Final = 1024  # characters of which each is as quickly looked at by itself
# In these codecs many leads and continuations are letters, which stand side by side in any text: only a pair with a
# sign in it is suspicious. No word of more than a few letters is without one.
_LETTERED: Final = frozenset(
    {
        "cp866",
        "cp855",
        "cp737",
        "cp862",
        "cp720",
        "mac-cyrillic",
        "mac-greek",
        "iso8859-3",
        "iso8859-4",
        "iso8859-10",
        "iso8859-13",
        "iso8859-14",
        "iso8859-16",
        "mac-iceland",
        "mac-turkish",
        "mac-latin2",
        "cp775",
        "cp852",
        "cp857",
        "mac-romanian",
        "cp861",
        "cp865",
        "cp869",
        "cp1125",
        "kz1048",
    }
)
_CJK: Final = ((0x2E80, 0xA000), (0xAC00, 0xD7B0), (0xF900, 0xFB00), (0xFF61, 0xFFA0))
_FOREIGN: Final = ((0x370, 0x1E00), (0x1F00, 0x2000))

_WRITTEN_BEFORE_WORDS: Final = "«»‹›“”‘’„‚¿¡–—…·•§©®™°µ×¬±¶½¼¾¹²³ºª´¨¸¦¥£¢€$÷"

Bits = npt.NDArray[np.uint64]
Kinds = npt.NDArray[np.uint8]
Marks = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint16]
Places = npt.NDArray[np.intp]


_STRANGE: Final = 1  # hardly ever genuine (C1 controls, U+FFFD), or looked at in any case (East Asian)
_FOREIGN_LETTER: Final = 2  # of alphabets other than Latin
_ASCII_LETTER: Final = 4
_SMALL: Final = 8  # small letters of Latin
_CAPITAL_LEAD: Final = 16  # capitals outside ASCII that some codec reads a lead as
_SIGN_LEAD: Final = (
    32  # signs that some codec reads a lead as, and leads of the commonest letters in the commonest codecs
)
_GAP: Final = 64  # what stands where a byte was lost
_BESIDE: Final = _FOREIGN_LETTER | _CAPITAL_LEAD | _SIGN_LEAD  # what is told by its neighbours


@dataclass(frozen=True)
class _Tables:
    """For each code point the codecs that read so a lead of two bytes, of more, a continuation; and what it is."""

    two: Bits
    more: Bits
    continuation: Bits
    lettered: Bits  # the codecs in which it is a letter among letters
    stacked: Bits  # the codecs that read so the lead of Latin letters with two accents, as in Vietnamese
    stack: Bits  # and what follows it where a third byte may be lost
    kind: Kinds  # the bits below


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    two, more, continuation, lettered, stacked, stack = (np.zeros(TOP, np.uint64) for _ in range(6))
    for place, codec in enumerate(CODECS):
        if codec.multibyte:
            continue
        bit = np.uint64(1 << place)
        points = [ord(char) for char in codec.table]
        two[points[0xC2:0xE0]] |= bit
        more[points[0xE0:0xF5]] |= bit
        continuation[points[0x80:0xC0]] |= bit
        stacked[points[0xE1]] |= bit
        stack[points[0xBB]] |= bit
        if codec.name in _LETTERED:
            lettered[[point for point in points[0x80:] if chr(point).isalpha()]] |= bit
    for table in (two, more, continuation, lettered, stacked, stack):
        table[:0x80] = 0
    letters = np.array([chr(point).isalpha() for point in range(0x2000)])
    strange, foreign, ascii_letter, small, capital = (np.zeros(TOP, np.bool_) for _ in range(5))
    strange[0x80:0xA0] = True
    strange[0xFFFD] = True
    for low, high in _CJK:
        strange[low:high] = True
    for low, high in _FOREIGN:
        foreign[low:high] = letters[low:high]
    ascii_letter[:0x80] = letters[:0x80]
    small[:0x250] = [chr(point).islower() for point in range(0x250)]
    capital[0x80:0x250] = [chr(point).isupper() for point in range(0x80, 0x250)]
    sign = np.zeros(TOP, np.bool_)
    sign[:0x3000] = [not chr(point).isalnum() for point in range(0x3000)]
    sign[[ord(char) for char in _WRITTEN_BEFORE_WORDS]] = False
    initial, gap = np.zeros(TOP, np.bool_), np.zeros(TOP, np.bool_)
    initial[[ord(char) for char in "ÃÄÅÆĂĹ"]] = True
    gap[[ord(" "), ord("?")]] = True
    kind = np.zeros(TOP, np.uint8)
    for number, marks in {
        _STRANGE: strange,
        _FOREIGN_LETTER: foreign,
        _ASCII_LETTER: ascii_letter,
        _SMALL: small,
        _CAPITAL_LEAD: capital & (two > 0),
        _SIGN_LEAD: (sign & (two > 0)) | initial,
        _GAP: gap,
    }.items():
        kind[marks] |= number
    return _Tables(two, more, continuation, lettered, stacked, stack, kind)


def hits(points: Points, at: Places) -> Places:
    """The places, among ``at``, at which something could be mended by its own evidence.

    ``points`` are code points with at least one that is no character of the text before and two behind ``at``, which
    are places of characters outside ASCII: damage has one of them in it.
    """
    tables = _tables()
    here = tables.kind.take(points.take(at))
    hit = (here & _STRANGE) != 0
    beside = marked((here & _BESIDE) != 0)  # few: what is asked of their neighbours is not asked of all
    here = here[beside]
    before, behind = (tables.kind.take(points.take(at[beside] + shift)) for shift in (-1, 1))
    told = ((here & _FOREIGN_LETTER) != 0) & (((before | behind) & _ASCII_LETTER) != 0)
    told |= ((here & _CAPITAL_LEAD) != 0) & (((before & _SMALL) | (behind & _GAP)) != 0)
    told |= ((here & _SIGN_LEAD) != 0) & ((behind & _ASCII_LETTER) != 0)
    hit[beside] |= told
    pairs = marked((points.take(at + 1) > 0x7F) & ~hit)
    hit[pairs[_paired(points, at[pairs])]] = True
    places: Places = at[hit]
    return places


def _paired(points: Points, at: Places) -> Marks:
    """Whether what stands at places can be the beginning of one character, read wrongly."""
    tables = _tables()
    here, behind, next_but_one = (points.take(at + shift) for shift in (0, 1, 2))
    follows = tables.continuation.take(behind) & ~(tables.lettered.take(here) & tables.lettered.take(behind))
    follows &= tables.two.take(here) | (tables.more.take(here) & tables.continuation.take(next_but_one))
    paired: Marks = follows != 0
    torn = marked(((tables.stacked.take(here) & tables.stack.take(behind)) != 0) & ~paired)
    paired[torn] = _torn(points, at[torn])
    return paired


def _torn(points: Points, at: Places) -> Marks:
    """Whether a Latin letter whose last byte is gone, or became a space, has others right behind it."""
    kind = _tables().kind
    behind, next_but_one = (kind.take(points.take(at + shift)) for shift in (2, 3))
    torn: Marks = (behind & _ASCII_LETTER) != 0
    torn |= ((behind & _GAP) != 0) & ((next_but_one & _ASCII_LETTER) != 0)
    return torn


def chars_of(words: Iterable[str]) -> set[str]:
    """The distinct characters of some words."""
    text = "".join(words)
    if len(text) < _LITTLE:
        return set(text)
    seen = np.zeros(TOP, np.bool_)
    seen[points_of(text)] = True
    return set(text) if seen[-1] else set(map(chr, marked(seen).tolist()))


def points_of(text: str) -> Points:
    """The code points of a text as places in a table: all beyond the last place share it."""
    data = text.encode("utf-16-le", "surrogatepass")
    if len(data) == 2 * len(text):
        return np.frombuffer(data, np.uint16)
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), TOP - 1).astype(np.uint16)
