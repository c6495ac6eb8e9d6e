"""Prices of many texts at once: the same as ``plausible.price`` gives one by one, at the speed of arrays.

Every rule stands in ``plausible`` and ``letters``; here they are asked once a character, once a pair of kinds of
characters and once a triple of letters, and summed in the same order, so that not a bit differs.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.letters import STRANGE, UNSEEN_PAIR, UNSEEN_TRIPLE, Prices, letter_model, lowered
from pipeline.repair.plausible import (
    BEFORE_CAPITALS,
    CAPITAL_INSIDE,
    COMMON,
    COMMONEST,
    LONGEST,
    MARKED,
    MOST_KNOWN,
    NO_LANGUAGE,
    OUTSIDE,
    TOO_LONG,
    Shape,
    alone,
    anywhere,
    cuts,
    known_prices,
    lonely,
    odd_capitals,
    shape,
    sign,
    step,
)

_FEW: Final = 24  # texts that are priced as quickly one by one
_AT_ONCE: Final = 4096  # texts whose arrays stay near the processor
_TOP: Final = 0x10000
_END: Final = "\n"
_FIRSTS: Final = {word[0] for word in BEFORE_CAPITALS}

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
# The small letters of a word, whether it is cut on the left, whether it ends on the right, and whether its capitals
# stand where those of a word do.
Segment = tuple[str, bool, bool, bool]


def learn(wanted: Iterable[tuple[str, bool]]) -> None:
    """Work out the prices of texts, each with whether it is asked strictly, before ``price`` is asked for them."""
    known = known_prices()
    new = [key for key in dict.fromkeys(wanted) if key not in known]
    if len(new) < _FEW:
        return
    odd = {char for char in set("".join([text for text, _ in new])) if char in _END or char >= "\uffff"}
    if odd:  # no table here reaches them
        new = [key for key in new if odd.isdisjoint(key[0])]
    if len(known) + len(new) > MOST_KNOWN:
        known.clear()
    for first in range(0, len(new), _AT_ONCE):
        some = new[first : first + _AT_ONCE]
        known.update(zip(some, _prices([text for text, _ in some], [strict for _, strict in some]), strict=True))


class _Chars:
    """What the price list says of each character that was met, by code point, and of each pair of kinds of them."""

    def __init__(self) -> None:
        self.met, self.letter, self.mark, self.script, self.cut = (np.zeros(_TOP, np.bool_) for _ in range(5))
        self.common, self.upper, self.lower, self.before_capitals = (np.zeros(_TOP, np.bool_) for _ in range(4))
        self.price, self.inside, self.behind, self.lonely, self.alone, self.anywhere = (
            np.zeros(_TOP) for _ in range(6)
        )
        self.kind = np.zeros(_TOP, np.intp)
        self.small = np.zeros(_TOP, np.uint32)
        self.kinds: dict[tuple[str, str, bool], int] = {}
        self.examples: list[Shape] = []
        self.steps = np.zeros((0, 0))
        self._meet(_END, OUTSIDE)
        self.inside[ord(_END)] = self.behind[ord(_END)] = 0.0

    def meet(self, points: npt.NDArray[np.uint32]) -> None:
        """Look up the characters that are new."""
        for point in np.unique(points[~self.met[points]]).tolist():
            self._meet(chr(point), shape(chr(point)))
        if len(self.examples) > len(self.steps):
            self.steps = np.array([[step(left, right) for right in self.examples] for left in self.examples])

    def _meet(self, char: str, look: Shape) -> None:
        point = ord(char)
        self.met[point] = True
        self.script[point], self.price[point], self.cut[point] = bool(look.script), look.price, cuts(look)
        self.inside[point], self.behind[point] = sign(char, inside=True), sign(char, inside=False)
        self.kind[point] = self.kinds.setdefault((look.script, look.case, look.mark), len(self.kinds))
        if len(self.kinds) > len(self.examples):
            self.examples.append(look)
        self.lonely[point] = lonely(look) if look.script else 0.0
        self.mark[point] = look.mark
        if look.script == "LATIN" and not look.mark:
            self.letter[point], self.common[point] = True, char in COMMONEST
            self.alone[point], self.anywhere[point] = alone(char), anywhere(char)
            self.before_capitals[point] = char in _FIRSTS
            self.upper[point] = char.isupper()
            self.lower[point] = not char.isupper() and (char.islower() or char.istitle())
            self.small[point] = ord(lowered(char))


@lru_cache(maxsize=1)
def _chars() -> _Chars:
    return _Chars()


def _prices(texts: Sequence[str], strict: Sequence[bool]) -> list[float]:
    chars = _chars()
    joined = "".join((_END, _END.join(texts), _END))
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    chars.meet(points)
    left, here, right = points[:-1], points[1:], np.append(points[2:], points[:1])
    owner = np.repeat(np.arange(len(texts)), np.fromiter(map(len, texts), np.intp, len(texts)) + 1)
    parts = np.zeros((len(here), 4))
    parts[:, 0] = chars.steps[chars.kind[left], chars.kind[here]]
    letter = chars.letter[here]
    end, latin = _latin(points, np.array(strict)[owner])
    parts[end, 1] = latin
    parts[:, 2] = np.where(letter, 0.0, chars.price[here])
    follows, written, next_to = chars.script[left], chars.script[here], chars.script[right]
    signs = np.where(next_to, chars.inside[here], chars.behind[here])
    lone = np.where(written & ~letter & ~follows & ~next_to, chars.lonely[here], 0.0)
    parts[:, 3] = np.where(follows & ~written, signs, lone)
    # Adds one after another, as a loop over the characters does.
    summed: list[float] = np.bincount(np.repeat(owner, 4), parts.ravel(), len(texts)).tolist()
    return summed


def _latin(points: npt.NDArray[np.uint32], strict: npt.NDArray[np.bool_]) -> tuple[Places, Numbers]:
    """The Latin words: where each ends, in what follows the first point, and its price. Marks end no word."""
    chars = _chars()
    place = np.flatnonzero(~chars.mark[points])
    here = points[place]
    letter = chars.letter[here]
    start = np.flatnonzero(letter[1:] & ~letter[:-1]) + 1
    end = np.flatnonzero(~letter[1:] & letter[:-1]) + 1
    opened, closed = chars.cut[points[place[start] - 1]], ~chars.cut[here[end]]
    bounds = list(zip(start.tolist(), end.tolist(), strict=True))
    small = chars.small[here].tobytes().decode("utf-32-le")
    length = end - start

    def total(table: npt.NDArray[np.generic]) -> Numbers:
        """Of what a table says of the letters, the sum for each word; multiples of a half, so exact."""
        summed = np.cumsum(np.append(0.0, table[here]))
        summed_up: Numbers = summed[end] - summed[start]
        return summed_up

    elsewhere = NO_LANGUAGE + total(chars.anywhere) - COMMON * total(chars.common)
    odd = (total(chars.upper) - chars.upper[here[start]]) * (total(chars.lower) > 0)
    for word in np.flatnonzero((odd > 0) & chars.before_capitals[here[start]]).tolist():
        low, high = bounds[word]
        odd[word] = odd_capitals(here[low:high].tobytes().decode("utf-32-le"))
    texts = [small[low:high] for low, high in bounds]
    words = list(zip(texts, opened.tolist(), closed.tolist(), (odd == 0).tolist(), strict=True))
    number = {word: place for place, word in enumerate(dict.fromkeys(words))}
    tabled = modelled(list(number))[[number[word] for word in words]]
    marks = MARKED * (place[end] - place[start] - length)
    marks += CAPITAL_INSIDE * odd + np.where(length == 1, chars.alone[here[start]], 0.0)
    strictly = tabled + TOO_LONG * np.maximum(0, length - LONGEST)
    end_place = place[end] - 1
    return end_place, marks + np.where(strict[end_place], strictly, np.minimum(elsewhere, tabled))


class _Triples:
    """The triples of the letter model that were met, as sorted numbers, and one row of prices each, in any order."""

    def __init__(self) -> None:
        rows = letter_model().rows
        codes = _codes("".join(islice(letter_model().triples, len(rows))))[::3]
        self.row: Places = np.argsort(codes)
        self.codes = codes[self.row]
        self.many, self.rows = len(rows), np.concatenate([rows, np.zeros_like(rows)])
        self.number = np.full(_TOP, -1, np.intp)  # of each letter of the alphabet
        self.number[list(map(ord, letter_model().letters))] = np.arange(len(letter_model().letters))

    def places(self, codes: npt.NDArray[np.uint64]) -> Places:
        """The rows of triples by their numbers."""
        places = np.searchsorted(self.codes, codes)
        new = np.unique(codes[self.codes[np.minimum(places, len(self.codes) - 1)] != codes])
        if new.size:
            if self.many + len(new) > len(self.rows):
                self.rows = np.resize(self.rows, (2 * len(self.rows) + len(new), self.rows.shape[1]))
            self.rows[self.many : self.many + len(new)] = self._unseen(new)
            at = np.searchsorted(self.codes, new)
            self.codes = np.insert(self.codes, at, new)
            self.row = np.insert(self.row, at, np.arange(self.many, self.many + len(new)))
            self.many += len(new)
            places = np.searchsorted(self.codes, codes)
        found: Places = self.row[places]
        return found

    def _unseen(self, codes: npt.NDArray[np.uint64]) -> Prices:
        """The prices of triples that are in no table, as ``LetterModel.triple`` has them: of their last two letters."""
        left, right = (self.number.take(codes >> np.uint64(shift) & np.uint64(0xFFFF)) for shift in (16, 0))
        prices: Prices = letter_model().table[left, right]
        for place in np.flatnonzero((left < 0) | (right < 0)).tolist():
            prices[place] = STRANGE if right[place] < 0 else UNSEEN_PAIR
        return prices + np.float32(UNSEEN_TRIPLE)


def _codes(text: str) -> npt.NDArray[np.uint64]:
    """A number for each three characters of a text that follow one another."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    shift = np.uint64(16)
    numbers: npt.NDArray[np.uint64] = ((points[:-2] << shift | points[1:-1]) << shift) | points[2:]
    return numbers


@lru_cache(maxsize=1)
def _triples() -> _Triples:
    return _Triples()


def learn_languages(words: Collection[str]) -> None:
    """Work out the prices of words in each language, before ``LetterModel.prices`` is asked for them."""
    known = letter_model()
    new = [word for word in words if not known.asked(word)]
    if len(new) >= _FEW:
        order, total = _totals([(word, False, True, True) for word in new])
        known.tell(zip([new[place] for place in order.tolist()], total, strict=True))


def modelled(segments: Sequence[Segment]) -> Numbers:
    """The prices of words by the letter model, as ``LetterModel.price`` gives them one by one."""
    if not segments:
        return np.zeros(0)
    model = letter_model()
    order, total = _totals(segments)
    low = total.min(axis=1)
    shares = np.add.reduce(np.exp(low[:, None] - total), axis=1).astype(np.float64) / len(model.languages)
    mixed = np.empty(len(segments))
    mixed[order] = low.astype(np.float64) - np.log(shares.astype(np.float32)).astype(np.float64)
    whole = [written and closed and not opened and word in model.words for word, opened, closed, written in segments]
    for place in np.flatnonzero(whole).tolist():
        word = segments[place][0]
        mixed[place] = min(mixed[place] - model.known(word), model.listed(word))
    return mixed


def _totals(segments: Sequence[Segment]) -> tuple[Places, Prices]:
    """The order of words by length, and their prices in each language in that order."""
    model, triples = letter_model(), _triples()
    texts = [(word if opened else "  " + word) + " " * closed for word, opened, closed, _ in segments]
    lengths = np.fromiter(map(len, texts), np.intp, len(texts))
    offsets = np.cumsum(lengths) - lengths
    order = np.argsort(-lengths, kind="stable")
    steps = np.searchsorted(-lengths[order], -np.arange(3, int(lengths.max()) + 1), "right").tolist()
    offsets = offsets[order]
    at = np.concatenate([offsets[:many] + place for place, many in enumerate(steps)]) if steps else offsets[:0]
    rows = triples.places(_codes("".join(texts) + "\n\n")[at])
    total: Prices = np.zeros((len(texts), len(model.languages)), np.float32)
    openings: dict[str, Prices] = {}
    for place in [place for place, (_, opened, _, _) in enumerate(segments) if opened]:
        first = texts[place][:2]
        total[place] = openings[first] if first in openings else openings.setdefault(first, model.opening(first))
    total = total[order]
    done = 0
    for many in steps:
        total[:many] += triples.rows[rows[done : done + many]]
        done += many
    return order, total
