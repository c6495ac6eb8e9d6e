"""Exports too large to be read at once: cut into pieces where entries end, and read piece by piece.

What stands for the whole file is told, as for plain text, by its witness: the entries at the head and at the beginnings
of pieces all over it. Not here: what entries are (``pipeline.exports.parts``).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipeline.exports import Row, counted_in_parts, opening_rows, part_rows
from pipeline.exports.parts import BACKSLASH, Cutter, Manner
from pipeline.ingest import IngestError, Source, unreadable
from pipeline.ingest.legacy import Price
from pipeline.ingest.pieces import Cutting, Piece, Read, pieces_of, size_of, traits_of
from pipeline.ingest.reading import BOMS
from pipeline.ingest.streaming import streamed
from pipeline.ingest.witness import HEAD_BYTES, SAMPLE_BYTES, SAMPLES
from pipeline.repair import Mended
from pipeline.repair.corrections import Correction, correct_file
from pipeline.repair.plausible import price
from pipeline.repair.values import mend_rows
from pipeline.split import ExportHabits, export_habits
from pipeline.storage import RawFolder

_HEAD: Final = 1024 * 1024  # bytes with the column names, or the first object
_WIDER: Final = 4 * 1024 * 1024, 32 * 1024 * 1024  # windows, where no entry starts in a smaller one
_NUL: Final = "\x00"
_PRICE: Final[Price] = price


class _UncutError(Exception):
    """Where no entry starts for so long that a piece would not fit into memory."""


@dataclass(frozen=True)
class Told:
    """What the head of a file and its witness tell: its format, its codec, and the lines of the witness."""

    format: str
    codec: str
    witness: tuple[bytes, ...]


def parted_source(path: str, size: int, read: Read, cutting: Cutting, told: Told) -> Source | None:
    """What a large export is, of ``size`` bytes, with its pieces; None where it cannot be cut.

    Raises OSError when its bytes cannot be had.
    """
    manner = Manner(told.format, _head(read, size, told.codec))
    if told.format in {"csv", "tsv"} and _escapes_quotes(read, size):
        manner = manner.having(BACKSLASH)
    if not manner.can_be_cut:
        return None
    cutter = _Pieces(read, size, cutting, told.codec, Cutter(manner))
    try:
        source = streamed(path, cutter.cut(), told.witness, read, _PRICE, any_line=True)
    except _UncutError as error:
        return unreadable(path, OSError(str(error)))
    if source.status != "read":
        return source
    try:
        return counted_in_parts(source, cutter.cutter.finish(cutter.last), read)
    except IngestError:
        return unreadable(path, OSError("changed while it was being read; run again when nobody writes to it"))


def _head(read: Read, size: int, codec: str) -> str:
    """The whole lines at the head, as ``_structure`` gives them."""
    data = read(0, min(size, _HEAD))
    return _structure(data if len(data) == size else data[: _lines_end(data)], codec, first=True).replace(_NUL, "")


def _escapes_quotes(read: Read, size: int) -> bool:
    """What ``escapes_quotes`` says of the whole file."""
    found, before = False, b""
    for start in range(0, size, _HEAD * 8):
        data = before + read(start, start + _HEAD * 8)
        if b'""' in data:
            return False
        found, before = found or b'\\"' in data, data[-1:]
    return found


@dataclass
class _Pieces:
    """Cuts the bytes of a file; ``last`` is then the text of its last piece."""

    read: Read
    size: int
    cutting: Cutting
    codec: str
    cutter: Cutter
    last: str = ""

    def cut(self) -> Iterator[bytes]:
        """The bytes of each piece."""
        start = 0
        while start < self.size:
            place = self._place(start)
            end = self.size if place is None else start + place
            data = self.read(start, end)
            if place is None:
                self.last = _structure(data, self.codec, first=start == 0).replace(_NUL, "")
            yield data
            start = end

    def _place(self, start: int) -> int | None:
        """How many bytes a piece has; None where the rest is one."""
        if self.size - start <= self.cutting.piece + 2 * self.cutting.window:
            return None
        for window in (self.cutting.window, *_WIDER):
            data = self.read(start, start + self.cutting.piece + window)
            at_end = start + len(data) >= self.size
            data = data if at_end else data[: _lines_end(data)]
            mark = BOMS["utf-8"] if start == 0 and data.startswith(BOMS["utf-8"]) else b""
            text = _structure(data, self.codec, first=start == 0)
            low = len(_structure(data[: self.cutting.piece], self.codec, first=start == 0))
            place = self._found(text, low, at_end=at_end)
            if place is not None:
                return len(mark) + len(text[:place].encode(self.codec, "surrogateescape"))
            if at_end:
                return None
        raise _UncutError(
            f"is {self.cutter.manner.format}, and from byte {start + self.cutting.piece} on no entry starts within "
            f"{_WIDER[-1]} bytes; mend it there, or split it into smaller files"
        )

    def _found(self, text: str, low: int, *, at_end: bool) -> int | None:
        if _NUL not in text:
            return self.cutter.cut(text, low, at_end=at_end)
        kept = [place for place, char in enumerate(text) if char != _NUL]
        place = self.cutter.cut(text.replace(_NUL, ""), bisect_left(kept, low), at_end=at_end)
        return None if place is None else kept[place]


def _structure(data: bytes, codec: str, *, first: bool) -> str:
    """Bytes as text of as many line ends and, encoded again, as many bytes; a byte order mark is left out."""
    data = data.removeprefix(BOMS["utf-8"]) if first else data
    return data.decode(codec, "surrogateescape").replace("\r\n", " \n").replace("\r", "\n")


def _lines_end(data: bytes) -> int:
    return max(data.rfind(b"\n"), data.rfind(b"\r")) + 1


def parted_rows(raw: RawFolder, source: Source, piece: Piece) -> list[Row]:
    """The values of a piece; raises OSError, and IngestError when they have changed."""
    data = raw.reader(source.path, source.compression)(piece.byte_start, piece.byte_end)
    return part_rows(data, source, piece, _manner(raw, source))


def mended_part(raw: RawFolder, source: Source, rows: Sequence[Row], known: Mapping[str, str]) -> list[Mended]:
    """The values of a piece, mended beside the witness, whose damaged words vote with theirs."""
    beside = [row.text for row in _witness(raw, source)]
    return mend_rows(rows, source.format, known, beside)


@lru_cache(maxsize=2)
def part_habits(raw: RawFolder, source: Source, corrections: tuple[Correction, ...]) -> ExportHabits:
    """What the witness, mended and corrected, says of every piece of the file."""
    rows = _witness(raw, source)
    mended = correct_file(source.path, mend_rows(rows, source.format), corrections)
    return export_habits(source.path, source.format, rows, mended)


@lru_cache(maxsize=2)
def _manner(raw: RawFolder, source: Source) -> Manner:
    read, size = raw.reader(source.path, source.compression), size_of(source.pieces, source.bytes)
    head = _head(read, size, str(source.encoding).split("+")[0])
    return Manner(source.format, head, traits_of(source.piece_values))


@lru_cache(maxsize=2)
def _witness(raw: RawFolder, source: Source) -> tuple[Row, ...]:
    """The values of entries from the head and from beginnings of pieces all over the file, entries numbered anew."""
    pieces = pieces_of(source.pieces, source.bytes or 0, source.line_count, (source.piece_values, source.value_count))
    manner = _manner(raw, source)
    found: list[Row] = []
    for number in sorted({len(pieces) * sample // SAMPLES for sample in range(SAMPLES)}):
        piece = pieces[number]
        most = piece.byte_start + (SAMPLE_BYTES if number else HEAD_BYTES)
        data = raw.reader(source.path, source.compression)(piece.byte_start, min(piece.byte_end, most))
        behind = (found[-1].entry or 0) + 1 if found else 0
        rows = opening_rows(data[: _lines_end(data)], source, piece, manner)
        found += [row._replace(entry=behind + (row.entry or 0)) for row in rows]
    return tuple(found)
