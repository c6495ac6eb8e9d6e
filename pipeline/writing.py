"""One Parquet file as it is written: whole or not at all, a batch of files at a time, with what the footer says.

Not here: which tables a set has, and how they are read back (``tables``).
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.footers import BATCHES, Part
from pipeline.objectstore import Upload, mishaps, on_store
from pipeline.splice import Sink, Source
from schemas import Table
from schemas.arrow import to_arrow

_GROUP_ROWS = 1024 * 1024  # pyarrow's own bound of a row group


class StorageError(Exception):
    """A folder or file that cannot be read or written; the message names it and says what to do."""


class MisplacedError(StorageError):
    """A folder that cannot be there, whatever the disk allows: part of its name is a file, or is too long."""


@dataclass
class TableWriter:
    """Takes the rows of one table a batch of files at a time; memory holds one batch."""

    target: Path
    table: Table
    parquet: pq.ParquetWriter
    sink: Sink
    rows: int = 0
    _batches: list[Part] = field(default_factory=list)
    _groups: int = 0
    _moved: int = 0

    def append(self, frame: pd.DataFrame, files: Sequence[str] = (), key: str = "") -> None:
        """Write the rows of a batch; ``files`` are the paths in it, sorted, where the table is written by files."""
        self.append_arrow(to_arrow(frame, self.parquet.schema), files, key)

    def append_arrow(self, rows: pa.Table, files: Sequence[str] = (), key: str = "") -> None:
        """The same for rows that were read as Arrow has them."""
        start = self._groups
        if len(rows):
            with disk(self.target):
                self.parquet.write_table(rows)
            self._groups += -(-len(rows) // _GROUP_ROWS)
            self.rows += len(rows)
        if files:
            self._batches.append(Part(files[0], files[-1], start, self._groups, key))

    def move(self, source: Source, part: Part) -> None:
        """Write the rows of a batch as another file of the same table and the same writer has them: as its bytes."""
        start = self._groups
        with disk(self.target):
            self.sink.put(source, part.start, part.end, start - self._moved)
        self._groups += part.end - part.start
        self._moved += part.end - part.start
        self.rows += source.rows(part.start, part.end)
        if part.first:
            self._batches.append(Part(part.first, part.last, start, self._groups, part.key))

    def close(self) -> None:
        """Write the footer, and in it the row groups in which the rows of which files are."""
        if self._batches:
            self.parquet.add_key_value_metadata({BATCHES.decode(): json.dumps(self._batches, ensure_ascii=False)})
        self.sink.finish(self.parquet.close)


@contextmanager
def whole(target: Path) -> Iterator[IO[bytes]]:
    """A stream to a file that is there when the block has ended well, whole, and not at all when it has not."""
    if on_store(target):
        with disk(target):
            upload = Upload(target)
        with closing(upload):
            yield upload.stream
            with disk(target):
                upload.complete()
        return
    draft = target.with_name(f".{target.name}.draft")
    try:
        with disk(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            opened = draft.open("wb")
        try:
            yield opened
            with disk(target):
                opened.flush()
                os.fsync(opened.fileno())
        finally:
            with disk(target):  # what could not be written is tried once more
                opened.close()
        with disk(target):
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def disk(target: Path) -> Iterator[None]:
    """What the disk refuses in the block, as StorageError."""
    try:
        with mishaps():
            yield
    except OSError as error:
        raise StorageError(
            f"{target}: cannot be written ({error}); free the disk or mend the folder's rights, "
            "then run again. The tables published before stand."
        ) from error
