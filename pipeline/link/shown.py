"""Which spelling of a name, and which name of an author, is shown. Not here: which names are one author."""

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array, map_distinct
from pipeline.link.mentioned import Places, wide
from pipeline.link.names import PARTS
from pipeline.link.numbers import coded, codes_together, firsts
from pipeline.link.printed import Printed, frame_at

# How sure a name is, as a rank for choosing. Estimates: a constrained mend is right in all but a few cases, an inferred
# one in about 95 of 100, and of an unresolved name only the undamaged letters agree.
RANK: Final = {"clean": 0, "exact": 0, "constrained": 1, "inferred": 2, "unresolved": 3}


def display(spellings: pd.DataFrame) -> pd.Series:
    """Each name as it is shown: given names, family name, suffix."""
    shown = spellings["family"].where(spellings["given"].isna(), spellings["given"] + " " + spellings["family"])
    return shown.where(spellings["suffix"].isna(), shown + " " + spellings["suffix"])


def _marks(texts: pd.Series) -> Ints:
    """How many letters beyond ASCII each text has: they are lost on the way more easily than won."""
    beyond = pc.replace_substring_regex(arrow_array(texts, pa.string()), r"[\x00-\x7F]+", "")
    letters = pc.replace_substring_regex(beyond, r"\PL+", "")
    return np.asarray(pc.utf8_length(letters), dtype=np.int64)


def doubts_of(spellings: pd.DataFrame) -> tuple[Ints, ...]:
    """What is asked first when one of several spellings is to be shown, the last the most: the least of each is best.

    The surest first, then one in upper and lower case, then with the most diacritics.
    """
    shown = display(spellings)
    one_case = np.asarray(shown.str.isupper() | shown.str.islower(), dtype=np.int64)
    rank = np.asarray(map_distinct(spellings["certainty"], RANK.__getitem__, pa.int64()), dtype=np.int64)
    return -_marks(shown), one_case, rank


def best_spellings(table: pd.DataFrame) -> tuple[Ints, Ints]:
    """The spelling that each name is shown by, in the order of ``name``, and how often it is printed.

    Of several the one that is in least doubt, then the most frequent.
    """
    name, count = table["name"].to_numpy(dtype=np.int64), table["times"].to_numpy(dtype=np.int64, copy=True)
    several = np.flatnonzero(np.bincount(name)[name] > 1)  # as few have, so that few texts are looked at
    some = table.take(several)
    shown, family = coded(display(some), sort=True)[0], coded(some["family"], sort=True)[0]
    alike = np.unique(codes_together(name[several], shown, family), return_inverse=True)[1]
    count[several] = np.bincount(alike, weights=count[several]).astype(np.int64)[alike]
    order = several[np.lexsort([family, shown, -count[several], *doubts_of(some), name[several]])]
    best = first_of_each(name, order)
    return best, count[best]


def first_of_each(group: Ints | Places, order: Ints) -> Ints:
    """For each group (0 to n-1) its member, and where there are several, which ``order`` has, the first of them."""
    found = np.empty(int(group.max(initial=-1)) + 1, dtype=np.int64)
    found[group] = np.arange(len(group))
    first = order[firsts(wide(group[order]))]
    found[group[first]] = first
    return found


def shown_names(shown: Printed, count: Places, number: Places) -> Ints:
    """Of each group of names the one that it is shown by: the surest, and of several the fullest.

    ``shown`` has the spelling that each name is shown by, ``count`` how often that is printed, ``number`` the group.
    """
    several = np.flatnonzero(np.bincount(number)[number] > 1)
    some = frame_at(shown, [*PARTS, "certainty", "folded_given"], several)
    letters = some["folded_given"].str.len().to_numpy(dtype=np.int64)
    times = count[several].astype(np.int64)
    order = several[np.lexsort([several, -times, -letters, *doubts_of(some), number[several]])]
    return first_of_each(number, order)
