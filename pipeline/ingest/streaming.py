"""What a large file of plain text is, told piece by piece: hash, lines, encoding and verdict, without holding it.

The encoding is decided as for a small file, by what stands for it: lines from all over the file (``witness``), and
every line that is no UTF-8. Not here: where the file is cut (``pipeline.layouts.cuts``).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from pipeline.ingest import bounds
from pipeline.ingest.encodings import MAX_CONTROLS, Encoding, NoTextError, encoding_of
from pipeline.ingest.legacy import Price, decodes
from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.pieces import Read, digest_of, pieces_of, written
from pipeline.ingest.reading import BOMS, NEWLINE
from pipeline.ingest.source import Source
from pipeline.ingest.wide import control_share

FOREIGN_BYTES: Final = 8 * 1024 * 1024
"""Of lines that are no UTF-8: with more of them a file must be in one codec."""

_NEWLINES: Final = {"\n": "lf", "\r\n": "crlf", "\r": "cr"}
_REMEDY: Final = f"cut it into files of less than {bounds.STREAM_BYTES} bytes, or save it as UTF-8"


class _RefusedError(Exception):
    """Why a file is not read."""


@dataclass
class Tally:
    """What is known of the pieces so far; ``add`` takes the next one, which ends at a line end or with the file."""

    size: int = 0
    lines: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    nuls: int = 0
    first_nul: int = 0
    controls: float = 0.0
    written: bool = False
    foreign: list[tuple[int, bytes]] = field(default_factory=list)
    foreign_bytes: int = 0
    flaws: int = 0
    flaw: tuple[int, str] | None = None
    too_long: tuple[int, int] | None = None
    pieces: list[tuple[int, int, str]] = field(default_factory=list)
    _sha: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def sha256(self) -> str:
        """The hash of all pieces so far."""
        return str(self._sha.hexdigest())

    def add(self, data: bytes) -> None:
        """Take note of a piece."""
        self._sha.update(data)
        self.pieces.append((self.lines + 1, self.size, digest_of(data)))
        codes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero((codes == 0x0A) | (codes == 0x0D))
        self._note_length(np.diff(ends, prepend=-1, append=len(data)) - 1)
        if zeros := data.count(0):
            self.first_nul = self.first_nul if self.nuls else self.size + data.index(0)
            self.nuls += zeros
        self.controls += control_share(data) * len(data)
        self.written |= bool(data.strip(b"\x00 \t\r\n"))
        if not data.isascii():
            self._note_foreign(data)
        crlf = data.count(b"\r\n")
        lf, cr = data.count(b"\n") - crlf, data.count(b"\r") - crlf
        self.ended.update({"\r\n": crlf, "\n": lf, "\r": cr})
        self.lines += crlf + lf + cr + (not data.endswith((b"\n", b"\r")))
        self.size += len(data)

    def _note_length(self, gaps: np.typing.NDArray[np.intp]) -> None:
        longest = int(gaps.max())
        if longest > bounds.MAX_LINE_BYTES and self.too_long is None:
            self.too_long = self.lines + 1 + int(gaps.argmax()), longest

    def _note_foreign(self, data: bytes) -> None:
        """Keep the lines that are no UTF-8, as many as there is room for."""
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.flaw = self.flaw or (self.size + error.start, error.reason)
            for number, line in enumerate(NEWLINE.split(data), self.lines + 1):
                if line.isascii() or decodes(line, "utf-8"):
                    continue
                self.flaws += line.decode("utf-8", "replace").count("\ufffd")
                self.foreign_bytes += len(line)
                if self.foreign_bytes <= FOREIGN_BYTES:
                    self.foreign.append((number, line))


def streamed(
    path: str,
    pieces: Iterable[bytes],
    witness: Sequence[bytes],
    read: Read,
    price: Price | None,
    *,
    any_line: bool = False,
) -> Source:
    """What the file at ``path`` is, from its pieces in their order and its ``witness``. Never raises but as ``read``.

    ``read`` gives its bytes once more where they must be tried with a codec. ``any_line``: lines may have any length,
    as they may in exports.
    """
    tally = Tally()
    for data in pieces:
        tally.add(data)
    if any_line:
        tally.too_long = None
    try:
        return _verdict(path, tally, witness, read, price)
    except (_RefusedError, NoTextError) as error:
        return _unread(path, tally, "rejected", str(error))


def _verdict(path: str, tally: Tally, witness: Sequence[bytes], read: Read, price: Price | None) -> Source:
    if not tally.written:
        return _unread(
            path,
            tally,
            "empty",
            "has nothing but white space; fetch it again, or delete it if there is nothing to fetch",
        )
    if tally.controls > MAX_CONTROLS * tally.size:
        raise _RefusedError("is binary: more than two of a hundred bytes are control characters; take it out")
    if tally.too_long:
        raise _RefusedError(
            f"line {tally.too_long[0]} has {tally.too_long[1]} bytes, more than {bounds.MAX_LINE_BYTES} "
            "(MAX_LINE_BYTES), as no line of a listing has; put line ends into it if it is one"
        )
    found = _encoding(tally, witness, read, price)
    kinds = [kind for kind, count in tally.ended.items() if count]
    return Source(
        path,
        tally.sha256,
        tally.size,
        "none",
        found.name,
        found.known,
        "none" if not kinds else _NEWLINES[kinds[0]] if len(kinds) == 1 else "mixed",
        tally.lines,
        "read",
        None,
        "; ".join(_notes(tally, found)) or None,
        found.lines,
        pieces=written(tally.pieces),
    )


def _unread(path: str, tally: Tally, status: str, why: str) -> Source:
    sha = tally.sha256
    return Source(path, sha, tally.size, "none", None, None, None, 0, status, f"{path}: {why}")


def _encoding(tally: Tally, witness: Sequence[bytes], read: Read, price: Price | None) -> Encoding:
    """The encoding of the file: UTF-8 where all of it is, else what the lines that speak for it are in."""
    marked = read(0, 3) == BOMS["utf-8"]
    mark = BOMS["utf-8"] if marked else b""
    told = encoding_of(mark + b"\n".join([line for line in witness if decodes(line, "utf-8")]), price)
    if not tally.flaw:
        return Encoding("utf-8", "bom" if marked else "valid", None, told.note)
    evidence = [*witness, *(line for _, line in tally.foreign)]
    found = encoding_of(mark + b"\n".join(evidence), price)
    if found.name == "utf-8":
        return found
    if "+" in found.name and found.name.startswith("utf-8") and tally.foreign_bytes <= FOREIGN_BYTES:
        codecs = codecs_of_lines(found.name, found.lines, len(evidence))[len(witness) :]
        numbers = [number for number, _ in tally.foreign]
        return Encoding(found.name, found.known, _ranges(zip(numbers, codecs, strict=True)), found.note)
    if "+" in found.name:
        raise _RefusedError(
            f"mixes several encodings ({found.name}) in more lines than can be told apart in a file that is read in "
            f"pieces; {_REMEDY}"
        )
    for piece in pieces_of(written(tally.pieces), tally.size, tally.lines):
        if not decodes(read(piece.byte_start, piece.byte_end), found.name):
            raise _RefusedError(
                f"seems to be {found.name}, but is not in its lines {piece.line_start} to "
                f"{piece.line_start + piece.line_count - 1}; {_REMEDY}"
            )
    return found


def _ranges(codecs: Iterable[tuple[int, str]]) -> str | None:
    """Line numbers by codec, those in UTF-8 left out."""
    spans: dict[str, list[list[int]]] = {}
    for number, codec in codecs:
        own = spans.setdefault(codec, [])
        if own and own[-1][1] == number - 1:
            own[-1][1] = number
        else:
            own.append([number, number])
    spans.pop("utf-8", None)

    def told(span: Sequence[int]) -> str:
        return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"

    return "; ".join(f"{codec}: {', '.join(map(told, own))}" for codec, own in spans.items()) or None


def _notes(tally: Tally, found: Encoding) -> Iterator[str]:
    if found.note:
        yield found.note
    if tally.nuls:
        yield f"has {tally.nuls} NUL bytes, the first at byte {tally.first_nul}; repair takes them out of its lines"
    if found.name == "utf-8" and tally.flaw:
        yield (
            f"not valid utf-8 at byte {tally.flaw[0]} of the unpacked file ({tally.flaw[1]}): broken bytes stand in "
            f"the text as U+FFFD, {tally.flaws} in all; fetch the file again if they matter"
        )
