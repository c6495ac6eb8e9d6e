"""Tables of works made of parts are those that are made at once, whatever the parts."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ranges import Regrouped, cut
from pipeline.steps.ranged import part_starts

IDS = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=60, unique=True).map(sorted)


def rows_of(ids: Sequence[int]) -> pa.Table:
    return pa.table({"id": [f"w{number:016x}" for number in ids], "number": list(range(len(ids)))})


@given(ids=IDS, bits=st.integers(0, 5), most=st.integers(1, 20))
def test_parts_are_whole_ranges(ids: list[int], bits: int, most: int) -> None:
    starts = part_starts(np.array(ids, np.uint64), bits, most).tolist()
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    number = [one >> (64 - bits) for one in ids]
    assert all(number[start] != number[start - 1] for start in starts[1:])
    for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
        assert end - start <= most or len(set(number[start:end])) == 1


@given(ids=IDS, bits=st.integers(0, 5), cuts=st.lists(st.integers(0, 60), max_size=8).map(sorted))
def test_ranges_are_put_whole_however_rows_come(ids: list[int], bits: int, cuts: list[int]) -> None:
    rows, found = rows_of(ids), []
    regrouped = Regrouped(bits, found.append)
    for start, end in zip([0, *cuts], [*cuts, len(ids)], strict=True):
        regrouped.add(rows.slice(start, max(0, end - start)))
    regrouped.close()
    assert found == [some for _, some in cut(rows, bits)]


def test_ids_that_go_back_are_refused() -> None:
    regrouped = Regrouped(4, lambda rows: None)
    regrouped.add(rows_of([2**63]))
    with pytest.raises(ValueError, match="comes behind ids that are larger"):
        regrouped.add(rows_of([0]))
