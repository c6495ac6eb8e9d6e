"""What one file is: packed or not, text or not, its encoding and line ends, and the verdict with its reason.

Decisions only; the means are in ``unpacking``, ``filetypes``, ``encodings`` and ``reading``.
"""

import hashlib
from typing import Final

from pipeline.ingest.encodings import NoTextError, encoding_of
from pipeline.ingest.filetypes import file_type
from pipeline.ingest.reading import bom_of, line_spans, newline_of
from pipeline.ingest.source import Source
from pipeline.ingest.unpacking import UnpackError, compression_of, unpack

_REMEDIES: Final = {
    PermissionError: "no permission to read it; allow it (chmod u+r, for a folder chmod u+rx) or take it out of the "
    "raw folder",
    FileNotFoundError: "vanished between the listing of the folder and the reading; put it back and run again, if it "
    "is still wanted",
    IsADirectoryError: "is a folder and not a file; give its files a place below the raw folder",
    NotADirectoryError: "a part of the path is no folder; look at what became of it and run again",
}
# What is left of a text when no one would see anything on paper.
_INVISIBLE: Final = "\ufeff\u200b\u2060\x00"


def identify(path: str, data: bytes) -> Source:
    """What the file at ``path`` is, from its bytes as they are on disk. Never raises: what is wrong is in ``reason``.

    ``path`` is the key and goes into the messages; nothing is read from it.
    """
    digest, compression = hashlib.sha256(data).hexdigest(), compression_of(data)

    def verdict(status: str, why: str, encoding: str | None = None, known: str | None = None) -> Source:
        return Source(path, digest, len(data), compression, encoding, known, None, 0, status, f"{path}: {why}")

    try:
        unpacked = unpack(data, compression)
    except UnpackError as error:
        return verdict("rejected", str(error))
    if not unpacked:
        return verdict("empty", "has no bytes; fetch it again, or delete it if there is nothing to fetch")
    if kind := file_type(unpacked):
        return verdict(
            "rejected",
            f"is no text but a {kind}; take the text out of it with a program for that and put the text here",
        )
    try:
        encoding, known = encoding_of(unpacked)
    except NoTextError as error:
        return verdict("rejected", str(error))
    if not unpacked[len(bom_of(unpacked, encoding)) :].decode(encoding, "replace").strip().strip(_INVISIBLE).strip():
        return verdict(
            "empty",
            "has nothing but white space; fetch it again, or delete it if there is nothing to fetch",
            encoding,
            known,
        )
    lines = sum(1 for _ in line_spans(unpacked, encoding))
    newline, note = newline_of(unpacked, encoding), _note(unpacked, encoding)
    return Source(path, digest, len(data), compression, encoding, known, newline, lines, "read", None, note)


def _note(data: bytes, encoding: str) -> str | None:
    """What is amiss in bytes that are read all the same: where they are not what their codec wants."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        shown = data.decode(encoding, "replace").count("\ufffd")
        return (
            f"not valid {encoding} at byte {error.start} of the unpacked file ({error.reason}): "
            f"broken bytes stand in the text as U+FFFD, {shown} in all; fetch the file again if they matter"
        )
    return None


def unreadable(path: str, error: OSError) -> Source:
    """The row of a file, or a folder, whose bytes could not be had; ``error`` is what the reading raised."""
    why = next(
        (remedy for kind, remedy in _REMEDIES.items() if isinstance(error, kind)),
        f"cannot be read ({error.strerror or error}); look at the disk and run again",
    )
    return Source(path, None, None, "none", None, None, None, 0, "rejected", f"{path}: {why}")
