"""Linking again what a change touches must give what linking all does."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import WorkLinks, link_works
from pipeline.link.fingerprint import print_numbers, record_prints
from pipeline.link.printed import Held
from pipeline.link.shingles import record_shingles
from pipeline.link.similar import similar_pairs
from pipeline.link.touched import Then, touched
from schemas.arrow import to_frame
from tests.unit.link.test_properties import CONTENT, Row

Build = Callable[[Sequence[Row]], pd.DataFrame]
TABLES = ["works", "work_records", "work_disagreements"]
STATES = st.lists(
    st.tuples(st.none() | CONTENT, st.sampled_from(["stays", "stays", "changes"])), min_size=2, max_size=9
)
CHANGED = st.lists(st.none() | CONTENT, min_size=9, max_size=9)


def placed(contents: Sequence[Row | None]) -> list[Row]:
    """Rows with their number, which is also their line; None for a record that is not there."""
    rows = enumerate(contents, start=1)
    return [{"id": n, "line_start": n, "line_end": n} | row for n, row in rows if row is not None]


def pairs_of(records: pd.DataFrame) -> pd.DataFrame:
    ordered = records.sort_values("record_id", ignore_index=True)
    return similar_pairs(print_numbers(record_prints(ordered)), Held(ordered), [to_frame(record_shingles(records))])


@settings(deadline=None, max_examples=15)
@given(states=STATES, changed=CHANGED)
def test_what_is_touched_is_enough(
    states: list[tuple[Row | None, str]], changed: list[Row | None], records_of: Build, mentions_of: Build
) -> None:
    before = placed([row for row, _ in states])
    after = placed([new if what == "changes" else row for (row, what), new in zip(states, changed, strict=False)])
    same = {row["id"] for row in before if row in after}
    then, now = records_of(before), records_of(after)
    old, wanted = (link_works(frame, mentions_of(rows)) for frame, rows in ((then, before), (now, after)))
    prints, pairs = record_prints(now), pairs_of(now)
    places = old.work_records.set_index("record_id")["work_id"]
    lost = np.array([row["id"] not in same for row in before], dtype=bool)
    new = np.array([row["id"] not in same for row in after], dtype=bool)
    gone = Then(record_prints(then)[lost], places[then["record_id"][lost]], pairs_of(then))
    again = touched(prints, pairs, new, places.reindex(now["record_id"]).reset_index(drop=True), gone)
    among = pairs[pairs["left"].isin(prints["abstract_printed"][again])]
    rows = [row for row, is_touched in zip(after, again, strict=True) if is_touched]
    found = link_works(records_of(rows), mentions_of(rows), pairs=lambda: among)
    dropped = {*gone.works, *places[places.index.isin(now["record_id"][again])]}
    for name in TABLES:
        assert_same(joined(old, found, name, dropped), getattr(wanted, name))


def joined(old: WorkLinks, found: WorkLinks, name: str, dropped: set[str]) -> pd.DataFrame:
    kept = getattr(old, name)
    kept = kept[~kept["work_id"].isin(list(dropped))]
    both = pd.concat([kept, getattr(found, name)], ignore_index=True)
    return both.sort_values("work_id", kind="stable", ignore_index=True)


def assert_same(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, wanted)


def test_records_that_share_nothing_are_left_alone(records_of: Build) -> None:
    words = ["amber", "birch", "cedar", "dune"]
    contents = [{"title": f"The {w} and the sea", "abstract": " ".join(f"{w}{n}" for n in range(60))} for w in words]
    records = records_of(placed(contents))
    prints, pairs = record_prints(records), pairs_of(records)
    works = pd.Series(["w0", "w1", "w2", None])
    nothing = Then(prints.iloc[:0], works.iloc[:0], pairs)
    new = np.array([False, False, False, True])
    assert touched(prints, pairs, new, works, nothing).tolist() == new.tolist()
    told = Then(prints.iloc[:1].assign(record_id="r", abstract_folded=None), works.iloc[:0], pairs)
    assert touched(prints, pairs, new, works, told).tolist() == [True, False, False, True], (
        "its title was lost elsewhere"
    )
