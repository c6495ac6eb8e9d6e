"""The rows of a file for the stages behind: the lines of plain text, or the values of an export."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pipeline.exports.formats import TEXT, format_of, read_format
from pipeline.exports.places import Places
from pipeline.exports.value import Export, Value
from pipeline.ingest import Line, Source, read_lines
from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.unpacking import unpack

_NUL: Final = "\x00"


class Row(NamedTuple):
    """A line or a value before repair; the fields are columns of the contract ``text_lines``."""

    line_no: int
    byte_start: int
    byte_end: int
    text: str
    file_line: int
    field: str | None
    entry: int | None
    entry_start: int
    entry_end: int


def recognised(source: Source, data: bytes) -> Source:
    """What ``identify`` said of a file, with its format and, for an export, its values and what is broken in it.

    ``data`` are the bytes on disk. Raises IngestError as ``read_lines`` does.
    """
    if source.status != "read":
        return source
    lines = read_lines(data, source)
    name = format_of("\n".join([line.text for line in lines]).replace(_NUL, ""))
    if name == TEXT:
        return source
    places = _places(lines, source, data)
    export = _read(places.text, name)
    count = places.text.count(_NUL)
    left_out = f"{count} NUL characters in it are in no value" if count else None
    notes = [note for note in (source.note, left_out, _note(source, export, places)) if note]
    return replace(source, format=name, value_count=len(export.values), note="; ".join(notes) or None)


def read_rows(data: bytes, source: Source) -> list[Row]:
    """The rows of a file that ``recognised`` has looked at, in the order of the file. Raises as ``read_lines`` does."""
    lines = read_lines(data, source)
    if source.format == TEXT:
        return line_rows(lines)
    places = _places(lines, source, data)
    export = _read(places.text, source.format)
    spans = [(places.line(start), places.line(max(start, end - 1))) for start, end in export.entries]
    rows = []
    for number, value in enumerate(export.values, 1):
        line = places.line(value.start)
        first, last = (
            (line, places.line(max(value.start, value.end - 1))) if value.entry is None else spans[value.entry]
        )
        bytes_ = places.byte(value.start), places.byte(value.end)
        rows.append(Row(number, *bytes_, value.text, line, value.field, value.entry, first, last))
    return rows


def line_rows(lines: Sequence[Line]) -> list[Row]:
    """The lines of plain text as rows."""
    return [Row(number, start, end, text, number, None, None, number, number) for number, start, end, text in lines]


def _read(text: str, name: str) -> Export:
    """An export read as if no NUL were in it, which no format has; all places count characters of the whole text."""
    if _NUL not in text:
        return read_format(text, name)
    kept = [place for place, char in enumerate(text) if char != _NUL]
    export = read_format(text.replace(_NUL, ""), name)

    def span(start: int, end: int) -> tuple[int, int]:
        low = kept[start] if start < len(kept) else len(text)
        return low, kept[end - 1] + 1 if end > start else low

    values = (Value(one.field, one.text, *span(one.start, one.end), one.entry) for one in export.values)
    return Export(tuple(values), tuple(span(*entry) for entry in export.entries), export.cut)


def _places(lines: Sequence[Line], source: Source, data: bytes) -> Places:
    encodings = codecs_of_lines(str(source.encoding), source.encoding_lines, len(lines))
    return Places(lines, unpack(data, source.compression), encodings)


def _note(source: Source, export: Export, places: Places) -> str | None:
    """What of an export could not be read."""
    broken = [places.line(value.start) for value in export.broken]
    if not broken:
        return None
    where = ", ".join(str(line) for line in broken[:5]) + (" and others" if len(broken) > 5 else "")
    cut = "the file is cut inside its last entry; " if export.cut else ""
    return (
        f"{cut}{len(broken)} broken blocks (lines {where}) are in text_lines with the role broken and in no record; "
        "fetch the file again or mend them"
    )
