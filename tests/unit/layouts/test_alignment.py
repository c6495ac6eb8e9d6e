from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layouts.alignment import IMPOSSIBLE, cheapest_roles

STATES = ("title", "abstract")
MOVES = {("title", "abstract"): 0.0, ("abstract", "title"): 0.0, ("abstract", "abstract"): 1.0}


def total(path, costs, moves, start):
    steps = sum(moves.get(pair, IMPOSSIBLE) for pair in pairwise(path))
    return start.get(path[0], IMPOSSIBLE) + steps + sum(cost[state] for cost, state in zip(costs, path, strict=True))


COSTS = st.lists(st.fixed_dictionaries({state: st.integers(0, 9) for state in STATES}), min_size=1, max_size=6)


@settings(deadline=None, max_examples=80)
@given(COSTS)
def test_no_other_series_is_cheaper(costs):
    start = {"title": 0.0, "abstract": 2.0}
    path = cheapest_roles([[cost[state] for state in STATES] for cost in costs], STATES, MOVES, start)
    best = min(total(other, costs, MOVES, start) for other in product(STATES, repeat=len(costs)))
    assert total(path, costs, MOVES, start) == pytest.approx(best)


def test_no_lines_have_no_roles():
    assert cheapest_roles([], STATES, MOVES, {}) == []
