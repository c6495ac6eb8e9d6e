"""BibTeX: entries, their fields, macros; a broken entry ends where the next one starts.

Read here and not by a library: pybtex stops at the first broken entry, bibtexparser swallows the next one, and none
of them says where in the file a value stands. LaTeX inside the values is for the stages behind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pipeline.exports.value import BROKEN, Export, Value, one_line, outside

_AT: Final = re.compile(r"@[ \t]*(?P<type>[A-Za-z]+)\s*(?P<open>[{(])")
# An entry at the start of a line ends whatever was open before it: nobody writes one inside a value.
_NEXT: Final = re.compile(
    r"^[ \t]*@[ \t]*(?:(?:comment|preamble|string)\s*[{(]|[A-Za-z]+\s*[{(][^\s,{}=\"]*\s*,"
    r"|[A-Za-z]*\s*(?:[{(][^\s,{}=\"]*)?\Z)",
    re.MULTILINE | re.IGNORECASE,
)
_KEY: Final = re.compile(r"\s*(?P<key>[^\s,{}=\"]*)\s*(?P<comma>,?)")
_NAME: Final = re.compile(r"[\s,]*(?P<name>[^\W\d][\w:.+/'-]*)\s*=\s*")
_BARE: Final = re.compile(r"[^\s,{}()#\"=]+")
_JOIN: Final = re.compile(r"\s*#\s*")
_LOOSE: Final = re.compile(
    r"^[ \t]*(?P<name>[A-Za-z][\w-]*)\s*=\s*[{\"](?P<text>.*?)[}\"][ \t]*,?[ \t]*(?=\Z|\n)", re.DOTALL | re.MULTILINE
)
_LOOSE_NAME: Final = re.compile(r"^[ \t]*[A-Za-z][\w-]*\s*=\s*[{\"]", re.MULTILINE)
_CLOSED: Final = re.compile(r"\n[ \t]*[})][ \t]*\Z")


class _BrokenError(Exception):
    """An entry that does not follow the grammar."""


@dataclass
class _Reading:
    text: str
    values: list[Value] = field(default_factory=list)
    entries: list[tuple[int, int]] = field(default_factory=list)
    macros: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def read_bibtex(text: str) -> Export:
    """The entries of a BibTeX file; what is between them are values of the field "(outside)"."""
    reading, behind = _Reading(text), 0
    while match := _AT.search(text, behind):
        reading.values += outside(text, behind, match.start())
        following = _NEXT.search(text, match.end())
        limit = following.start() if following else len(text)
        try:
            behind = _block(reading, match, limit)
        except _BrokenError:
            behind = _mended(reading, match, limit, last=following is None)
    reading.values += outside(text, behind, len(text))
    return Export(tuple(reading.values), tuple(reading.entries), reading.cut)


def _block(reading: _Reading, match: re.Match[str], limit: int) -> int:
    """Read the block at a match of ``_AT``; returns where it ends."""
    text, kind, close = reading.text, match["type"].lower(), "}" if match["open"] == "{" else ")"
    if kind in {"comment", "preamble"}:
        end = _balanced(text, match.end(), limit, close) + 1
        reading.values += outside(text, match.start(), end)
        return end
    if kind == "string":
        found, end = _fields(reading, match.end(), limit, close)
        reading.macros.update((value.field.lower(), value.text) for value in found)
        reading.values += [Value("@string", value.text, value.start, value.end) for value in found]
        return end
    key = _KEY.match(text, match.end(), limit)
    if key is None:
        raise _BrokenError
    keyed = bool(key["comma"]) or text[key.end() : key.end() + 1] == close
    found, end = _fields(reading, key.end() if keyed else match.end(), limit, close)
    _keep(reading, match, key if keyed else None, found, end)
    return end


def _keep(reading: _Reading, match: re.Match[str], key: re.Match[str] | None, found: list[Value], end: int) -> None:
    entry = len(reading.entries)
    reading.entries.append((match.start(), end))
    head = [Value("@type", match["type"], match.start("type"), match.end("type"))]
    head += [Value("@key", key["key"], key.start("key"), key.end("key"))] if key is not None and key["key"] else []
    reading.values += [Value(v.field, v.text, v.start, v.end, entry) for v in [*head, *found] if v.text]


def _fields(reading: _Reading, start: int, limit: int, close: str) -> tuple[list[Value], int]:
    """The fields from ``start`` to the sign that closes their block, and the place behind that sign."""
    text, found, place = reading.text, [], start
    while name := _NAME.match(text, place, limit):
        value, place = _value(reading, name.end(), limit)
        found.append(Value(name["name"], *value))
    rest = re.compile(r"[\s,]*").match(text, place, limit)
    place = rest.end() if rest else place
    if place >= limit or text[place] != close:
        raise _BrokenError
    return found, place + 1


def _value(reading: _Reading, start: int, limit: int) -> tuple[tuple[str, int, int], int]:
    """A value with its span, delimiters left out, and the place behind it; pieces joined by # are one value."""
    pieces, place = [], start
    while True:
        piece, place = _piece(reading, place, limit)
        pieces.append(piece)
        joined = _JOIN.match(reading.text, place, limit)
        if joined is None:
            break
        place = joined.end()
    return (one_line("".join(text for text, _, _ in pieces)), pieces[0][1], pieces[-1][2]), place


def _piece(reading: _Reading, start: int, limit: int) -> tuple[tuple[str, int, int], int]:
    text, sign = reading.text, reading.text[start : start + 1]
    if sign in {"{", '"'} and start < limit:
        end = _balanced(text, start + 1, limit, "}" if sign == "{" else '"')
        return (text[start + 1 : end], start + 1, end), end + 1
    bare = _BARE.match(text, start, limit)
    if bare is None:
        raise _BrokenError
    return (reading.macros.get(bare[0].lower(), bare[0]), *bare.span()), bare.end()


def _balanced(text: str, start: int, limit: int, close: str) -> int:
    """The place of the sign that closes what was opened before ``start``; braces inside count, as in BibTeX."""
    depth = 0
    for match in re.compile(r"[{}\")]").finditer(text, start, limit):
        if match[0] == close and depth == 0:
            return match.start()
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth < 0:
                raise _BrokenError
    raise _BrokenError


def _mended(reading: _Reading, match: re.Match[str], limit: int, *, last: bool) -> int:
    """A block with braces that do not match: read by its lines where it is closed at its end, else broken whole."""
    block = reading.text[match.start() : limit].rstrip()
    end = match.start() + len(block)
    key = _KEY.match(reading.text, match.end(), limit)
    found = list(_loose(reading.text, key.end(), end)) if key is not None and _CLOSED.search(block) else []
    if key is not None and any(value.field.lower() == "title" for value in found):
        _keep(reading, match, key, found, end)
        return end
    reading.values += outside(reading.text, match.start(), end, BROKEN)
    reading.cut |= last
    return end


def _loose(text: str, start: int, end: int) -> Iterator[Value]:
    """Fields that start and end with a line each."""
    names = [match.start() for match in _LOOSE_NAME.finditer(text, start, end)]
    last = text.rfind("\n", start, end)
    for first, behind in pairwise([*names, last]):
        match = _LOOSE.match(text[first:behind].rstrip())
        if match is not None:
            low = first + match.start("text")
            yield Value(match["name"], one_line(match["text"]), low, low + len(match["text"]))
