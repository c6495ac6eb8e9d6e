"""Files too large to be read at once, as pieces that end where a record ends: which bytes and which lines each holds.

Where a file is cut depends on its bytes alone, so pieces are the same whoever works on them and in which order. Not
here: finding the places (``pipeline.layouts.cuts``), and reading a file for them (``streaming``).
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from pipeline.ingest import bounds

PIECE_BYTES: Final = 8 * 1024 * 1024
"""Of a piece, and up to ``WINDOW_BYTES`` more, until a record ends."""

WINDOW_BYTES: Final = 128 * 1024
"""Behind ``PIECE_BYTES``: so much is looked at to find the end of a record."""

Read = Callable[[int, int], bytes]
"""The bytes of one file from a place up to another; raises OSError when they cannot be had."""

Values = tuple[str | None, int | None]
"""What ``sources`` says of the values of a file in its columns ``piece_values`` and ``value_count``."""

_DIGITS: Final = 16


@dataclass(frozen=True)
class Cutting:
    """From how many bytes on a file is read in pieces, how large a piece is, and a window in which it may end.

    The process that runs the stage says so, and its workers obey.
    """

    least: int = field(default_factory=lambda: bounds.STREAM_BYTES)
    piece: int = field(default_factory=lambda: PIECE_BYTES)
    window: int = field(default_factory=lambda: WINDOW_BYTES)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of one file: ``number`` from 0, of ``count`` pieces; ``line_start`` is its first line, from 1.

    Of an export also how many values and entries are before it, and how many values up to its end.
    """

    number: int
    count: int
    byte_start: int
    byte_end: int
    line_start: int
    line_count: int
    digest: str
    value_start: int = 0
    entry_start: int = 0
    value_end: int | None = None

    @property
    def is_last(self) -> bool:
        """Whether the file ends with it."""
        return self.number == self.count - 1

    @property
    def rows(self) -> tuple[int, int]:
        """The numbers of its first and its last row of ``text_lines``: of values in an export, else of lines."""
        if self.value_end is None:
            return self.line_start, self.line_start + self.line_count - 1
        return self.value_start + 1, self.value_end

    def holds(self, data: bytes) -> bool:
        """Whether these are its bytes still."""
        return digest_of(data) == self.digest


def digest_of(data: bytes) -> str:
    """A short hash that tells whether a piece has changed."""
    return hashlib.sha256(data).hexdigest()[:_DIGITS]


def written(pieces: Iterable[tuple[int, int, str]]) -> str:
    """First lines, first bytes and digests of pieces as ``sources`` has them: ``1:0:9f86d0818 9120:8390001:…``."""
    return " ".join(f"{line}:{byte}:{digest}" for line, byte, digest in pieces)


def of_packed(pieces: str, size: int) -> str:
    """The pieces of a packed file, which unpacks to ``size`` bytes: ``1:0:9f86d0818 9120:8390001:…; 16777300``."""
    return f"{pieces}; {size}"


def size_of(pieces: str | None, size: int | None) -> int:
    """The bytes that a file has when it is unpacked, from what ``sources`` says of its pieces and bytes."""
    return int((pieces or "").partition("; ")[2] or size or 0)


def values_written(starts: Iterable[tuple[int, int]], traits: Collection[str]) -> str:
    """Values and entries before each piece of an export, and its traits: ``0:0 812:204; backslash, short``."""
    numbers = " ".join(f"{value}:{entry}" for value, entry in starts)
    return "; ".join(filter(None, [numbers, ", ".join(sorted(traits))]))


def traits_of(values: str | None) -> frozenset[str]:
    """The traits of an export, from what ``sources`` says of its pieces."""
    return frozenset(filter(None, (values or "").partition("; ")[2].split(", ")))


def pieces_of(text: str | None, size: int, line_count: int, values: Values = (None, None)) -> tuple[Piece, ...]:
    """The pieces of a file of ``size`` bytes on disk, from what ``sources`` says of it; none of one that is read whole.

    ``values`` is what it says of the values of an export: where they are in the pieces, and how many there are.
    """
    if not text:
        return ()
    parts = [part.split(":") for part in text.partition("; ")[0].split(" ")]
    bounds = [*((int(line), int(byte)) for line, byte, _ in parts), (line_count + 1, size_of(text, size))]
    pieces = tuple(
        Piece(number, len(parts), low[1], high[1], low[0], high[0] - low[0], digest)
        for number, ((low, high), (_, _, digest)) in enumerate(zip(pairwise(bounds), parts, strict=True))
    )
    told, count = values
    if not told or count is None:
        return pieces
    starts = [tuple(map(int, one.split(":"))) for one in told.partition("; ")[0].split(" ")]
    ends = [*(value for value, _ in starts[1:]), count]
    return tuple(
        replace(piece, value_start=value, entry_start=entry, value_end=end)
        for piece, (value, entry), end in zip(pieces, starts, ends, strict=True)
    )
