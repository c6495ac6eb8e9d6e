"""From characters of the decoded text back to lines and bytes of the unpacked file."""

import codecs
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pipeline.ingest import Line

_OTHER_CODECS: Final = ("utf-8", "cp1252", "latin-1")


class Places:
    """The places of the characters of ``text``, which is the lines of a file joined by a line feed each.

    ``data`` are the unpacked bytes that the lines count, ``encoding`` the codec that most of them are in.
    """

    def __init__(self, lines: Sequence[Line], data: bytes, encoding: str) -> None:
        self._lines, self._data, self._encoding = lines, data, encoding
        self._starts = [0, *accumulate(len(line.text) + 1 for line in lines)][: len(lines)]
        self.text = "\n".join(line.text for line in lines)

    def line(self, place: int) -> int:
        """The number, from 1, of the line that a character is in."""
        return self._lines[self._index(place)].line_no

    def byte(self, place: int) -> int:
        """The offset of a character's first byte; that of the line end for the character behind a line."""
        index = self._index(place)
        line, column = self._lines[index], place - self._starts[index]
        if column == 0:
            return line.byte_start
        if column >= len(line.text):
            return line.byte_end
        raw = self._data[line.byte_start : line.byte_end]
        if len(raw) == len(line.text):
            return line.byte_start + column
        for codec in (self._encoding, *_OTHER_CODECS):
            if _reads(raw, codec, line.text):
                return line.byte_start + len(line.text[:column].encode(codec))
        return line.byte_start + _counted(raw, self._encoding, column)

    def _index(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)


def _reads(raw: bytes, codec: str, text: str) -> bool:
    """Is the text what the codec reads in the bytes, and does it write the same bytes again?"""
    try:
        return text.encode(codec) == raw
    except UnicodeError:
        return False


def _counted(raw: bytes, encoding: str, column: int) -> int:
    """Bytes before a character of a line that has broken bytes: decoded one by one, each broken one is U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    seen = first = 0
    for number in range(len(raw)):
        if seen >= column:
            return first
        out = decoder.decode(raw[number : number + 1])
        seen += len(out)
        if out:
            first = number + 1
    return first if seen >= column else len(raw)
