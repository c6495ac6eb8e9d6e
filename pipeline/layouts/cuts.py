"""Where one record ends and the next begins, in a window of a file that is too large to be read at once.

The layout of the file says it, asked for the window behind lines from elsewhere in the file. A place is sure when the
lines before it, read alone, and those from it on, read alone, have the roles that they have when they are read through.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from pipeline.layouts.layout import Layout, LineRole

_TRIES: Final = 8  # starts of records that are looked at until one is sure


def roles_behind(layout: Layout, before: Sequence[str], lines: Sequence[str]) -> list[LineRole]:
    """The roles of lines that stand somewhere behind others in a file."""
    return layout.roles([*before, *lines])[len(before) :]


def cut_of(layout: Layout | None, before: Sequence[str], lines: Sequence[str]) -> int:
    """The index of the line, in the second half of a window, before which the file is best cut; at least 1.

    Blank lines before a record belong to it. Where no start of a record is sure it is the first of them, else the end
    of the longest run of blank lines, else any line. ``before`` are lines from elsewhere in the file.
    """
    if layout is not None:
        given = roles_behind(layout, before, lines)
        starts = list(islice(_starts(lines, given, len(lines) // 2), _TRIES))
        for start in starts:
            whole = _shape(given)
            parted = [
                *_shape(roles_behind(layout, before, lines[:start])),
                *_shape(roles_behind(layout, before, lines[start:])),
            ]
            if parted == whole:
                return start
        if starts:
            return starts[0]
    return _by_blanks(lines)


def _starts(lines: Sequence[str], given: Sequence[LineRole], low: int) -> Iterator[int]:
    """Where records start, from line ``low`` on."""
    last = max((role.entry for role in given[:low] if role.entry is not None), default=-1)
    for index in range(max(1, low), len(given)):
        entry = given[index].entry
        if entry is None or entry <= last:
            continue
        last, start = entry, index
        while start > 1 and not lines[start - 1].strip():
            start -= 1
        yield start


def _shape(given: Sequence[LineRole]) -> list[tuple[str, bool]]:
    """The roles of lines, and whether each starts an entry."""
    shapes = []
    last: int | None = None
    for role in given:
        shapes.append((role.role, role.entry is not None and role.entry != last))
        last = last if role.entry is None else role.entry
    return shapes


def _by_blanks(lines: Sequence[str]) -> int:
    low = max(1, len(lines) // 2)
    place, best, longest = low, low, 0
    for is_blank, run in groupby(lines[low:], lambda line: not line.strip()):
        count = len(list(run))
        place += count
        if is_blank and count > longest and place < len(lines):
            best, longest = place, count
    return best
