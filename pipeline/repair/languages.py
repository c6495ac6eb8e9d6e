"""Prices of many words in the languages of the letter model at once, as ``letters`` gives them one by one.

The same rows are summed in the same order, so that not a bit differs. Not here: the rest of what a text costs
(``bulk``).
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.letters import STRANGE, UNSEEN_PAIR, UNSEEN_TRIPLE, Prices, letter_model, listed, worth
from pipeline.repair.places import marked, widths
from pipeline.repair.prefilter import TOP, Marks, Places, points_of

FEW: Final = 24  # words or texts that are priced as quickly one by one
EDGE: Final = 0  # the number of what stands on both sides of a word
_MANY: Final = 1024  # words from which on it pays to ask first which of them the lexicon can have
_BETWEEN: Final = "\n"
_SHIFT: Final = 11  # of the bits of a hash, so that few words share one with one of the lexicon
_POWERS: Final = np.cumprod(np.full(64, 0x9E3779B1, np.uint32), dtype=np.uint32)

Numbers = npt.NDArray[np.float64]
Letters = npt.NDArray[np.int32]  # letters by their numbers
# The small letters of a word, whether it is cut on the left, whether it ends on the right, and whether its capitals
# stand where those of a word do.
Segment = tuple[str, bool, bool, bool]


class _Tables:
    """The rows of the letter model by the numbers of letters; the last number is that of all that it does not know."""

    def __init__(self) -> None:
        model = letter_model()
        many = len(model.letters)
        self.letters = many + 1
        self.number: Letters = np.full(TOP, many, np.int32)
        self.number[list(map(ord, model.letters))] = np.arange(many)
        self.number[ord(_BETWEEN)] = EDGE
        self.pairs: Prices = np.full((self.letters, self.letters, len(model.languages)), UNSEEN_PAIR, np.float32)
        self.pairs[:, many] = STRANGE
        self.pairs[:many, :many] = model.table
        # Behind the triples that were counted stand those that were not, by the pair that is left of them.
        self._unseen = len(model.rows)
        self.rows: Prices = np.concatenate(
            [model.rows, self.pairs.reshape(-1, len(model.languages)) + np.float32(UNSEEN_TRIPLE)]
        )
        # Few pairs begin triples that were counted: those have a row of numbers each, the others one between them.
        first, second, third = self.number[points_of("".join(list(model.triples)[: self._unseen]))].reshape(-1, 3).T
        pairs = first * np.int32(self.letters) + second
        begun = np.unique(pairs)
        self._begun: Letters = np.zeros(self.letters**2, np.int32)
        self._begun[begun] = np.arange(1, len(begun) + 1) * self.letters
        self._row = np.zeros((len(begun) + 1) * self.letters, np.uint16)
        self._row[self._begun[pairs] + third] = np.arange(1, self._unseen + 1)

    def places(self, numbers: Letters) -> Letters:
        """For each letter the row of it behind the two before it, of which none stands before an edge."""
        first, before = np.empty_like(numbers), np.empty_like(numbers)
        first[:2], first[2:] = numbers[-2:], numbers[:-2]
        before[:1], before[1:] = numbers[-1:], numbers[:-1]
        first[before == EDGE] = EDGE
        pairs = before * np.int32(self.letters) + numbers
        row = self._row.take(self._begun.take(first * np.int32(self.letters) + before) + numbers)
        rows: Letters = np.where(row > 0, row - np.int32(1), self._unseen + pairs)
        return rows

    def openings(self, first: Letters, second: Letters) -> Prices:
        """The prices of two letters behind what nobody can read, where the second is no letter those of one."""
        model = letter_model()
        alone = np.array([*map(model.alone, model.letters), STRANGE], np.float32)
        rows: Prices = alone[first][:, None] + self.pairs[first, second] * (second >= 0)[:, None]
        return rows


@lru_cache(maxsize=1)
def tables() -> _Tables:
    """The rows of the letter model."""
    return _Tables()


def totals(numbers: Letters, starts: Places, ends: Places, opened: Marks, closed: Marks) -> tuple[Places, Prices]:
    """The order of words by length, and what they cost in each language in that order, one row a word.

    ``numbers`` are letters and what is between them (``EDGE``), at least one of these before and behind each word.
    """
    table = tables()
    rows = table.places(numbers)
    firsts = starts + 2 * opened
    lengths = np.maximum(0, ends + closed - firsts)
    order = np.argsort(-lengths, kind="stable")
    firsts = firsts[order]
    total: Prices = np.zeros((len(order), table.rows.shape[1]), np.float32)
    some = marked(opened[order])
    if some.size:
        at, end = starts[order[some]], (ends + closed)[order[some]]
        first = np.where(at < end, numbers[at], table.letters - 1)
        total[some] = table.openings(first, np.where(at + 1 < end, numbers[at + 1], -1))
    many = (-lengths[order]).searchsorted(-np.arange(lengths.max(initial=0)), "left").tolist()
    for step, long in enumerate(many):
        total[:long] += table.rows.take(rows.take(firsts[:long] + step), axis=0)
    return order, total


def mixed(total: Prices) -> Numbers:
    """The prices of words in whatever language makes them cheap, from one row a word of their prices in each."""
    across = np.ascontiguousarray(total.T)  # sums and minima go over long rows
    low = across.min(axis=0)
    shares = np.add.reduce(np.exp(low - across)).astype(np.float64) / len(across)
    found: Numbers = low.astype(np.float64) - np.log(shares.astype(np.float32)).astype(np.float64)
    return found


@lru_cache(maxsize=1)
def _listed() -> Marks:
    """For each hash whether a word of the lexicon has it."""
    marks = np.zeros(1 << 32 - _SHIFT, np.bool_)
    numbers, starts, _ = _parted(list(letter_model().words))
    marks[_hashes(numbers, starts)] = True
    return marks


def _hashes(numbers: Letters, starts: Places) -> npt.NDArray[np.uint32]:
    """A hash of each word, of letters by their numbers."""
    within, starts = numbers[starts[0] :].astype(np.uint32), starts - starts[0]
    place = np.arange(len(within)) - starts.repeat(widths(starts, len(within)))
    hashes: npt.NDArray[np.uint32] = np.add.reduceat(within * _POWERS.take(place, mode="wrap"), starts, dtype=np.uint32)
    return hashes >> np.uint32(_SHIFT)


def perhaps_listed(numbers: Letters, starts: Places) -> Marks:
    """Which words the lexicon may have; of others it is certain that it has them not."""
    if len(starts) < _MANY:
        return np.ones(len(starts), np.bool_)
    found: Marks = _listed().take(_hashes(numbers, starts))
    return found


def as_listed(prices: Numbers, words: Sequence[str], places: Places) -> None:
    """Make of some prices those of words, at some places, as the lexicon has them."""
    zipf = np.array(list(map(letter_model().words.get, words, repeat(-1))), np.intp)
    has = zipf >= 0
    worths, lists = (table[zipf[has]] for table in _by_zipf())
    at = places[has]
    prices[at] = np.minimum(prices[at] - worths, lists)


@lru_cache(maxsize=1)
def _by_zipf() -> tuple[Numbers, Numbers]:
    """For each Zipf value what it is worth that the lexicon has a word, and the price of it."""
    values = range(max(letter_model().words.values()) + 1)
    return np.array([worth(zipf) for zipf in values]), np.array([listed(zipf) for zipf in values])


def _parted(words: Sequence[str]) -> tuple[Letters, Places, Places]:
    """Words as letters by their numbers, and where each starts and ends."""
    numbers = tables().number.take(points_of(_BETWEEN.join(("", *words, ""))))
    lengths = np.fromiter(map(len, words), np.intp, len(words))
    starts = (lengths + 1).cumsum() - lengths
    return numbers, starts, starts + lengths


def learn_languages(words: Collection[str]) -> None:
    """Work out the prices of words in each language, before ``LetterModel.prices`` is asked for them."""
    known = letter_model()
    new = [word for word in words if not known.asked(word)]
    if len(new) >= FEW:
        marks = np.zeros(len(new), np.bool_)
        order, total = totals(*_parted(new), marks, ~marks)
        known.tell(zip([new[place] for place in order.tolist()], total, strict=True))


def modelled(segments: Sequence[Segment]) -> Numbers:
    """The prices of words by the letter model, as ``LetterModel.price`` gives them one by one."""
    if not segments:
        return np.zeros(0)
    words, opened, closed, written = zip(*segments, strict=True)
    order, total = totals(*_parted(words), np.array(opened), np.array(closed))
    prices = np.empty(len(words))
    prices[order] = mixed(total)
    whole = marked(np.array(written) & np.array(closed) & ~np.array(opened))
    as_listed(prices, [words[place] for place in whole.tolist()], whole)
    return prices
