"""A piece of a record that may run over several lines, and the way from its characters back to the decoded lines and
their repairs.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from pipeline.repair import Mended, decoded_span, undo
from schemas.rules import NAME_CERTAINTIES

_RANK: Final = {certainty: rank for rank, certainty in enumerate(NAME_CERTAINTIES)}


class Passage:
    """Mended lines joined by one space each. Spans count characters of ``text``.

    ``is_as_printed`` when it is of one line that no repair touches, so that each span of it is its own origin.
    """

    is_as_printed = False
    _offset = 0
    _damage: Sequence[tuple[int, int]] = ()

    def __init__(self, lines: Sequence[Mended]) -> None:
        self._lines = lines
        if len(lines) == 1 and not lines[0].repairs:  # as most are
            self.is_as_printed, self.text = True, lines[0].text
        else:
            self._starts = [0, *accumulate([len(line.text) + 1 for line in lines])][: len(lines)]
            self._decoded = [undo(line) if line.repairs else line.text for line in lines]
            self._damage = [
                span for line, start in zip(lines, self._starts, strict=True) for span in _unresolved(line, start)
            ]
            self.text = " ".join([line.text for line in lines])
        self._size = len(self.text)

    def part(self, start: int, end: int) -> "Passage":
        """A span of the passage as a passage of its own, with the same way back."""
        piece = Passage.__new__(Passage)
        piece.__dict__.update(self.__dict__)
        piece._offset, piece.text = self._offset + start, self.text[start:end]
        return piece

    def origin(self, start: int, end: int) -> tuple[str, str]:
        """What the decoded lines print at a span (line breaks inside as spaces), and how sure its repairs are.

        Of several repairs that touch the span the least sure counts; "clean" where none does.
        """
        if self.is_as_printed:
            return self.text[start:end].strip(), "clean"
        printed, touched = [], []
        for n, low, high in self._pieces(start + self._offset, end + self._offset):
            first, last = decoded_span(self._lines[n], low, high)
            printed.append(self._decoded[n][first:last])
            touched += [r.certainty for r in self._lines[n].repairs if r.start < last and r.end > first]
        return " ".join(printed).strip(), max(touched, key=_RANK.__getitem__, default="clean")

    @property
    def is_sound(self) -> bool:
        """Is no damage left anywhere in its lines?"""
        return not self._damage

    def is_damaged(self, position: int) -> bool:
        """Is a character part of damage that was left as it is?"""
        place = position + self._offset
        before = bisect_right(self._damage, (place, self._size)) - 1
        return before >= 0 and place < self._damage[before][1]

    def _pieces(self, start: int, end: int) -> list[tuple[int, int, int]]:
        """The index of each line that a span touches, with the part of the span in its text."""
        first = bisect_right(self._starts, start) - 1
        pieces = []
        for n in range(max(0, first), len(self._lines)):
            offset = self._starts[n]
            if offset >= end:
                break
            low, high = max(0, start - offset), min(len(self._lines[n].text), end - offset)
            if low < high:
                pieces.append((n, low, high))
        return pieces


def _unresolved(line: Mended, offset: int) -> Iterator[tuple[int, int]]:
    """The spans of damage that was left, in the mended line moved by ``offset``."""
    shift = offset
    for repair in line.repairs:
        if repair.certainty == "unresolved":
            yield repair.start + shift, repair.start + shift + len(repair.after)
        shift += len(repair.after) - len(repair.before)
