"""Thrift's compact protocol, as far as footers of Parquet files need it: to walk over bytes, and to write numbers.

What is not asked for stays bytes, so that it is written as it was read
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Maps are not known here: no footer
has one.
"""

from typing import Final

LIST: Final = 9
STRUCT: Final = 12
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _SET = 1, 2, 3, 7, 8, 10
_NUMBERS: Final = frozenset((4, 5, 6))
_SIZES: Final = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8}  # of a field that is a boolean its type is the value
_LONG_LIST: Final = 15
_SEVEN: Final = 127  # what seven bits hold


def number(data: bytes, at: int) -> tuple[int, int]:
    """The whole number there, and where it ends; raises IndexError where the bytes end before."""
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def field(data: bytes, at: int, before: int) -> tuple[int, int, int]:
    """The id and the type of the field there, and where its value starts; ``before`` is the id of the one before it.

    The byte there is not zero, which ends a struct.
    """
    head = data[at]
    if head >> 4:
        return before + (head >> 4), head & 15, at + 1
    identity, start = number(data, at + 1)
    return identity, head & 15, start


def elements(data: bytes, at: int) -> tuple[int, int, int]:
    """How many elements the list there has, of which type, and where the first is."""
    size, kind = data[at] >> 4, data[at] & 15
    at += 1
    if size == _LONG_LIST:
        size, at = _varint(data, at)
    return size, kind, at


def behind(data: bytes, at: int, kind: int) -> int:
    """Where the value there ends; raises ValueError for a type that no footer has, IndexError where bytes end."""
    if kind in _NUMBERS:
        while data[at] > _SEVEN:
            at += 1
        return at + 1
    if kind == _BINARY:
        size, at = _varint(data, at)
        return at + size
    if kind == STRUCT:
        return _behind_struct(data, at)
    if kind in (LIST, _SET):
        return _behind_list(data, at)
    if kind in _SIZES:
        return at + _SIZES[kind]
    raise ValueError(f"type {kind} of Thrift, which no footer of a Parquet file has")


def written(value: int) -> bytes:
    """A whole number that is not negative."""
    return _written_varint(value << 1)


def list_head(size: int, kind: int) -> bytes:
    """What stands before the elements of a list."""
    return bytes([size << 4 | kind]) if size < _LONG_LIST else bytes([_LONG_LIST << 4 | kind]) + _written_varint(size)


def _behind_list(data: bytes, at: int) -> int:
    size, kind, at = elements(data, at)
    if kind in _SIZES:  # in a list a boolean is a byte
        return at + size * max(1, _SIZES[kind])
    for _ in range(size):
        at = behind(data, at, kind)
    return at


def _behind_struct(data: bytes, at: int) -> int:
    """Where a struct ends; short texts, of which it has most, are passed over here."""
    while head := data[at]:
        at += 1
        if not head >> 4:
            at = _varint(data, at)[1]
        kind = head & 15
        if kind == _BINARY and data[at] <= _SEVEN:
            at += 1 + data[at]
        elif kind not in (_TRUE, _FALSE):
            at = behind(data, at, kind)
    return at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    at += 1
    if byte <= _SEVEN:
        return byte, at
    value, shift = byte & _SEVEN, 7
    while True:
        byte = data[at]
        at += 1
        value |= (byte & _SEVEN) << shift
        if byte <= _SEVEN:
            return value, at
        shift += 7


def _written_varint(value: int) -> bytes:
    out = bytearray()
    while value > _SEVEN:
        out.append(value & _SEVEN | _SEVEN + 1)
        value >>= 7
    out.append(value)
    return bytes(out)
