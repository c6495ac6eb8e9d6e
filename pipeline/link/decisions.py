"""What people have decided: that two works or two authors are the same or different. It wins over every evidence.

Not here: where decisions are kept (``storage``) and what makes one valid (the contract ``decisions``).
"""

from collections import Counter, deque
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from schemas import TABLES
from schemas.arrow import to_rows

RULE = "decided by a person"
SAME, DIFFERENT = "same", "different"
Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the decisions: ``one`` and ``other`` are ids of works, records or authors.

    One that is ``contradicted`` by another row decides nothing.
    """

    row_no: int
    decision: str
    one: str
    other: str
    note: str | None = None
    contradicted: bool = False


@dataclass(frozen=True)
class Decided:
    """Decisions as pairs of positions.

    ``same`` and ``apart`` are left and right ends, ``rows`` the decision of each pair of ``same``. ``matches`` says how
    many things each decision is about, by its row number, and only of those where both ids are known; ``contradicts``
    which row says the contrary of one that then decides nothing.
    """

    same: tuple[Ints, Ints]
    apart: tuple[Ints, Ints]
    rows: Ints
    matches: Mapping[int, int] = field(default_factory=dict)
    contradicts: Mapping[int, int] = field(default_factory=dict)


def decide(decisions: Iterable[Decision], known: Mapping[str, Sequence[int]]) -> Decided:
    """Look the ids of decisions up; ``known`` gives the positions that an id stands for, and may lack some.

    An id of a work stands for the records that have it when alone, so that it means the same whatever else is linked.
    Rows that contradict one another only once it is known what their ids stand for decide nothing, either.
    """
    same: list[tuple[int, int, int]] = []
    apart: list[tuple[int, int, int]] = []
    matches: dict[int, int] = {}
    against: dict[int, int] = {}
    for row in decisions:
        one, other = known.get(row.one, ()), known.get(row.other, ())
        if not one or not other:
            continue
        matches[row.row_no] = len({*one, *other})
        if row.contradicted:
            continue
        if row.decision == SAME:
            same += [(one[0], place, row.row_no) for place in (*one[1:], *other) if place != one[0]]
        elif matches[row.row_no] == 1:
            against[row.row_no] = row.row_no
        else:
            apart += [(a, b, row.row_no) for a in one for b in other if a != b]
    against |= _contradicted(same, apart)
    ends, pairs = (
        np.array([pair for pair in told if pair[2] not in against], dtype=np.int64).reshape(-1, 3)
        for told in (same, apart)
    )
    return Decided((ends[:, 0], ends[:, 1]), (pairs[:, 0], pairs[:, 1]), ends[:, 2], matches, against)


def contradictions(decisions: Sequence[Decision]) -> dict[int, int]:
    """For each row that contradicts others the number of one of those, by the ids alone.

    Two ids that rows call the same, one after the other, must not be called different. The row that says so and the
    first of those that it contradicts are both in it.
    """
    same, apart = (
        [(row.one, row.other, row.row_no) for row in decisions if row.decision == decision]
        for decision in (SAME, DIFFERENT)
    )
    return _contradicted(same, apart)


def _contradicted(same: Sequence[tuple[Node, Node, int]], apart: Sequence[tuple[Node, Node, int]]) -> dict[int, int]:
    """The rows, given as (one, other, number), that contradict others, with the number of one of those."""
    near: dict[Node, list[tuple[Node, int]]] = {}
    for one, other, row in same:
        near.setdefault(one, []).append((other, row))
        near.setdefault(other, []).append((one, row))
    found: dict[int, int] = {}
    for one, other, row in sorted(apart, key=lambda pair: pair[2]):
        while path := _path(one, other, near, found):
            found.setdefault(row, path[0])
            found.setdefault(path[0], row)
    return found


def _path(
    start: Node, end: Node, near: Mapping[Node, Sequence[tuple[Node, int]]], without: Container[int]
) -> list[int]:
    """The numbers of rows over which two things are the same, smallest first; none when they are not."""
    came: dict[Node, tuple[Node, int]] = {}
    waiting = deque([start] if end in near else [])
    while waiting and end not in came:
        at = waiting.popleft()
        for far, row in near.get(at, ()):
            if row not in without and far not in came and far != start:
                came[far] = (at, row)
                waiting.append(far)
    rows = []
    while end in came:
        end, row = came[end]
        rows.append(row)
    return sorted(rows)


def decision_rows(
    decisions: pd.DataFrame, matches: Mapping[int, int], against: Mapping[int, int] = MappingProxyType({})
) -> pd.DataFrame:
    """People's decisions as the table ``decisions``.

    ``matches`` says of how many things each row spoke, ``against`` which rows contradict which once that is known.
    """
    numbers = decisions["row_no"].tolist()
    against = {**against, **contradictions([Decision(**row) for row in to_rows(decisions)])}
    return TABLES["decisions"].typed(
        decisions.assign(
            matches=[matches.get(number, 0) for number in numbers],
            contradicts=pd.Series([against.get(number) for number in numbers], dtype="Int64", index=decisions.index),
        )
    )


def decisions_of(decisions: pd.DataFrame) -> list[Decision]:
    """The decisions that keep their contract, contradicted ones among them, before it is known which of them match."""
    rows = decision_rows(decisions, Counter(decisions["row_no"].tolist()))
    against = set(rows.loc[rows["contradicts"].notna(), "row_no"])
    alone = rows.assign(contradicts=None)
    valid = to_rows(TABLES["decisions"].split(alone, {}).accepted.drop(columns=["matches", "contradicts"]))
    return [Decision(**row, contradicted=row["row_no"] in against) for row in valid]
