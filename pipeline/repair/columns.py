"""Words and what they may have been as columns of code points: of many thousands, few are ever asked for as strings.

Not here: what they may have been (``ways``), and what that is worth (``bulk``, ``together``).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.places import marked, ranges
from pipeline.repair.prefilter import TOP, Marks, Places, Points
from pipeline.repair.undone import Parts

BETWEEN: Final = "\n"  # what stands before the first text, and behind each

Codes = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Texts:
    """Texts end to end, as code points, and the length of each."""

    codes: Codes
    lengths: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Texts":
        """Strings as columns."""
        lengths = np.fromiter(map(len, texts), np.intp, len(texts))
        return cls(_codes(BETWEEN.join(("", *texts, ""))), lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def starts(self) -> Places:
        """Where each begins."""
        starts: Places = (self.lengths + 1).cumsum() - self.lengths
        return starts

    @cached_property
    def points(self) -> Points:
        """The code points as places in a table, as ``points_of`` gives them."""
        points: Points = np.minimum(self.codes, TOP - 1).astype(np.uint16)
        return points

    def some(self, first: int, last: int) -> "Texts":
        """Those from one to another."""
        if first == 0 and last >= len(self):
            return self
        lengths = self.lengths[first:last]
        start = int(self.starts[first]) - 1
        return Texts(self.codes[start : start + int((lengths + 1).sum()) + 1], lengths)

    @cached_property
    def _whole(self) -> str:
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    def strings(self, places: Places | None = None) -> list[str]:
        """All of them, or those at some places, as strings."""
        starts = self.starts if places is None else self.starts[places]
        return self.spans(starts, starts + (self.lengths if places is None else self.lengths[places]))

    def spans(self, starts: Places, ends: Places) -> list[str]:
        """What stands from some starts to their ends."""
        whole = self._whole
        return [whole[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


@dataclass(frozen=True)
class Cuts:
    """Words, cut at the edges of their runs of characters outside ASCII.

    ``edges`` has a row for each word, at ``first``: its start in ``texts``, start and end of each run, and its end.
    ``runs`` are the distinct rows of runs, and ``number`` tells that of each word.
    """

    words: list[str]
    texts: Texts
    edges: Places
    first: Places
    many: Places  # runs of each word
    runs: list[Parts]
    number: Places

    @classmethod
    def of(cls, words: list[str]) -> "Cuts":
        """Cut some words."""
        texts = Texts.of(words)
        odd = texts.codes > 0x7F
        bounds = marked(odd[1:] != odd[:-1]) + 1
        starts, ends = bounds[::2], bounds[1::2]
        word = texts.starts.searchsorted(starts, "right") - 1
        many = np.bincount(word, minlength=len(words))
        first = (2 * many + 2).cumsum() - (2 * many + 2)
        edges: Places = np.zeros(int((2 * many + 2).sum()), np.intp)
        edges[first], edges[first + 2 * many + 1] = texts.starts, texts.starts + texts.lengths
        at = first[word] + 1 + 2 * (np.arange(len(word)) - (many.cumsum() - many)[word])
        edges[at], edges[at + 1] = starts, ends
        runs, number = _numbered(texts.spans(starts, ends), many)
        return cls(words, texts, edges, first, many, runs, number)

    @cached_property
    def whole(self) -> Marks:
        """Which words are one run and nothing else."""
        edges, first = self.edges, self.first
        whole: Marks = self.many == 1
        some = marked(whole)
        at = first[some]
        whole[some] = (edges[at] == edges[at + 1]) & (edges[at + 2] == edges[at + 3])
        return whole

    def within(self, runs: Places) -> Marks:
        """Whether small letters of ASCII stand on both sides of runs, told where these start in ``edges``."""
        codes = self.texts.codes
        left, right = codes[self.edges[runs] - 1], codes[self.edges[runs + 1]]
        within: Marks = (left - ord("a") < 26) & (right - ord("a") < 26)
        return within

    def filled(self, words: Places, parts: Places, pool: Sequence[str]) -> Texts:
        """Words (by their places) with other runs, which stand one after another in ``pool``, from ``parts`` on.

        Where ``parts`` is negative, the word stays as it is.
        """
        others = Texts.of(pool)
        many = 2 * self.many[words] + 1  # pieces: runs and what is around them
        row = np.arange(len(words)).repeat(many)
        ends = many.cumsum()
        place = np.arange(len(row)) - (ends - many)[row]
        at = self.first[words][row] + place
        low = self.edges[at]
        length = self.edges[at + 1] - low
        other = marked((place & 1).astype(np.bool_) & (parts[row] >= 0))
        which = parts[row[other]] + (place[other] >> 1)
        low[other], length[other] = others.starts[which] + len(self.texts.codes), others.lengths[which]
        length[ends - 1] += 1  # with the line feed
        codes = np.concatenate([self.texts.codes, others.codes]).take(ranges(low, length))
        until = length.cumsum()[ends - 1]
        lengths = until - 1
        lengths[1:] -= until[:-1]
        return Texts(np.concatenate([self.texts.codes[:1], codes]), lengths)


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _numbered(texts: list[str], many: Places) -> tuple[list[Parts], Places]:
    """The distinct rows of runs in the order of the words, of which each has so many, and which of them it has."""
    first = many.cumsum() - many
    numbers: defaultdict[str | Parts, int] = defaultdict()
    numbers.default_factory = numbers.__len__  # what is new gets the next number, without a step of Python
    keys = [
        texts[start] if runs == 1 else tuple(texts[start : start + runs])
        for start, runs in zip(first.tolist(), many.tolist(), strict=True)
    ]
    number = np.array(list(map(numbers.__getitem__, keys)), np.intp)
    return [(key,) if isinstance(key, str) else key for key in numbers], number
