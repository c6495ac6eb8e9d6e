"""The lines of a file while they are mended, and what is asked of all of them at once, at the speed of memory.

Lines in ASCII are only looked at where a table of signs or the words of the file are asked for. The others are one
array of code points. When lines change, only those are read again. Not here: what damage looks like (``prefilter``).
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain, compress
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.prefilter import Marks, Places, Points, clipped, hits

_EDGE: Final = "\n"
_ALIKE: Final = 256  # ASCII lines that are looked at together, few enough to stay near the processor
_LETTERS: Final = bytes(byte | 0x20 if chr(byte).isalpha() and byte < 0x80 else 0x20 for byte in range(256))
SHORTEST_PLAIN: Final = 4  # letters of an ASCII word that tells something


class Word(NamedTuple):
    """A run of ASCII letters and characters outside ASCII, one of these at least, and its place in the line."""

    start: int
    text: str


Words = dict[int, list[Word]]


class _Scan:
    """Lines with characters outside ASCII, end to end, as code points."""

    def __init__(self, numbers: Sequence[int], lines: Sequence[str]) -> None:
        self.numbers = numbers
        self.text = "".join((_EDGE, *chain.from_iterable((lines[n], _EDGE) for n in numbers), _EDGE))
        self.points: Points = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.fromiter((len(lines[n]) + 1 for n in numbers), np.intp, len(numbers))
        self.starts: Places = np.cumsum(lengths) - lengths + 1
        self.at: Places = np.flatnonzero(self.points > 0x7F)

    @cached_property
    def suspicious(self) -> Words:
        """The words in which something could be mended by its own evidence, by the numbers of their lines."""
        return self.words(hits(self.points, self.at))

    def words_with(self, chars: Iterable[str]) -> Words:
        """The words that hold one of some characters outside ASCII."""
        wanted = np.array([ord(char) for char in chars], np.uint32)
        return self.words(self.at[np.isin(self.points[self.at], wanted)])

    @cached_property
    def _runs(self) -> tuple[Places, Places]:
        """The starts and the ends of runs of ASCII letters and characters outside ASCII."""
        inside = (self.points > 0x7F) | ((self.points | 0x20) - ord("a") < 26)
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        return edges[::2], edges[1::2]

    def words(self, places: Places) -> Words:
        """The words in which some ascending places lie, each once."""
        starts, ends = self._runs
        run = np.searchsorted(starts, places, "right") - 1
        run = run[np.flatnonzero(np.diff(run, prepend=-1))]
        first, behind = starts[run], ends[run]
        line = np.searchsorted(self.starts, first, "right") - 1
        found: Words = {}
        for number, offset, start, end in zip(
            line.tolist(), (first - self.starts[line]).tolist(), first.tolist(), behind.tolist(), strict=True
        ):
            found.setdefault(self.numbers[number], []).append(Word(offset, self.text[start:end]))
        return found

    def lines_with(self, marks: Marks) -> set[int]:
        """The numbers of lines with a marked character."""
        places = self.at[marks[clipped(self.points[self.at])]]
        plain = np.flatnonzero(_maybe(self.points))
        plain = plain[marks[self.points[plain]]]
        line = np.searchsorted(self.starts, np.concatenate([places, plain]), "right") - 1
        return {self.numbers[number] for number in np.unique(line).tolist()}


def _maybe(points: Points | np.typing.NDArray[np.uint8]) -> Marks:
    """ASCII controls but for line feeds, and the signs that begin entities and commands."""
    marks: Marks = (points < 0x20) & (points != ord(_EDGE))
    marks |= (points == ord("&")) | (points == ord("\\")) | (points == 0x7F)
    return marks


class Page:
    """The lines of a file, and what is known of them without looking at each; ``changed`` gives the next state."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        odd = list(compress(range(len(lines)), map(operator.not_, map(str.isascii, lines))))
        self._scans: list[tuple[_Scan, frozenset[int]]] = [(_Scan(odd, lines), frozenset())] if odd else []

    def changed(self, texts: Mapping[int, str]) -> "Page":
        """The page with other texts for some line numbers."""
        if not texts:
            return self
        page = Page.__new__(Page)
        lines = list(self.lines)
        for number, text in texts.items():
            lines[number] = text
        page.lines = lines
        page._scans = [(scan, gone.union(texts)) for scan, gone in self._scans]
        odd = [number for number in sorted(texts) if not lines[number].isascii()]
        if odd:
            page._scans.append((_Scan(odd, lines), frozenset()))
        return page

    @cached_property
    def suspicious(self) -> Words:
        """The words in which something could be mended by its own evidence, by the numbers of their lines."""
        return _merged((scan.suspicious, gone) for scan, gone in self._scans)

    def words_with(self, chars: Iterable[str]) -> Words:
        """The words that hold one of some characters outside ASCII."""
        chars = list(chars)
        return _merged((scan.words_with(chars), gone) for scan, gone in self._scans)

    @cached_property
    def foreign_words(self) -> set[str]:
        """The distinct words with a character outside ASCII."""
        every = _merged((scan.words(scan.at), gone) for scan, gone in self._scans)
        return {word.text for words in every.values() for word in words}

    def lines_with(self, marks: Marks) -> set[int]:
        """The numbers of lines with a character that ``marks`` marks, by code point.

        Of ASCII only controls, ampersands and backslashes can be marked.
        """
        found = self._plain_with(marks)
        for scan, gone in self._scans:
            found |= scan.lines_with(marks) - gone
        return found

    def _plain_with(self, marks: Marks) -> set[int]:
        numbers = list(compress(range(len(self.lines)), map(str.isascii, self.lines)))
        found: set[int] = set()
        for first in range(0, len(numbers), _ALIKE):
            some = numbers[first : first + _ALIKE]
            data = np.frombuffer(_EDGE.join([self.lines[number] for number in some]).encode(), np.uint8)
            places = np.flatnonzero(_maybe(data))
            if places.size and (places := places[marks[data[places]]]).size:
                ends = np.cumsum([len(self.lines[number]) + 1 for number in some])
                found.update(some[place] for place in np.searchsorted(ends, places, "right").tolist())
        return found

    @cached_property
    def _spoken(self) -> bytes:
        """The ASCII words of the file in small letters, between spaces."""
        return b" %b " % _EDGE.join(self.lines).encode("utf-8", "surrogatepass").translate(_LETTERS)

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """The distinct runs of ASCII letters that are long enough to tell something, in small letters."""
        words = {word for word in set(self._spoken.split()) if len(word) >= SHORTEST_PLAIN}
        return frozenset(b" ".join(words).decode().split())

    def plain_words_with(self, fragment: str) -> frozenset[str]:
        """The same that hold some small letters."""
        spoken, wanted, found = self._spoken, fragment.encode(), set()
        place = spoken.find(wanted)
        while place >= 0:
            start, end = spoken.rfind(b" ", 0, place) + 1, spoken.find(b" ", place)
            found.add(spoken[start:end])
            place = spoken.find(wanted, end)
        return frozenset(word.decode() for word in found if len(word) >= SHORTEST_PLAIN)


def _merged(parts: Iterable[tuple[Words, frozenset[int]]]) -> Words:
    """The words of several scans, in the order of lines, without those of lines that have changed since."""
    parts = list(parts)
    if len(parts) == 1 and not parts[0][1]:
        return parts[0][0]
    merged: Words = {}
    for words, gone in parts:
        merged |= {number: found for number, found in words.items() if number not in gone} if gone else words
    return dict(sorted(merged.items()))
