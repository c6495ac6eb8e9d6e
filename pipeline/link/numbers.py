"""Arrays of whole numbers as sets. By sorting: numpy's own ways by hash take a hundred times as long for many numbers.

Not here: what the numbers stand for.
"""

from typing import Final

import numpy as np

from pipeline.link.components import Ints, Mask

_LARGE: Final = 1 << 31  # the product of two numbers that are smaller fits


def distinct(numbers: Ints) -> Ints:
    """Each number once, sorted."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])] if len(ordered) else ordered


def among(numbers: Ints, ordered: Ints) -> Mask:
    """Which of ``numbers`` are in ``ordered``, which is sorted."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    found: Mask = ordered[np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)] == numbers
    return found


def codes_together(*codes: Ints) -> Ints:
    """Numbers that are equal exactly where all of the codes are (0 and up, -1 for nothing); -1 where any is that."""
    together = codes[0].copy()
    nothing = codes[0] < 0
    for code in codes[1:]:
        nothing |= code < 0
        if int(together.max(initial=0)) >= _LARGE:
            together = np.searchsorted(distinct(together), together)
        together = together * (int(code.max(initial=0)) + 1) + code
    together[nothing] = -1
    return together
