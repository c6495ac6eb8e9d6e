"""Shelves on a disk, for what is too much for memory. Not here: what is put on them (``link``)."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.link.shelf import MemoryShelf, Numbers
from pipeline.objectstore import on_store
from pipeline.tables import StorageError
from schemas.arrow import to_frame

IN_MEMORY: Final = 1 << 26  # bytes
ROWS_IN_MEMORY: Final = 1 << 24


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{folder}: linking needs room for some kB a record there, which the disk refuses ({error}); "
            "free the disk, then run again. The tables published before stand."
        ) from error


class _OnDisk:
    """A hidden folder that is there when it is needed, and gone when the ``with`` block ends."""

    def __init__(self, folder: Path) -> None:
        self._parent = Path(tempfile.gettempdir()) if on_store(folder) else folder
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def folder(self) -> Path:
        """Where it is; it is made there."""
        with _room(self._parent):
            return self._path("").absolute()

    def _path(self, name: str) -> Path:
        if self._folder is None:
            self._parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix=".shelf-", dir=self._parent)
        return Path(self._folder.name, name)


@contextmanager
def row_store(folder: Path) -> Iterator["RowStore"]:
    """A store in a hidden folder below ``folder``, or where temporary files are; gone when the block ends."""
    with _OnDisk(folder) as place:
        yield RowStore(place.folder())


class DiskShelf(_OnDisk):
    """A shelf that keeps up to ``in_memory`` bytes in memory, and what is beyond that in files.

    The files are in a hidden folder below ``folder``, or where temporary files are if that is on an object store, and
    gone when the ``with`` block ends. Raises StorageError when the disk refuses.
    """

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        super().__init__(folder)
        self._left = in_memory
        self._memory = MemoryShelf()
        self._files: dict[str, Path] = {}

    def put(self, place: str, numbers: Numbers) -> None:
        """Add numbers to a place."""
        if place not in self._files and numbers.nbytes <= self._left:
            self._memory.put(place, numbers)
            self._left -= numbers.nbytes
            return
        with _room(self._parent), self._file(place).open("ab") as stream:
            numbers.tofile(stream)

    def take(self, place: str) -> Numbers:
        """All numbers of a place in the order in which they came; it is empty then."""
        held = self._memory.take(place)
        self._left += held.nbytes
        file = self._files.pop(place, None)
        if file is None:
            return held
        numbers = np.concatenate([held, np.fromfile(file, dtype=np.uint64)])
        file.unlink()
        return numbers

    def _file(self, place: str) -> Path:
        return self._files.setdefault(place, self._path(place.replace(" ", "-")))


class RowShelf(_OnDisk):
    """Takes rows for a place, some at a time, and gives them back together, once.

    Up to ``in_memory`` bytes are kept in memory, and what is beyond that in a file, as ``DiskShelf`` keeps it.
    """

    def __init__(self, folder: Path, in_memory: int = ROWS_IN_MEMORY) -> None:
        super().__init__(folder)
        self._most = in_memory
        self._bytes = 0
        self._memory: dict[int, list[pa.Table]] = {}
        self._file: dict[int, list[tuple[int, int]]] = {}

    def put(self, place: int, rows: pa.Table) -> None:
        """Add rows to a place; they are not copied, so that a slice keeps what it was cut from."""
        self._memory.setdefault(place, []).append(rows)
        self._bytes += rows.nbytes
        if self._bytes > self._most:
            self._spill()

    def take(self, place: int) -> pa.Table | None:
        """All rows of a place in the order in which they came, None where there are none; it is empty then."""
        parts = []
        if place in self._file:
            with self._path("rows").open("rb") as stream:
                for start, size in self._file.pop(place):
                    stream.seek(start)
                    parts.append(pa.ipc.open_stream(stream.read(size)).read_all())
        parts += self._memory.pop(place, [])
        return pa.concat_tables(parts).combine_chunks() if parts else None

    def _spill(self) -> None:
        with _room(self._parent), self._path("rows").open("ab") as stream:
            for place, parts in self._memory.items():
                rows = pa.concat_tables(parts).combine_chunks()
                start = stream.tell()
                with pa.ipc.new_stream(stream, rows.schema) as written:
                    written.write_table(rows)
                self._file.setdefault(place, []).append((start, stream.tell() - start))
        self._memory.clear()
        self._bytes = 0


@dataclass(frozen=True)
class RowStore:
    """Shelves and rows in a folder that is there as long as they are asked for, whichever process fills them."""

    folder: Path

    def shelf(self) -> RowShelf:
        """A new shelf, for a ``with`` block."""
        return RowShelf(self.folder)

    def listed(self, parts: Iterable[pa.Table]) -> "RowFile":
        """The rows of all parts, in a file; raises StorageError when the disk refuses."""
        path = self.folder / "listed"
        places, end = [(0, 0)], 0
        with _room(self.folder), path.open("wb") as stream:
            for rows in parts:
                with pa.ipc.new_stream(stream, rows.schema) as written:
                    written.write_table(rows.combine_chunks())
                end += len(rows)
                places.append((end, stream.tell()))
        return RowFile(path, tuple(places))


@dataclass(frozen=True)
class RowFile:
    """Rows in a file, in parts; ``ends`` has for each part how many rows and bytes there are to its end, from 0 on."""

    path: Path
    ends: tuple[tuple[int, int], ...]

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of all rows, some rows at a time."""
        for number in range(len(self.ends) - 1):
            yield to_frame(self._read(number).select(list(columns)))

    def some(self, name: str, rows: npt.NDArray[Any]) -> Iterator[tuple[npt.NDArray[np.int64], pd.Series]]:
        """A column of some rows, part by part: places in ``rows``, and the values."""
        order = np.argsort(rows, kind="stable")
        ordered = rows[order]
        cuts = np.searchsorted(ordered, [end for end, _ in self.ends])
        for number in np.flatnonzero(np.diff(cuts)).tolist():
            start, end = cuts[number], cuts[number + 1]
            at = pa.array(ordered[start:end] - self.ends[number][0])
            yield order[start:end], to_frame(self._read(number).select([name]).take(at))[name]

    def _read(self, number: int) -> pa.Table:
        start, end = self.ends[number][1], self.ends[number + 1][1]
        with self.path.open("rb") as stream:
            stream.seek(start)
            return pa.ipc.open_stream(stream.read(end - start)).read_all()
