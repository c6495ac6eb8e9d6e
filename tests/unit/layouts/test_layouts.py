import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layouts import choose, layouts
from schemas.rules import ROLES

CASES = json.loads((Path(__file__).parents[2] / "cases" / "layouts" / "listings.json").read_text(encoding="utf-8"))
LISTINGS = [case for case in CASES if case["layout"]]
OTHERS = [case for case in CASES if not case["layout"]]


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", named(LISTINGS))
def test_listing_gets_its_layout_and_every_line_its_role(case):
    choice = choose(case["lines"])
    assert choice.layout is not None, choice.reason
    assert choice.layout.name == case["layout"]
    given_roles = choice.layout.roles(case["lines"])
    assert [role.role for role in given_roles] == case["roles"]
    assert all(role.rule for role in given_roles)
    if "entries" in case:
        assert [role.entry for role in given_roles] == case["entries"]


@pytest.mark.parametrize("case", named(LISTINGS))
def test_each_title_or_label_starts_an_entry(case):
    choice = choose(case["lines"])
    entries = [role.entry for role in choice.layout.roles(case["lines"]) if role.entry is not None]
    assert entries == sorted(entries)
    assert set(entries) == set(range(len(set(entries))))
    if case["layout"] in {"listing_b", "listing_c", "listing_d"}:
        assert len(set(entries)) == case["roles"].count("title")


@pytest.mark.parametrize("case", named(OTHERS))
def test_no_layout_claims_what_is_no_listing(case):
    choice = choose(case["lines"])
    assert choice.layout is None, choice.scores
    assert choice.score < 0.5
    assert choice.reason
    assert all(name in choice.reason for name in choice.scores), "the nearest scores are told"


def test_scores_of_all_layouts_are_told():
    choice = choose(LISTINGS[0]["lines"])
    assert set(choice.scores) == {layout.name for layout in layouts()} >= {"listing_a", "listing_b", "listing_c"}
    assert choice.score == max(choice.scores.values())
    assert choice.reason is None


def test_line_ends_left_over_change_nothing():
    for case in LISTINGS:
        plain = choose([line.strip() for line in case["lines"]])
        assert plain.layout.name == case["layout"]


ANY_LINES = st.lists(
    st.one_of(st.text(max_size=30), st.sampled_from([line for case in CASES for line in case["lines"]])), max_size=14
)


@settings(deadline=None, max_examples=60)
@given(ANY_LINES)
def test_every_layout_gives_any_lines_one_role_each(lines):
    for layout in layouts():
        given_roles = layout.roles(lines)
        assert len(given_roles) == len(lines)
        assert {role.role for role in given_roles} <= set(ROLES)
        assert all((role.role == "blank") == (not line.strip()) for role, line in zip(given_roles, lines, strict=True))
        assert 0 <= layout.score(lines) <= 1
        assert all(role.entry is None for role in given_roles if role.role in {"blank", "chrome", "page_owner"})
