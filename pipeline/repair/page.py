"""The lines of a file while they are mended, and what is asked of all of them at once, at the speed of memory.

Lines in ASCII are only looked at where a table of signs or the words of the file are asked for. The others are one
array of code points. When lines change, only those are read again. Not here: what damage looks like (``prefilter``).
"""

import operator
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, compress, pairwise
from typing import Final

import numpy as np

from pipeline.repair.prefilter import TOP, Marks, Places, Points, clipped, hits

_EDGE: Final = "\n"
_ALIKE: Final = 256  # ASCII lines that are looked at together, few enough to stay near the processor
_SOME: Final = 1 << 14  # characters that are cut into words together
_SPARSE: Final = 64  # characters a place from which on it is quicker to look around each place
_SIGNS: Final = ("&", "\\", "\x7f")
_LETTERS: Final = bytes(byte | 0x20 if chr(byte).isalpha() and byte < 0x80 else 0x20 for byte in range(256))
SHORTEST_PLAIN: Final = 4  # letters of an ASCII word that tells something


# A run of ASCII letters and characters outside ASCII, one of these at least, behind its place in the line.
Word = tuple[int, str]
Words = dict[int, list[Word]]
Runs = tuple[Places, Places]  # the starts and the ends of some, ascending


class _Scan:
    """Lines with characters outside ASCII, end to end, as code points."""

    def __init__(self, numbers: Sequence[int], lines: Sequence[str]) -> None:
        self.numbers = numbers
        own = [lines[number] for number in numbers]
        self.text = "".join((_EDGE, _EDGE.join(own), _EDGE, _EDGE))
        self.points: Points = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        lengths = np.array(list(map(len, own))) + 1
        self.starts: Places = np.cumsum(lengths) - lengths + 1
        self.at: Places = np.flatnonzero(self.points > 0x7F)

    @cached_property
    def suspicious(self) -> Words:
        """The words in which something could be mended by its own evidence, by the numbers of their lines."""
        return self._words(*self._suspicious)

    @cached_property
    def _suspicious(self) -> Runs:
        return self._runs_at(hits(self.points, self.at))

    def spaced_words(self) -> Iterator[str]:
        """The words between spaces that have a character outside ASCII, as they stand, also more than once."""
        text, start = self.text, 0
        while start < len(text):
            end = text.find(_EDGE, start + _SOME)
            yield from [word for word in text[start : None if end < 0 else end].split() if not word.isascii()]
            start = len(text) if end < 0 else end

    def further_words(self, chars: Iterable[str]) -> Words:
        """The other words that hold one of some characters outside ASCII."""
        wanted = np.array([ord(char) for char in chars], np.uint32)
        starts, ends = self._runs_at(self.at[np.isin(self.points[self.at], wanted)])
        others = np.isin(starts, self._suspicious[0], assume_unique=True, invert=True)
        return self._words(starts[others], ends[others])

    def distinct(self, gone: frozenset[int]) -> set[str]:
        """The distinct words, those of some lines left out."""
        if gone:
            return {word for number, words in self._all.items() if number not in gone for _, word in words}
        return set(self._texts(*self._runs_at(self.at)))

    @cached_property
    def _small(self) -> Points:
        """The small letters of the characters outside ASCII."""
        return _small_letters()[clipped(self.points[self.at])]

    def standing(self, word: str, gone: frozenset[int]) -> set[str]:
        """The words that are some word in small letters, as they stand, those of some lines left out."""
        table, letters = _small_letters(), [ord(char) for char in word]
        odd = next(place for place, letter in enumerate(letters) if letter > 0x7F)
        at = self.at[self._small == letters[odd]]
        # From there outwards, so that no place is beyond an end of the text, where no letters are.
        for place in [*range(odd - 1, -1, -1), *range(odd + 1, len(letters))]:
            at = at[table[clipped(self.points[at + place - odd])] == letters[place]]
        starts = at - odd
        edges = _written(self.points[starts - 1]) | _written(self.points[starts + len(letters)])
        starts = starts[~edges]
        if gone:
            lines = (np.searchsorted(self.starts, starts, "right") - 1).tolist()
            starts = starts[[self.numbers[line] not in gone for line in lines]]
        return {self.text[start : start + len(letters)] for start in starts.tolist()}

    def words_with(self, letter: str, gone: frozenset[int]) -> Iterator[str]:
        """The words that have a small letter or its capital, those of some lines left out, perhaps more than once."""
        at = self.at[self._small == ord(letter)]
        for first in range(0, len(at), _ALIKE):
            some = at[first : first + _ALIKE]
            if gone:
                lines = (np.searchsorted(self.starts, some, "right") - 1).tolist()
                some = some[[self.numbers[line] not in gone for line in lines]]
            yield from self._texts(*self._runs_around(some))

    @cached_property
    def _all(self) -> Words:
        return self._words(*self._runs_at(self.at))

    @cached_property
    def _runs(self) -> Runs:
        """All runs of ASCII letters and characters outside ASCII."""
        inside = _written(self.points)
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        return edges[::2], edges[1::2]

    def _runs_at(self, places: Places) -> Runs:
        """The runs in which some ascending places lie, each once."""
        if len(places) * _SPARSE < len(self.points) and "_runs" not in self.__dict__:
            return self._runs_around(places)
        starts, ends = self._runs
        run = np.searchsorted(starts, places, "right") - 1
        run = run[np.flatnonzero(np.diff(run, prepend=-1))]
        return starts[run], ends[run]

    def _runs_around(self, places: Places) -> Runs:
        """The same by looking around each place, where there are few."""
        text, starts, ends, end = self.text, [], [0], 0
        for place in places.tolist():
            if place < end:
                continue
            start = place
            while text[start - 1] > "\x7f" or "a" <= text[start - 1] <= "z" or "A" <= text[start - 1] <= "Z":
                start -= 1
            end = place + 1
            while text[end] > "\x7f" or "a" <= text[end] <= "z" or "A" <= text[end] <= "Z":
                end += 1
            starts.append(start)
            ends.append(end)
        return np.array(starts, np.intp), np.array(ends[1:], np.intp)

    def _texts(self, starts: Places, ends: Places) -> list[str]:
        text = self.text
        return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def _words(self, starts: Places, ends: Places) -> Words:
        line = np.searchsorted(self.starts, starts, "right") - 1
        words = list(zip((starts - self.starts[line]).tolist(), self._texts(starts, ends), strict=True))
        first = np.flatnonzero(np.diff(line, prepend=-1))
        bounds = [*first.tolist(), len(words)]
        return {
            self.numbers[number]: words[low:high]
            for number, (low, high) in zip(line[first].tolist(), pairwise(bounds), strict=True)
        }

    def lines_with(self, marks: Marks) -> set[int]:
        """The numbers of lines with a marked character."""
        places = self.at[marks[clipped(self.points[self.at])]]
        plain = self.at[:0]
        if any(sign in self.text for sign in _SIGNS) or np.count_nonzero(self.points < 0x20) > len(self.numbers) + 2:
            plain = np.flatnonzero(_maybe(self.points))
            plain = plain[marks[self.points[plain]]]
        line = np.searchsorted(self.starts, np.concatenate([places, plain]), "right") - 1
        return {self.numbers[number] for number in np.unique(line).tolist()}


def _written(points: Points) -> Marks:
    """Whether points are ASCII letters or outside ASCII."""
    marks: Marks = (points > 0x7F) | ((points | 0x20) - ord("a") < 26)
    return marks


@lru_cache(maxsize=1)
def _small_letters() -> Points:
    """For each code point below 0x10000 the small letter of it, as ``lowered`` has it."""
    every = "".join(map(chr, range(TOP))).replace("İ", "i").replace("Σ", "σ")  # the others become one letter each
    return np.frombuffer(every.lower().encode("utf-32-le", "surrogatepass"), np.uint32)


def _maybe(points: Points | np.typing.NDArray[np.uint8]) -> Marks:
    """ASCII controls but for line feeds, and the signs that begin entities and commands."""
    marks: Marks = (points < 0x20) & (points != ord(_EDGE))
    marks |= (points == ord("&")) | (points == ord("\\")) | (points == 0x7F)
    return marks


def _clean(text: str) -> bool:
    """Whether a text in ASCII has neither controls nor signs that begin entities and commands."""
    data = np.frombuffer(text.encode(), np.uint8)
    if data.size and (data.min() < 0x20 or data.max() > 0x7E):
        return False
    return "&" not in text and "\\" not in text


class Page:
    """The lines of a file, and what is known of them without looking at each; ``changed`` gives the next state."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        odd = list(compress(range(len(lines)), map(operator.not_, map(str.isascii, lines))))
        self._scans: list[tuple[_Scan, frozenset[int]]] = [(_Scan(odd, lines), frozenset())] if odd else []

    def changed(self, texts: Mapping[int, str]) -> "Page":
        """The page with other texts for some line numbers; the same page where they are its own."""
        texts = {number: text for number, text in texts.items() if text != self.lines[number]}
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

    def spaced_words(self) -> Iterator[str]:
        """The words between spaces with a character outside ASCII, also those of lines that have changed since."""
        return chain.from_iterable(scan.spaced_words() for scan, _ in self._scans)

    def further_words(self, chars: Sequence[str]) -> Words:
        """The words that hold one of some characters outside ASCII and are not suspicious."""
        return _merged((scan.further_words(chars), gone) for scan, gone in self._scans)

    @cached_property
    def foreign_words(self) -> set[str]:
        """The distinct words with a character outside ASCII."""
        return set().union(*(scan.distinct(gone) for scan, gone in self._scans))

    def standing(self, word: str) -> set[str]:
        """The words with a character outside ASCII that are some word in small letters, as they stand."""
        if word.isascii():
            return set()
        return set().union(*(scan.standing(word, gone) for scan, gone in self._scans))

    def word_with(self, letter: str, without: Container[str]) -> str | None:
        """A word that has a small letter outside ASCII or its capital, and is not among some others."""
        for scan, gone in self._scans:
            for word in scan.words_with(letter, gone):
                if word not in without:
                    return word
        return None

    def speaks(self, word: str) -> bool:
        """Whether an ASCII word, given in small letters, stands here."""
        return word.isascii() and b" %b " % word.encode() in self._spoken

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
            lines = [self.lines[number] for number in some]
            if _clean("".join(lines)):
                continue
            data = np.frombuffer(_EDGE.join(lines).encode(), np.uint8)
            places = np.flatnonzero(_maybe(data))
            if places.size and (places := places[marks[data[places]]]).size:
                ends = np.cumsum(list(map(len, lines))) + np.arange(1, len(lines) + 1)
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
