"""The best record of a work for each field, the same whatever the order of the records.

Records are positions in the order of their ids here, and works are numbers. Not here: which records are a work
(``grouping``), and what the other records say (``disagreements``).
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.link.components import Ints
from pipeline.link.fold import count_damage
from pipeline.link.mentioned import CERTAINTIES, wide
from pipeline.link.numbers import distinct
from pipeline.link.printed import Printed

_CUT: Final = r"(?:\.{3}|…)\W*$"
NONE: Final = -1
_DOUBTFUL: Final = CERTAINTIES.index("inferred"), CERTAINTIES.index("constrained")


def sizes(*codes: Ints) -> Ints:
    """For each row how many rows have the same codes."""
    together = codes[0]
    for code in codes[1:]:
        together = together * (int(code.max(initial=0)) + 2) + code
    ordered = np.sort(together)
    found: Ints = np.searchsorted(ordered, together, "right") - np.searchsorted(ordered, together, "left")
    return found


def _best(rows: Ints, work: Ints, count: int, *columns: npt.NDArray[Any]) -> Ints:
    """Of each of ``count`` works the row with the smallest values, of several the first; ``NONE`` where it has none."""
    order = np.lexsort([rows, *reversed(columns), work[rows]])
    ordered = rows[order]
    best = np.full(count, NONE, dtype=np.int64)
    best[work[ordered[::-1]]] = ordered[::-1]
    return best


def best_text(printed: Printed, name: str, folded: pd.Series, work: Ints, count: int) -> Ints:
    """The record with the best text of a field, for each of ``count`` works; ``folded`` is equal for equal folded text.

    Least damage first, then text that is not cut off ("..."), then what most records agree on, then text with lower
    case (not all capitals), then the longest. Only works with several texts are looked at.
    """
    rows = np.flatnonzero(folded.notna())
    best = np.full(count, NONE, dtype=np.int64)
    best[work[rows]] = rows
    rows = rows[np.bincount(work[rows], minlength=count)[work[rows]] > 1]
    damage, cut, capitals, length = _looks(printed, name, rows)
    agree = sizes(work[rows], np.asarray(pd.factorize(folded.take(rows))[0], dtype=np.int64))
    chosen = _best(rows, work, count, damage, cut, -agree, capitals, -length)
    return np.where(chosen >= 0, chosen, best)


def _looks(printed: Printed, name: str, rows: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Of each text its marks of damage, whether it is cut off, whether all are capitals, and its length.

    Some texts at a time, since what is compared of them is so much less than they are.
    """
    found = np.empty((4, len(rows)), dtype=np.int64)
    for places, some in printed.some(name, rows):
        looks = count_damage(some), some.str.contains(_CUT, regex=True), some.str.isupper(), some.str.len()
        for place, values in enumerate(looks):
            found[place, places] = values.to_numpy(dtype=np.int64)
    return found[0], found[1], found[2], found[3]


def best_year(years: pd.Series, venues: pd.Series, work: Ints, count: int) -> Ints:
    """The year that most records print; of equals one that stands beside a venue, for it is the year of the print."""
    rows = np.flatnonzero(years.notna())
    year = years.array[rows].to_numpy(dtype=np.int64)
    no_venue = venues.isna().to_numpy(dtype=np.int64)[rows]
    return _best(rows, work, count, -sizes(work[rows], year - year.min(initial=0)), no_venue, year)


def best_list(listed: pd.DataFrame, work: Ints, count: int) -> tuple[Ints, Ints]:
    """The record with the most, the surest and the fullest names, and how many they are (0 where no record has any).

    ``listed`` has ``row`` and ``author`` (numbers), ``certainty`` (its code), ``damaged`` and ``letters`` (of the given
    names). Most names come first, since lists are cut off more often than they are padded; of equals the list that
    writes out what the other abbreviates.
    """
    row, authors, certainty = (listed[name].to_numpy() for name in ("row", "author", "certainty"))
    base = int(authors.max(initial=0)) + 1
    names = np.bincount(distinct(wide(row) * base + authors) // base, minlength=len(work))
    marks = (listed["damaged"].to_numpy(dtype=bool), *(certainty == code for code in _DOUBTFUL))
    doubts = [np.bincount(row[mark], minlength=len(work)) for mark in marks]
    letters = np.bincount(row, listed["letters"].to_numpy(), len(work)).astype(np.int64)
    rows = np.flatnonzero(names)
    best = _best(rows, work, count, -names[rows], *(doubt[rows] for doubt in doubts), -letters[rows])
    return best, np.where(best >= 0, names[best], 0)
