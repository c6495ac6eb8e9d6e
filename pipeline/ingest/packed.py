"""The text of a packed file by its places, of any size, without holding more of it than was read last.

Packed bytes can only be unpacked from their start on. Whoever asks for places in their order pays for unpacking once;
going back starts anew. Nothing is unpacked to disk.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, NamedTuple

from pipeline.ingest.pieces import PIECE_BYTES, Read
from pipeline.ingest.unpacking import UnpackError, Unpacking

_KEPT: Final = 2 * PIECE_BYTES  # a piece is asked for after its end was looked for behind it


class Measured(NamedTuple):
    """How many bytes a text has, and what is amiss with how it is packed: ``cut`` and ``note`` as of ``Unpacked``."""

    size: int
    cut: str | None
    note: str | None


@dataclass
class PackedText:
    """The unpacked bytes of a file of ``packed`` bytes, which ``read_packed`` gives; the last of them are ``kept``."""

    read_packed: Read
    packed: int
    compression: str
    kept: int = _KEPT
    _parts: Iterator[bytes] = field(default_factory=lambda: iter(()), repr=False)
    _held: bytearray = field(default_factory=bytearray, repr=False)
    _low: int = 0  # where what is held starts
    _begun: bool = False
    _one_at_a_time: Lock = field(default_factory=Lock, repr=False)  # workers of a cluster may have threads

    def measured(self) -> Measured:
        """Unpack it once; raises UnpackError as ``unpacked`` does, and OSError where bytes cannot be had."""
        unpacking = self._unpacking()
        for _ in unpacking.parts():
            pass
        return Measured(unpacking.size, unpacking.cut, unpacking.note)

    def read(self, start: int, end: int) -> bytes:
        """Some of the unpacked bytes; raises OSError when they cannot be had."""
        with self._one_at_a_time:
            try:
                return self._from(start, end)
            except UnpackError as error:
                raise OSError(f"{error}, or run again when nobody writes to it") from error

    def head(self, size: int) -> bytes:
        """So many of its first bytes; raises UnpackError as ``unpacked`` does, and OSError as ``measured``."""
        with self._one_at_a_time:
            return self._from(0, size)

    def _from(self, start: int, end: int) -> bytes:
        if start < self._low or not self._begun:
            self._parts, self._low = self._unpacking().parts(), 0
            self._held.clear()
        self._begun = False  # until all is there: what failed half-way is begun anew
        while self._low + len(self._held) < end and (part := next(self._parts, None)) is not None:
            self._hold(part, start)
        self._begun = True
        return bytes(self._held[start - self._low : end - self._low])

    def _hold(self, part: bytes, start: int) -> None:
        """Take note of what follows, and let go of what is far before it and before ``start``."""
        self._held += part
        needless = min(start - self._low, len(self._held) - self.kept)
        if needless > 0:
            del self._held[:needless]
            self._low += needless

    def _unpacking(self) -> Unpacking:
        return Unpacking(self.read_packed, self.packed, self.compression, streams=True)
