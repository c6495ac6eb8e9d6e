import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended
from pipeline.split.names import AuthorList, read_authors
from pipeline.split.passages import Passage

CASES = json.loads((Path(__file__).parents[2] / "cases" / "split" / "author_lists.json").read_text(encoding="utf-8"))


def read(text: str) -> AuthorList:
    return read_authors("r0", Passage([Mended(text, ())]))


def as_param(case):
    reason = case.get("known_failure")
    return pytest.param(case, id=case["name"], marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else [])


@pytest.mark.parametrize("case", [as_param(case) for case in CASES])
def test_author_list(case):
    found = read(case["list"])
    mentions = [[m.family, m.given, m.suffix, m.kind, list(m.flags)] for m in found.mentions]
    assert mentions[case.get("mentions_from", 0) :] == case["mentions"]
    assert [[token.token, token.reason] for token in found.unused] == case["unused"]


def test_positions_count_from_one_without_gaps():
    found = read("Quellmalz, Ottokar, Quellmalz, Ottokar, Nakaharu, Sae")
    assert [(m.position, m.family) for m in found.mentions] == [(1, "Quellmalz"), (2, "Nakaharu")]
    assert [token.token_no for token in found.unused] == [3, 4]


def test_printed_name_spans_its_tokens():
    found = read("Brisbois,  Yvetta, Winnoc, null, Tarrasch, null, Zephyrworks, null, :, null")
    assert [m.name_as_printed for m in found.mentions] == ["Brisbois,  Yvetta", "Winnoc, null, Tarrasch", "Zephyrworks"]
    assert [m.tokens for m in found.mentions] == [2, 2, 1]


# Names that are no placeholder, suffix, organisation or acronym, so that a list of them has one reading.
WORDS = (
    st.text("abcdefghijklmnopqrstuvwxyzäöéčø", min_size=4, max_size=9)
    .map(str.capitalize)
    .filter(lambda word: word not in {"None", "Null", "Etal", "Etalii", "Others"})
)
PEOPLE = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=12, unique=True)


@settings(deadline=None, max_examples=60)
@given(PEOPLE)
def test_pairs_come_back(people):
    found = read(", ".join(f"{family}, {given}" for family, given in people))
    assert [(m.family, m.given) for m in found.mentions] == people
    assert not found.unused
    assert all(not m.flags for m in found.mentions)


TOKENS = st.lists(
    st.one_of(WORDS, st.sampled_from(["null", ":", "", "Jr.", "et al.", "-", "III", "ZQRX", "Drift Team", "J. K."])),
    max_size=16,
)


@settings(deadline=None, max_examples=150)
@given(TOKENS, st.sampled_from([", ", ",", " , "]))
def test_every_token_is_in_a_mention_or_unused(tokens, comma):
    found = read(comma.join(tokens))
    assert sum(m.tokens for m in found.mentions) + len(found.unused) == found.tokens
    assert len({token.token_no for token in found.unused}) == len(found.unused)
    assert [m.position for m in found.mentions] == list(range(1, len(found.mentions) + 1))
    assert all(m.family not in {"null", ":", "", "-"} and m.given not in {"null", ":", "", "-"} for m in found.mentions)
