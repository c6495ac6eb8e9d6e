from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.link import naming
from pipeline.link.authors import names_in_parts, names_of
from pipeline.link.mentioned import CERTAINTIES, Mentioned
from pipeline.link.names import match_keys
from pipeline.link.naming import named
from pipeline.link.numbers import ids_of
from pipeline.link.printed import frame_at
from pipeline.link.spellings import spellings_of
from pipeline.spill import row_store
from schemas import TABLES

Build = Callable[[Sequence[dict[str, object]]], pd.DataFrame]
NAMES = [
    ["Duan", "Qiuyue"],
    ["DUAN", "Qiuyue", "inferred"],
    ["Duan", None],
    ["Meridian", None, "clean", None, "organisation"],
    ["Abernathy", "Rufus", "clean", "Jr."],
    ["Stecล", "Ottilie", "unresolved"],
    ["ล", "ร", "unresolved"],
    ["ล", "ร"],
]
LISTS = st.lists(st.lists(st.sampled_from(NAMES), max_size=4), max_size=5)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=LISTS, seed=st.integers(0, 9))
def test_spellings_say_what_each_mention_says_by_itself(
    lists: list[list[list[str | None]]], seed: int, mentions_of: Build
) -> None:
    mentions = mentions_of([{"id": n, "authors": names} for n, names in enumerate(lists)])
    mentions = mentions.sample(frac=1, random_state=seed).reset_index(drop=True)
    spelled = spellings_of(mentions)
    expected = mentions.join(match_keys(mentions)).sort_values(["record_id", "position"], ignore_index=True)
    found = spelled.table.take(spelled.spelling).reset_index(drop=True)
    columns = [name for name in spelled.table if name not in {"id", "times"}]
    pd.testing.assert_frame_equal(found[columns], expected[columns])
    assert ids_of("a", found["id"].to_numpy(dtype=np.uint64)).to_pylist() == expected["author_id"].tolist()
    assert ids_of("r", spelled.record).to_pylist() == expected["record_id"].tolist()
    assert spelled.position.tolist() == expected["position"].tolist()
    assert mentions["position"].take(spelled.order).tolist() == expected["position"].tolist()
    assert spelled.table["times"].sum() == len(mentions)
    assert (spelled.spelling[spelled.first] == np.arange(len(spelled.table))).all()
    known = named(mentions)
    numbers = expected["author_id"].rank(method="dense").astype(int) - 1
    assert known.mentions.name.tolist() == numbers.tolist()
    assert [CERTAINTIES[code] for code in known.mentions.certainty] == expected["certainty"].tolist()
    shown = frame_at(known.shown, ["match_key", "kind"], known.mentions.name)
    assert shown["match_key"].tolist() == expected["match_key"].tolist()
    assert shown["kind"].tolist() == expected["kind"].tolist()


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=LISTS, seed=st.integers(0, 9))
def test_names_of_some_mentions_at_a_time_are_those_of_all(
    lists: list[list[list[str | None]]], seed: int, mentions_of: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(naming, "_NAMES_AT_ONCE", 2)
    mentions = mentions_of([{"id": n, "authors": names} for n, names in enumerate(lists)])
    mentions = mentions.sample(frac=1, random_state=seed).reset_index(drop=True)
    parts = [mentions.iloc[start : start + 3].reset_index(drop=True) for start in range(0, max(1, len(mentions)), 3)]
    whole = names_of(mentions)
    with row_store(tmp_path) as store:
        names = names_in_parts(parts, len(mentions), store)
        for part in Mentioned.__dataclass_fields__:
            assert getattr(names.named.mentions, part).tolist() == getattr(whole.named.mentions, part).tolist()
        assert names.named.ids.tolist() == whole.named.ids.tolist()
        assert names.named.count.tolist() == whole.named.count.tolist()
        every = np.arange(len(names.named.ids))
        shown = [frame_at(one.named.shown, naming.SHOWN, every) for one in (names, whole)]
    pd.testing.assert_frame_equal(*shown, check_dtype=len(mentions) > 0)
    pd.testing.assert_frame_equal(names.pairs, whole.pairs)
    assert not list(tmp_path.iterdir())


def test_no_mentions_no_names() -> None:
    names = names_of(TABLES["author_mentions"].empty())
    assert not len(names.named.ids)
    assert not len(names.named.mentions.order)
    assert names.pairs.empty
