"""The words around a damaged one: which languages they speak for, and what that makes of the prices of its readings.

Not here: the readings (``lost``) and how likely each is (``odds``).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.letters import Prices, letter_model, lowered

_SMALL_INITIAL: Final = 8.0  # what a small initial costs where all words around begin with capitals
_MOSTLY_NAMES: Final = 0.8  # how often words begin with capitals where nothing stands around: as much as one word says
_AROUND: Final = 0.35  # how much of its evidence for a language a word nearby lends


@dataclass(frozen=True)
class Nearby:
    """What the words around a damaged one are like: their languages, and what a small initial costs among them."""

    languages: Prices
    capitals: float

    @classmethod
    def of(cls, words: Collection[str], initials: Collection[str]) -> "Nearby":
        """Look at undamaged words, and at the initials of those too of which other letters are damaged, as printed."""
        share = (sum(map(str.isupper, initials)) + _MOSTLY_NAMES) / (len(initials) + 1)
        return cls(languages_of(words), _SMALL_INITIAL * (2 * share - 1))


def discount(prices: Prices, around: Prices) -> npt.NDArray[np.float64]:
    """How much cheaper words become in the languages of their neighbours than in any language, in nats.

    ``prices`` has one row a word and one column a language, like ``around``.
    """
    low = prices.min(axis=1)
    anywhere = low - np.log(np.mean(np.exp(low[:, None] - prices), axis=1).astype(np.float64))
    difference: npt.NDArray[np.float64] = anywhere - priced_nearby(prices, around)
    return difference


def priced_nearby(prices: Prices, around: Prices) -> npt.NDArray[np.float64]:
    """The prices of words in the languages of their neighbours, shaped as for ``discount``."""
    low = (prices + around).min(axis=1)
    weights = np.exp(around.min() - around)
    found: npt.NDArray[np.float64] = low - np.log(
        np.sum(np.exp(low[:, None] - prices - around), axis=1).astype(np.float64)
    )
    return found - (float(around.min()) - math.log(float(np.sum(weights))))


def languages_of(words: Collection[str]) -> Prices:
    """The evidence of neighbouring words for each language, in nats, damped since names travel."""
    model = letter_model()
    total = np.zeros(len(model.languages), np.float32)
    for word in words:
        prices = model.prices(lowered(word))
        total += np.float32(_AROUND) * np.minimum(prices - prices.min(), np.float32(12.0))
    return total
