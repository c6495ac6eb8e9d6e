"""Unpacking gzip, bzip2, xz and Zstandard: in steps, with bounds, and with what is left of a file that is cut.

A file that is cut gives what could be unpacked, and says so: what comes out before the cut is what went in. A file
that is damaged is refused, because what comes out of it may be anything. Archives with members are in ``archives``.
"""

import bz2
import lzma
import sys
import zlib
from collections.abc import Callable
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
    return _Unpacking(data, compression, most).run()


class _Unpacking:
    """One file on its way through a decompressor."""

    def __init__(self, data: bytes, compression: str, most: int | None) -> None:
        self._data, self._name, self._most = data, compression, most
        self._magic, self._make = _FORMATS[compression]
        self._parts: list[bytes] = []
        self._size = 0

    def run(self) -> Unpacked:
        place, stream = 0, self._make()
        while self._most is None or self._size < self._most:
            piece = self._data[place : place + _INPUT] if stream.needs_input else b""
            if stream.needs_input and not piece:
                return self._cut()
            place += len(piece)
            self._step(stream, piece, place)
            if stream.eof:
                place -= len(stream.unused_data)
                rest = self._data[place : place + len(self._magic)]
                if rest != self._magic:
                    return Unpacked(b"".join(self._parts), None, self._behind(place))
                stream = self._make()
        return Unpacked(b"".join(self._parts))

    def _step(self, stream: _Decompressor, piece: bytes, place: int) -> None:
        try:
            self._parts.append(stream.decompress(piece, _OUTPUT))
        except _DAMAGED as error:
            raise UnpackError(
                f"the {self._name} file is damaged near byte {place} of {len(self._data)} ({error}); fetch it again"
            ) from error
        self._size += len(self._parts[-1])
        if self._size > bounds.MAX_UNPACKED_BYTES:
            raise UnpackError(
                _too_large(f"the {self._name} file unpacks to", bounds.MAX_UNPACKED_BYTES, "MAX_UNPACKED_BYTES")
            )
        if self._size > max(bounds.RATIO_FREE_BYTES, bounds.MAX_RATIO * place):
            raise UnpackError(
                f"the {self._name} file unpacks to more than {bounds.MAX_RATIO} times its size (MAX_RATIO), as no text "
                "does; unpack it by hand if you trust it"
            )

    def _cut(self) -> Unpacked:
        if not self._size:
            raise UnpackError(
                f"the {self._name} file is cut: it ends at byte {len(self._data)}, before the first byte of its "
                "content; fetch it again"
            )
        return Unpacked(
            b"".join(self._parts),
            f"the {self._name} file is cut at its byte {len(self._data)}: {self._size} bytes could be unpacked, what "
            "follows is missing; fetch it again",
        )

    def _behind(self, place: int) -> str | None:
        behind = len(self._data) - place
        if self._data.count(0, place) == behind:
            return None
        return f"{behind} bytes behind the end of the {self._name} data, from byte {place}, are passed over"


def _too_large(what: str, bound: int, name: str) -> str:
    return f"{what} more than {bound} bytes ({name}); split it into smaller files, or raise the bound if you trust it"
