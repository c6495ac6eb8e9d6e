"""Whom people write with, as evidence that two names are one person or that one name is several people.

People are numbers here. Not here: which names are compared (``likeness``) and what the evidence is enough for
(``people``).
"""

from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints, Mask, components
from pipeline.link.numbers import among, distinct

# A list of so many says nothing of who knows whom.
LARGEST_LIST: Final = 60


def telling(appearances: pd.DataFrame) -> pd.DataFrame:
    """The appearances (``person``, ``record``, ``work``; numbers) in lists short enough to be evidence."""
    person, record = appearances["person"].to_numpy(dtype=np.int64), appearances["record"].to_numpy(dtype=np.int64)
    base = int(person.max(initial=0)) + 1
    once = distinct(record * base + person)
    record_once = once // base
    short = once[np.bincount(record_once)[record_once] <= LARGEST_LIST]
    work = np.zeros(int(record.max(initial=0)) + 1, dtype=np.int64)
    work[record] = appearances["work"].to_numpy(dtype=np.int64)
    return pd.DataFrame({"person": short % base, "record": short // base, "work": work[short // base]})


def meet(left: Ints, right: Ints, appearances: pd.DataFrame, place: str) -> Mask:
    """Which pairs of people both appear in one ``place`` (a record or a work)."""
    return _common(left, right, appearances[["person", place]].set_axis(["person", "thing"], axis=1)) > 0


def shared_coauthors(left: Ints, right: Ints, appearances: pd.DataFrame) -> Ints:
    """How many others each pair of people has both written with, papers with very many authors left out."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    told = telling(appearances)
    involved = among(told["person"].to_numpy(), distinct(np.concatenate([left, right])))
    others = told.loc[involved, ["person", "record"]].merge(
        told[["person", "record"]].rename(columns={"person": "thing"}), on="record"
    )
    return _common(left, right, others.loc[others["person"] != others["thing"], ["person", "thing"]])


def _common(left: Ints, right: Ints, has: pd.DataFrame) -> Ints:
    """For each pair how many things (never one of the two themselves) both have."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    involved = among(has["person"].to_numpy(), distinct(np.concatenate([left, right])))
    known = has[involved].drop_duplicates()
    pairs = pd.DataFrame({"pair": np.arange(len(left)), "person": left, "other": right})
    met = pairs.merge(known, on="person")
    met = met.merge(known.rename(columns={"person": "other"}), on=["other", "thing"])
    return np.bincount(met["pair"].to_numpy(), minlength=len(left))


def parted(people: Ints, appearances: pd.DataFrame) -> Ints:
    """Those of ``people`` whose works fall into parts that no co-author connects; works without co-authors aside."""
    told = telling(appearances)
    own = told.loc[told["person"].isin(people), ["person", "work", "record"]]
    met = own.merge(told[["person", "record"]].rename(columns={"person": "other"}), on="record")
    met = met.loc[met["person"] != met["other"], ["person", "work", "other"]].drop_duplicates()
    work = np.asarray(met.groupby(["person", "work"]).ngroup(), dtype=np.int64)
    other = np.asarray(met.groupby(["person", "other"]).ngroup(), dtype=np.int64)
    first = int(work.max()) + 1 if len(work) else 0
    size = first + (int(other.max()) + 1 if len(other) else 0)
    parts = met.assign(part=components(size, work, other + first)[work]).groupby("person")["part"].nunique()
    return parts.index[parts > 1].to_numpy()
