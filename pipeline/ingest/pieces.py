"""Files too large to be read at once, as pieces that end where a record ends: which bytes and which lines each holds.

Where a file is cut depends on its bytes alone, so pieces are the same whoever works on them and in which order. Not
here: finding the places (``pipeline.layouts.cuts``), and reading a file for them (``streaming``).
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

PIECE_BYTES: Final = 8 * 1024 * 1024
"""Of a piece, and up to ``WINDOW_BYTES`` more, until a record ends."""

WINDOW_BYTES: Final = 128 * 1024
"""Behind ``PIECE_BYTES``: so much is looked at to find the end of a record."""

Read = Callable[[int, int], bytes]
"""The bytes of one file from a place up to another; raises OSError when they cannot be had."""

_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of one file: ``number`` from 0, of ``count`` pieces; ``line_start`` is its first line, from 1."""

    number: int
    count: int
    byte_start: int
    byte_end: int
    line_start: int
    line_count: int
    digest: str

    @property
    def is_last(self) -> bool:
        """Whether the file ends with it."""
        return self.number == self.count - 1

    def holds(self, data: bytes) -> bool:
        """Whether these are its bytes still."""
        return digest_of(data) == self.digest


def digest_of(data: bytes) -> str:
    """A short hash that tells whether a piece has changed."""
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def written(pieces: Iterable[tuple[int, int, str]]) -> str:
    """First lines, first bytes and digests of pieces as ``sources`` has them: ``1:0:9f86d0818 9120:8390001:…``."""
    return " ".join(f"{line}:{byte}:{digest}" for line, byte, digest in pieces)


def pieces_of(text: str | None, size: int, line_count: int) -> tuple[Piece, ...]:
    """The pieces of a file of ``size`` bytes, from what ``sources`` says of it; none of a file that is read whole."""
    if not text:
        return ()
    parts = [part.split(":") for part in text.split(" ")]
    bounds = [*((int(line), int(byte)) for line, byte, _ in parts), (line_count + 1, size)]
    return tuple(
        Piece(number, len(parts), low[1], high[1], low[0], high[0] - low[0], digest)
        for number, ((low, high), (_, _, digest)) in enumerate(zip(pairwise(bounds), parts, strict=True))
    )
