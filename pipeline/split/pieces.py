"""The pieces of a line that holds several fields, each with the repairs inside of it."""

from collections.abc import Iterator

from pipeline.layouts import LineRole
from pipeline.repair import Mended, Repair


def pieces_of(role: LineRole, line: Mended) -> Iterator[tuple[str, Mended]]:
    """The fields of a line by role; without parts the whole line is one."""
    if role.parts is None:
        yield role.role, line
        return
    for field, start, end in role.parts:
        yield field, piece_of(line, start, end)


def piece_of(line: Mended, start: int, end: int) -> Mended:
    """A span of the mended text as a line of its own.

    A repair that reaches over an edge is cut there: what it stands for belongs to the piece in which it starts.
    """
    kept: list[Repair] = []
    decoded, position = 0, start
    shift = 0
    for repair in line.repairs:
        low, high = repair.start + shift, repair.start + shift + len(repair.after)
        shift += len(repair.after) - len(repair.before)
        if high < start or low > end or (high == start and low < start) or (low == end and high > end):
            continue
        after = line.text[max(low, start) : min(high, end)]
        before = repair.before if low >= start else ""
        decoded += max(0, low - position)
        kept.append(repair._replace(start=decoded, end=decoded + len(before), before=before, after=after))
        decoded, position = decoded + len(before), max(position, high)
    return Mended(line.text[start:end], tuple(kept))
