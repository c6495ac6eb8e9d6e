"""A shelf on a disk, for what is too much for memory. Not here: what is put on it (``link``)."""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from pipeline.link.shelf import MemoryShelf, Numbers
from pipeline.objectstore import on_store
from pipeline.tables import StorageError

IN_MEMORY: Final = 1 << 28  # bytes


class DiskShelf:
    """A shelf that keeps up to ``in_memory`` bytes in memory, and what is beyond that in files.

    The files are in a hidden folder below ``folder``, or where temporary files are if that is on an object store, and
    gone when the ``with`` block ends. Raises StorageError when the disk refuses.
    """

    def __init__(self, folder: Path, in_memory: int = IN_MEMORY) -> None:
        self._parent = Path(tempfile.gettempdir()) if on_store(folder) else folder
        self._left = in_memory
        self._memory = MemoryShelf()
        self._files: dict[str, Path] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def put(self, place: str, numbers: Numbers) -> None:
        """Add numbers to a place."""
        if place not in self._files and numbers.nbytes <= self._left:
            self._memory.put(place, numbers)
            self._left -= numbers.nbytes
            return
        try:
            with self._file(place).open("ab") as stream:
                numbers.tofile(stream)
        except OSError as error:
            raise StorageError(
                f"{self._parent}: linking needs room for some kB a record there, which the disk refuses ({error}); "
                "free the disk, then run again. The tables published before stand."
            ) from error

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
        if self._folder is None:
            self._parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(prefix=".shelf-", dir=self._parent)
        return self._files.setdefault(place, Path(self._folder.name, place.replace(" ", "-")))
