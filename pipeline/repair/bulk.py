"""Prices of many texts at once: the same as ``plausible.price`` gives one by one, at the speed of arrays.

Every rule stands in ``plausible`` and ``letters``; here they are asked once a character, once a pair of kinds of
characters and once a triple of letters, and summed in the same order, so that not a bit differs.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.columns import BETWEEN, Texts
from pipeline.repair.languages import EDGE, FEW, Letters, Numbers, as_listed, mixed, perhaps_listed, tables, totals
from pipeline.repair.letters import lowered
from pipeline.repair.places import marked
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
    price,
    shape,
    sign,
    step,
)
from pipeline.repair.prefilter import TOP, Places, Points, chars_of

_AT_ONCE: Final = 8192  # texts whose arrays stay near the processor
_REMEMBERED: Final = 1024  # texts whose prices are kept for the next time; of more they are sooner worked out again
_END: Final = BETWEEN
_FIRSTS: Final = {word[0] for word in BEFORE_CAPITALS}


def learn(wanted: Iterable[tuple[str, bool]]) -> None:
    """Work out the prices of texts, each with whether it is asked strictly, before ``price`` is asked for them."""
    known = known_prices()
    new = [key for key in dict.fromkeys(wanted) if key not in known]
    if len(new) < FEW:
        return
    unreached = {char for char in chars_of([text for text, _ in new]) if _unreached(char)}
    if unreached:
        new = [key for key in new if unreached.isdisjoint(key[0])]
    texts = list(dict.fromkeys([text for text, _ in new]))
    # Loosely and strictly come together, so that a text of which both are wanted is looked at once.
    prices = [dict(zip(texts, found.tolist(), strict=True)) for found in _prices(Texts.of(texts))]
    _remember([(key, prices[key[1]][key[0]]) for key in new])


def _remember(prices: Collection[tuple[tuple[str, bool], float]]) -> None:
    """Keep prices for the next time."""
    known = known_prices()
    if len(known) + len(prices) > MOST_KNOWN:
        known.clear()
    known.update(prices)


def both_prices(texts: Texts, *, strictly: bool) -> tuple[Numbers, Numbers]:
    """The prices of texts, and what they are where they are asked ``strictly``; of no use where that is not asked."""
    if len(texts) > _REMEMBERED:
        return _prices(texts)
    known, words = known_prices(), texts.strings()
    keys = [[(text, strict) for text in words] for strict in ((False, True) if strictly else (False,))]
    if len(words) - sum(map(known.__contains__, keys[-1])) >= FEW:
        found = _prices(texts)
        for some, column in zip(keys, found, strict=False):
            _remember(list(zip(some, column.tolist(), strict=True)))
        return found
    prices = [np.array([price(text, strict=strict) for text, strict in some]) for some in keys]
    return prices[0], prices[-1]


def _prices(texts: Texts) -> tuple[Numbers, Numbers]:
    loosely, strictly = np.empty(len(texts)), np.empty(len(texts))
    for first in range(0, len(texts), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        loosely[some], strictly[some] = _together(texts.some(first, first + _AT_ONCE))
    return loosely, strictly


class _Chars:
    """What the price list says of each character that was met, by code point, and of each pair of kinds of them."""

    def __init__(self) -> None:
        self.met, self.letter, self.mark, self.script, self.cut = (np.zeros(TOP, np.bool_) for _ in range(5))
        self.common, self.upper, self.lower, self.before_capitals = (np.zeros(TOP, np.bool_) for _ in range(4))
        # What a character costs that is no Latin letter, and what it costs where it stands.
        self.unlettered, self.inside, self.behind, self.lonely, self.alone, self.anywhere = (
            np.zeros(TOP) for _ in range(6)
        )
        self.kind = np.zeros(TOP, np.intp)
        self.small: Points = np.zeros(TOP, np.uint16)
        self.number: Letters = np.full(TOP, EDGE, np.int32)
        self.kinds: dict[tuple[str, str, bool], int] = {}
        self.examples: list[Shape] = []
        self.steps = np.zeros((0, 0))
        self._meet(_END, OUTSIDE)
        self.inside[ord(_END)] = self.behind[ord(_END)] = 0.0

    def meet(self, points: Points) -> None:
        """Look up the characters that are new."""
        for point in np.unique(points[~self.met[points]]).tolist():
            self._meet(chr(point), shape(chr(point)))
        if len(self.examples) > len(self.steps):
            self.steps = np.array([[step(left, right) for right in self.examples] for left in self.examples])

    def _meet(self, char: str, look: Shape) -> None:
        point = ord(char)
        self.met[point] = True
        self.script[point], self.cut[point] = bool(look.script), cuts(look)
        self.inside[point], self.behind[point] = sign(char, inside=True), sign(char, inside=False)
        self.kind[point] = self.kinds.setdefault((look.script, look.case, look.mark), len(self.kinds))
        if len(self.kinds) > len(self.examples):
            self.examples.append(look)
        self.mark[point] = look.mark
        if look.script != "LATIN" or look.mark:
            self.unlettered[point], self.lonely[point] = look.price, lonely(look) if look.script else 0.0
        else:
            self.letter[point], self.common[point] = True, char in COMMONEST
            self.alone[point], self.anywhere[point] = alone(char), anywhere(char)
            self.before_capitals[point] = char in _FIRSTS
            self.upper[point] = char.isupper()
            self.lower[point] = not char.isupper() and (char.islower() or char.istitle())
            self.small[point] = ord(lowered(char))
            self.number[point] = tables().number[self.small[point]]


@lru_cache(maxsize=1)
def _chars() -> _Chars:
    return _Chars()


def _together(texts: Texts) -> tuple[Numbers, Numbers]:
    """The prices of so many texts that their arrays stay near the processor, loosely and strictly."""
    points = texts.points
    if points.max() == TOP - 1 or np.count_nonzero(points == ord(_END)) > len(texts) + 1:
        return _without_tables(texts.strings())
    chars = _chars()
    chars.meet(points)
    left, here, right = points[:-1], points[1:], np.append(points[2:], points[:1])
    owner = np.arange(len(texts)).repeat(texts.lengths + 1)
    cost = chars.steps[chars.kind.take(left), chars.kind.take(here)] + chars.unlettered.take(here)
    follows, written, next_to = chars.script.take(left), chars.script.take(here), chars.script.take(right)
    behind = marked(follows & ~written)
    cost[behind] += np.where(next_to[behind], chars.inside.take(here[behind]), chars.behind.take(here[behind]))
    lone = marked(written & ~follows & ~next_to)
    cost[lone] += chars.lonely.take(here[lone])
    end, loosely, strictly = _latin(points)
    rest, words = _summed(owner, cost, len(texts)), owner[end]
    return rest + _summed(words, loosely, len(texts)), rest + _summed(words, strictly, len(texts))


def _summed(owner: Places, costs: Numbers, many: int) -> Numbers:
    """The costs of each owner, added one after another, as a loop over the characters does."""
    summed: Numbers = np.bincount(owner, costs, many).astype(np.float64, copy=False)
    return summed


def _without_tables(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The same of texts of which some have a character that no table here reaches."""
    odd = [place for place, text in enumerate(texts) if any(map(_unreached, text))]
    kept = list(texts)
    for place in odd:
        kept[place] = ""
    found = _together(Texts.of(kept))
    for prices, strict in zip(found, (False, True), strict=True):
        prices[odd] = [price(texts[place], strict=strict) for place in odd]
    return found


def _unreached(char: str) -> bool:
    """Whether the tables here do not reach a character."""
    return char in _END or char >= "\uffff"


def _latin(points: Points) -> tuple[Places, Numbers, Numbers]:
    """The Latin words: where each ends, in what follows the first point, and its prices. Marks end no word."""
    chars = _chars()
    place = marked(~chars.mark.take(points))
    here = points[place]
    letter = chars.letter.take(here)
    edges = marked(letter[1:] != letter[:-1]) + 1
    start, end = edges[::2], edges[1::2]
    first, length = here[start], end - start
    opened, closed = chars.cut.take(points[place[start] - 1]), ~chars.cut.take(here[end])

    def total(table: npt.NDArray[np.generic]) -> Numbers:
        """Of what a table says of the letters, the sum for each word; multiples of a half, so exact."""
        summed = np.append(0.0, table.take(here)).cumsum()
        summed_up: Numbers = summed[end] - summed[start]
        return summed_up

    elsewhere = NO_LANGUAGE + total(chars.anywhere) - COMMON * total(chars.common)
    odd = (total(chars.upper) - chars.upper.take(first)) * (total(chars.lower) > 0)
    for word in marked((odd > 0) & chars.before_capitals.take(first)).tolist():
        odd[word] = odd_capitals("".join(map(chr, here[start[word] : end[word]].tolist())))
    numbers = chars.number.take(here)
    order, rows = totals(numbers, start, end, opened, closed)
    tabled = np.empty(len(start))
    tabled[order] = mixed(rows)
    small = chars.small.take(here).tobytes().decode("utf-16-le")
    whole = marked(closed & ~opened & (odd == 0) & perhaps_listed(numbers, start))
    words = [small[low:high] for low, high in zip(start[whole].tolist(), end[whole].tolist(), strict=True)]
    as_listed(tabled, words, whole)
    marks = MARKED * (place[end] - place[start] - length)
    marks += CAPITAL_INSIDE * odd + np.where(length == 1, chars.alone.take(first), 0.0)
    strictly = tabled + TOO_LONG * np.maximum(0, length - LONGEST)
    return place[end] - 1, marks + np.minimum(elsewhere, tabled), marks + strictly
