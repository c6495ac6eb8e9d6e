"""Thrift's compact protocol, as far as footers of Parquet files need it: read into lists, and written as it was read.

Fields keep their order and their types, so that what was not changed is written as the same bytes
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). Maps are not known here: no footer
has one.
"""

from typing import Any, Final

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_NUMBERS: Final = frozenset((4, 5, 6))
_SIZED: Final = frozenset((4, 5, 6, _BINARY))
_LONG_LIST: Final = 15
_SEVEN: Final = 127  # what seven bits hold
_DEEP: Final = 1000


class Struct:
    """One struct: its fields as ``[id, type, value]``, in the order in which they stand."""

    __slots__ = ("fields",)

    def __init__(self, fields: list[list[Any]]) -> None:
        self.fields = fields

    def get(self, number: int) -> Any:
        """The value of a field, or None where it is not there; of a list its kind and its values."""
        return next((field[2] for field in self.fields if field[0] == number), None)

    def put(self, number: int, value: Any) -> None:
        """Change the value of a field that is there."""
        for field in self.fields:
            if field[0] == number:
                field[2] = value


def read(data: bytes, depth: int = _DEEP) -> Struct:
    """The struct that the bytes begin with; raises ValueError for a type that no footer has.

    Structs and lists that are inside more than ``depth`` structs are left as they are: their value is their bytes.
    """
    return _struct(data, 0, depth)[0]


def write(struct: Struct) -> bytes:
    """A struct as bytes."""
    out = bytearray()
    _put_struct(out, struct)
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    at += 1
    if byte < 128:
        return byte, at
    value, shift = byte & 127, 7
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _NUMBERS:
        value, at = _varint(data, at)
        return (value >> 1) ^ -(value & 1), at
    if kind == _BINARY:
        size, at = _varint(data, at)
        return data[at : at + size], at + size
    if kind == _STRUCT:
        return _struct(data, at, depth)
    if kind in (_LIST, _SET):
        return _list(data, at, depth)
    if kind == _DOUBLE:
        return data[at : at + 8], at + 8
    if kind == _BYTE:
        return data[at : at + 1], at + 1
    raise ValueError(f"type {kind} of Thrift, which no footer of a Parquet file has")


def _list(data: bytes, at: int, depth: int) -> tuple[tuple[int, list[Any]], int]:
    size, kind = data[at] >> 4, data[at] & 15
    at += 1
    if size == _LONG_LIST:
        size, at = _varint(data, at)
    values = []
    for _ in range(size):
        value, at = _value(data, at, _BYTE if kind in (_TRUE, _FALSE) else kind, depth)
        values.append(value)
    return (kind, values), at


def _behind(data: bytes, at: int, kind: int) -> int:
    """Where a value ends."""
    if kind in _NUMBERS:
        while data[at] > _SEVEN:
            at += 1
        return at + 1
    if kind == _STRUCT:
        while head := data[at]:
            at += 1
            if not head >> 4:
                at = _varint(data, at)[1]
            kind = head & 15
            if kind == _BINARY and data[at] <= _SEVEN:
                at += 1 + data[at]
            elif kind not in (_TRUE, _FALSE):
                at = _behind(data, at, kind)
        return at + 1
    return _behind_list(data, at) if kind in (_LIST, _SET) else _value(data, at, kind, 0)[1]


def _behind_list(data: bytes, at: int) -> int:
    size, kind = data[at] >> 4, data[at] & 15
    at += 1
    if size == _LONG_LIST:
        size, at = _varint(data, at)
    for _ in range(size):
        at = _behind(data, at, _BYTE if kind in (_TRUE, _FALSE) else kind)
    return at


def _struct(data: bytes, at: int, depth: int) -> tuple[Struct, int]:
    """A struct; numbers and texts, of which a footer has by far the most, are read here and not by ``_value``."""
    fields: list[list[Any]] = []
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            number, at = _varint(data, at)
            number = (number >> 1) ^ -(number & 1)
        value: Any = None  # of a boolean its type is the value
        if kind in _SIZED:
            value = data[at]
            at += 1
            if value > _SEVEN:
                value, at = _varint(data, at - 1)
            if kind == _BINARY:
                value, at = data[at : at + value], at + value
            else:
                value = (value >> 1) ^ -(value & 1)
        elif depth and kind not in (_TRUE, _FALSE):
            value, at = _value(data, at, kind, depth - 1)
        elif kind not in (_TRUE, _FALSE):
            end = _behind(data, at, kind)
            value, at = data[at:end], end
        fields.append([number, kind, value])
    return Struct(fields), at + 1


def _put_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _put_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in _NUMBERS:
        _put_varint(out, value << 1 if value >= 0 else (-value << 1) - 1)
    elif kind == _BINARY:
        _put_varint(out, len(value))
        out += value
    elif isinstance(value, bytes):
        out += value
    elif kind == _STRUCT:
        _put_struct(out, value)
    elif kind in (_LIST, _SET):
        of, values = value
        if len(values) < _LONG_LIST:
            out.append(len(values) << 4 | of)
        else:
            out.append(_LONG_LIST << 4 | of)
            _put_varint(out, len(values))
        for one in values:
            _put_value(out, _BYTE if of in (_TRUE, _FALSE) else of, one)


def _put_struct(out: bytearray, struct: Struct) -> None:
    last = 0
    for number, kind, value in struct.fields:
        if 0 < number - last < 16:
            out.append((number - last) << 4 | kind)
        else:
            out.append(kind)
            _put_varint(out, number << 1)
        last = number
        if kind in _NUMBERS and 0 <= value <= _SEVEN >> 1:
            out.append(value << 1)
        else:
            _put_value(out, kind, value)
    out.append(0)
