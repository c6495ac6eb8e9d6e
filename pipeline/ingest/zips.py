"""Members of zip archives. Bounds hold before anything large is made: the list of members is looked at first."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from typing import Final

from pipeline.ingest import bounds
from pipeline.ingest.members import Entry, Names, overpacked, oversize, too_many
from pipeline.ingest.unpacking import UnpackError

_BROKEN: Final = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
# Formats that are zip archives of parts that only their programs understand start with one of these members.
_DOCUMENTS: Final = (b"[Content_Types].xml", b"mimetype", b"META-INF/", b"_rels/")


class ZipMembers:
    """The members of a zip archive that is open in memory; raises UnpackError when it has none that can be told."""

    kind = "zip"
    problem: str | None = None

    def __init__(self, data: bytes) -> None:
        _check_directory(data)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise UnpackError(f"the zip archive is damaged ({error}); fetch it again") from error
        infos = self._archive.infolist()
        if len(infos) > bounds.MAX_MEMBERS:
            raise UnpackError(too_many("zip"))
        names = Names()
        entries = (names.entry(_name(info), info, _problem(info)) for info in infos if not info.filename.endswith("/"))
        self.entries: tuple[Entry, ...] = tuple(entry for entry in entries if entry)

    def read(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of a member; raises UnpackError when they cannot be had or are more than the bounds allow."""
        # zipfile bounds what a step unpacks for deflate only, so steps of the others are small
        step = 1 << 20 if info.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} else 4096
        parts, size = [], 0
        try:
            with self._archive.open(info) as member:
                while part := member.read(step):
                    parts.append(part)
                    size += len(part)
                    if problem := oversize(size) or overpacked(size, info.compress_size):
                        raise UnpackError(problem)
        except _BROKEN as error:
            raise UnpackError(f"is damaged in the archive ({error}); fetch the archive again") from error
        return b"".join(parts)


def is_zip(data: bytes) -> bool:
    """Whether the bytes start like a zip archive that is no document of Word, Excel, OpenDocument, EPUB or the like."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06")) and not data.startswith(_DOCUMENTS, 30)


def _check_directory(data: bytes) -> None:
    """Look at the list of members before anything is made of it: it may be missing, or made to fill the memory."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or len(data) < end + 22:
        raise UnpackError("the zip archive is cut: its list of members, at its end, is missing; fetch it again")
    size = struct.unpack_from("<I", data, end + 12)[0]
    long_end = data.rfind(b"PK\x06\x06", 0, end)
    if size == 0xFFFFFFFF and long_end >= 0:  # zip64
        size = struct.unpack_from("<Q", data.ljust(long_end + 48), long_end + 40)[0]
    if size > bounds.MAX_DIRECTORY_BYTES:
        raise UnpackError(
            f"the zip archive has a list of members of {size} bytes, more than {bounds.MAX_DIRECTORY_BYTES} "
            "(MAX_DIRECTORY_BYTES); unpack it by hand if you trust it"
        )


def _name(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes. Names that do not say that they are UTF-8 often are; zipfile reads them as cp437."""
    if info.flag_bits & 0x800:
        return info.filename.encode("utf-8", "surrogatepass")
    try:
        return info.filename.encode("cp437")
    except UnicodeEncodeError:  # the extra field had it in Unicode
        return info.filename.encode("utf-8", "surrogatepass")


def _problem(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16
    if info.flag_bits & 1:
        return "is encrypted; decrypt the archive and put the texts here"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "is a link or a device and no file; put the text itself into the archive"
    return oversize(info.file_size)
