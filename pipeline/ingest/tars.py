"""Members of tar archives, of any age and dialect that tarfile reads, from unpacked bytes."""

import io
import tarfile
from collections.abc import Iterator
from typing import Final

from pipeline.ingest import bounds
from pipeline.ingest.members import Entry, Names, oversize, too_many
from pipeline.ingest.unpacking import UnpackError

_BROKEN: Final = (tarfile.TarError, OSError, EOFError, ValueError, OverflowError, RecursionError, LookupError)
_BLOCK: Final = 512


class _Header(tarfile.TarInfo):
    """A header that refuses sizes below zero, with which older Pythons go round in circles (CVE-2025-8194)."""

    def _block(self, count: int) -> int:
        if count < 0:
            raise tarfile.ReadError("a size below zero")
        return -(-count // _BLOCK) * _BLOCK


class TarMembers:
    """The members of a tar archive; ``problem`` says when the archive is cut or damaged behind them.

    ``cut`` is what unpacking said of the bytes. Raises UnpackError when no member can be told.
    """

    kind = "tar"

    def __init__(self, data: bytes, cut: str | None) -> None:
        self._data, self.problem = data, cut
        names, entries = Names(), []
        try:
            with _open(data) as archive:
                for number, info in enumerate(_headers(archive)):
                    if number == bounds.MAX_MEMBERS:
                        raise UnpackError(too_many("tar"))
                    if info.isdir():
                        continue
                    raw = info.name.encode("utf-8", "surrogateescape")
                    span = info.offset_data, info.offset_data + info.size
                    entries.append(names.entry(raw, span, _problem(info), _lacks(info, len(data))))
                self.problem = cut or _unended(data, archive.offset)
        except _BROKEN as error:
            self.problem = cut or f"the tar archive of {len(data)} bytes is cut or damaged ({error}); fetch it again"
        self.entries: tuple[Entry, ...] = tuple(entry for entry in entries if entry)
        if self.problem and not self.entries:
            raise UnpackError(self.problem)

    def read(self, span: tuple[int, int]) -> bytes:
        """The bytes of a member."""
        return self._data[slice(*span)]


def is_tar(data: bytes) -> bool:
    """Whether the bytes start with the header of a tar archive: its checksum holds."""
    try:
        _Header.frombuf(data[:_BLOCK], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError):
        return False
    return True


def _open(data: bytes) -> tarfile.TarFile:
    return tarfile.open(
        fileobj=io.BytesIO(data), mode="r:", tarinfo=_Header, encoding="utf-8", errors="surrogateescape"
    )


def _headers(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    before = -1
    while (info := archive.next()) is not None:
        if info.offset <= before:
            raise tarfile.ReadError("a member that lies before the one in front of it")
        before = info.offset
        yield info


def _problem(info: tarfile.TarInfo) -> str | None:
    if info.islnk() or info.issym():
        return "is a link and no file; put the text itself into the archive"
    if not info.isfile() or info.sparse is not None:
        return "is a device, a pipe or a file with holes, and no text; put the text itself into the archive"
    return oversize(info.size)


def _lacks(info: tarfile.TarInfo, size: int) -> str | None:
    missing = info.offset_data + info.size - size
    if missing <= 0:
        return None
    return f"the archive is cut inside of it: its last {missing} bytes are missing; fetch it again"


def _unended(data: bytes, place: int) -> str | None:
    """What is amiss behind the last member: two blocks of zero bytes should stand there."""
    if len(data) <= place:
        return f"the tar archive ends at byte {len(data)} without an end mark and may be cut; fetch it again"
    if data[place : place + _BLOCK].strip(b"\x00"):
        return f"the tar archive is damaged at byte {place}, where a header should be; fetch it again"
    return None
