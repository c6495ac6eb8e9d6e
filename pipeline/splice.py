"""Row groups of Parquet files, moved from one file to another as bytes: nothing is decoded, compressed or encoded.

Nothing inside a row group says where in the file it stands; the footer does, and is put right here. So a file of
moved row groups is, byte for byte, the one that would have been written from their rows. Not here: which rows may be
moved (``engine.reuse``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from pipeline.groups import FooterError, Group, footer_of
from pipeline.objectstore import filesystem

_MAGIC: Final = b"PAR1"
_TAIL: Final = 8
_AT_ONCE: Final = 1 << 20  # bytes that are copied


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
            shift, size = source.move(start, end, self._stream)
            self._moved.append(_Moved(own, source.groups[start:end], shift, size))

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
    """Row groups that stand behind ``own`` of the writer's, how much further on than they did, and their bytes."""

    own: int
    groups: Sequence[Group]
    shift: int
    size: int


@dataclass(frozen=True)
class Source:
    """A Parquet file whose row groups are moved."""

    path: Path
    groups: Sequence[Group]

    @classmethod
    def of(cls, path: Path) -> "Source":
        """A file by its footer; raises OSError when it cannot be read, FooterError when it is no Parquet."""
        with _opened(path) as stream:
            end = _seek_footer(stream)
            data = stream.read()
        groups = footer_of(data).groups
        if groups and groups[-1].end != end:
            raise FooterError("its footer is of a longer or a shorter file")
        return cls(path, groups)

    def rows(self, start: int, end: int) -> int:
        """The rows of some row groups."""
        return sum(group.rows for group in self.groups[start:end])

    def move(self, start: int, end: int, stream: IO[bytes]) -> tuple[int, int]:
        """Copy the bytes of some row groups to where a stream is; returns how much further on they are there, and how
        many bytes they are.
        """
        first, last = self.groups[start].start, self.groups[end - 1].end
        shift = stream.tell() - first
        with _opened(self.path) as own:
            own.seek(first)
            for place in range(first, last, _AT_ONCE):
                stream.write(own.read(min(_AT_ONCE, last - place)))
        if stream.tell() != last + shift:
            raise FooterError("it ends before its footer says")
        return shift, last - first


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


def _footer(end: bytes, moved: Sequence[_Moved]) -> bytes:
    """The end of a file: ``end`` is what its writer would have put there, for its own row groups alone."""
    found = footer_of(end)
    groups: list[tuple[Group, int]] = []
    done = shift = 0
    for others in (*moved, _Moved(len(found.groups), [], 0, 0)):
        groups += [(group, shift) for group in found.groups[done : others.own]]
        groups += [(group, others.shift) for group in others.groups]
        done, shift = others.own, shift + others.size
    data = found.written(groups)
    return data + len(data).to_bytes(_TAIL // 2, "little") + _MAGIC
