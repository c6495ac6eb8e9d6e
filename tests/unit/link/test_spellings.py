from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.link.authors import names_of
from pipeline.link.mentioned import CERTAINTIES
from pipeline.link.names import match_keys
from pipeline.link.naming import named
from pipeline.link.numbers import ids_of
from pipeline.link.printed import frame_at
from pipeline.link.spellings import spellings_of
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


def test_no_mentions_no_names() -> None:
    names = names_of(TABLES["author_mentions"].empty())
    assert not len(names.named.ids)
    assert not len(names.named.mentions.order)
    assert names.pairs.empty
