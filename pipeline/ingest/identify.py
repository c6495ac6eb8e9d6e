"""What one file is: packed or not, text or not, its encoding and line ends, and the verdict with its reason.

Decisions only; the means are in ``unpacking``, ``filetypes``, ``encodings`` and ``reading``.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipeline.ingest import bounds
from pipeline.ingest.encodings import Encoding, NoTextError, encoding_of
from pipeline.ingest.filetypes import file_type
from pipeline.ingest.legacy import Price, decodes
from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.reading import bom_of, count_lines, line_spans, newline_of
from pipeline.ingest.source import Source
from pipeline.ingest.unpacking import Unpacked, UnpackError, compression_of, unpack, unpacked

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


def identify(path: str, data: bytes, price: Price | None = None) -> Source:
    """What the file at ``path`` is, from its bytes; as ``identified``, without its text."""
    return identified(path, data, price)[0]


def identified(path: str, data: bytes, price: Price | None = None) -> tuple[Source, str | None]:
    """What the file at ``path`` is, from its bytes as they are on disk. Never raises: what is wrong is in ``reason``.

    ``path`` is the key and goes into the messages; nothing is read from it. ``price`` is a model of text
    (``pipeline.repair.plausible.price``), which tells legacy encodings better than their alphabets do. An archive is
    refused here; ``sources_of`` looks at its members.

    With it the whole text, its line ends as they are, of a file that is read and is UTF-8 without a flaw.
    """
    digest, compression = hashlib.sha256(data).hexdigest(), compression_of(data)

    def verdict(status: str, why: str, found: Encoding | None = None) -> tuple[Source, None]:
        encoding, known = (found.name, found.known) if found else (None, None)
        return Source(path, digest, len(data), compression, encoding, known, None, 0, status, f"{path}: {why}"), None

    try:
        whole = unpacked(data, compression)
    except UnpackError as error:
        return verdict("rejected", str(error))
    text = whole.data
    if not text:
        return verdict("empty", "has no bytes; fetch it again, or delete it if there is nothing to fetch")
    try:
        found = _encoding(text, price)
    except NoTextError as error:
        return verdict("rejected", str(error))
    if _is_blank(text, found):
        return verdict(
            "empty", "has nothing but white space; fetch it again, or delete it if there is nothing to fetch", found
        )
    newline, note = newline_of(text, found.name), "; ".join(_notes(whole, found)) or None
    source = Source(
        path,
        digest,
        len(data),
        compression,
        found.name,
        found.known,
        newline,
        count_lines(text, found.name),
        "read",
        None,
        note,
        found.lines,
    )
    return source, found.text


def bounded(source: Source, data: bytes) -> Source:
    """The source as it is, or refused when one of its lines is longer than ``MAX_LINE_BYTES``.

    Repair and layouts look at a line as a whole, for seconds a megabyte. Not for exports: there a value is what is
    looked at, and all of them may stand on one line.
    """
    if source.status != "read" or source.encoding is None:
        return source
    text = data if source.compression == "none" else unpack(data, source.compression)
    if len(text) <= bounds.MAX_LINE_BYTES:
        return source
    sizes = [end - start for start, end in line_spans(text, source.encoding)]
    if max(sizes) <= bounds.MAX_LINE_BYTES:
        return source
    why = (
        f"line {sizes.index(max(sizes)) + 1} has {max(sizes)} bytes, more than {bounds.MAX_LINE_BYTES} "
        "(MAX_LINE_BYTES), as no line of a listing has; put line ends into it if it is one"
    )
    return replace(
        source,
        status="rejected",
        reason=f"{source.path}: {why}",
        newline=None,
        line_count=0,
        note=None,
        encoding_lines=None,
    )


def _encoding(text: bytes, price: Price | None) -> Encoding:
    if kind := file_type(text):
        raise NoTextError(
            f"is no text but a {kind}; take the text out of it with a program for that and put the text here"
        )
    return encoding_of(text, price)


def _is_blank(data: bytes, found: Encoding) -> bool:
    """Whether nothing would be seen on paper. Several codecs there are only where something is written."""
    if found.lines:
        return False
    text = data.decode(found.name, "replace") if found.text is None else found.text
    text = text.removeprefix("\ufeff") if bom_of(data, found.name) else text
    return not text.strip().strip(_INVISIBLE).strip()


def _notes(whole: Unpacked, found: Encoding) -> Iterator[str]:
    """What is amiss in bytes that are read all the same."""
    data = whole.data
    if whole.cut:
        spans = list(line_spans(data, found.name))
        ended = spans[-1][1] < len(data)
        yield whole.cut + ("" if ended else f", and its last line ({len(spans)}) is not whole")
    if whole.note:
        yield whole.note
    if found.note:
        yield found.note
    if b"\x00" in data and not found.name.startswith(("utf-16", "utf-32")):
        yield f"has {data.count(0)} NUL bytes, the first at byte {data.index(0)}; repair takes them out of its lines"
    if found.text is not None or (not found.lines and decodes(data, found.name)):
        return
    spans = list(line_spans(data, found.name))
    codecs = codecs_of_lines(found.name, found.lines, len(spans))
    errors = [
        (start + error.start, error, shown)
        for (start, end), codec in zip(spans, codecs, strict=True)
        if (error := _flaw(data[start:end], codec))
        for shown in [data[start:end].decode(codec, "replace").count("\ufffd")]
    ]
    if errors:
        place, error, _ = errors[0]
        yield (
            f"not valid {error.encoding} at byte {place} of the unpacked file ({error.reason}): broken bytes stand in "
            f"the text as U+FFFD, {sum(shown for _, _, shown in errors)} in all; fetch the file again if they matter"
        )


def _flaw(data: bytes, codec: str) -> UnicodeDecodeError | None:
    try:
        data.decode(codec)
    except UnicodeDecodeError as error:
        return error
    return None


def unreadable(path: str, error: OSError) -> Source:
    """The row of a file, or a folder, whose bytes could not be had; ``error`` is what the reading raised."""
    # the system's errors have numbers, those of this project say all themselves
    why = (
        str(error)
        if error.errno is None and str(error)
        else next(
            (remedy for kind, remedy in _REMEDIES.items() if isinstance(error, kind)),
            f"cannot be read ({error.strerror or error}); look at the disk and run again",
        )
    )
    return Source(path, None, None, "none", None, None, None, 0, "rejected", f"{path}: {why}")
