"""EndNote's tags (``%T``, as refer had them), Web of Science and RefWorks: a tag, a space and a value a line.

No kept library reads all three: rispy has Web of Science alone, and neither places nor what is behind a broken line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.exports.tagged import lines_of, numbered, ordered
from pipeline.exports.value import BROKEN, Export, Value, one_line, outside, trimmed

_ENW_TAG: Final = re.compile(r"^(?P<tag>%[0-9A-Z!@#$&*+=<>?()\[\]^~])(?:[ \t]+(?P<text>.*)|[ \t]*)$")
_FIELD_TAG: Final = re.compile(r"^(?P<tag>[A-Z][A-Z0-9])(?: (?P<text>.*)|[ \t]*)$")
ENW_START: Final = re.compile(r"^%0[ \t]", re.MULTILINE)
WOS_START: Final = re.compile(r"^PT(?: |[ \t]*$)", re.MULTILINE)
WOS_END: Final = re.compile(r"^ER[ \t]*$", re.MULTILINE)
REFWORKS_START: Final = re.compile(r"^RT(?: |[ \t]*$)", re.MULTILINE)
_MORE: Final = re.compile(r"\s%A\s")
_INDENTED: Final = re.compile(r"^(?: {2,}|\t)[ \t]*\S")
# Of these each line is a value of its own: a person, an address, a cited work.
_ONE_A_LINE: Final = frozenset({"AU", "AF", "BA", "BF", "CA", "GP", "BE", "ED", "C1", "CR"})
_CUT_TAG: Final = re.compile("%|[A-Z]")  # what a download that stops inside a tag leaves of it
_AROUND: Final = frozenset({"FN", "VR", "EF"})  # of the file
_LEAST: Final = 3  # tagged lines
_MOST: Final = 0.8  # share of lines that are tagged, or go on with one that is
_SOME: Final = 0.3  # of EndNote's, where abstracts and keywords go on without any mark


def is_enw(lines: Sequence[str]) -> bool:
    """Are lines, blank ones left out, those of a file of EndNote's tags?"""
    tags = [match["tag"] for line in lines if (match := _ENW_TAG.match(line))]
    known = set(tags)
    return (
        _ENW_TAG.match(lines[0]) is not None
        and "%T" in known
        and bool(known & {"%0", "%A"})
        and len(tags) >= max(_LEAST, _SOME * len(lines))
    )


def is_wos(lines: Sequence[str]) -> bool:
    """Are lines, blank ones left out, those of Web of Science's plain text?"""
    return (
        re.match(r"(?:FN|PT) \S", lines[0]) is not None
        and any(re.match(r"PT \S+\s*$", line) for line in lines)
        and any(re.match(r"(?:TI|AU|SO) \S", line) for line in lines)
        and _held(lines) >= _MOST
    )


def is_refworks(lines: Sequence[str]) -> bool:
    """Are lines, blank ones left out, those of RefWorks' tagged text?"""
    return (
        re.match(r"RT [A-Z]", lines[0]) is not None
        and any(re.match(r"T1 \S", line) for line in lines)
        and _held(lines) >= _MOST
    )


def _held(lines: Sequence[str]) -> float:
    return sum(bool(_FIELD_TAG.match(line) or _INDENTED.match(line)) for line in lines) / len(lines)


def read_enw(text: str) -> Export:
    """The entries of EndNote's tags: each starts with %0 or, in a file without, with a title or author behind one."""
    typed = ENW_START.search(text) is not None
    blocks: list[list[_Field]] = []
    stray: list[Value] = []
    for one in _fields(text, _ENW_TAG):
        if one.tag is None:
            stray += outside(text, one.first, one.end)
            continue
        titled = bool(blocks) and any(field.tag == "%T" for field in blocks[-1])
        again = not typed and one.tag in {"%T", "%A"} and titled and one.behind_blank
        if one.tag == "%0" or not blocks or again:
            blocks.append([])
        blocks[-1].append(one)
    return _export(text, blocks, stray)


def read_wos(text: str, *, ends: bool | None = None) -> Export:
    """The entries of Web of Science, each from its PT line to its ER line, or to the next PT where that is missing.

    ``ends``: an entry without an ER line at the end of the text is cut, as is so where another one has such a line.
    """
    return _read_fielded(text, "PT", ends=WOS_END.search(text) is not None if ends is None else ends)


def read_refworks(text: str) -> Export:
    """The entries of RefWorks, each from its RT line to the next."""
    return _read_fielded(text, "RT", ends=False)


@dataclass(frozen=True, slots=True)
class _Field:
    """A tag with the span of its lines: ``first`` is where the tag starts, ``start`` its value, ``end`` its end.

    The lines in which the value is continued start at ``lines``. ``behind_blank``: a blank line is before it.
    """

    tag: str | None
    first: int
    start: int
    end: int
    lines: tuple[int, ...] = ()
    behind_blank: bool = False


def _read_fielded(text: str, opening: str, *, ends: bool) -> Export:
    blocks: list[list[_Field]] = []
    stray: list[Value] = []
    is_open = False
    for one in _fields(text, _FIELD_TAG):
        if one.tag == opening:
            blocks.append([])
            is_open = True
        if one.tag is None or one.tag in _AROUND or not is_open:
            stray += outside(text, one.first, one.end)
            continue
        blocks[-1].append(one)
        is_open = one.tag != "ER"
    cut = ends and bool(blocks) and blocks[-1][-1].tag != "ER"
    if cut:
        stray += outside(text, blocks[-1][0].first, blocks[-1][-1].end, BROKEN)
        del blocks[-1]
    return _export(text, blocks, stray, cut=cut)


def _export(text: str, blocks: Sequence[Sequence[_Field]], stray: Sequence[Value], *, cut: bool = False) -> Export:
    values = list(stray)
    entries = []
    for number, block in enumerate(blocks):
        values += numbered([value for field in block for value in _values(text, field)], number)
        entries.append((block[0].first, max(block[0].end, trimmed(text, block[-1].first, block[-1].end)[1])))
    return Export(ordered(values), tuple(entries), cut)


def _values(text: str, field: _Field) -> Iterator[Value]:
    """The values of a field: one, one a line, or several people that one line has."""
    starts = [field.start, *field.lines] if field.tag in _ONE_A_LINE else [field.start]
    ends = [*starts[1:], field.end]
    if field.tag == "%A":
        more = [match.span() for match in _MORE.finditer(text, field.start, field.end)]
        starts, ends = [field.start, *(end for _, end in more)], [*(start for start, _ in more), field.end]
    for start, end in zip(starts, ends, strict=True):
        low, high = trimmed(text, start, end)
        yield Value(field.tag or "", one_line(text[low:high]), low, high)


def _fields(text: str, pattern: re.Pattern[str]) -> Iterator[_Field]:
    """The fields of a text in its order; lines without a tag go on with the field before them, or stand alone."""
    held: _Field | None = None
    blank = False
    for start, end in lines_of(text):
        line = text[start:end]
        match = pattern.match(line)
        if match is not None:
            if held is not None:
                yield held
            value = start + (match.start("text") if match["text"] is not None else len(line))
            held = _Field(match["tag"], start, value, end, (), blank)
            if match["tag"] == "ER":
                yield held
                held = None
        elif not line.strip():
            blank = True
            continue
        elif held is not None and not (end == len(text) and _CUT_TAG.fullmatch(line)):
            held = _Field(held.tag, held.first, held.start, end, (*held.lines, start), held.behind_blank)
        else:
            yield _Field(None, start, start, end)
        blank = False
    if held is not None:
        yield held
