"""Runs of characters through channels, backwards: all chains of codecs through which they can have come.

Not here: the words that the runs stand in, and what a reading of them is worth (``invert``).
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from pipeline.repair.channels import CODECS, Codec, decode_utf8, masks

_AGAIN: Final = re.compile(r"[^\x00-\x7f]{2}|[\u2e80-\uffff]")  # what may be damage once more: two bytes at least
_WIDE: Final = re.compile("[\u2e80-\uffff]")  # multi-byte codecs yield some of these
# Points that people and programs put between damage of another origin.
TYPOGRAPHIC: Final = re.compile("[’‘“”–—…«»\\x85\\x91-\\x94\\x96\\x97]")
MAX_STEPS: Final = 3
_WIDEST: Final = 3  # readings kept at each further step
_MULTIBYTE: Final = sum(1 << place for place, codec in enumerate(CODECS) if codec.multibyte)
_SINGLE: Final = (1 << len(CODECS)) - 1 - _MULTIBYTE
# Of nearly the same table as a commoner codec: asked only where that has no answer, all of them then, so that what they
# read otherwise is decided among equals.
_SISTERS: Final = {
    "cp860": "cp437",
    "cp861": "cp437",
    "cp863": "cp437",
    "cp865": "cp437",
    "cp1125": "cp866",
    "mac-romanian": "mac-roman",
}


Parts = tuple[str, ...]  # what some runs were, each for itself


def undone(
    runs: Parts, after: tuple[str, ...], codecs_of: Callable[[Parts], int] = lambda _: -1
) -> list[tuple[tuple[str, ...], Parts]]:
    """Undo one channel for all runs of a word, then perhaps another; the chain is in the order of the misreadings.

    ``codecs_of`` gives a bit for each of ``CODECS`` that is worth a try at some runs.
    """
    found = one_undone(runs, codecs_of(runs), first=not after)
    every = [((name, *after), parts) for name, parts in found]
    if len(after) + 1 < MAX_STEPS:
        for name, parts in once_more(found):
            every += undone(parts, (name, *after), codecs_of)
    return every


def once_more(found: Sequence[tuple[str, Parts]]) -> list[tuple[str, Parts]]:
    """What may be damage once more, of what ``one_undone`` found."""
    seen: dict[Parts, str] = {}
    for name, parts in found:
        seen.setdefault(parts, name)
    return [(name, parts) for parts, name in seen.items() if all(map(_AGAIN.search, parts))][:_WIDEST]


@lru_cache(maxsize=16384)
def one_undone(runs: Parts, codecs: int, *, first: bool) -> tuple[tuple[str, Parts], ...]:
    """What one channel makes of some runs, of ``codecs``; at the first, points may stand between damaged letters."""
    strictly = _able(runs, codecs)
    points = first and any(map(TYPOGRAPHIC.search, runs))
    loosely = _able([TYPOGRAPHIC.sub("", run) for run in runs], codecs) & ~_MULTIBYTE if points else 0
    answers: dict[int, Parts] = {}
    left = strictly | loosely
    while left:
        place = (left & -left).bit_length() - 1
        codec, alike = CODECS[place], _alike(runs, place, left)
        left &= ~alike
        parts: tuple[str | None, ...] = tuple([inverse(run, codec) for run in runs])
        if None in parts and alike & loosely:
            parts, alike = tuple([_around_points(run, codec) for run in runs]), alike & loosely
        known = tuple([part for part in parts if part is not None])
        if len(known) == len(runs) and known != runs:
            answers[alike] = known
    if len(answers) == 1:
        ((able, known),) = answers.items()
        return tuple([(name, known) for name, _ in _named(able, able & strictly)])
    able = sum(answers)
    return tuple([
        (name, known)
        for name, bit in _named(able, able & strictly)
        for alike, known in answers.items()
        if alike & bit
    ])  # fmt: skip


def _alike(runs: Parts, place: int, codecs: int) -> int:
    """Those of some codecs that read some runs from the same bytes as one of them (its place), one bit a codec."""
    for run in runs:
        for char in run:
            codecs &= _same(place, char)
    return codecs


@lru_cache(maxsize=1 << 16)
def _same(place: int, char: str) -> int:
    """The codecs that read a character from the same byte as one of them, or have it not either.

    Of codecs of several bytes each stands for itself.
    """
    if CODECS[place].multibyte:
        return 1 << place
    point = ord(char)
    byte = CODECS[place].bytes_of.get(point)
    return sum([1 << at for at, other in enumerate(CODECS)
                if not other.multibyte and other.bytes_of.get(point) == byte])  # fmt: skip


@lru_cache(maxsize=4096)
def _named(able: int, strictly: int) -> list[tuple[str, int]]:
    """Codecs in their order, those first that yield runs without points between, each with its bit.

    Sisters are left out behind the codec that they are like.
    """
    places = [place for codecs in (strictly, able & ~strictly) for place in range(len(CODECS)) if codecs >> place & 1]
    names = {CODECS[at].name: 1 << at for at in places}
    return [(name, bit) for name, bit in names.items() if _SISTERS.get(name) not in names]


def inverse(run: str, codec: Codec) -> str | None:
    """The text whose UTF-8 the codec reads as this run; None where there is none."""
    data = codec.encode(run)
    if data is None or data.isascii():
        return None
    text = decode_utf8(data)
    return None if text == run else text


def _around_points(run: str, codec: Codec) -> str | None:
    """A run in which damage stands beside intact quotes, dashes or dots: the sequences decoded, those points kept."""
    data, place = "", 0
    while place < len(run):
        for length in (4, 3, 2):
            found = inverse(run[place : place + length], codec)
            if found is not None and len(found) == 1 and len(run) - place >= length:
                data, place = data + found, place + length
                break
        else:
            if TYPOGRAPHIC.match(run[place]) is None:
                return None
            data, place = data + run[place], place + 1
    return data


def _able(runs: Sequence[str], codecs: int) -> int:
    """The codecs, of some, that can have yielded every character of some runs, the first of each from a lead byte."""
    table, able = masks(), codecs
    for run in filter(None, runs):
        able &= table.leads.get(ord(run[0]), 0) if run[0] > "\x7f" else -1
        for char in run:
            if char > "\x7f":
                able &= table.bytes.get(ord(char), 0)
    able &= _SINGLE
    if codecs & _MULTIBYTE and all(map(_WIDE.search, runs)):
        able |= codecs & _MULTIBYTE
    return able
