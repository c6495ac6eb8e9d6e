"""The lines of a file while they are mended, and what is asked of all of them at once, at the speed of memory.

Lines in ASCII are only looked at where a table of signs or the words of the file are asked for. The others are one
array of code points. When lines change, only those are read again. Not here: what damage looks like (``prefilter``).
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain, compress
from typing import Final

import numpy as np

from pipeline.repair.found import Found, Words
from pipeline.repair.places import marked
from pipeline.repair.prefilter import Marks, Places, Points
from pipeline.repair.scan import ALIKE, EDGE, Scan, maybe_untidy

_LETTERS: Final = bytes(byte | 0x20 if chr(byte).isalpha() and byte < 0x80 else 0x20 for byte in range(256))
SHORTEST_PLAIN: Final = 4  # letters of an ASCII word that tells something


def _clean(text: str) -> bool:
    """Whether a text in ASCII has neither controls nor signs that begin entities and commands."""
    data = np.frombuffer(text.encode(), np.uint8)
    if data.size and (data.min() < 0x20 or data.max() > 0x7E):
        return False
    return "&" not in text and "\\" not in text


_Signs = tuple[Places, Places]  # the numbers of their lines, and what they are, by code point


class Page:
    """The lines of a file, and what is known of them without looking at each; ``changed`` gives the next state."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        odd = marked(~np.frombuffer(bytes(map(str.isascii, lines)), np.bool_))
        self._scans: list[tuple[Scan, frozenset[int]]] = [(Scan(odd, lines), frozenset())] if odd.size else []

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
        if "_plain" in self.__dict__:
            numbers, signs = self._plain
            kept = marked(~np.isin(numbers, list(texts)))
            more, others = page._signs(number for number in texts if lines[number].isascii())
            page._plain = np.concatenate([numbers[kept], more]), np.concatenate([signs[kept], others])
        odd = [number for number in sorted(texts) if not lines[number].isascii()]
        if odd:
            page._scans.append((Scan(np.array(odd, np.intp), lines), frozenset()))
        return page

    @cached_property
    def found(self) -> Found:
        """The words in which something could be mended by its own evidence: the suspicious ones."""
        return Found.merged((scan.suspicious, gone) for scan, gone in self._scans)

    @cached_property
    def suspicious(self) -> Words:
        """The suspicious words, by the numbers of their lines."""
        return self.found.by_line()

    def spaced_words(self) -> Iterator[str]:
        """The words between spaces with a character outside ASCII, also those of lines that have changed since."""
        return chain.from_iterable(scan.spaced_words() for scan, _ in self._scans)

    def further_words(self, chars: Sequence[str]) -> Words:
        """The words that hold one of some characters outside ASCII and are not suspicious."""
        return Found.merged((scan.further_words(chars), gone) for scan, gone in self._scans).by_line()

    @cached_property
    def other_words(self) -> set[str]:
        """The distinct words with a character outside ASCII that are suspicious nowhere."""
        found = set().union(*(scan.distinct_further(gone) for scan, gone in self._scans))
        return found.difference(self.found.numbers)

    def foreign_words_with(self, able: Callable[[str], bool]) -> set[str]:
        """The distinct words with a character outside ASCII of a kind that are not suspicious where they stand.

        One look at each character tells whether it is of the kind. Where a line has characters beyond the Basic
        Multilingual Plane, words with these are among them, too.
        """
        found: set[str] = set()
        for scan, gone in self._scans:
            chars = [char for char in scan.chars if char == "\uffff" or able(char)]
            if chars:
                found.update(scan.further_words(chars).without(gone).texts)
        return found

    def standing(self, word: str) -> set[str]:
        """The words with a character outside ASCII that are some word in small letters, as they stand."""
        if word.isascii():
            return set()
        return set().union(*(scan.standing(word, gone) for scan, gone in self._scans))

    def word_with(self, letter: str, without: Container[str], *, capital: bool = True) -> str | None:
        """A word that has a small letter outside ASCII, or its ``capital``, and is not among some others."""
        for scan, gone in self._scans:
            for word in scan.words_with(letter, gone, capital=capital):
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
        numbers, signs = self._plain
        found = set(numbers[marks.take(signs)].tolist())
        for scan, gone in self._scans:
            found |= scan.lines_with(marks).difference(gone)
        return found

    def lines_where(self, find: Callable[[Points, Places], Places], among: Set[int] | None = None) -> set[int]:
        """The numbers of lines, of all or ``among`` some, in which something finds a place.

        It is told code points and the places of some.
        """
        found: set[int] = set()
        for scan, gone in self._scans:
            found |= scan.lines_where(find, among) - gone
        return found if among is None else found.intersection(among)

    @cached_property
    def _plain(self) -> _Signs:
        """The controls of lines in ASCII, and the signs that begin entities and commands."""
        return self._signs(compress(range(len(self.lines)), map(str.isascii, self.lines)))

    def _signs(self, lines: Iterable[int]) -> _Signs:
        """Those of some lines in ASCII."""
        numbers: Places = np.fromiter(lines, np.intp)
        found, signs = [numbers[:0]], [numbers[:0]]
        for first in range(0, len(numbers), ALIKE):
            some = numbers[first : first + ALIKE]
            own = [self.lines[number] for number in some.tolist()]
            if _clean("".join(own)):
                continue
            data = np.frombuffer(EDGE.join(own).encode(), np.uint8)
            places = marked(maybe_untidy(data))
            ends = np.cumsum(list(map(len, own))) + np.arange(1, len(own) + 1)
            found.append(some[ends.searchsorted(places, "right")])
            signs.append(data[places].astype(np.intp))
        return np.concatenate(found), np.concatenate(signs)

    @cached_property
    def _spoken(self) -> bytes:
        """The ASCII words of the file in small letters, between spaces."""
        return b" %b " % EDGE.join(self.lines).encode("utf-8", "surrogatepass").translate(_LETTERS)

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
