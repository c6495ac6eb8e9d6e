"""Groups that pairwise links make, also where some pairs must not be in one group. Not here: which links there are."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


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


def star(group: Ints) -> tuple[Ints, Ints]:
    """Links from the first position with a value in ``group`` to all others with it."""
    order = np.argsort(group, kind="stable")
    new = np.concatenate([[True], group[order][1:] != group[order][:-1]]) if len(order) else np.empty(0, bool)
    first = order[np.flatnonzero(new)[np.cumsum(new) - 1]] if len(order) else order
    return first[~new], order[~new]


def kept_links(size: int, links: tuple[Ints, Ints], apart: tuple[Ints, Ints], forced: int = 0) -> Mask:
    """Which links to keep so that no pair of ``apart`` is in one group; earlier links go before later ones.

    The first ``forced`` links are kept whatever they join. Links of groups in which nothing is to be kept apart are all
    kept, without looking at them one by one.
    """
    left, right = links
    kept = np.ones(len(left), dtype=bool)
    group = components(size, left, right)
    torn = np.unique(group[apart[0]][group[apart[0]] == group[apart[1]]])
    if not len(torn):
        return kept
    within = np.flatnonzero(np.isin(group[apart[0]], torn))
    enemies: dict[int, set[int]] = {}
    for one, other in zip(apart[0][within].tolist(), apart[1][within].tolist(), strict=True):
        enemies.setdefault(one, set()).add(other)
        enemies.setdefault(other, set()).add(one)
    asked = np.flatnonzero(np.isin(group[left], torn))
    kept[asked] = _joined_in_order(left[asked].tolist(), right[asked].tolist(), enemies, int((asked < forced).sum()))
    return kept


def _joined_in_order(
    left: Sequence[int], right: Sequence[int], enemies: dict[int, set[int]], forced: int
) -> list[bool]:
    root: dict[int, int] = {}
    members: dict[int, set[int]] = {}

    def find(node: int) -> int:
        while root.get(node, node) != node:
            node = root[node]
        return node

    kept = []
    for number, ends in enumerate(zip(left, right, strict=True)):
        one, other = sorted(map(find, ends), key=lambda node: (-len(members.get(node, ())), node))
        if one == other:
            kept.append(True)
            continue
        mine, theirs = members.get(one, {one}), members.get(other, {other})
        may = number < forced or not enemies.get(one, set()) & theirs
        kept.append(may)
        if may:
            root[other] = one
            members[one] = mine | theirs
            enemies[one] = enemies.get(one, set()) | enemies.get(other, set())
    return kept
