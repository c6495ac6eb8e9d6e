"""From bytes to lines: where lines end, and what they say. How the bytes are encoded is decided in ``encodings``."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.pieces import Piece
from pipeline.ingest.source import IngestError, Line, Source
from pipeline.ingest.unpacking import UnpackError, unpack

BOMS: Final = {  # in this order: the mark of UTF-32-LE starts with that of UTF-16-LE
    "utf-8": b"\xef\xbb\xbf",
    "utf-32-le": b"\xff\xfe\x00\x00",
    "utf-32-be": b"\x00\x00\xfe\xff",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}
NEWLINE: Final = re.compile(rb"\r\n|\r|\n")
"""What ends a line, in bytes in which ASCII is ASCII."""

_NEWLINE: Final = re.compile(NEWLINE.pattern.decode())
_WIDTHS: Final = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# Codecs whose damaged spots become U+FFFD. All others were chosen because they decode every byte.
_DAMAGE_SHOWN: Final = frozenset(BOMS)
_NEWLINES: Final = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}


Places = npt.NDArray[np.int64]


class Lines(NamedTuple):
    """Lines as columns: their texts, and where each starts and ends in bytes; their numbers count from ``first``."""

    first: int
    texts: list[str]
    starts: Places
    ends: Places

    def each(self) -> list[Line]:
        """The same one by one."""
        places = zip(self.starts.tolist(), self.ends.tolist(), self.texts, strict=True)
        return [Line(number, start, end, text) for number, (start, end, text) in enumerate(places, self.first)]


def read_lines(data: bytes, source: Source) -> list[Line]:
    """The lines of a file, in order, decoded by ``source.encoding`` and ``source.encoding_lines``.

    A line ends at LF, CRLF or CR and nowhere else; what follows the last line end is a line when it is not empty. A
    byte order mark belongs to no line. Bytes cut off inside a character of UTF-8 or UTF-16 become U+FFFD; offsets
    are those of the bytes.

    ``data`` are the bytes of the file or member, still packed; ``source`` is what ``identify`` said of them, with
    status "read". Of a packed file that is cut, what could be unpacked is read, as ``source.note`` says.
    Raises IngestError when the status is another, or the bytes are others than those that were identified.
    """
    return read_columns(data, source).each()


def read_columns(data: bytes, source: Source) -> Lines:
    """What ``read_lines`` gives, as columns; most files have so many lines that making each would take a while."""
    if source.status != "read" or source.encoding is None:
        raise IngestError(
            source.path, None, f"has no lines to read, because its status is {source.status}; {source.reason}"
        )
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise IngestError(
            source.path,
            None,
            f"changed while it was being read ({source.bytes} bytes before, {len(data)} now); "
            "run again when nobody writes to it",
        )
    try:
        unpacked = unpack(data, source.compression)
    except UnpackError as error:
        raise IngestError(source.path, None, str(error)) from error
    return _lines(unpacked, source, len(bom_of(unpacked, source.encoding)))


def read_piece(data: bytes, source: Source, piece: Piece) -> Lines:
    """The lines of one piece of a file, as ``read_columns`` gives those of a whole one; ``data`` are the piece's bytes.

    Raises IngestError when they are others than those that were identified.
    """
    if not piece.holds(data):
        raise IngestError(
            source.path,
            piece.byte_start,
            "changed while it was being read, here or before this place; run again when nobody writes to it",
        )
    return read_stretch(data, source, piece)


def read_stretch(data: bytes, source: Source, piece: Piece) -> Lines:
    """The lines of the beginning of a piece, whatever they were; raises IngestError where they are not in their codec.

    ``data`` are its bytes.
    """
    start = len(bom_of(data, str(source.encoding))) if piece.number == 0 else 0
    return _lines(data, source, start, piece.byte_start, piece.line_start)


def _lines(data: bytes, source: Source, start: int, first_byte: int = 0, first_line: int = 1) -> Lines:
    """The lines from ``start`` on; the numbers are those of the first byte and line in the file."""
    encoding = str(source.encoding)
    starts, ends = _places(data, encoding, start)
    texts = _valid_texts(data, starts, ends) if encoding == "utf-8" else None
    if texts is None:
        texts = _texts(data, source, list(zip(starts.tolist(), ends.tolist(), strict=True)), first_byte, first_line)
    return Lines(first_line, texts, starts + first_byte, ends + first_byte)


def _texts(
    data: bytes, source: Source, spans: Sequence[tuple[int, int]], first_byte: int, first_line: int
) -> list[str]:
    """What lines say, each in its codec."""
    codecs = codecs_of_lines(str(source.encoding), source.encoding_lines, len(spans), first_line)
    texts = []
    for (start, end), codec in zip(spans, codecs, strict=True):
        try:
            texts.append(data[start:end].decode(codec, "replace" if codec in _DAMAGE_SHOWN else "strict"))
        except UnicodeDecodeError as error:
            raise IngestError(
                source.path,
                first_byte + start + error.start,
                f"is not {codec} ({error.reason}); identify the file again, or save it as UTF-8",
            ) from error
    return texts


def _valid_texts(data: bytes, starts: Places, ends: Places) -> list[str] | None:
    """The lines of bytes, decoded as one; None where they are no UTF-8."""
    if not len(starts):
        return []
    try:
        text = data[starts[0] : ends[-1]].decode()
    except UnicodeDecodeError:
        return None
    return (_NEWLINE.sub("\n", text) if "\r" in text else text).split("\n")


def text_of(unpacked: bytes, source: Source) -> str:
    """The whole text of a file, its line ends as they are and a byte order mark at its start.

    Raises UnicodeDecodeError where the bytes are not in their codec.
    """
    encoding = str(source.encoding)
    if not source.encoding_lines:
        return unpacked.decode(encoding)
    ends = [0, *(behind for _, behind in _line_ends(unpacked, encoding, 0)), len(unpacked)]
    codecs = codecs_of_lines(encoding, source.encoding_lines, len(ends) - 1)
    spans = zip(ends, ends[1:], codecs, strict=False)
    return "".join(unpacked[start:end].decode(codec) for start, end, codec in spans)


def line_spans(data: bytes, encoding: str) -> Iterator[tuple[int, int]]:
    """Start and end of every line in unpacked bytes, line ends not counted.

    Of several codecs joined by ``+`` the first says how lines end; ASCII is ASCII in all of them.
    """
    return _spans(data, encoding, len(bom_of(data, encoding)))


def _spans(data: bytes, encoding: str, start: int) -> Iterator[tuple[int, int]]:
    starts, ends = _places(data, encoding, start)
    yield from zip(starts.tolist(), ends.tolist(), strict=True)


def _places(data: bytes, encoding: str, start: int) -> tuple[Places, Places]:
    """Where lines start, from ``start`` on, and where they end."""
    if _ends_with_lf(data, encoding):
        ends = np.flatnonzero(np.frombuffer(data, np.uint8)[start:] == ord("\n")) + start
        behind = ends + 1
    else:
        ends, behind = np.array(list(_line_ends(data, encoding, start)), np.int64).reshape(-1, 2).T
    starts = np.append(np.int64(start), behind)
    if starts[-1] == len(data):  # the last line has an end
        return starts[:-1], ends
    return starts, np.append(ends, np.int64(len(data)))


def count_lines(data: bytes, encoding: str) -> int:
    """How many lines ``line_spans`` finds."""
    if encoding.partition("+")[0] in _WIDTHS:
        return sum(1 for _ in line_spans(data, encoding))
    last = len(data) > len(bom_of(data, encoding)) and not data.endswith((b"\n", b"\r"))
    return sum(_ends(data)) + last


def joined_lines(text: str) -> str:
    """What the lines of a text say with a line feed between them; ``text`` may start with a byte order mark."""
    text = text.removeprefix("\ufeff")
    return (_NEWLINE.sub("\n", text) if "\r" in text else text).removesuffix("\n")


def _ends(data: bytes) -> tuple[int, int, int]:
    """How many lines end with LF, CRLF and CR, in bytes in which ASCII is ASCII."""
    if b"\r" not in data:
        return data.count(b"\n"), 0, 0
    both = data.count(b"\r\n")
    return data.count(b"\n") - both, both, data.count(b"\r") - both


def newline_of(data: bytes, encoding: str) -> str:
    """What ends the lines: "lf", "crlf", "cr", "mixed", or "none" for a single line that nothing ends."""
    first = encoding.partition("+")[0]
    if first in _WIDTHS:
        ends = _line_ends(data, encoding, len(bom_of(data, encoding)))
        found = {_NEWLINES[data[end:behind].decode(first)] for end, behind in ends}
    else:
        found = {name for name, count in zip(_NEWLINES.values(), _ends(data), strict=True) if count}
    if not found:
        return "none"
    return found.pop() if len(found) == 1 else "mixed"


def bom_of(data: bytes, encoding: str) -> bytes:
    """The byte order mark that ``data`` starts with, if it is that of ``encoding``; else no bytes."""
    mark = BOMS.get(encoding.partition("+")[0], b"")
    return mark if data.startswith(mark) else b""


def _line_ends(data: bytes, encoding: str, start: int) -> Iterator[tuple[int, int]]:
    """Start and end of every line end. In wide codecs only at whole code units, for 0A 00 may be two halves."""
    if _ends_with_lf(data, encoding):
        ends = np.flatnonzero(np.frombuffer(data, np.uint8)[start:] == ord("\n")) + start
        yield from zip(ends.tolist(), (ends + 1).tolist(), strict=True)
        return
    width, pattern = _WIDTHS.get(encoding, 1), NEWLINE
    if width > 1:
        cr, lf = (re.escape("\r".encode(encoding)), re.escape("\n".encode(encoding)))
        pattern = re.compile(cr + lf + b"|" + lf + b"|" + cr)
    for match in pattern.finditer(data, start):
        if (match.start() - start) % width == 0:
            yield match.span()


def _ends_with_lf(data: bytes, encoding: str) -> bool:
    """Whether nothing but LF can end a line; so it is in most files, whose lines are then found at once."""
    return encoding not in _WIDTHS and b"\r" not in data
