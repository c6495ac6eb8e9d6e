"""Raw files on disk by their keys: where they are, what they hold, and whether somebody is still writing to them.

A key is the path below the raw folder, printable and valid as UTF-8 whatever the bytes of the name are, or that of a
member of an archive there (``archive.zip!/folder/name.txt``). Nothing is ever written. Not here: which files there
are (``storage``).
"""

import csv
import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.ingest import bounds
from pipeline.ingest.archives import Archive, open_archive
from pipeline.ingest.names import ARCHIVE_MARK, key_of, name_of
from pipeline.ingest.packed import PackedText
from pipeline.ingest.pieces import Read
from pipeline.ingest.unpacking import UnpackError
from pipeline.objectstore import look, on_store, read_object
from pipeline.tables import StorageError

FRESH_SECONDS: Final = 2.0
"""A file that was changed so short a time ago may still be written to."""

SETTLE_SECONDS: Final = 0.5
"""How long after the first look such files are looked at again."""


class BeingWrittenError(OSError):
    """A file that changed between two looks."""

    def __init__(self) -> None:
        super().__init__(
            f"is still being written: it changed between two looks {SETTLE_SECONDS} seconds apart; it is left for the "
            "next run"
        )


def keys_of_files(root: Path, folder: str, names: Iterable[str]) -> list[str]:
    """The keys of files in a folder below the root, or of the root itself."""
    below = Path(folder).relative_to(root).as_posix()
    return [key_of(os.fsencode(name if below == "." else f"{below}/{name}")) for name in names]


def place_of(root: Path, key: str) -> Path:
    """Where the file with a key is; raises OSError for a key that leads out of the folder."""
    return Path(_place(root, key))


def _place(root: Path, key: str) -> str:
    """The same as text, which is made many times as quickly."""
    name = os.fsdecode(name_of(key))
    if os.path.isabs(name) or (".." in name and ".." in Path(name).parts):  # noqa: PTH117
        raise OSError("leads out of the raw folder; give it a plain name")
    return os.path.join(root, name)  # noqa: PTH118


def _status(root: Path, key: str) -> os.stat_result:
    """What the disk says of a file: asked for all files, several times."""
    return os.stat(_place(root, key))  # noqa: PTH116


def identity_of(root: Path, key: str, now: float) -> str | None:
    """What is another one whenever the bytes of a plain file may be; None where that cannot be told.

    Size, times of change of bytes and of the file itself, and its number on the disk, as git looks at files: whoever
    sets the time back changes the other. A file that was changed a moment ago may be changed again within the tick of
    the disk's clock, and one of the future whenever its time comes. Windows does not say when a file was changed by
    whom sets its time back.
    """
    if on_store(root) or sys.platform == "win32":
        return None
    try:
        status = _status(root, key)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or now - max(status.st_mtime, status.st_ctime) < FRESH_SECONDS:
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_dev}:{status.st_ino}"


def read_file(root: Path, key: str) -> bytes:
    """The bytes of a file or of a member of an archive.

    Raises OSError when they cannot be had, also for pipes and devices and for more than ``MAX_FILE_BYTES``.
    """
    if on_store(root):
        return _read_stored(root, key)
    file = place_of(root, key)
    mark = key.find(ARCHIVE_MARK)
    while mark >= 0 and not os.path.lexists(file):
        archive = place_of(root, key[:mark])
        if archive.is_file():
            return _read_member(archive, key[mark + len(ARCHIVE_MARK) :])
        mark = key.find(ARCHIVE_MARK, mark + 1)
    _check(file)
    return file.read_bytes()


def size_of(root: Path, key: str) -> int | None:
    """The bytes of a plain file; None for anything else, which reading will say better."""
    if on_store(root):
        try:
            return look(root, object_of(key))[0]
        except FileNotFoundError:
            return None
    try:
        status = _status(root, key)
    except OSError:
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def reader(root: Path, key: str, compression: str = "none") -> Read:
    """Gives some of the bytes of a file that is no member, of any size, or of what is packed in it."""
    return partial(_read_range, root, key) if compression == "none" else partial(_read_packed, root, key, compression)


def _read_packed(root: Path, key: str, compression: str, start: int, end: int) -> bytes:
    stamp = look(root, object_of(key))[1] if on_store(root) else stamp_of(root, key)
    return _packed(root, key, compression, stamp).read(start, end)


@lru_cache(maxsize=1)  # places of one file are asked for, one behind the other
def _packed(root: Path, key: str, compression: str, stamp: str) -> PackedText:
    return PackedText(reader(root, key), size_of(root, key) or 0, compression)


def _read_range(root: Path, key: str, start: int, end: int) -> bytes:
    if on_store(root):
        return read_object(root, object_of(key), start, end)
    with place_of(root, key).open("rb") as stream:
        stream.seek(start)
        return stream.read(end - start)


def key_of_object(name: str) -> str:
    """The key of an object on a store, by its name below the raw folder."""
    return key_of(name.encode("utf-8", "surrogateescape"))


def object_of(key: str) -> str:
    """The name of the object with a key."""
    return name_of(key).decode("utf-8", "surrogateescape")


def _read_stored(root: Path, key: str) -> bytes:
    marks = [mark.start() for mark in re.finditer(re.escape(ARCHIVE_MARK), key)]
    for end in [len(key), *marks]:
        name = object_of(key[:end])
        try:
            size, stamp = look(root, name)
        except FileNotFoundError:
            if end == (marks or [len(key)])[-1]:
                raise
            continue
        _check_size(size)
        if end == len(key):
            return read_object(root, name)
        try:
            return _found(_opened_object(root, name, stamp), key[end + len(ARCHIVE_MARK) :])
        except UnpackError as error:
            raise OSError(str(error)) from error
    raise FileNotFoundError(f"{root}/{key}")


@dataclass(frozen=True)
class Fresh:
    """Files that were changed a moment ago, as they were at a first look, and when that was."""

    root: Path
    looks: Mapping[str, tuple[int, int]]
    since: float

    @classmethod
    def of(cls, root: Path, keys: Iterable[str]) -> "Fresh":
        """Those among some files; on a store an object appears when it is whole."""
        now = time.time()
        looks = ((key, look) for key in (() if on_store(root) else keys) if (look := _look(root, key)))
        fresh = {key: look for key, look in looks if abs(now - look[1] / 1e9) < FRESH_SECONDS}
        return cls(root, fresh, time.monotonic())

    def growing(self) -> set[str]:
        """Those that are being written to: looked at again, their size or time of change differs.

        Without such files it takes no time; else what is left of the time between the two looks.
        """
        if self.looks:
            time.sleep(max(0.0, self.since + SETTLE_SECONDS - time.monotonic()))
        return {key for key, look in self.looks.items() if _look(self.root, key) != look}


def _look(root: Path, key: str) -> tuple[int, int] | None:
    """Size and time of change; None where they cannot be had, which reading will say better."""
    try:
        status = _status(root, key)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def stamp_of(root: Path, key: str) -> str:
    """Size and time of change of one file, or why they cannot be had."""
    try:
        status = _status(root, key)
    except OSError as error:
        return str(error)
    return f"{status.st_size} {status.st_mtime_ns}"


def _check(file: Path) -> os.stat_result:
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("is no regular file but a folder, pipe or device; take it out of the raw folder")
    _check_size(status.st_size)
    return status


def _check_size(size: int) -> None:
    if size > bounds.MAX_FILE_BYTES:
        raise OSError(f"has {size} bytes, more than {bounds.MAX_FILE_BYTES} (MAX_FILE_BYTES); split it")


def _read_member(file: Path, name: str) -> bytes:
    status = _check(file)
    try:
        return _found(_opened(file, status.st_size, status.st_mtime_ns), name)
    except UnpackError as error:
        raise OSError(str(error)) from error


def _found(archive: Archive | None, name: str) -> bytes:
    if archive is None:
        raise OSError("is in an archive that is none any more; look at what became of it and run again")
    return archive.find(name)


@lru_cache(maxsize=1)  # members are asked for one after the other, and some archives must be unpacked as a whole
def _opened(file: Path, size: int, changed: int) -> Archive | None:
    return open_archive(file.read_bytes())


@lru_cache(maxsize=1)
def _opened_object(root: Path, name: str, stamp: str) -> Archive | None:
    return open_archive(read_object(root, name))


def numbered_rows(file: Path, columns: list[str]) -> pd.DataFrame:
    """The rows of a CSV that people write, as texts, with ``row_no``; no rows where there is no such file.

    The last column may be left out of a row. Raises StorageError when it is no CSV with these columns.
    """
    if not file.exists():
        return pd.DataFrame(columns=["row_no", *columns])
    try:
        data = file.read_bytes()
        rows = pd.read_csv(BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StorageError(f"{file}: cannot be read as CSV in UTF-8 ({error}); mend or remove it") from error
    if list(rows.columns) != columns:
        raise StorageError(f"{file}: its columns are {list(rows.columns)}, and must be {columns}; mend the first line")
    _whole_rows(file, data.decode(), columns)
    return rows.assign(row_no=range(1, len(rows) + 1))


def _whole_rows(file: Path, text: str, columns: list[str]) -> None:
    """Raises StorageError for a row that ends early: what it does not say would be read as an empty text."""
    reader = csv.reader(StringIO(text, newline=""))
    try:
        short = next((cells for cells in reader if cells and len(cells) < len(columns) - 1), None)
    except csv.Error as error:
        raise StorageError(f"{file}: line {reader.line_num} is no CSV ({error}); mend it") from error
    if short:
        raise StorageError(
            f"{file}: line {reader.line_num} is {','.join(short)!r}, which has {len(short)} of the values "
            f"{', '.join(columns)}; write them all, an empty one as nothing between two commas"
        )
