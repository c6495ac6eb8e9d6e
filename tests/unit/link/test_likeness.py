import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import link_authors, link_works
from pipeline.link.blocks import LARGEST_BLOCK, pairs_in_blocks
from pipeline.link.likeness import given_likeness

Build = Callable[[Sequence[dict[str, object]]], pd.DataFrame]
CASES = json.loads((Path(__file__).parents[2] / "cases" / "link" / "likeness.json").read_text(encoding="utf-8"))
KELP = (
    "We follow a kelp forest off Maine through nine winters and show that storms, rather than grazers, "
    "decide which of its stands return in spring."
)


@pytest.fixture(scope="module")
def pairs(records_of: Build, mentions_of: Build) -> Callable[..., pd.DataFrame]:
    """Pairs among lists of names; each list is of a work of its own unless ``one_work``. The same is made once."""
    made: dict[str, pd.DataFrame] = {}

    def run(*lists: list[list[str | None]], one_work: bool = False) -> pd.DataFrame:
        key = repr((lists, one_work))
        if key not in made:
            made[key] = link(lists, one_work)
        return made[key]

    def link(lists: Sequence[list[list[str | None]]], one_work: bool) -> pd.DataFrame:
        rows = [
            {"id": n, "abstract": KELP if one_work else " ".join(f"kelp{n}x{i}" for i in range(30)), "authors": names}
            for n, names in enumerate(lists)
        ]
        mentions = mentions_of(rows)
        return link_authors(mentions, link_works(records_of(rows), mentions).places).possible_same_author

    return run


@pytest.mark.parametrize("case", CASES, ids=[f"{case['one']} {case['other']}" for case in CASES])
def test_why_two_names_may_be_one_person(case: dict[str, object], pairs: Callable[..., pd.DataFrame]) -> None:
    found = pairs([case["one"]], [case["other"]])
    merged = case.get("merges") == "alone"
    assert found["reason"].tolist() == ([case["reason"]] if case["reason"] and not merged else [])
    pd.testing.assert_frame_equal(found, pairs([case["other"]], [case["one"]]))


@pytest.mark.parametrize("case", [case for case in CASES if case["reason"]], ids=lambda case: str(case["one"]))
def test_two_names_of_one_list_are_no_pair(case: dict[str, object], pairs: Callable[..., pd.DataFrame]) -> None:
    assert pairs([case["one"]], [case["other"]], [case["one"], case["other"]]).empty


@pytest.mark.parametrize("case", [case for case in CASES if case["reason"]], ids=lambda case: str(case["one"]))
def test_two_listings_of_one_paper_speak_for_a_pair(
    case: dict[str, object], pairs: Callable[..., pd.DataFrame]
) -> None:
    apart, together = (pairs([case["one"]], [case["other"]], one_work=one_work) for one_work in (False, True))
    if case.get("merges"):
        assert together.empty
        return
    assert together["reason"].item() == f"{case['reason']}; two listings of one paper"
    assert together["score"].item() > apart["score"].item()


def test_a_damaged_name_that_fits_several_is_weaker_and_one_that_fits_many_is_nothing(
    pairs: Callable[..., pd.DataFrame],
) -> None:
    fitting = [["Stec", "Ottilie"], ["Steg", "Ottilie"], ["Stem", "Ottilie"], ["Step", "Ottilie"], ["Stel", "Ottilie"]]
    damaged = [["Steล", "Ottilie", "unresolved"]]
    two, five = pairs(damaged, fitting[:2]), pairs(damaged, fitting)
    assert five["score"].tolist() == pytest.approx([two["score"].iloc[0] * 2 / 5] * 5)
    assert pairs(damaged, [*fitting, ["Ster", "Ottilie"]]).empty


@pytest.mark.parametrize("more", [0, 1])
def test_a_block_too_large_says_nothing(more: int, pairs: Callable[..., pd.DataFrame]) -> None:
    letters = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"[: LARGEST_BLOCK - 1 + more]
    people = [["Duan", f"Qiu{letter}{n}u"] for n, letter in enumerate(letters)]
    assert len(pairs(people, [["Duan", "Qiu"]])) == (0 if more else LARGEST_BLOCK - 1)


NAMES = st.lists(st.sampled_from(["a", "m", "anne", "ann", "marguerite", "marg", "laure"]), max_size=3).map(tuple)


@settings(deadline=None, max_examples=200)
@given(NAMES, NAMES)
def test_likeness_has_no_direction(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    if len(one) != len(other):
        assert given_likeness(one, other) == given_likeness(other, one)
    assert given_likeness(one, one) is None


def test_pairs_share_a_key_once() -> None:
    rows, keys = np.array([1, 0, 1, 0, 2]), np.array([5, 5, 7, 7, -1])
    assert pairs_in_blocks(rows, keys, size=3).tolist() == [0 * 3 + 1]
    assert pairs_in_blocks(rows, keys, size=3, largest=1).tolist() == []
