"""Unpacking gzip, bzip2, xz and Zstandard: in steps, with bounds, and with what is left of a file that is cut.

A file that is cut gives what could be unpacked, and says so: what comes out before the cut is what went in. A file
that is damaged is refused, because what comes out of it may be anything. Archives with members are in ``archives``.
"""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from pipeline.ingest import bounds

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


class UnpackError(Exception):
    """Packed bytes that cannot be unpacked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Unpacked bytes; ``cut`` says where and how much is missing, ``note`` what was passed over."""

    data: bytes
    cut: str | None = None
    note: str | None = None


class _Decompressor(Protocol):
    """What the classes of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes: ...


class _Gzip:
    """zlib's decompressor with the interface of the others."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1, /) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(0, max_length))


def _xz() -> _Decompressor:
    return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=bounds.UNPACKER_MEMORY)


# name -> (what such a file starts with, maker of its decompressor)
_FORMATS: Final[dict[str, tuple[bytes, Callable[[], _Decompressor]]]] = {
    "gzip": (b"\x1f\x8b\x08", _Gzip),
    "bzip2": (b"BZh", bz2.BZ2Decompressor),
    "xz": (b"\xfd7zXZ\x00", _xz),
    "zstd": (b"\x28\xb5\x2f\xfd", zstd.ZstdDecompressor),
}
_BZIP2_BLOCKS: Final = (b"1AY&SY", b"\x17rE8P\x90")  # pi, or the square root of pi when there is nothing in it
_DAMAGED: Final = (OSError, EOFError, zlib.error, lzma.LZMAError, zstd.ZstdError)
_INPUT: Final = 64 * 1024
_STREAMED_INPUT: Final = 1024 * 1024  # on an object store each is a request
_OUTPUT: Final = 1024 * 1024


def compression_of(data: bytes) -> str:
    """How ``data`` is packed: "gzip", "bzip2", "xz", "zstd" or "none"."""
    for name, (magic, _) in _FORMATS.items():
        if data.startswith(magic) and (name != "bzip2" or data.startswith(_BZIP2_BLOCKS, 4)):
            return name
    return "none"


def unpack(data: bytes, compression: str) -> bytes:
    """The unpacked bytes, of a file that is cut as many as there are. Raises UnpackError as ``unpacked`` does."""
    return unpacked(data, compression).data


def unpacked(data: bytes, compression: str, most: int | None = None) -> Unpacked:
    """The unpacked bytes and what is amiss with them; with ``most`` the first of them, at least so many if there are.

    Several packed streams one behind the other are one text, as their own tools read them. Bytes behind the last
    that are no stream are passed over, with a note unless they are zero.

    Raises UnpackError when the bytes are damaged, are cut before the first byte of content, or unpack to more than
    ``MAX_UNPACKED_BYTES`` or ``MAX_RATIO`` allow.
    """
    if compression == "none":
        if len(data) > bounds.MAX_UNPACKED_BYTES:
            raise UnpackError(_too_large("has", bounds.MAX_UNPACKED_BYTES, "MAX_UNPACKED_BYTES"))
        return Unpacked(data)
    unpacking = Unpacking(lambda start, end: data[start:end], len(data), compression)
    parts: list[bytes] = []
    for part in unpacking.parts():
        parts.append(part)
        if most is not None and unpacking.size >= most:
            return Unpacked(b"".join(parts))
    return Unpacked(b"".join(parts), unpacking.cut, unpacking.note)


class Unpacking:
    """One packed file of ``packed`` bytes, which ``read`` gives, on its way through a decompressor.

    ``size`` counts the bytes that have come out; ``cut`` and ``note`` say at the end what ``Unpacked`` does. A text
    that ``streams`` is held nowhere as a whole, and may be larger than one that is.
    """

    def __init__(self, read: Callable[[int, int], bytes], packed: int, compression: str, *, streams: bool = False):
        self._read, self._packed, self._name, self._streams = read, packed, compression, streams
        self._input = _STREAMED_INPUT if streams else _INPUT
        self._magic, self._make = _FORMATS[compression]
        self.size = 0
        self.cut: str | None = None
        self.note: str | None = None

    def parts(self) -> Iterator[bytes]:
        """The unpacked bytes in their order, some at a time; raises UnpackError as ``unpacked`` does, and as ``read``.

        To be asked for once.
        """
        place, stream = 0, self._make()
        while True:
            piece = self._read(place, min(place + self._input, self._packed)) if stream.needs_input else b""
            if stream.needs_input and not piece:
                self.cut = self._where_cut()
                return
            place += len(piece)
            yield self._step(stream, piece, place)
            if stream.eof:
                place -= len(stream.unused_data)
                if self._read(place, min(place + len(self._magic), self._packed)) != self._magic:
                    self.note = self._behind(place)
                    return
                stream = self._make()

    def _step(self, stream: _Decompressor, piece: bytes, place: int) -> bytes:
        try:
            part = stream.decompress(piece, _OUTPUT)
        except _DAMAGED as error:
            raise UnpackError(
                f"the {self._name} file is damaged near byte {place} of {self._packed} ({error}); fetch it again"
            ) from error
        self.size += len(part)
        what = f"the {self._name} file unpacks to"
        if self.size > bounds.MAX_UNPACKED_BYTES and not self._streams:
            raise UnpackError(_too_large(what, bounds.MAX_UNPACKED_BYTES, "MAX_UNPACKED_BYTES"))
        if self.size > max(bounds.RATIO_FREE_BYTES, bounds.MAX_RATIO * place):
            raise UnpackError(_too_packed(what, bounds.MAX_RATIO, "MAX_RATIO"))
        if self.size > max(bounds.MAX_UNPACKED_BYTES, bounds.MAX_TEXT_RATIO * place):
            raise UnpackError(_too_packed(what, bounds.MAX_TEXT_RATIO, "MAX_TEXT_RATIO"))
        return part

    def _where_cut(self) -> str:
        if not self.size:
            raise UnpackError(
                f"the {self._name} file is cut: it ends at byte {self._packed}, before the first byte of its "
                "content; fetch it again"
            )
        return (
            f"the {self._name} file is cut at its byte {self._packed}: {self.size} bytes could be unpacked, what "
            "follows is missing; fetch it again"
        )

    def _behind(self, place: int) -> str | None:
        steps = range(place, self._packed, _OUTPUT)
        if not any(self._read(start, min(start + _OUTPUT, self._packed)).strip(b"\x00") for start in steps):
            return None
        behind = self._packed - place
        return f"{behind} bytes behind the end of the {self._name} data, from byte {place}, are passed over"


def _too_packed(what: str, bound: int, name: str) -> str:
    return f"{what} more than {bound} times its size ({name}), as no text does; unpack it by hand if you trust it"


def _too_large(what: str, bound: int, name: str) -> str:
    return f"{what} more than {bound} bytes ({name}); split it into smaller files, or raise the bound if you trust it"
