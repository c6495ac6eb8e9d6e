"""What people have decided: that two works or two authors are the same or different. It wins over every evidence.

Not here: where decisions are kept (``storage``) and what makes one valid (the contract ``decisions``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from schemas import TABLES
from schemas.arrow import to_rows

RULE = "decided by a person"
SAME, DIFFERENT = "same", "different"


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the decisions: ``one`` and ``other`` are ids of works, records or authors."""

    row_no: int
    decision: str
    one: str
    other: str
    note: str | None = None


@dataclass(frozen=True)
class Decided:
    """Decisions as pairs of positions.

    ``same`` and ``apart`` are left and right ends, ``rows`` the decision of each pair of ``same``; ``matches`` says how
    many things each decision is about, by its row number, and only of those where both ids are known.
    """

    same: tuple[Ints, Ints]
    apart: tuple[Ints, Ints]
    rows: Ints
    matches: Mapping[int, int] = field(default_factory=dict)


def decide(decisions: Iterable[Decision], known: Mapping[str, Sequence[int]]) -> Decided:
    """Look the ids of decisions up; ``known`` gives the positions that an id stands for, and may lack some.

    An id of a work stands for the records that have it when alone, so that it means the same whatever else is linked.
    """
    same: list[tuple[int, int, int]] = []
    apart: list[tuple[int, int]] = []
    matches: dict[int, int] = {}
    for row in decisions:
        one, other = known.get(row.one, ()), known.get(row.other, ())
        if not one or not other:
            continue
        matches[row.row_no] = len({*one, *other})
        if row.decision == SAME:
            same += [(one[0], place, row.row_no) for place in (*one[1:], *other) if place != one[0]]
        elif row.decision == DIFFERENT:
            apart += [(a, b) for a in one for b in other if a != b]
    ends = np.array(same, dtype=np.int64).reshape(-1, 3)
    pairs = np.array(apart, dtype=np.int64).reshape(-1, 2)
    return Decided((ends[:, 0], ends[:, 1]), (pairs[:, 0], pairs[:, 1]), ends[:, 2], matches)


NOTHING = decide([], {})


def contradictions(decisions: Sequence[Decision]) -> dict[int, int]:
    """For each row that contradicts others the number of one of those.

    Two ids that rows call the same, one after the other, must not be called different. The row that says so and the
    first of those that it contradicts are both in it.
    """
    same = [row for row in decisions if row.decision == SAME]
    found: dict[int, int] = {}
    for row in sorted((row for row in decisions if row.decision == DIFFERENT), key=lambda row: row.row_no):
        path = _path(row.one, row.other, [other for other in same if other.row_no not in found])
        while path:
            found.setdefault(row.row_no, path[0])
            found.setdefault(path[0], row.row_no)
            path = _path(row.one, row.other, [other for other in same if other.row_no not in found])
    return found


def _path(start: str, end: str, same: Sequence[Decision]) -> list[int]:
    """The numbers of rows over which two ids are the same, smallest first; none when they are not."""
    reached: dict[str, list[int]] = {start: []}
    waiting = [start]
    while waiting:
        at = waiting.pop(0)
        for row in same:
            for near, far in ((row.one, row.other), (row.other, row.one)):
                if near == at and far not in reached:
                    reached[far] = [*reached[at], row.row_no]
                    waiting.append(far)
    return sorted(reached.get(end, []))


def decision_rows(decisions: pd.DataFrame, matches: Mapping[int, int]) -> pd.DataFrame:
    """People's decisions as the table ``decisions``; ``matches`` says of how many things each row spoke."""
    numbers = decisions["row_no"].tolist()
    against = contradictions([Decision(**row) for row in to_rows(decisions)])
    return TABLES["decisions"].typed(
        decisions.assign(
            matches=[matches.get(number, 0) for number in numbers],
            contradicts=pd.Series([against.get(number) for number in numbers], dtype="Int64", index=decisions.index),
        )
    )


def decisions_of(decisions: pd.DataFrame) -> list[Decision]:
    """The decisions that keep their contract, before it is known which of them match."""
    rows = decision_rows(decisions, Counter(decisions["row_no"].tolist()))
    valid = to_rows(TABLES["decisions"].split(rows, {}).accepted.drop(columns=["matches", "contradicts"]))
    return [Decision(**row) for row in valid]
