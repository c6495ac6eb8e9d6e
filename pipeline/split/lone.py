"""Finding the token without a partner in a list of pairs that lost one token.

Long lists are sorted by given or by family name. Behind a lost token the sorted column changes sides, so the order
breaks at every other place than the true one. Initials are given names and particles start family names, which helps
in short lists, and so does what a token is in the other lists of its file.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from pipeline.layouts.shapes import PARTICLES

# Fewer pairs are in order by accident too often: one in 40,000 for eight.
_SORTED_PAIRS: Final = 8
# What it costs that a token is not what it is in other lists.
_SEEN: Final = 2.0
# Places that cost this much more than the best are as possible as the best: real lists have a name out of order now
# and then.
_MARGIN: Final = 1.5
# How many names before it each name is held against.
_WINDOW: Final = 4
# The greatest share of near pairs out of order in a list that counts as sorted; without order it is a half.
_DISORDER: Final = 0.15

Odds = Mapping[str, int]
"""For a token, how often it is a given name less how often it is a family name."""

NOTHING: Final[Odds] = {}


def find_lone(texts: Sequence[str], odds: Odds = NOTHING) -> tuple[int, range]:
    """Index of the token without partner in an odd number of tokens (names; "" for a placeholder), and which indices
    are doubtful.

    The lone index is even. The range spans the tokens whose partner depends on a choice that the evidence does not
    make; it is empty when only one place is possible. ``odds`` say which tokens are given names (above 0) or family
    names (below 0) in other lists of the file.
    """
    costs = _misfits(texts, odds)
    pairs = len(texts) // 2
    if pairs >= _SORTED_PAIRS:
        keys = [_sort_key(text) for text in texts]
        breaks = [min(both) for both in zip(_disorder(keys, 0), _disorder(keys, 1), strict=True)]
        if min(breaks) <= _DISORDER * pairs * _WINDOW:
            costs = [cost + count for cost, count in zip(costs, breaks, strict=True)]
    least = min(costs)
    lone = len(costs) - 1 - costs[::-1].index(least)
    near = [place for place, cost in enumerate(costs) if cost < least + _MARGIN]
    return 2 * lone, range(2 * near[0], 2 * near[-1] + 1) if len(near) > 1 else range(0)


def _misfits(texts: Sequence[str], odds: Odds) -> list[float]:
    """For each even place of the lone token: how many tokens look like the other half of a name than the one they
    then are.
    """
    families = [2.0 if not text or _is_initial(text) else 0.0 for text in texts]
    givens = [float(text.split(" ")[0].lower() in PARTICLES and " " in text) for text in texts]
    for index, text in enumerate(texts):
        families[index] += _SEEN * (odds.get(text, 0) > 0)
        givens[index] += _SEEN * (odds.get(text, 0) < 0)
    before = _sums([(givens if index % 2 else families)[index] for index in range(len(texts))])
    behind = _sums([(families if index % 2 else givens)[index] for index in range(len(texts))])
    # A token alone is rather a family name; a placeholder alone, with all tokens before it in pairs, is one too many.
    return [before[place] + behind[-1] - behind[place + 1] + families[place] / 2 for place in range(0, len(texts), 2)]


def _disorder(keys: Sequence[str], column: int) -> list[int]:
    """For each even place of the lone token: near pairs out of order in the column of family (0) or given names (1).

    Up to the lone token the column is at indices of its own parity, behind it at those of the other. Each name is held
    against the ``_WINDOW`` names before it, so that one that does not belong counts several times.
    """
    size = len(keys)

    def breaks(first: int, second: int) -> bool:
        return bool(keys[first]) and bool(keys[second]) and keys[first] > keys[second]

    reach = range(2, 2 * _WINDOW + 1, 2)
    ending = [sum(breaks(index - step, index) for step in reach if index >= step) for index in range(size)]
    starting = [sum(breaks(index, index + step) for step in reach if index + step < size) for index in range(size)]
    before = _sums([float(count * (index % 2 == column)) for index, count in enumerate(ending)])
    behind = _sums([float(count * (index % 2 != column)) for index, count in enumerate(starting)])
    counts = []
    for place in range(0, size, 2):
        left = range(place - 2 + column, max(-1, place - 2 * _WINDOW - 1), -2)
        right = range(place + 1 + column, min(size, place + 2 * _WINDOW + 1), 2)
        across = sum(breaks(i, j) for n, i in enumerate(left) for j in right[: _WINDOW - n])
        counts.append(int(before[place] + behind[size] - behind[min(size, place + 1)]) + across)
    return counts


def _sums(values: Sequence[float]) -> list[float]:
    """Sums of the values before each index, and of all."""
    return [0.0, *accumulate(values)]


def _is_initial(text: str) -> bool:
    """Does a token hold an initial, as only given names do ("J.", "Ana P.")?"""
    return any(len(word) == 2 and word[1] == "." and word[0].isalpha() for word in text.split())


def _sort_key(text: str) -> str:
    """A name as lists sort it: without accents, case, spaces and hyphens."""
    return "".join(char for char in unicodedata.normalize("NFKD", text).casefold() if char.isalnum())
