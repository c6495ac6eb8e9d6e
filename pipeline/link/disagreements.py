"""What records of a work say otherwise than the work does. Not here: which of them is believed (``best``)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from pipeline.link.mentioned import wide
from pipeline.link.numbers import among, distinct

TEXTS: Final = ("title", "abstract", "venue")


def differing(known: pd.DataFrame, work: Ints, best: Mapping[str, Ints], listed: pd.DataFrame) -> dict[str, Ints]:
    """For each field the records, by their positions, that print something else than their works say.

    ``known`` is the ``evidence``, ``work`` the number of each record's work, ``best`` for each field the position of
    the record that each work believes, and ``listed`` has ``row`` and ``author``. Texts that differ in case, spaces or
    punctuation alone agree. An author list agrees that names the same people.
    """
    several = np.bincount(work)[work] > 1
    found = {}
    for name in (*TEXTS, "year"):
        rows = np.flatnonzero(several & known[name].notna().to_numpy(dtype=bool))
        values = known[name].take(rows).to_numpy(dtype=np.uint64)
        believed = known[name].take(best[name][work[rows]]).to_numpy(dtype=np.uint64)
        found[name] = rows[values != believed]
    found["authors"] = _unlike_lists(np.flatnonzero(several), best["authors"][work], listed)
    return found


def _unlike_lists(rows: Ints, best: Ints, listed: pd.DataFrame) -> Ints:
    """Those of ``rows`` that have a list, with other people than the list of ``best``, given for every row."""
    involved = np.zeros(len(best) + 1, dtype=bool)  # the last is for works without a list, which have NONE
    involved[rows] = involved[best[rows]] = True
    named = listed[involved[listed["row"].to_numpy()]]
    row, author = named["row"].to_numpy(), named["author"].to_numpy()
    base = int(author.max(initial=0)) + 1
    names = distinct(wide(row) * base + author)
    counts = np.bincount(names // base, minlength=len(best))
    rows = rows[(counts[rows] > 0) & (rows != best[rows])]
    asked = names[among(names // base, rows)]
    both = among(best[asked // base] * base + asked % base, names)
    shared = np.bincount(asked[both] // base, minlength=len(best))[rows]
    unlike: Ints = rows[(shared != counts[rows]) | (shared != counts[best[rows]])]
    return unlike
