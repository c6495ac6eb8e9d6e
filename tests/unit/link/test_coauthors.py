from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.coauthors import Appearances, meet, parted, shared_coauthors

# Which work each record is of, and lists of people by record; somebody may be in a list twice.
WORKS = [0, 0, 1, 2, 3, 3]
ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, len(WORKS) - 1)), min_size=1, max_size=25)
PAIRS = [(one, other) for one in range(7) for other in range(one + 1, 7)]


def appearances(rows: list[tuple[int, int]]) -> Appearances:
    person, record = (np.array(side, np.int64) for side in zip(*rows, strict=True))
    return Appearances(person, record, np.array(WORKS, np.int64)[record])


@settings(deadline=None, max_examples=80)
@given(ROWS)
def test_whom_two_people_share(rows: list[tuple[int, int]]) -> None:
    told = appearances(rows)
    left, right = (np.array(side, np.int64) for side in zip(*PAIRS, strict=True))
    company: dict[int, set[int]] = defaultdict(set)
    records: dict[int, set[int]] = defaultdict(set)
    for person, record in rows:
        company[person] |= {other for other, where in rows if where == record and other != person}
        records[person].add(record)
    assert shared_coauthors(left, right, told).tolist() == [len(company[a] & company[b]) for a, b in PAIRS]
    assert meet(left, right, told.person, told.record).tolist() == [bool(records[a] & records[b]) for a, b in PAIRS]


@settings(deadline=None, max_examples=80)
@given(ROWS, st.sets(st.integers(0, 6)))
def test_works_fall_into_parts_that_no_coauthor_connects(rows: list[tuple[int, int]], asked: set[int]) -> None:
    expected = []
    for person in sorted(asked):
        company: dict[int, set[int]] = defaultdict(set)
        for record in {record for own, record in rows if own == person}:
            company[WORKS[record]] |= {other for other, where in rows if where == record and other != person}
        parts: list[set[int]] = []
        for others in filter(None, company.values()):
            near = [part for part in parts if part & others]
            parts = [part for part in parts if not part & others] + [others.union(*near)]
        if len(parts) > 1:
            expected.append(person)
    assert parted(np.array(sorted(asked), np.int64), appearances(rows)).tolist() == expected


def test_a_pair_of_nobody_shares_nothing() -> None:
    nobody = np.empty(0, np.int64)
    assert not len(shared_coauthors(nobody, nobody, appearances([(0, 0)])))
