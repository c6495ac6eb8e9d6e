"""Batches hold every file once, in order, within their bounds, and a new file moves few of them."""

import hashlib

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine.batches import BATCH_BYTES, BATCH_FILES, batches
from schemas import TABLES

SIZES = st.dictionaries(st.text("abcxyz/é", min_size=1, max_size=6), st.integers(0, BATCH_BYTES * 2), max_size=40)


def sources(sizes: dict[str, int]) -> pd.DataFrame:
    rows = [
        {
            **dict.fromkeys(TABLES["sources"].arrow_schema.names),
            "path": path,
            "bytes": size,
            "sha256": hashlib.sha256(path.encode()).hexdigest(),
            "compression": "none",
            "line_count": 1,
            "status": "read",
        }
        for path, size in sizes.items()
    ]
    return TABLES["sources"].typed(pd.DataFrame(rows)) if rows else TABLES["sources"].empty()


@given(SIZES)
def test_every_file_is_in_one_batch_in_order_and_within_bounds(sizes: dict[str, int]) -> None:
    cut = list(batches(sources(sizes), frozenset()))
    assert [path for batch in cut for path in batch.files] == sorted(sizes)
    for batch in cut:
        assert len(batch.files) <= BATCH_FILES
        assert len(batch.files) <= 1 or sum(sizes[path] for path in batch.files) <= BATCH_BYTES


def test_no_file_at_all_is_one_batch_so_that_every_rule_runs() -> None:
    assert [batch.files for batch in batches(sources({}), frozenset())] == [()]


def test_a_new_file_changes_few_batches() -> None:
    sizes = {f"page{number:05}": 2000 for number in range(5000)}
    before = {batch.key for batch in batches(sources(sizes), frozenset())}
    after = {batch.key for batch in batches(sources({**sizes, "page00077a": 2000}), frozenset())}
    assert len(before) >= 5
    assert len(after - before) <= 2


def test_unchanged_files_are_not_fresh() -> None:
    (batch,) = batches(sources({"a": 10, "b": 20}), frozenset({"a", "gone"}))
    assert batch.unchanged == {"a"}
    assert batch.fresh == ("b",)
    assert batch.fresh_bytes == 20
