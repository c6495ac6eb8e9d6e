"""Every source that one file of the raw folder holds: itself, or the members of the archive that it is.

A member is a source of its own, named ``archive.zip!/folder/name.txt`` as in the ``jar:`` addresses of Java. An
archive has a row itself only when there is something to say that is true of no single member: it is damaged, cut,
empty, or more than a bound allows.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.ingest import bounds
from pipeline.ingest.archives import Archive, open_archive
from pipeline.ingest.identify import identify
from pipeline.ingest.names import ARCHIVE_MARK
from pipeline.ingest.source import Source
from pipeline.ingest.unpacking import UnpackError, compression_of

Look = Callable[[str, bytes], Source]


@dataclass
class _Budget:
    """What may still be unpacked of one file."""

    left: int


def sources_of(path: str, data: bytes, look: Look = identify) -> Iterator[Source]:
    """What a file is: one source, or one for each member when it is an archive. Raises only what ``look`` does.

    ``path`` is the file's key; ``look`` says what one text is, from its path and its bytes.
    """
    yield from _sources(path, data, look, _Budget(bounds.MAX_ARCHIVE_BYTES), depth=0)


def _sources(path: str, data: bytes, look: Look, budget: _Budget, *, depth: int) -> Iterator[Source]:
    try:
        archive = open_archive(data)
    except UnpackError as error:
        yield _refused(path, str(error), data)
        return
    if archive is None:
        yield look(path, data)
    elif depth == bounds.MAX_DEPTH:
        yield _refused(path, f"is an archive inside {depth} archives, more than MAX_DEPTH; unpack the outer ones", data)
    else:
        yield from _members(path, data, archive, look, budget, depth=depth)


def _members(path: str, data: bytes, archive: Archive, look: Look, budget: _Budget, *, depth: int) -> Iterator[Source]:
    for entry in archive.entries:
        own = f"{path}{ARCHIVE_MARK}{entry.name}"
        try:
            content = archive.read(entry)
        except UnpackError as error:
            yield _refused(own, str(error))
            continue
        budget.left -= len(content)
        if budget.left < 0:
            yield _refused(
                path,
                f"its members unpack to more than {bounds.MAX_ARCHIVE_BYTES} bytes (MAX_ARCHIVE_BYTES): {entry.name} "
                "and what follows are not read; make several smaller archives of it",
                data,
            )
            return
        for source in _sources(own, content, look, budget, depth=depth + 1):
            yield _noted(source, entry.note)
    if archive.problem:
        yield _refused(path, f"{archive.problem}; its {len(archive.entries)} members before that are read", data)
    elif not archive.entries:
        yield replace(_refused(path, "has no members; fetch it again, or delete it", data), status="empty")


def _noted(source: Source, note: str | None) -> Source:
    return (
        source
        if note is None or source.status != "read"
        else replace(source, note="; ".join(filter(None, (note, source.note))))
    )


def _refused(path: str, why: str, data: bytes | None = None) -> Source:
    known = (None, None, "none")
    digest, size, compression = (
        known if data is None else (hashlib.sha256(data).hexdigest(), len(data), compression_of(data))
    )
    return Source(path, digest, size, compression, None, None, None, 0, "rejected", f"{path}: {why}")
