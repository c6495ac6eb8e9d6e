"""The rows of a file for the stages behind: the lines of plain text, or the values of an export."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from typing import Final, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from pipeline.exports.formats import TEXT, format_of, read_format
from pipeline.exports.parts import CITED, Manner
from pipeline.exports.places import Places
from pipeline.exports.value import Export, Value
from pipeline.ingest import Line, Source, read_lines
from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.pieces import Piece, pieces_of, values_written
from pipeline.ingest.reading import Lines, joined_lines, read_columns, read_piece, read_stretch
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


class LineRows(Sequence[Row]):
    """The lines of plain text as rows, of which there are columns until somebody asks for one."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @property
    def texts(self) -> list[str]:
        """What they say."""
        return self._lines.texts

    def columns(self) -> dict[str, Sequence[None] | npt.NDArray[np.int64]]:
        """The columns of ``text_lines`` that say where they are."""
        first, texts, starts, ends = self._lines
        numbers = np.arange(first, first + len(texts))
        nothing = [None] * len(texts)
        places = {"line_no": numbers, "byte_start": starts, "byte_end": ends, "file_line": numbers}
        return {**places, "field": nothing, "entry": nothing, "entry_start": numbers, "entry_end": numbers}

    def __len__(self) -> int:
        return len(self._lines.texts)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        first, texts, starts, ends = self._lines
        number = first + range(len(texts))[place]
        return Row(number, int(starts[place]), int(ends[place]), texts[place], number, None, None, number, number)


def texts_of(rows: Sequence[Row]) -> list[str]:
    """What rows say."""
    return rows.texts if isinstance(rows, LineRows) else [row.text for row in rows]


def recognised(source: Source, data: bytes, text: str | None = None) -> Source:
    """What ``identify`` said of a file, with its format and, for an export, its values and what is broken in it.

    ``data`` are the bytes on disk, ``text`` the whole of what they say where that is known. Raises IngestError as
    ``read_lines`` does.
    """
    if source.status != "read":
        return source
    if text is not None and format_of(joined_lines(text).replace(_NUL, "")) == TEXT:
        return source
    lines = read_lines(data, source)
    name = format_of("\n".join([line.text for line in lines]).replace(_NUL, ""))
    if name == TEXT:
        return source
    places = _places(lines, source, data)
    return _counted(source, name, [tallied(_read(places.text, partial(read_format, name=name)), places)])


class Tally(NamedTuple):
    """What an export, or a part of one, has: values, entries, the lines of broken blocks, NUL characters, a cut end."""

    values: int
    entries: int
    broken: list[int]
    nuls: int
    cut: bool


def tallied(export: Export, places: Places) -> Tally:
    """Count."""
    broken = [places.line(value.start) for value in export.broken]
    return Tally(len(export.values), len(export.entries), broken, places.text.count(_NUL), export.cut)


def _counted(source: Source, name: str, parts: Sequence[Tally]) -> Source:
    """A source with its format and what its parts, or the one that it is, have."""
    nuls = sum(part.nuls for part in parts)
    left_out = f"{nuls} NUL characters in it are in no value" if nuls else None
    broken = _note([line for part in parts for line in part.broken], cut=parts[-1].cut)
    notes = [note for note in (source.note, left_out, broken) if note]
    count = sum(part.values for part in parts)
    return replace(source, format=name, value_count=count, note="; ".join(notes) or None)


def counted_in_parts(source: Source, manner: Manner, read: Callable[[int, int], bytes]) -> Source:
    """What is known of a large export as text, with its format, its values, and where they are in its pieces.

    ``read`` gives bytes of the file. Raises IngestError when they have changed.
    """
    pieces = pieces_of(source.pieces, source.bytes or 0, source.line_count)

    def tallies(manner: Manner) -> list[Tally]:
        return [tallied(*_read_part(read(piece.byte_start, piece.byte_end), source, piece, manner)) for piece in pieces]

    found = tallies(manner)
    if not any(part.entries for part in found) and manner.format == "jsonl":
        manner = manner.having(CITED)
        found = tallies(manner)
    starts = zip(
        accumulate((part.values for part in found), initial=0),
        accumulate((part.entries for part in found), initial=0),
        strict=True,
    )
    told = values_written(list(starts)[: len(found)], manner.traits)
    return replace(_counted(source, manner.format, found), piece_values=told)


def part_rows(data: bytes, source: Source, piece: Piece, manner: Manner) -> list[Row]:
    """The rows of one piece of a large export, as ``read_rows`` gives those of a whole one; ``data`` are its bytes.

    Raises IngestError when they have changed.
    """
    return _rows(*_read_part(data, source, piece, manner), piece.value_start, piece.entry_start)


def opening_rows(data: bytes, source: Source, piece: Piece, manner: Manner) -> list[Row]:
    """The same of the beginning of a piece; what may be cut at its end is left out."""
    lines = read_stretch(data, source, piece).each()
    places = _places(lines, source, data, piece)
    export = _read(places.text + "\n", partial(manner.read, first=piece.number == 0, last=False))
    return [row for row in _rows(export, places) if row.entry is not None and row.entry < len(export.entries) - 1]


def _read_part(data: bytes, source: Source, piece: Piece, manner: Manner) -> tuple[Export, Places]:
    places = _places(read_piece(data, source, piece).each(), source, data, piece)
    # In the whole file a line end is before the next piece.
    text = places.text if piece.is_last else places.text + "\n"
    return _read(text, partial(manner.read, first=piece.number == 0, last=piece.is_last)), places


def read_rows(data: bytes, source: Source) -> Sequence[Row]:
    """The rows of a file that ``recognised`` has looked at, in the order of the file. Raises as ``read_lines`` does."""
    lines = read_columns(data, source)
    if source.format == TEXT:
        return LineRows(lines)
    places = _places(lines.each(), source, data)
    return _rows(_read(places.text, partial(read_format, name=source.format)), places)


def _rows(export: Export, places: Places, value_start: int = 0, entry_start: int = 0) -> list[Row]:
    """The rows of values; both numbers are how many values and entries there are before them."""
    spans = [(places.line(start), places.line(max(start, end - 1))) for start, end in export.entries]
    rows = []
    for number, value in enumerate(export.values, value_start + 1):
        line = places.line(value.start)
        first, last = (
            (line, places.line(max(value.start, value.end - 1))) if value.entry is None else spans[value.entry]
        )
        bytes_ = places.byte(value.start), places.byte(value.end)
        entry = None if value.entry is None else value.entry + entry_start
        rows.append(Row(number, *bytes_, value.text, line, value.field, entry, first, last))
    return rows


def _read(text: str, reader: Callable[[str], Export]) -> Export:
    """An export read as if no NUL were in it, which no format has; all places count characters of the whole text."""
    if _NUL not in text:
        return reader(text)
    kept = [place for place, char in enumerate(text) if char != _NUL]
    export = reader(text.replace(_NUL, ""))

    def span(start: int, end: int) -> tuple[int, int]:
        low = kept[start] if start < len(kept) else len(text)
        return low, kept[end - 1] + 1 if end > start else low

    values = (Value(one.field, one.text, *span(one.start, one.end), one.entry) for one in export.values)
    return Export(tuple(values), tuple(span(*entry) for entry in export.entries), export.cut)


def _places(lines: Sequence[Line], source: Source, data: bytes, piece: Piece | None = None) -> Places:
    """The places of a file, or of a piece of one."""
    first_line, first_byte = (piece.line_start, piece.byte_start) if piece else (1, 0)
    encodings = codecs_of_lines(str(source.encoding), source.encoding_lines, len(lines), first_line)
    return Places(lines, data if piece else unpack(data, source.compression), encodings, first_byte)


def _note(broken: Sequence[int], *, cut: bool) -> str | None:
    """What of an export could not be read."""
    if not broken:
        return None
    where = ", ".join(str(line) for line in broken[:5]) + (" and others" if len(broken) > 5 else "")
    return (
        f"{'the file is cut inside its last entry; ' if cut else ''}{len(broken)} broken blocks (lines {where}) are in "
        "text_lines with the role broken and in no record; fetch the file again or mend them"
    )
