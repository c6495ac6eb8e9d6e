"""What is known of one file as bytes, one of its lines, and the error of this stage. No reading and no deciding
here.
"""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Source:
    """One file as bytes; the fields are the columns of the contract ``sources``, in its order."""

    path: str
    sha256: str | None
    bytes: int | None
    compression: str
    encoding: str | None
    encoding_source: str | None
    newline: str | None
    line_count: int
    status: str
    reason: str | None
    note: str | None = None
    encoding_lines: str | None = None
    format: str = "text"
    value_count: int | None = None
    pieces: str | None = None
    piece_values: str | None = None


class Line(NamedTuple):
    """One line without its line end. The offsets count bytes of the unpacked file or member, ``line_no`` from 1."""

    line_no: int
    byte_start: int
    byte_end: int
    text: str


class IngestError(Exception):
    """A file that cannot be read as its :class:`Source` says; the message names the file, the byte and the remedy."""

    def __init__(self, path: str, byte: int | None, problem: str) -> None:
        self.path = path
        self.byte = byte
        place = path if byte is None else f"{path}, byte {byte}"
        super().__init__(f"{place}: {problem}")
