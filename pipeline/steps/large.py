"""Files too large to be read at once: cut into pieces where records end, and read piece by piece.

Pieces are batches of their own, so that memory is bounded by a piece and all workers share one file. What holds for the
whole file (its layout, the damage that it has) is told by its witness: lines from its head and from all over it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.exports import TEXT, LineRows, Row, format_of, texts_of
from pipeline.ingest import Source, bounds, unreadable
from pipeline.ingest.encodings import NoTextError, encoding_of
from pipeline.ingest.filetypes import file_type
from pipeline.ingest.legacy import decodes
from pipeline.ingest.packed import PackedText
from pipeline.ingest.pieces import PIECE_BYTES, Cutting, Piece, Read, of_packed, pieces_of, size_of
from pipeline.ingest.reading import BOMS, joined_lines, line_spans, read_piece
from pipeline.ingest.streaming import streamed
from pipeline.ingest.tars import is_tar
from pipeline.ingest.unpacking import UnpackError, compression_of
from pipeline.ingest.wide import control_share
from pipeline.ingest.witness import HEAD_BYTES, witness_of
from pipeline.ingest.zips import is_zip
from pipeline.layouts import Layout, Spec, choose
from pipeline.layouts.cuts import cut_of
from pipeline.repair import Mended, mend_file
from pipeline.repair.corrections import Correction, correct_file
from pipeline.repair.plausible import price
from pipeline.split.files import witness_habits
from pipeline.split.habits import Habits
from pipeline.steps.parted import Told, parted_source
from pipeline.storage import RawFolder

_WIDEST: Final = 2 * bounds.MAX_LINE_BYTES  # of a window, where lines are so long that a smaller one has no line end


def large_source(raw: RawFolder, path: str, size: int, cutting: Cutting) -> Source | None:
    """What a large file is, of ``size`` bytes on disk, with its pieces; None where it is read whole.

    That are archives, exports that cannot be cut, and packed files whose text is none of the large ones. Raises OSError
    when its bytes cannot be had.
    """
    read = raw.reader(path)
    compression = compression_of(read(0, HEAD_BYTES))
    if compression == "none":
        return _large_text(raw, _Text(path, size, read), cutting)
    packed = PackedText(read, size, compression)
    try:
        text, cut, note = packed.measured()
        if text <= cutting.least:
            return None
        source = _large_text(raw, _Text(path, text, packed.read), cutting)
    except UnpackError as error:
        source = unreadable(path, OSError(str(error)))
    if source is None:
        return None
    if cut and source.newline and packed.read(text - 1, text) not in {b"\n", b"\r"}:
        cut += f", and its last line ({source.line_count}) is not whole"
    notes = "; ".join(filter(None, (cut, note, source.note))) if source.status == "read" else None
    pieces = of_packed(source.pieces, text) if source.pieces else None
    sha = _sha256(read, size)
    return replace(source, sha256=sha, bytes=size, compression=compression, note=notes or None, pieces=pieces)


def is_same(raw: RawFolder, source: Source, size: int) -> bool:
    """Whether a file of ``size`` bytes is as it was when it was read in pieces; raises OSError as ``large_source``."""
    read = raw.reader(source.path)
    if source.compression != "none":
        return source.sha256 == _sha256(read, size)
    pieces = pieces_of(source.pieces, size, source.line_count)
    return all(piece.holds(read(piece.byte_start, piece.byte_end)) for piece in pieces)


def _sha256(read: Read, size: int) -> str:
    digest = hashlib.sha256()
    for start in range(0, size, PIECE_BYTES):
        digest.update(read(start, min(start + PIECE_BYTES, size)))
    return digest.hexdigest()


class _Text(NamedTuple):
    """The text of the file at ``path``, unpacked: its bytes, and what gives some of them."""

    path: str
    size: int
    read: Read


def _large_text(raw: RawFolder, text: _Text, cutting: Cutting) -> Source | None:
    path, size, read = text
    head = read(0, HEAD_BYTES)
    if compression_of(head) != "none" or is_zip(head) or is_tar(head) or file_type(head):
        return None
    if _is_wide(head):
        return _read_whole(path, size, "UTF-16, UTF-32 or binary")
    witness = witness_of(read, size)
    try:
        codecs = encoding_of(b"\n".join(witness), price).name.split("+")
    except NoTextError:
        codecs = ["utf-8"]
    if (name := format_of(joined_lines(_decoded(head, codecs)).replace("\x00", ""))) != TEXT:
        part = parted_source(path, size, read, cutting, Told(name, codecs[0], tuple(witness)))
        return part or _read_whole(path, size, name)
    mended = [line.text for line in mend_file([_decoded(line, codecs) for line in witness])]
    layout = choose(mended, path, raw.layouts()).layout
    return streamed(path, _cut(read, size, cutting, _Where(codecs, mended, layout)), witness, read, price)


def _read_whole(path: str, size: int, what: str) -> Source | None:
    """None for a file that is not too large to be read whole, else the refusal."""
    if size <= bounds.MAX_UNPACKED_BYTES:
        return None
    why = (
        f"has {size} bytes and is {what}, of which files are read whole and may have {bounds.MAX_UNPACKED_BYTES} "
        "(MAX_UNPACKED_BYTES); split it into smaller files"
    )
    return unreadable(path, OSError(why))


def _is_wide(head: bytes) -> bool:
    """UTF-16 or UTF-32, in which a line end is no single byte, or no text at all."""
    marks = tuple(mark for name, mark in BOMS.items() if name != "utf-8")
    return head.startswith(marks) or control_share(head) > 0.02


@dataclass(frozen=True)
class _Where:
    """What tells where a file is best cut: its codecs, lines that speak for it, and its layout."""

    codecs: Sequence[str]
    witness: Sequence[str]
    layout: Layout | None


def _cut(read: Read, size: int, cutting: Cutting, where: _Where) -> Iterator[bytes]:
    """The bytes of each piece."""
    start = 0
    while start < size:
        end = size
        if size - start > cutting.piece + 2 * cutting.window:
            end = start + cutting.piece + _place(read, start + cutting.piece, cutting.window, where)
        yield read(start, end)
        start = end


def _place(read: Read, start: int, width: int, where: _Where) -> int:
    """How far behind ``start`` the file is best cut: at the start of a line, and before a record where that is sure."""
    for wide in (width, _WIDEST):
        window = read(start, start + wide)
        spans = list(line_spans(window, "latin-1"))[1:-1]  # those at the edges may be parts of lines
        if len(spans) > 1:
            lines = [line.text for line in mend_file([_decoded(window[low:high], where.codecs) for low, high in spans])]
            return spans[cut_of(where.layout, where.witness, lines)][0]
    return len(window)  # within a line that is too long for any listing: the file is refused


def _decoded(line: bytes, codecs: Sequence[str]) -> str:
    """A line in the first of the codecs that decodes it, UTF-8 before others."""
    fits = (codec for codec in sorted(codecs, key=lambda codec: codec != "utf-8") if decodes(line, codec))
    return line.decode(next(fits, codecs[0]), "replace")


def piece_rows(raw: RawFolder, source: Source, piece: Piece) -> LineRows:
    """The lines of a piece; raises OSError, and IngestError when they have changed."""
    data = raw.reader(source.path, source.compression)(piece.byte_start, piece.byte_end)
    return LineRows(read_piece(data, source, piece))


def mended_piece(raw: RawFolder, source: Source, rows: Sequence[Row], known: Mapping[str, str]) -> list[Mended]:
    """The lines of a piece, mended beside the witness, whose damaged words vote with theirs.

    ``known`` are undamaged words of other files, each with the file.
    """
    beside = witness_lines(raw, source)
    return mend_file([*beside, *texts_of(rows)], known)[len(beside) :]


@lru_cache(maxsize=2)
def witness_lines(raw: RawFolder, source: Source) -> tuple[str, ...]:
    """The lines that speak for a large file, decoded."""
    codecs = str(source.encoding).split("+")
    found = witness_of(raw.reader(source.path, source.compression), size_of(source.pieces, source.bytes))
    return tuple(_decoded(line, codecs) for line in found)


@lru_cache(maxsize=2)
def file_habits(
    raw: RawFolder, source: Source, corrections: tuple[Correction, ...], described: tuple[Spec, ...]
) -> tuple[tuple[Mended, ...], Habits]:
    """The same lines, mended and corrected, and what they say of every piece of the file."""
    mended = correct_file(source.path, mend_file(witness_lines(raw, source)), corrections)
    return tuple(mended), witness_habits(source.path, mended, described)
