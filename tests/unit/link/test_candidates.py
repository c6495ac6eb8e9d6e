"""Pairs that meet in blocks are those that comparing every name with every other gives."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from pipeline.link import apart, damaged
from pipeline.link.candidates import ONE_LETTER, candidates
from pipeline.link.fold import fold_name, transliterate
from pipeline.link.likeness import given_likeness, nicknames
from pipeline.link.names import tokens
from pipeline.spill import row_store

Name = tuple[str, str | None, str, str]
NAMES = st.tuples(
    st.sampled_from(["Duan", "Qiuyue", "Abernathy", "Abernethy", "Perrault-Duan", "Perrault", "Дуан", "Van Perrault"]),
    st.sampled_from([None, "Qiuyue", "Q.", "Robert", "Bob", "Rob J.", "Robert James", "James", "Duan", "Rufus Van"]),
    st.sampled_from(["", "jr"]),
    st.sampled_from(["person", "person", "person", "organisation"]),
)


def people(names: list[Name]) -> pd.DataFrame:
    frame = pd.DataFrame(names, columns=["family", "given", "suffix", "kind"])
    folded = {f"folded_{part}": frame[part].fillna("").map(fold_name) for part in ("family", "given")}
    texts = dict.fromkeys(("family", "given", "suffix", "kind", *folded), pd.ArrowDtype(pa.string()))
    return frame.assign(**folded).astype(texts).assign(damaged=False)


def reasons(one: Name, other: Name) -> Iterator[tuple[float, str]]:
    """All that speaks for two names being one person's."""
    family, given_name = ([fold_name(name[part] or "") for name in (one, other)] for part in (0, 1))
    lists = [tokens(name[1] or "") for name in (one, other)]
    if family[0] == family[1] and all(lists) and _meet(*lists) and (like := given_likeness(*lists)):
        yield like[1], like[0]
    if all(given_name):
        if family == given_name[::-1]:
            yield 0.8, "family and given name swapped"
        if given_name[0] + family[0] == given_name[1] + family[1] and family[0] != family[1]:
            yield 0.6, "family name begins elsewhere"
    if given_name[0] == given_name[1]:
        if len(given_name[0]) >= 3 and any(family[1 - n] in _ends((one, other)[n][0]) for n in (0, 1)):
            yield 0.5, "part of a compound family name"
        if family[0] == family[1] and (one[2] or other[2]):
            yield 0.6, "same name without suffix"
    yield from _odd_letters(family, given_name)


def _odd_letters(family: list[str], given_name: list[str]) -> Iterator[tuple[float, str]]:
    keys = [f"{a}{b}" for a, b in zip(family, given_name, strict=True)]
    if keys[0].isascii() != keys[1].isascii() and transliterate(keys[0]) == transliterate(keys[1]):
        yield 0.7, "same name in another script"
    for same, differing in ((given_name, family), (family, given_name)):
        long = same[0] == same[1] and len(same[0]) >= 4 and min(map(len, differing)) >= 6
        alike = differing[0][:3] == differing[1][:3] or differing[0][-3:] == differing[1][-3:]
        if long and alike and OSA.distance(*differing) == 1:
            yield 0.3, ONE_LETTER


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    called = [nicknames().get(names[0], frozenset()) for names in (one, other)]
    whole = {name for name in one if len(name) >= 3} & set(other)
    initial = one[0][0] == other[0][0] and min(len(one[0]), len(other[0])) == 1
    return bool(one[0][:3] == other[0][:3] or one[0] == other[0] or whole or initial or called[0] & called[1])


def _ends(family: str) -> set[str]:
    parts = [fold_name(part) for part in family.replace("-", " ").split()]
    parts = [part for part in parts if len(part) >= 3]
    return {parts[0], parts[-1]} if len(parts) > 1 else set()


@settings(deadline=None, max_examples=60)
@given(st.lists(NAMES, max_size=10, unique=True))
def test_blocks_miss_no_pair_and_add_none(names: list[Name]) -> None:
    expected = {}
    for (left, one), (right, other) in combinations(enumerate(names), 2):
        found = sorted(reasons(one, other), key=lambda reason: (-reason[0], reason[1]))
        persons = one[3] == other[3] == "person"
        if found and persons and (one[2] == other[2] or not one[2] or not other[2]):
            expected[left, right] = found[0]
    pairs = candidates(people(names))
    said = zip(pairs["score"], pairs["reason"], strict=True)
    assert dict(zip(zip(pairs["left"], pairs["right"], strict=True), said, strict=True)) == expected
    ends = list(zip(pairs["left"], pairs["right"], strict=True))
    assert all(one < other for one, other in pairwise(ends))


LOST = st.tuples(
    st.sampled_from(["Abern\ufffdthy", "\ufffdathy", "Du\ufffdn", "Perrault"]),
    st.sampled_from([None, "Qiuyue", "Rob\ufffdrt", "Q.", "Qiuy\ufffd"]),
    st.sampled_from(["", "jr"]),
    st.sampled_from(["person", "organisation"]),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(st.one_of(NAMES, LOST), max_size=12, unique=True))
def test_names_that_are_dealt_by_what_they_share_give_the_same_pairs(
    names: list[Name], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(apart, "_NAMES_AT_ONCE", 2)
    monkeypatch.setattr(damaged, "LARGEST_BLOCK", 2)
    frame = people(names)
    lost = frame["family"].str.contains("\ufffd") | frame["given"].fillna("").str.contains("\ufffd")
    frame = frame.assign(damaged=lost.to_numpy(dtype=bool))
    shown = frame.assign(suffix=frame["suffix"].where(frame["suffix"] != ""))
    rows = [
        pa.Table.from_pandas(shown.iloc[start : start + 3], preserve_index=False) for start in range(0, len(names), 3)
    ]
    with row_store(tmp_path) as store, store.shelf() as shelf:
        found = apart.candidates_apart(store.listed(rows), len(names), shelf)
    pd.testing.assert_frame_equal(found, candidates(frame))
