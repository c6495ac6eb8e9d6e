import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.components import components, star

SIZE = 12
PAIRS = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=20)


def by_walking(pairs: list[tuple[int, int]]) -> list[int]:
    root = list(range(SIZE))
    for one, other in pairs:
        low, high = sorted((root[one], root[other]))
        root = [low if r == high else r for r in root]
    return root


@settings(deadline=None, max_examples=100)
@given(PAIRS)
def test_the_smallest_connected_node(pairs: list[tuple[int, int]]) -> None:
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    assert components(SIZE, ends[:, 0], ends[:, 1]).tolist() == by_walking(pairs)


def test_a_long_chain_in_the_worst_order() -> None:
    size = 5000
    order = np.random.default_rng(7).permutation(size)
    assert set(components(size, order[:-1], order[1:]).tolist()) == {0}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=SIZE, max_size=SIZE))
def test_a_star_connects_equals_and_only_them(groups: list[int]) -> None:
    left, right = star(np.array(groups, dtype=np.int64))
    assert components(SIZE, left, right).tolist() == [groups.index(g) for g in groups]
    assert len(left) == SIZE - len(set(groups))
