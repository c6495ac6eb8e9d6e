"""Lines with characters outside ASCII, as one array of code points, and what is found in it at the speed of memory.

Not here: which lines are looked at, and what changes (``page``), what damage looks like (``prefilter``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property, lru_cache
from typing import Final

import numpy as np

from pipeline.repair.found import Found
from pipeline.repair.places import heads, marked, ranges
from pipeline.repair.prefilter import TOP, Marks, Places, Points, hits, points_of

EDGE: Final = "\n"
ALIKE: Final = 256  # what is looked at together, few enough to stay near the processor
_SOME: Final = 1 << 12  # characters that are cut into words together
_PLACES: Final = 1 << 14  # places that are looked at together
_SPARSE: Final = 1024  # characters a place from which on it is quicker to look around each place
_FEW: Final = 4  # lines to one that is asked for, from which on it is looked at alone
_SIGNS: Final = ("&", "\\", "\x7f")

Runs = tuple[Places, Places]  # the starts and the ends of some, ascending


class Scan:
    """Lines with characters outside ASCII, end to end, as code points."""

    def __init__(self, numbers: Places, lines: Sequence[str]) -> None:
        self.numbers = numbers
        own = lines if len(numbers) == len(lines) else [lines[number] for number in numbers.tolist()]
        self.text = EDGE.join(("", *own, "", ""))
        self.points = points_of(self.text)
        lengths = np.fromiter(map(len, own), np.intp, len(own)) + 1
        self.starts: Places = lengths.cumsum() - lengths + 1
        self.at: Places = marked(self.points > 0x7F)
        self._marks: Marks | None = None
        self._marked: set[int] = set()

    @cached_property
    def suspicious(self) -> Found:
        """The words in which something could be mended by its own evidence."""
        return self._found(*self._suspicious)

    @cached_property
    def _suspicious(self) -> Runs:
        return self._runs_at(self._where(hits, self.at))

    def spaced_words(self) -> Iterator[str]:
        """The words between spaces that have a character outside ASCII, as they stand, also more than once."""
        text, start = self.text, 0
        while start < len(text):
            end = text.find(EDGE, start + _SOME)
            yield from [word for word in text[start : None if end < 0 else end].split() if not word.isascii()]
            start = len(text) if end < 0 else end

    def further_words(self, chars: Iterable[str]) -> Found:
        """The other words that hold one of some characters outside ASCII."""
        marks = np.zeros(TOP, np.bool_)
        marks[[ord(char) for char in chars]] = True
        at = self._further
        return self._found(*self._runs_at(at[marks.take(self.points.take(at))]))

    @cached_property
    def _further(self) -> Places:
        """The places of characters outside ASCII that are in no suspicious word."""
        starts, ends = self._suspicious
        run = starts.searchsorted(self.at, "right") - 1
        return self.at[(run < 0) | (self.at >= np.append(ends, 0)[run])]

    @cached_property
    def chars(self) -> str:
        """The characters outside ASCII, each once; U+FFFF for all beyond the Basic Multilingual Plane."""
        seen = np.zeros(TOP, np.bool_)
        seen[self.points.take(self.at)] = True
        return "".join(map(chr, marked(seen).tolist()))

    def distinct_further(self, gone: frozenset[int]) -> set[str]:
        """The distinct words that are not suspicious where they stand; those of some lines left out."""
        starts, ends = self._runs_at(self._further)
        if gone:
            kept = self._outside(starts, gone)
            starts, ends = starts[kept], ends[kept]
        return set(self._texts(starts, ends))

    @cached_property
    def _small(self) -> Points:
        """The small letters of the characters outside ASCII."""
        return _small_letters().take(self.points.take(self.at))

    def standing(self, word: str, gone: frozenset[int]) -> set[str]:
        """The words that are some word in small letters, as they stand, those of some lines left out."""
        table, letters = _small_letters(), [ord(char) for char in word]
        odd = next(place for place, letter in enumerate(letters) if letter > 0x7F)
        at = self.at[marked(self._small == letters[odd])]
        # From there outwards, so that no place is beyond an end of the text, where no letters are.
        for place in [*range(odd - 1, -1, -1), *range(odd + 1, len(letters))]:
            at = at[table.take(self.points.take(at + place - odd)) == letters[place]]
        starts = at - odd
        edges = _written(self.points[starts - 1]) | _written(self.points[starts + len(letters)])
        starts = starts[~edges]
        if gone:
            starts = starts[self._outside(starts, gone)]
        return {self.text[start : start + len(letters)] for start in starts.tolist()}

    def words_with(self, letter: str, gone: frozenset[int], *, capital: bool) -> Iterator[str]:
        """The words with a small letter, or its ``capital``, those of some lines left out, perhaps more than once."""
        if not capital:
            yield from self._words_with(letter, gone)
            return
        at = self.at[self._small == ord(letter)]
        for first in range(0, len(at), ALIKE):
            some = at[first : first + ALIKE]
            if gone:
                some = some[self._outside(some, gone)]
            yield from self._texts(*self._runs_around(some))

    def _words_with(self, char: str, gone: frozenset[int]) -> Iterator[str]:
        """The words with a character, which is mostly soon found."""
        place = self.text.find(char)
        while place >= 0:
            starts, ends = self._runs_around(np.array([place]))
            if not gone or self._outside(starts, gone)[0]:
                yield from self._texts(starts, ends)
            place = self.text.find(char, int(ends[0]))

    @cached_property
    def _runs(self) -> Runs:
        """All runs of ASCII letters and characters outside ASCII."""
        inside = _written(self.points)
        edges = marked(inside[1:] != inside[:-1]) + 1
        return edges[::2], edges[1::2]

    def _runs_at(self, places: Places) -> Runs:
        """The runs in which some ascending places lie, each once."""
        if len(places) * _SPARSE < len(self.points) and "_runs" not in self.__dict__:
            return self._runs_around(places)
        starts, ends = self._runs
        run = starts.searchsorted(places, "right") - 1
        run = run[heads(run)]
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

    def _found(self, starts: Places, ends: Places) -> Found:
        line = self.starts.searchsorted(starts, "right") - 1
        return Found(self.numbers[line], starts - self.starts[line], self._texts(starts, ends))

    def lines_where(self, find: Callable[[Points, Places], Places], among: Set[int] | None = None) -> set[int]:
        """The numbers of lines in which something finds a place, told all points and those outside ASCII.

        Where it is asked of few lines ``among`` all, only these are looked at.
        """
        few = among is not None and len(among) * _FEW < len(self.numbers)
        at = self._at_in(among) if among is not None and few else self.at
        return self._lines_at(self._where(find, at))

    def _at_in(self, numbers: Set[int]) -> Places:
        """The places of characters outside ASCII in some lines."""
        wanted = np.fromiter(sorted(numbers), np.intp, len(numbers))
        lines = self.numbers.searchsorted(wanted)
        lines = lines[np.append(self.numbers, -1)[lines] == wanted]
        first = self.at.searchsorted(self.starts[lines])
        many = self.at.searchsorted(np.append(self.starts, len(self.points))[lines + 1]) - first
        at: Places = self.at[ranges(first, many)]
        return at

    def _lines_at(self, places: Places) -> set[int]:
        """The numbers of the lines in which some ascending places are."""
        line = self.starts.searchsorted(places, "right") - 1
        return set(self.numbers[line[heads(line)]].tolist())

    def _outside(self, places: Places, gone: frozenset[int]) -> list[bool]:
        """Whether some places are in none of some lines."""
        lines = self.numbers[self.starts.searchsorted(places, "right") - 1]
        return [number not in gone for number in lines.tolist()]

    def _where(self, find: Callable[[Points, Places], Places], at: Places) -> Places:
        """The places that something finds, asked of so many at once that their arrays stay near the processor."""
        some = [at[first : first + _PLACES] for first in range(0, len(at), _PLACES)]
        return np.concatenate([find(self.points, places) for places in some]) if some else at

    def lines_with(self, marks: Marks) -> set[int]:
        """The numbers of lines with a marked character; the same may be asked again while other lines change."""
        if self._marks is not marks:
            places = self.at[marks.take(self.points.take(self.at))]
            plain = self._plain[marks.take(self.points.take(self._plain))]
            self._marks, self._marked = marks, self._lines_at(places) | self._lines_at(plain)
        return self._marked

    @cached_property
    def _plain(self) -> Places:
        """The places of controls in ASCII, and of signs that begin entities and commands."""
        if any(sign in self.text for sign in _SIGNS) or np.count_nonzero(self.points < 0x20) > len(self.numbers) + 2:
            return marked(maybe_untidy(self.points))
        return self.at[:0]


def _written(points: Points) -> Marks:
    """Whether points are ASCII letters or outside ASCII."""
    marks: Marks = (points > 0x7F) | ((points | 0x20) - ord("a") < 26)
    return marks


@lru_cache(maxsize=1)
def _small_letters() -> Points:
    """For each code point below 0x10000 the small letter of it, as ``lowered`` has it."""
    every = "".join(map(chr, range(TOP))).replace("İ", "i").replace("Σ", "σ")  # the others become one letter each
    return points_of(every.lower())


def maybe_untidy(points: Points | np.typing.NDArray[np.uint8]) -> Marks:
    """ASCII controls but for line feeds, and the signs that begin entities and commands."""
    marks: Marks = (points < 0x20) & (points != ord(EDGE))
    marks |= (points == ord("&")) | (points == ord("\\")) | (points == 0x7F)
    return marks
