import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.numbers import among, coded, codes_together, distinct, firsts, spread

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


@settings(deadline=None, max_examples=60)
@given(st.lists(st.none() | st.text("aäя", max_size=2), max_size=12))
def test_texts_are_numbered_in_their_order(texts: list[str | None]) -> None:
    held = pd.Series(texts, dtype=pd.ArrowDtype(pa.string()))
    for sort in (False, True):
        codes, known = coded(held, sort=sort)
        assert [None if code < 0 else known[code].as_py() for code in codes.tolist()] == texts
        assert len(known) == len(set(texts) - {None})
    assert known.to_pylist() == sorted(known.to_pylist(), key=str.encode)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=6))
def test_ranges_one_after_the_other(ranges: list[tuple[int, int]]) -> None:
    starts, sizes = (np.array([one[side] for one in ranges], np.int64) for side in (0, 1))
    owner, number = spread(starts, sizes)
    expected = [(place, start + step) for place, (start, size) in enumerate(ranges) for step in range(size)]
    assert list(zip(owner.tolist(), number.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=8).map(sorted))
def test_where_runs_begin(rows: list[tuple[int, int]]) -> None:
    columns = [np.array([row[side] for row in rows], np.int64) for side in (0, 1)]
    assert firsts(*columns).tolist() == [not n or rows[n] != rows[n - 1] for n in range(len(rows))]
