"""Whom people write with, as evidence that two names are one person or that one name is several people.

People are numbers here. Not here: which names are compared (``likeness``) and what the evidence is enough for
(``people``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.link.components import Ints, Mask, components
from pipeline.link.numbers import among, distinct, spread

# A list of so many says nothing of who knows whom.
LARGEST_LIST: Final = 60


@dataclass(frozen=True)
class Appearances:
    """Who is in which list: a ``person``, a ``record`` and its ``work`` each, all numbers from 0."""

    person: Ints
    record: Ints
    work: Ints

    def of(self, group: Ints) -> "Appearances":
        """The same of the groups that people are in."""
        return Appearances(group[self.person], self.record, self.work)

    def telling(self) -> "Appearances":
        """Those in lists short enough to be evidence, each once, in the order of records."""
        base = int(self.person.max(initial=0)) + 1
        once = distinct(self.record * base + self.person)
        record = once // base
        short = np.bincount(record)[record] <= LARGEST_LIST
        record, person = record[short], once[short] % base
        work = np.zeros(int(self.record.max(initial=0)) + 1, dtype=np.int64)
        work[self.record] = self.work
        return Appearances(person, record, work[record])


def meet(left: Ints, right: Ints, person: Ints, place: Ints) -> Mask:
    """Which pairs of people both appear in one place; ``person`` appears in ``place``."""
    return _common(left, right, person, place) > 0


def shared_coauthors(left: Ints, right: Ints, appearances: Appearances) -> Ints:
    """How many others each pair of people has both written with, papers with very many authors left out."""
    told = appearances.telling()
    who, other = _company(told, np.flatnonzero(among(told.person, distinct(np.concatenate([left, right])))))
    return _common(left, right, told.person[who], other)


def _company(told: Appearances, rows: Ints) -> tuple[Ints, Ints]:
    """Everybody else in the lists of some of the appearances, which are in the order of records: row and person."""
    starts = np.searchsorted(told.record, told.record[rows])
    owner, at = spread(starts, np.bincount(told.record)[told.record[rows]])
    others = at != rows[owner]
    return rows[owner[others]], told.person[at[others]]


def _common(left: Ints, right: Ints, person: Ints, thing: Ints) -> Ints:
    """For each pair of people how many things both have; ``person`` has ``thing``."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    known = among(person, distinct(np.concatenate([left, right])))
    base = int(thing.max(initial=0)) + 1
    entries = distinct(person[known] * base + thing[known])
    owners = entries // base
    starts = np.searchsorted(owners, left)
    pair, at = spread(starts, np.searchsorted(owners, left, side="right") - starts)
    both = among(right[pair] * base + entries[at] % base, entries)
    return np.bincount(pair[both], minlength=len(left))


def parted(people: Ints, appearances: Appearances) -> Ints:
    """Those of ``people`` whose works fall into parts that no co-author connects; works without co-authors aside."""
    told = appearances.telling()
    rows, other = _company(told, np.flatnonzero(among(told.person, distinct(people))))
    person, work = told.person[rows], told.work[rows]
    works, place = np.unique(person * (int(work.max(initial=0)) + 1) + work, return_inverse=True)
    others, company = np.unique(person * (int(other.max(initial=0)) + 1) + other, return_inverse=True)
    part = components(len(works) + len(others), place, len(works) + company)[place]
    base = len(works) + 1  # the smallest of a part is one of its works
    parts = distinct(person * base + part)
    owners = parts // base
    return distinct(owners[1:][owners[1:] == owners[:-1]])
