import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.numbers import among, codes_together, distinct

NUMBERS = st.lists(st.integers(-5, 30) | st.integers(0, 2**40), max_size=30).map(lambda held: np.array(held, np.int64))


@settings(deadline=None, max_examples=60)
@given(NUMBERS, NUMBERS)
def test_they_say_what_sets_say(one: np.ndarray, other: np.ndarray) -> None:
    assert distinct(one).tolist() == sorted(set(one.tolist()))
    assert among(one, distinct(other)).tolist() == [number in set(other.tolist()) for number in one.tolist()]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.sampled_from([-1, 0, 1, 2, 2**30, 2**31 - 2])] * 4), max_size=20))
def test_codes_are_equal_where_all_are(rows: list[tuple[int, ...]]) -> None:
    columns = [np.array([row[place] for row in rows], np.int64) for place in range(4)]
    codes = codes_together(*columns).tolist()
    assert [code < 0 for code in codes] == [min(row) < 0 for row in rows]
    pairs = [(code, row) for code, row in zip(codes, rows, strict=True) if code >= 0]
    assert all((a == b) == (left == right) for a, left in pairs for b, right in pairs)
