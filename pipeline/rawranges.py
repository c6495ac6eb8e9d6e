"""Some of the bytes of a raw file, of any size: of a plain one, of a member of an archive, or of what is packed in one.

Members are held in memory as a whole, as their archive is; what is packed is unpacked on the way.
"""

import re
from functools import lru_cache, partial
from pathlib import Path

from pipeline.ingest.names import ARCHIVE_MARK
from pipeline.ingest.packed import PackedText
from pipeline.ingest.pieces import Read
from pipeline.objectstore import look, on_store, read_object
from pipeline.rawfiles import look_at, object_of, place_of, read_file, size_of


def reader(root: Path, key: str, compression: str = "none") -> Read:
    """Gives bytes from a place up to another, unpacked where they are packed; OSError when they cannot be had."""
    return partial(_plain, root, key) if compression == "none" else partial(_packed, root, key, compression)


def _plain(root: Path, key: str, start: int, end: int) -> bytes:
    try:
        if on_store(root):
            return read_object(root, object_of(key), start, end)
        with place_of(root, key).open("rb") as stream:
            stream.seek(start)
            return stream.read(end - start)
    except (FileNotFoundError, NotADirectoryError):
        if ARCHIVE_MARK not in key:
            raise
        return _member(root, key, _stamp(root, key))[start:end]


def _packed(root: Path, key: str, compression: str, start: int, end: int) -> bytes:
    return _text(root, key, compression, _stamp(root, key)).read(start, end)


@lru_cache(maxsize=1)  # places of one file are asked for, one behind the other
def _text(root: Path, key: str, compression: str, stamp: str) -> PackedText:
    size = size_of(root, key)
    return PackedText(reader(root, key), len(_member(root, key, stamp)) if size is None else size, compression)


@lru_cache(maxsize=1)
def _member(root: Path, key: str, stamp: str) -> bytes:
    return read_file(root, key)


def _stamp(root: Path, key: str) -> str:
    """What the disk or store says of a file, or of the archive that has it as a member."""
    for end in (len(key), *(mark.start() for mark in re.finditer(re.escape(ARCHIVE_MARK), key))):
        if not on_store(root):
            found = look_at(root, key[:end])
            if found:
                return str(found)
            continue
        try:
            return look(root, object_of(key[:end]))[1]
        except FileNotFoundError:
            continue
    raise FileNotFoundError(f"{root}/{key}")
