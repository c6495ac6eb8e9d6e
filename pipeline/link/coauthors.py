"""Whom people write with, as evidence that two names are one person or that one name is several people.

People are numbers here. Not here: which names are compared (``likeness``) and what the evidence is enough for
(``people``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.link.components import Ints, Mask, components
from pipeline.link.mentioned import Places, wide
from pipeline.link.numbers import distinct, spread

# A list of so many says nothing of who knows whom.
LARGEST_LIST: Final = 60


@dataclass(frozen=True)
class Appearances:
    """Who is in which list: a ``person``, a ``record`` and its ``work`` each, all numbers from 0."""

    person: Ints | Places
    record: Ints | Places
    work: Ints | Places

    def of(self, group: Ints | Places) -> "Appearances":
        """The same of the groups that people are in."""
        return Appearances(group[self.person], self.record, self.work)

    def telling(self, *people: Ints) -> "Appearances":
        """Those in lists with some people that are short enough to be evidence, each once, in the order of records."""
        asked = np.zeros(int(self.record.max(initial=0)) + 1, dtype=bool)
        asked[self.record[_among(self.person, *people)]] = True
        rows = np.flatnonzero(asked[self.record])
        base = int(self.person.max(initial=0)) + 1
        once = distinct(wide(self.record[rows]) * base + self.person[rows])
        record = once // base
        short = np.bincount(record)[record] <= LARGEST_LIST
        record, person = record[short], once[short] % base
        work = np.zeros(int(self.record.max(initial=0)) + 1, dtype=np.int64)
        work[self.record[rows]] = self.work[rows]
        return Appearances(person, record, work[record])


def meet(left: Ints, right: Ints, person: Ints | Places, place: Ints | Places) -> Mask:
    """Which pairs of people both appear in one place; ``person`` appears in ``place``."""
    return _common(left, right, person, place) > 0


def shared_coauthors(left: Ints, right: Ints, appearances: Appearances) -> Ints:
    """How many others each pair of people has both written with, papers with very many authors left out."""
    told = appearances.telling(left, right)
    who, other = _company(told, np.flatnonzero(_among(told.person, left, right)))
    return _common(left, right, told.person[who], other)


def _among(person: Ints | Places, *people: Ints) -> Mask:
    """Which of the persons are among some people."""
    asked = np.zeros(max(int(some.max(initial=-1)) for some in (person, *people)) + 1, dtype=bool)
    for some in people:
        asked[some] = True
    return asked[person]


def _company(told: Appearances, rows: Ints) -> tuple[Ints, Ints]:
    """Everybody else in the lists of some of the appearances, which are in the order of records: row and person."""
    starts = np.searchsorted(told.record, told.record[rows])
    owner, at = spread(starts, np.bincount(told.record)[told.record[rows]])
    others = at != rows[owner]
    return rows[owner[others]], told.person[at[others]]


def _common(left: Ints, right: Ints, person: Ints | Places, thing: Ints | Places) -> Ints:
    """For each pair of people how many things both have; ``person`` has ``thing``."""
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    known = _among(person, left, right)
    base = int(thing.max(initial=0)) + 1
    entries = distinct(wide(person[known]) * base + thing[known])
    counts = np.bincount(entries // base, minlength=max(int(left.max()), int(right.max())) + 1)
    starts = np.cumsum(counts) - counts
    sides = [
        (pair * base + entries[at] % base) for pair, at in (spread(starts[end], counts[end]) for end in (left, right))
    ]
    both = np.sort(np.concatenate(sides))
    return np.bincount(both[1:][both[1:] == both[:-1]] // base, minlength=len(left))


def parted(people: Ints, appearances: Appearances) -> Ints:
    """Those of ``people`` whose works fall into parts that no co-author connects; works without co-authors aside."""
    told = appearances.telling(people)
    rows, other = _company(told, np.flatnonzero(_among(told.person, people)))
    person, work = told.person[rows], told.work[rows]
    works, place = np.unique(person * (int(work.max(initial=0)) + 1) + work, return_inverse=True)
    others, company = np.unique(person * (int(other.max(initial=0)) + 1) + other, return_inverse=True)
    part = components(len(works) + len(others), place, len(works) + company)[place]
    base = len(works) + 1  # the smallest of a part is one of its works
    parts = distinct(person * base + part)
    owners = parts // base
    return distinct(owners[1:][owners[1:] == owners[:-1]])
