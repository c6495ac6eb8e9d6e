"""RIS and MEDLINE (nbib): a tag and a value a line. rispy reads both, but says no places and stops at a broken line."""

import re
from collections.abc import Iterator
from typing import Final

from pipeline.exports.value import BROKEN, Export, Value, one_line, outside, trimmed

RIS_TAG: Final = re.compile(r"^[ \t]*(?P<tag>[A-Z][A-Z0-9]) {0,2}- ?(?P<text>.*)$")
NBIB_TAG: Final = re.compile(r"^(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}- ?(?P<text>.*)$")
RIS_START: Final = re.compile(r"^[ \t]*TY {0,2}-", re.MULTILINE)
RIS_END: Final = re.compile(r"^[ \t]*ER {0,2}-", re.MULTILINE)
_ENDED: Final = 2  # entries that must end alike before one that does not is taken for cut


def read_ris(text: str, *, ends: bool | None = None) -> Export:
    """The entries of a RIS file, each from its TY line to its ER line, or to the next TY where that is missing.

    ``ends``: an entry without an ER line at the end of the text is cut, as is so where another one has such a line.
    """
    values: list[Value] = []
    entries: list[tuple[int, int]] = []
    held: list[Value] = []
    start: int | None = None
    ends = RIS_END.search(text) is not None if ends is None else ends

    def close(end: int) -> None:
        nonlocal held, start
        if start is not None:
            values.extend(numbered(held, len(entries)))
            entries.append((start, end))
        else:
            values.extend(Value(BROKEN, value.text, value.start, value.end) for value in held)
        held, start = [], None

    for first, end, tag, value in _tagged(text, RIS_TAG):
        if tag == "TY":
            close(held[-1].end if held else first)
            start = first
        if tag is None or (start is None and tag == "ER"):
            values += outside(text, first, end)
            continue
        held.append(value)
        if tag == "ER":
            close(end)
    cut = start is not None and ends
    if cut and start is not None:
        values += outside(text, start, len(text), BROKEN)
    else:
        close(held[-1].end if held else len(text))
    return Export(ordered(values), tuple(entries), cut)


def read_nbib(text: str) -> Export:
    """The entries of a MEDLINE file: each starts with its PMID, or behind a blank line."""
    blocks: list[list[Value]] = []
    stray: list[Value] = []
    behind = 0
    for first, end, tag, value in _tagged(text, NBIB_TAG):
        if tag is None:
            stray += outside(text, first, end)
            continue
        blank = "\n\n" in re.sub(r"[ \t]+", "", text[behind:first])
        if tag == "PMID" or not blocks or (blank and any(v.field == "TI" for v in blocks[-1])):
            blocks.append([])
        blocks[-1].append(value)
        behind = end
    cut = _is_cut(blocks)
    values = stray
    entries: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        span = text.rfind("\n", 0, block[0].start) + 1, block[-1].end
        if cut and number == len(blocks) - 1:
            values += outside(text, *span, BROKEN)
        else:
            values += numbered(block, len(entries))
            entries.append(span)
    return Export(ordered(values), tuple(entries), cut)


def _is_cut(blocks: list[list[Value]]) -> bool:
    """Does the last entry lack the tag that all others end with?"""
    lasts = [block[-1].field for block in blocks]
    return len(lasts) > _ENDED and len(set(lasts[:-1])) == 1 and lasts[-1] != lasts[0]


def _tagged(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, str | None, Value]]:
    """Start and end of each tagged value with the lines that go on with it, its tag (None before the first), itself."""
    held: tuple[int, int, int, str | None] | None = None
    for start, end in lines_of(text):
        match = pattern.match(text[start:end])
        if match is not None:
            if held is not None:
                yield _read(text, *held)
            held = start, start + match.start("text"), end, match["tag"]
            if match["tag"] == "ER":
                yield _read(text, *held)
                held = None
        elif held is not None and text[start:end].strip() and (text[start] in " \t" or pattern is not NBIB_TAG):
            held = held[0], held[1], end, held[3]
        elif text[start:end].strip():
            yield _read(text, start, start, end, None)
    if held is not None:
        yield _read(text, *held)


def _read(text: str, first: int, start: int, end: int, tag: str | None) -> tuple[int, int, str | None, Value]:
    low, high = trimmed(text, start, end)
    return first, end, tag, Value(tag or "", one_line(text[low:high]), low, high)


def lines_of(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line, its line feed left out."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def numbered(values: list[Value], entry: int) -> list[Value]:
    """The values that say something, as those of an entry."""
    return [Value(v.field, v.text, v.start, v.end, entry) for v in values if v.text]


def ordered(values: list[Value]) -> tuple[Value, ...]:
    """Values in the order of the file."""
    return tuple(sorted(values, key=lambda value: (value.start, value.end)))
