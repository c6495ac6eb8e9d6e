"""From characters of the decoded text back to lines and bytes of the unpacked file."""

import codecs
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from pipeline.ingest import Line


class Places:
    """The places of the characters of ``text``, which is the lines of a file joined by a line feed each.

    ``data`` are the unpacked bytes that the lines count, from ``first_byte`` on, ``encodings`` the codec of each line.
    """

    def __init__(self, lines: Sequence[Line], data: bytes, encodings: Sequence[str], first_byte: int = 0) -> None:
        self._lines, self._data, self._encodings, self._first = lines, data, encodings, first_byte
        self._starts = [0, *accumulate(len(line.text) + 1 for line in lines)][: len(lines)]
        self._measured: tuple[int, Sequence[int]] = (-1, ())  # the line asked for last, which is often all of the file
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
        if line.byte_end - line.byte_start == len(line.text):
            return line.byte_start + column
        if self._measured[0] != index:
            raw = self._data[line.byte_start - self._first : line.byte_end - self._first]
            self._measured = index, _offsets(raw, self._encodings[index], line.text)
        return line.byte_start + int(self._measured[1][column])

    def _index(self, place: int) -> int:
        return max(0, bisect_right(self._starts, place) - 1)


def _offsets(raw: bytes, encoding: str, text: str) -> list[int]:
    """For each character of a line the bytes before it; broken bytes are one U+FFFD each, as they were decoded."""
    if "\ufffd" not in text and text.encode(encoding, "replace") == raw:
        return [0, *accumulate(len(char.encode(encoding)) for char in text)]
    decoder, found = codecs.getincrementaldecoder(encoding)("replace"), [0]
    for number in range(len(raw)):
        found += [number + 1] * len(decoder.decode(raw[number : number + 1]))
    return [*found, *[len(raw)] * (len(text) + 1 - len(found))]
