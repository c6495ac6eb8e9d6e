"""What the footer of a Parquet file says of its row groups, as bytes between the numbers that moving them changes.

Not here: the bytes of the row groups themselves (``splice``), and how numbers are written (``thrift``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline import thrift

# Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData (apache/parquet-format, parquet.thrift).
_ROWS, _GROUPS = 3, 4
_COLUMNS, _GROUP_ROWS, _GROUP_OFFSET, _ORDINAL = 1, 3, 5, 7
_CHUNK_OFFSET, _CHUNK_META, _INDEXES = 2, 3, (4, 6)
_BYTES, _DATA, _INDEX, _DICTIONARY, _BLOOM = 7, 9, 10, 11, 14
_PLACES: Final = frozenset((_DATA, _INDEX, _DICTIONARY))
_OWN_NUMBER: Final = -1  # no place: the number of the row group in its file


class FooterError(Exception):
    """A footer that is none, or that says what cannot be moved."""


@dataclass(frozen=True)
class Group:
    """One row group: its rows, where its bytes start and end, and what the footer says of it.

    ``between`` has the bytes before, between and behind the ``places``, which are where in the file something stands.
    """

    rows: int
    start: int
    end: int
    between: Sequence[bytes]
    places: Sequence[int]

    def written(self, number: int, shift: int) -> bytes:
        """What the footer is to say of it as the row group of that number, so many bytes further on."""
        parts = [self.between[0]]
        for place, rest in zip(self.places, self.between[1:], strict=True):
            parts += [thrift.written(number if place == _OWN_NUMBER else place + shift), rest]
        return b"".join(parts)


@dataclass(frozen=True)
class Footer:
    """A footer: its row groups, and the bytes before and behind the number of rows and the list of row groups."""

    groups: Sequence[Group]
    between: tuple[bytes, bytes, bytes]

    def written(self, groups: Sequence[tuple[Group, int]]) -> bytes:
        """It with these row groups, each so many bytes further on than it says itself."""
        head, middle, tail = self.between
        rows = thrift.written(sum(group.rows for group, _ in groups))
        told = [group.written(number, shift) for number, (group, shift) in enumerate(groups)]
        return b"".join([head, rows, middle, thrift.list_head(len(groups), thrift.STRUCT), *told, tail])


def footer_of(data: bytes) -> Footer:
    """The footer that the bytes begin with; raises FooterError for none, or for what our writer does not write."""
    try:
        return _footer(data)
    except (ValueError, IndexError) as error:
        raise FooterError(f"its footer cannot be read: {error}") from error


def _footer(data: bytes) -> Footer:
    groups: list[Group] = []
    cuts: list[int] = []
    at = identity = 0
    while data[at]:
        identity, kind, at = thrift.field(data, at, identity)
        first = at
        if identity == _GROUPS and kind == thrift.LIST:
            size, _, at = thrift.elements(data, at)
            for _ in range(size):
                group, at = _group(data, at)
                groups.append(group)
        else:
            at = thrift.behind(data, at, kind)
        if identity in (_ROWS, _GROUPS):
            cuts += [first, at]
    try:
        rows, rows_end, held, held_end = cuts
    except ValueError:
        raise ValueError("it has no rows, or no row groups") from None
    return Footer(groups, (data[:rows], data[rows_end:held], data[held_end : at + 1]))


class _Walk:
    """What was met of a row group so far; ``done`` is the end of what is in ``between``."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.done = at
        self.between: list[bytes] = []
        self.places: list[int] = []
        self.start = -1
        self.end = 0

    def put(self, place: int, first: int, behind: int) -> None:
        """A place, which is told by the bytes from the ``first`` to the one before ``behind``."""
        self.between.append(self.data[self.done : first])
        self.places.append(place)
        self.done = behind

    def chunk(self, at: int) -> int:
        """Go through one column of it; returns where that ends."""
        data, identity = self.data, 0
        while data[at]:
            identity, kind, first = thrift.field(data, at, identity)
            if identity == _CHUNK_META and kind == thrift.STRUCT:
                at = self._meta(first)
            elif identity in _INDEXES:
                raise FooterError("it has indexes beside its row groups, which cannot be moved")
            elif identity == _CHUNK_OFFSET:
                place, at = thrift.number(data, first)
                if place:
                    self.put(place, first, at)
            else:
                at = thrift.behind(data, first, kind)
        return at + 1

    def _meta(self, at: int) -> int:
        data, identity, size = self.data, 0, 0
        begins: list[int] = []
        while data[at]:
            identity, kind, first = thrift.field(data, at, identity)
            if identity in _PLACES:
                place, at = thrift.number(data, first)
                self.put(place, first, at)
                if identity != _INDEX:
                    begins.append(place)
            elif identity == _BYTES:
                size, at = thrift.number(data, first)
            elif identity == _BLOOM:
                raise FooterError("it has indexes beside its row groups, which cannot be moved")
            else:
                at = thrift.behind(data, first, kind)
        begin = min(begins)
        self.start = begin if self.start < 0 else min(self.start, begin)
        self.end = max(self.end, begin + size)
        return at + 1


def _group(data: bytes, at: int) -> tuple[Group, int]:
    """The row group that is told of there, and where that ends."""
    walk, identity, rows = _Walk(data, at), 0, 0
    while data[at]:
        identity, kind, first = thrift.field(data, at, identity)
        if identity == _COLUMNS and kind == thrift.LIST:
            size, _, at = thrift.elements(data, first)
            for _ in range(size):
                at = walk.chunk(at)
        elif identity == _GROUP_ROWS:
            rows, at = thrift.number(data, first)
        elif identity in (_GROUP_OFFSET, _ORDINAL):
            place, at = thrift.number(data, first)
            if place or identity == _ORDINAL:
                walk.put(_OWN_NUMBER if identity == _ORDINAL else place, first, at)
        else:
            at = thrift.behind(data, first, kind)
    walk.between.append(data[walk.done : at + 1])
    return Group(rows, walk.start, walk.end, walk.between, walk.places), at + 1
