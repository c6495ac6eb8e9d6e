"""Words that were found in the lines of a file, as columns: of most, nothing is asked one by one."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise

import numpy as np

from pipeline.repair.places import heads, outside
from pipeline.repair.prefilter import Marks, Places

# A run of ASCII letters and characters outside ASCII, one of these at least, behind its place in the line.
Word = tuple[int, str]
Words = dict[int, list[Word]]


@dataclass(frozen=True)
class Found:
    """Words in the order of the file: the number of the line of each, its place in the line, and itself."""

    lines: Places
    places: Places
    texts: list[str]

    @classmethod
    def merged(cls, parts: Iterable[tuple["Found", frozenset[int]]]) -> "Found":
        """Those of several parts of a file, without those of some lines of each."""
        parts = list(parts)
        if len(parts) == 1 and not parts[0][1]:
            return parts[0][0]
        kept = [found.without(gone) for found, gone in parts] or [cls(np.zeros(0, np.intp), np.zeros(0, np.intp), [])]
        lines = np.concatenate([found.lines for found in kept])
        order = np.argsort(lines, kind="stable")
        texts = [text for found in kept for text in found.texts]
        places = np.concatenate([found.places for found in kept])
        return cls(lines[order], places[order], [texts[place] for place in order.tolist()])

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The distinct words, numbered in the order of the file."""
        return self._numbered[0]

    @cached_property
    def words(self) -> Places:
        """The words by their numbers."""
        return np.array(self._numbered[1], np.intp)

    @cached_property
    def _numbered(self) -> tuple[dict[str, int], list[int]]:
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__  # what is new gets the next number, without a step of Python
        words = list(map(numbers.__getitem__, self.texts))
        numbers.default_factory = None
        return numbers, words

    def without(self, lines: Collection[int]) -> "Found":
        """The words that are in none of some lines."""
        if not lines:
            return self
        kept = outside(self.lines, lines)
        return self if kept.all() else self.only(kept)

    def only(self, marks: Marks) -> "Found":
        """The words that are marked."""
        return Found(self.lines[marks], self.places[marks], list(compress(self.texts, marks.tolist())))

    def by_line(self) -> Words:
        """The words of each line, by its number."""
        words = list(zip(self.places.tolist(), self.texts, strict=True))
        first = heads(self.lines)
        bounds = [*first.tolist(), len(words)]
        return {
            number: words[low:high]
            for number, (low, high) in zip(self.lines[first].tolist(), pairwise(bounds), strict=True)
        }
