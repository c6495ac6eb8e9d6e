"""Groups that pairwise links make. Not here: which links there are."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def components(size: int, left: Ints, right: Ints) -> Ints:
    """For each of ``size`` nodes the smallest one connected with it over the links ``left[i]`` - ``right[i]``."""
    root = np.arange(size, dtype=np.int64)
    while True:
        smaller = np.minimum(root[left], root[right])
        grown = root.copy()
        # The roots are lowered, not only the nodes, so that chains shrink by half and more in each round.
        for side in (left, right):
            np.minimum.at(grown, root[side], smaller)
            np.minimum.at(grown, side, smaller)
        while not np.array_equal(grown, grown[grown]):
            grown = grown[grown]
        if np.array_equal(grown, root):
            return root
        root = grown


def chain(group: Ints) -> tuple[Ints, Ints]:
    """Links that connect all positions with the same value in ``group``; one fewer than there are positions."""
    order = np.argsort(group, kind="stable")
    same = group[order][1:] == group[order][:-1]
    return order[:-1][same], order[1:][same]
