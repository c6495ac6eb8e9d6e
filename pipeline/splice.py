"""Row groups of Parquet files, moved from one file to another as bytes: nothing is decoded, compressed or encoded.

Nothing inside a row group says where in the file it stands; the footer does, and is put right here. So a file of
moved row groups is, byte for byte, the one that would have been written from their rows. Not here: which rows may be
moved (``engine.reuse``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from pipeline import thrift
from pipeline.objectstore import filesystem
from pipeline.thrift import Struct

_MAGIC: Final = b"PAR1"
_TAIL: Final = 8
_AT_ONCE: Final = 1 << 20  # bytes that are copied
# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData (apache/parquet-format, parquet.thrift).
_ROWS, _GROUPS = 3, 4
_COLUMNS, _GROUP_ROWS, _GROUP_OFFSET, _ORDINAL = 1, 3, 5, 7
_CHUNK_OFFSET, _CHUNK_META, _INDEXES = 2, 3, (4, 6)
_AS_DEEP_AS_PLACES: Final = 3  # a row group, a chunk in it, and that one's metadata; what is inside those stays bytes
_BYTES, _DATA, _INDEX, _DICTIONARY, _BLOOM = 7, 9, 10, 11, 14
_PLACES: Final = frozenset((_DATA, _INDEX, _DICTIONARY))


class FooterError(Exception):
    """A footer that is none, or that says what cannot be moved."""


class Sink:
    """What a Parquet writer writes to: a stream between whose row groups others are put, and whose footer is put right.

    The writer counts the bytes that it has written itself, and knows nothing of others.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.closed = False
        self._stream = stream
        self._caught: bytearray | None = None
        self._moved: list[_Moved] = []

    def write(self, data: Any) -> int:
        """Write; at the end of the file, keep back."""
        if self._caught is not None:
            self._caught += data
            return len(data)
        return self._stream.write(data)

    def flush(self) -> None:
        """Nothing, and so is ``close``: the stream belongs to whoever opened it."""

    def close(self) -> None:
        """Nothing."""

    def put(self, source: "Source", start: int, end: int, own: int) -> None:
        """Move some row groups of another file here, behind so many that the writer has written."""
        if start < end:
            groups, size = source.move(start, end, self._stream)
            self._moved.append(_Moved(own, groups, size))

    def finish(self, close: Callable[[], object]) -> None:
        """Let the writer close, which writes its footer, and put the row groups into that which it does not know."""
        if not self._moved:
            close()
            return
        self._caught = bytearray()
        close()
        self._stream.write(_footer(bytes(self._caught), self._moved))
        self._caught = None


@dataclass(frozen=True)
class _Moved:
    """Row groups that stand behind ``own`` of the writer's, as the footer is to have them, and their bytes."""

    own: int
    groups: list[Struct]
    size: int


@dataclass(frozen=True)
class Source:
    """A Parquet file whose row groups are moved."""

    path: Path
    groups: list[Struct]

    @classmethod
    def of(cls, path: Path) -> "Source":
        """A file by its footer; raises OSError when it cannot be read, FooterError when it is no Parquet."""
        with _opened(path) as stream:
            end = _seek_footer(stream)
            data = stream.read()
        try:
            groups: list[Struct] = thrift.read(data, _AS_DEEP_AS_PLACES).get(_GROUPS)[1]
        except (ValueError, IndexError, TypeError) as error:
            raise FooterError(f"its footer cannot be read: {error}") from error
        if groups and _end(groups[-1]) != end:
            raise FooterError("its footer is of a longer or a shorter file")
        return cls(path, groups)

    def rows(self, start: int, end: int) -> int:
        """The rows of some row groups."""
        return sum(group.get(_GROUP_ROWS) for group in self.groups[start:end])

    def move(self, start: int, end: int, stream: IO[bytes]) -> tuple[list[Struct], int]:
        """Copy the bytes of some row groups to where a stream is; returns what a footer is to say of them, and how many
        bytes they are.
        """
        first, last = _start(self.groups[start]), _end(self.groups[end - 1])
        shift = stream.tell() - first
        with _opened(self.path) as own:
            own.seek(first)
            for place in range(first, last, _AT_ONCE):
                stream.write(own.read(min(_AT_ONCE, last - place)))
        if stream.tell() != last + shift:
            raise FooterError("it ends before its footer says")
        return [_shifted(group, shift) for group in self.groups[start:end]], last - first


def same_rows(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes before their footers; raises OSError and FooterError as ``Source.of``."""
    with _opened(one) as left, _opened(other) as right:
        end = _seek_footer(left)
        if _seek_footer(right) != end:
            return False
        left.seek(0)
        right.seek(0)
        sizes = (min(_AT_ONCE, end - place) for place in range(0, end, _AT_ONCE))
        return all(left.read(size) == right.read(size) for size in sizes)


def _seek_footer(stream: IO[bytes]) -> int:
    """Go to where the footer starts, and return where that is."""
    try:
        stream.seek(-_TAIL, 2)
        tail = stream.read(_TAIL)
        if tail[4:] != _MAGIC:
            raise FooterError("it has no footer")
        return stream.seek(-_TAIL - int.from_bytes(tail[:4], "little"), 2)
    except (OSError, ValueError) as error:
        raise FooterError(f"it is too short for a footer ({error})") from error


def _opened(path: Path) -> Any:
    where, store = filesystem(path)
    return path.open("rb") if store is None else store.open(where, "rb")


def _chunks(group: Struct) -> list[Struct]:
    return [chunk.get(_CHUNK_META) for chunk in group.get(_COLUMNS)[1]]


def _start(group: Struct) -> int:
    return min(_begin(meta) for meta in _chunks(group))


def _begin(meta: Struct) -> int:
    places = (meta.get(_DATA), meta.get(_DICTIONARY))
    return min(int(place) for place in places if place is not None)


def _end(group: Struct) -> int:
    """Where a row group ends; raises FooterError for one that has more than our writer writes."""
    for chunk in group.get(_COLUMNS)[1]:
        if any(chunk.get(number) is not None for number in _INDEXES) or chunk.get(_CHUNK_META).get(_BLOOM) is not None:
            raise FooterError("it has indexes beside its row groups, which cannot be moved")
    return max(_begin(meta) + int(meta.get(_BYTES)) for meta in _chunks(group))


def _shifted(group: Struct, shift: int) -> Struct:
    """What a footer says of a row group that stands so many bytes further on."""
    if not shift:
        return Struct([list(field) for field in group.fields])
    columns, chunks = group.get(_COLUMNS)
    found = Struct([list(field) for field in group.fields])
    found.put(_COLUMNS, (columns, [_shifted_chunk(chunk, shift) for chunk in chunks]))
    if found.get(_GROUP_OFFSET):
        found.put(_GROUP_OFFSET, found.get(_GROUP_OFFSET) + shift)
    return found


def _shifted_chunk(chunk: Struct, shift: int) -> Struct:
    """The same of one of its columns; what stays as it is is not copied, for there are many."""
    fields = []
    for number, kind, value in chunk.fields:
        if number == _CHUNK_META:
            meta = [[field[0], field[1], field[2] + shift] if field[0] in _PLACES else field for field in value.fields]
            fields.append([number, kind, Struct(meta)])
        else:
            fields.append([number, kind, value + shift if number == _CHUNK_OFFSET and value else value])
    return Struct(fields)


def _footer(written: bytes, moved: Sequence[_Moved]) -> bytes:
    """The end of a file: ``written`` is what its writer would have put there, for its own row groups alone."""
    found = thrift.read(written, _AS_DEEP_AS_PLACES)
    kind, own = found.get(_GROUPS)
    groups: list[Struct] = []
    done = shift = 0
    for others in (*moved, _Moved(len(own), [], 0)):
        groups += [_shifted(group, shift) for group in own[done : others.own]] + others.groups
        done, shift = others.own, shift + others.size
    for place, group in enumerate(groups):
        group.put(_ORDINAL, place)
    found.put(_ROWS, sum(group.get(_GROUP_ROWS) for group in groups))
    found.put(_GROUPS, (kind, groups))
    data = thrift.write(found)
    return data + len(data).to_bytes(_TAIL // 2, "little") + _MAGIC
