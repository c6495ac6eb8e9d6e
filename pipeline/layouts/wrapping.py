"""Text that was wrapped: how wide it was set, and which lines were broken off because the next word had no room.

A line is full when the first word of the next would not have fitted into the width of the file. This is the rule of
every program that fills lines greedily.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

# Lines narrower than the one are a list of words, and wider than the other nobody's page.
_WIDTHS: Final = range(40, 201)
# Lines may be that much longer than the width that was found, since the longest line is seldom the commonest.
_SLACK: Final = 3
# So many of the lines with text must be full in text that is wrapped.
_SHARE: Final = 4


def wrap_width(lines: Sequence[str]) -> int | None:
    """The width that leaves most lines full; None where fewer than a quarter of the lines are full at any width, or
    many are longer.
    """
    return _wrap_width(tuple(lines))


@lru_cache(maxsize=2)
def _wrap_width(lines: tuple[str, ...]) -> int | None:
    """Several layouts, one after the other, ask it of a file."""
    texts = [line.strip() for line in lines]
    sizes = [len(text) for text in texts if text]
    # Lines that are longer than every width say nothing of any, nor does more of a word than fits into any of them.
    near = [(len(line), after) for line, after in pairwise(texts) if line and after and len(line) < _WIDTHS.stop]
    spans = [(size, size + 1 + len(after[: _WIDTHS.stop].split(maxsplit=1)[0])) for size, after in near]
    longer = sum([size >= _WIDTHS.stop for size in sizes])
    if longer * 2 > sum([high > _WIDTHS.start for _, high in spans]):
        return None  # as the text of most pages, which is not wrapped: so many are longer that too few can be full
    lows, highs = sorted([low for low, _ in spans]), sorted([high for _, high in spans])
    best, most = None, 0
    for size in sorted({low for low in lows if low in _WIDTHS}):
        # Full are the lines that are no longer than the width and would be with the next word.
        full = bisect_left(lows, size + 1) - bisect_left(highs, size + 1)
        if full > most:
            best, most = size, full
    over = sum([size > (best or 0) for size in sizes])
    return best if most * _SHARE >= len(sizes) and over * 2 <= most else None


def are_full(lines: Sequence[str], size: int) -> list[bool]:
    """For each line: was it broken off at this width, so that the next line goes on with it?"""
    full = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        low, high = _span(line, after)
        full.append(bool(line.strip()) and bool(after.strip()) and low <= size + _SLACK and size < high)
    return full


def broken_before(lines: Sequence[str]) -> list[bool]:
    """For each line: was the line before it broken off, at the width of the file? Nowhere in text not wrapped."""
    return list(_broken_before(tuple(lines)))


@lru_cache(maxsize=2)
def _broken_before(lines: tuple[str, ...]) -> tuple[bool, ...]:
    size = wrap_width(lines)
    return (False, *are_full(lines, size)[:-1]) if size and lines else (False,) * len(lines)


def _span(line: str, after: str) -> tuple[int, int]:
    """The length of a line, and what it would be with the first word of the next."""
    size, words = len(line.strip()), after.split(maxsplit=1)
    return size, size + 1 + (len(words[0]) if words else 0)
