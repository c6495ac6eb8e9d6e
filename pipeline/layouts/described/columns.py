"""Reading records that are one line each, with their fields between separators."""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.layouts.described.spec import Columns
from pipeline.layouts.layout import LineRole
from pipeline.layouts.shapes import is_chrome

Span = tuple[int, int]
# The line under the header of a table ("|---|:---:|").
_RULE: Final = re.compile(r"(?=[\s|:+=-]*+\Z)[\s|:+=-]*?[-=]{3}[\s|:+=-]*+")


def roles_by_columns(shape: Columns, lines: Sequence[str]) -> list[LineRole]:
    """A record for each line that has all columns; what other lines hold is the page's or unclaimed."""
    entry, heads, given = -1, shape.header, []
    for line in lines:
        if not line.strip():
            given.append(LineRole("blank", None, "nothing on the line"))
            continue
        pieces = pieces_of(line, shape.separator, len(shape.roles))
        if _RULE.fullmatch(line):
            given.append(LineRole("chrome", None, "rule of a table"))
        elif len(pieces) != len(shape.roles):
            role = "chrome" if entry < 0 or is_chrome(line) else "unclaimed"
            given.append(LineRole(role, None, f"{len(pieces)} columns, not {len(shape.roles)}"))
        elif heads:
            heads = False
            given.append(LineRole("chrome", None, "names of the columns"))
        else:
            entry += 1
            parts = tuple(
                (role, low, high)
                for role, (low, high) in zip(shape.roles, pieces, strict=True)
                if role != "other" and low < high
            )
            given.append(LineRole("reference", entry, "columns", parts))
    return given


def pieces_of(line: str, separator: str, most: int) -> list[Span]:
    """The spans between separators without white space at their ends; the last of ``most`` keeps further separators.

    Bars at both ends of a line frame it and separate nothing.
    """
    low, end = 0, len(line)
    if separator.strip() == "|":
        low += len(line) - len(line.lstrip(" |"))
        end = len(line.rstrip(" |"))
    elif line.count(separator) >= most:
        end = len(line.rstrip())
        low += len(line) - len(line.lstrip())
    spans: list[Span] = []
    while len(spans) < most - 1 and (found := line.find(separator, low, end)) >= 0:
        spans.append(_trimmed(line, low, found))
        low = found + len(separator)
    return [*spans, _trimmed(line, low, end)]


def _trimmed(line: str, low: int, high: int) -> Span:
    while low < high and line[low].isspace():
        low += 1
    while low < high and line[high - 1].isspace():
        high -= 1
    return low, high
