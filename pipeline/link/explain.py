"""Why a record is in its work: of all links the few that hold the work together. Not here: which links there are."""

import numpy as np
import pandas as pd

from pipeline.link.components import Ints


def explained(links: pd.DataFrame, roots: Ints, size: int) -> pd.DataFrame:
    """For each of ``size`` records that has one the link that ties it to its work, by its position.

    The columns are ``rule``, ``score``, ``shared`` and ``other``.
    ``roots`` has one record of each work. From there on each record is reached over the fewest links,
    of equally few over the strongest; ``other`` is the record that it is reached from, and for a root its strongest
    neighbour.
    """
    ends = pd.concat([links, links.rename(columns={"left": "right", "right": "left"})], ignore_index=True)
    ends = ends.sort_values(["left", "score", "rule", "right"], ascending=[True, False, True, True], ignore_index=True)
    near, far = ends["left"].to_numpy(), ends["right"].to_numpy()
    chosen = np.full(size, -1, dtype=np.int64)
    reached = np.zeros(size, dtype=bool)
    reached[roots] = True
    first = np.flatnonzero(np.concatenate([[True], near[1:] != near[:-1]])) if len(near) else np.empty(0, np.int64)
    chosen[near[first[reached[near[first]]]]] = first[reached[near[first]]]
    open_ = np.flatnonzero(~reached[near])
    while len(open_):
        useful = open_[reached[far[open_]]]
        if not len(useful):
            break
        new = useful[np.concatenate([[True], near[useful][1:] != near[useful][:-1]])]
        chosen[near[new]] = new
        reached[near[new]] = True
        open_ = open_[~reached[near[open_]]]
    frame = ends[["rule", "score", "shared", "right"]].rename(columns={"right": "other"})
    rows = np.flatnonzero(chosen >= 0)
    return frame.take(chosen[rows]).set_axis(rows)


def best_linked(links: pd.DataFrame, group: Ints) -> Ints:
    """Of each group (a number for each record) that has links the record with the strongest, of several the first."""
    ends = pd.concat([links[["left", "score"]], links[["right", "score"]].rename(columns={"right": "left"})])
    ends = ends.assign(group=group[ends["left"].to_numpy()])
    ends = ends.sort_values(["group", "score", "left"], ascending=[True, False, True])
    roots: Ints = ends.drop_duplicates("group")["left"].to_numpy(dtype=np.int64)
    return roots
