"""How likely each reading of a word that lost bytes is, from its price, the lexicon, and words that stand elsewhere.

Prices rank readings well, but a model of letters is surer of itself than it should be, and a lexicon has not every
name: where one reading is listed, the word may still be one that is not, most of all where its ending is gone, since
families bear the same stem with several. The figures are fitted to registers of names that the tables never saw;
``tests/benchmarks/repair_reliability.py`` shows what comes of them. Not here: the readings and their prices
(``lost``), and what is written down (``guess``).
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.repair.contexts import counts
from pipeline.repair.gaps import Sequence as Piece
from pipeline.repair.letters import AS_NAMES, Prices, letter_model, lowered
from pipeline.repair.lost import Candidate, Filled
from pipeline.repair.nearby import priced_nearby

_TEMPER_LISTED: Final = 1.3  # prices of words that are listed, or stand elsewhere, are nearly as sure as they say
_TEMPER: Final = 3.0  # those of words in no list are not
_TEMPER_AROUND: Final = 1.5  # nor what neighbours say for a language
_SEEN: Final = 3.0  # words with the same context that weigh as much as the letter model
_LEAST: Final = 1e-12
_ODD: Final = 6.0  # nats of rules by which a listed word is not the one that stood there
# The log odds that a name is the reading that is listed and none that is in no list: to begin with, where the last
# letter is gone, for each letter that is left (up to so many), and for each nat by which letters alone prefer it (up
# to so many), which say more of an ending.
_LISTED: Final = 0.66
_NO_ENDING: Final = -1.28
_A_LETTER: Final = 0.69
_MOST_LETTERS: Final = 7
_BY_LETTERS: Final = 0.13
_BY_LETTERS_OF_ENDING: Final = 0.85
_MOST_BY_LETTERS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Reading:
    """A word that may have stood there: its cheapest way, and the nats that speak for it, by what they come from."""

    way: Candidate
    word: str  # in small letters
    rules: float
    twin: float
    price: float  # without rules and twins
    listing: float  # what of the price is due to the lexicon

    @property
    def sure(self) -> float:
        """What needs no temper."""
        return self.rules + self.twin


def ranked(filled: Filled, rivals: Iterable[Candidate], cut: Sequence[Piece]) -> list[tuple[Candidate, float]]:
    """The distinct readings among rivals with their probabilities, the likeliest first; ``cut`` has their pieces."""
    readings = _readings(filled, rivals)
    lost = [number for number, piece in enumerate(cut) if piece.lost]
    merits = _by_letters(readings, lost, filled.languages)
    dear = min([-one.rules for one in readings]) + _ODD
    old = [place for place, one in enumerate(readings) if one.listing > 0 and -one.rules < dear]
    new = [place for place in range(len(readings)) if place not in old]
    weights = _shares({place: merits[place] + readings[place].sure for place in new})
    if old:
        within = {place: readings[place].sure - readings[place].price / _TEMPER_LISTED for place in old}
        share = _share_of_listed(readings, merits, within, new, lost) if new else 1.0
        weights = {place: weight * (1 - share) for place, weight in weights.items()}
        weights |= {place: weight * share for place, weight in _shares(within).items()}
    # Ways come the cheapest first, and stay so among equals.
    return sorted([(readings[place].way, weights[place]) for place in sorted(weights)], key=lambda one: -one[1])


def _readings(filled: Filled, rivals: Iterable[Candidate]) -> list[_Reading]:
    """Codecs that agree on a word are no independent witnesses: the cheapest speaks for all."""
    model = letter_model()
    found: dict[tuple[tuple[str, ...], str], _Reading] = {}
    for one in rivals:
        if (one.texts, one.word) not in found:
            small = lowered(one.word)
            twin = filled.known.worth(small)
            listing = model.price(small, written=False) - model.price(small) if model.known(small) else 0.0
            price = one.cost - one.rules + twin
            found[one.texts, one.word] = _Reading(one, small, -one.rules, twin / _TEMPER_LISTED, price, listing)
    return list(found.values())


def _by_letters(readings: Sequence[_Reading], lost: Collection[int], around: Prices) -> list[float]:
    """The log probabilities of readings by their letters alone, with what the lexicon has in longer contexts.

    Each language is asked as far as it is likely here, and a reading that is listed is no witness for itself.
    """
    model = letter_model()
    near = -around.astype(np.float64) / _TEMPER_AROUND
    near -= np.log(np.exp(near).sum())
    rest = np.array([one.price + one.listing for one in readings])
    letters = np.zeros((len(readings), len(near)))
    spelled = [
        place for place, one in enumerate(readings) if model.alphabet.issuperset(one.word) and one.word.isalpha()
    ]
    if spelled:
        letters[spelled] = prices = np.array([model.prices(readings[place].word) for place in spelled])
        # What the letters cost, their neighbours counted, is in the price already.
        rest[spelled] -= priced_nearby(prices, around)
    merits = near - (letters + rest[:, None]) / _TEMPER
    joint = np.exp(merits - merits.max())
    joint /= joint.sum()
    for number in lost:
        likely = joint.sum(axis=0)
        places = [_place(one.way, number) for one in readings]
        seen = counts([one.word for one in readings], places) * (likely / likely.max())
        for alike in _but_for(readings, number):
            mass = max(joint[alike].sum(), _LEAST)
            joint[alike] = mass * (seen[alike] + _SEEN * joint[alike] / mass) / (seen[alike].sum() + _SEEN)
    return [math.log(max(share, _LEAST)) for share in joint.sum(axis=1).tolist()]


def _but_for(readings: Sequence[_Reading], number: int) -> Iterable[list[int]]:
    """The places of readings that differ in one piece alone."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for place, one in enumerate(readings):
        groups.setdefault((*one.way.texts[:number], *one.way.texts[number + 1 :]), []).append(place)
    return groups.values()


def _share_of_listed(
    readings: Sequence[_Reading],
    merits: Sequence[float],
    within: dict[int, float],
    new: Sequence[int],
    lost: Collection[int],
) -> float:
    """How likely the word is one of those that the lexicon has."""
    best = max(within, key=lambda place: within[place])
    one = readings[best]
    unlisted = _log_sum([merits[place] + readings[place].rules for place in new])
    twins = one.twin - (_log_sum([merits[place] + readings[place].sure for place in new]) - unlisted)
    if one.way.word[:1].islower():  # no name, and lists have nearly all words that a text is made of
        cheapest = min([readings[place].price - readings[place].rules for place in new])
        return _chance((cheapest - one.price + one.rules) / _TEMPER_LISTED + twins)
    letters = max(-_MOST_BY_LETTERS, min(_MOST_BY_LETTERS, merits[best] + one.rules - unlisted))
    ending = any(_place(one.way, number) == len(one.word) - 1 for number in lost)
    odds = _LISTED + _NO_ENDING * ending + _A_LETTER * min(_MOST_LETTERS, len(one.word) - len(lost))
    odds += letters * (_BY_LETTERS_OF_ENDING if ending else _BY_LETTERS)
    odds += math.log(10) * max(0, letter_model().words[one.word] - AS_NAMES)
    return _chance(odds + twins)


def _place(way: Candidate, number: int) -> int:
    """Where in its word the last letter of a piece's text stands."""
    position = 0
    for text in way.texts[: number + 1]:
        position = way.word.index(text, position) + len(text)
    return position - 1


def _shares(merits: dict[int, float]) -> dict[int, float]:
    total = _log_sum(merits.values())
    return {place: math.exp(merit - total) for place, merit in merits.items()}


def _log_sum(values: Collection[float]) -> float:
    """The logarithm of a sum of powers; minus infinity of none."""
    most = max(values, default=-math.inf)
    return most if math.isinf(most) else most + math.log(sum([math.exp(value - most) for value in values]))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, odds))))
