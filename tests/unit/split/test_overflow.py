import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.split.overflow import are_plain, core_and_overflow

ABSTRACT = (
    "Fog nets on coastal hills gather water that wells cannot give. We hang four kinds of mesh for two winters at nine "
    "places and weigh the water every morning. Double nets give a third more water than single nets, and no mesh "
    "freezes before the frost of January. Coastal wells near the nets rise in the second winter, so that hills with "
    "nets can do without deeper wells. We ask the wardens of the hills to hang double nets at every coastal place."
)
INTRODUCTION = (
    "Bells of one foundry share the sand of one river, and founders knew it (Hlubek et al., 1931). Grains in the seams "
    "of old bells tell the river where a foundry stood, as long as nobody has polished them [4, 7]. Museums polish "
    "their bells each spring, which takes the seams away together with every grain. Collections in private hands are "
    "older, since owners seldom own a brush. A lens of moderate power shows whether grains are round or have edges, "
    "and round grains come from rivers that run slowly through meadows before they reach a foundry."
)


def test_abstract_stays_whole():
    assert core_and_overflow(ABSTRACT) == (ABSTRACT, None)


def test_introduction_about_something_else_that_cites_is_cut():
    assert core_and_overflow(f"{ABSTRACT} {INTRODUCTION}") == (ABSTRACT, INTRODUCTION)


def test_without_citations_a_text_of_usual_length_stays_whole():
    plain = INTRODUCTION.replace(" (Hlubek et al., 1931)", "").replace(" [4, 7]", "")
    assert core_and_overflow(f"{ABSTRACT} {plain}")[1] is None


def test_without_citations_a_text_far_too_long_is_cut():
    plain = INTRODUCTION.replace(" (Hlubek et al., 1931)", "").replace(" [4, 7]", "")
    longer = f"{plain} {plain} {plain}"
    assert core_and_overflow(f"{ABSTRACT} {longer}") == (ABSTRACT, longer)


def test_same_words_on_both_sides_of_a_citation_stay_whole():
    more = ABSTRACT.replace("winters", "winters (Hlubek et al., 1931)")
    assert core_and_overflow(f"{ABSTRACT} {more}")[1] is None


HEADINGS = [
    "1 Introduction Bells share their sand.",
    "1. INTRODUCTION Bells share their sand.",
    "I. INTRODUCTION Bells share their sand.",
    "Introduction: Bells share their sand.",
    "Introduction Bells share their sand.",
    "Keywords: bells, sand, rivers",
    "Key words - bells, sand, rivers",
    "Index Terms—bells, sand",
    "Schlüsselwörter: Glocken, Sand",
    "Mots-clés : cloches, sable",
    "© 2031 Elsevier B.V. All rights reserved.",
    "Copyright (c) 2031 ACM",
    "Permission to make digital or hard copies of all or part of this work is granted.",
    "Page 3 of 12 and so on",
]


@pytest.mark.parametrize("rest", HEADINGS)
def test_heading_of_what_is_no_abstract(rest):
    assert core_and_overflow(f"{ABSTRACT} {rest}") == (ABSTRACT, rest)
    assert are_plain([f"{ABSTRACT} {rest}", ABSTRACT]) == [False, True]


def test_only_single_spaces_are_plain():
    spaces = [char for char in map(chr, range(0x11000)) if char.isspace() and char != " "]
    assert not any(are_plain([f"fog{space}nets" for space in [*spaces, "  "]]))
    assert are_plain(["fog nets", "霧", ""]) == [True, True, True]


KEPT = [
    "Introduction of double nets takes a year.",
    "We give an introduction to nets.",
    "Introduction and removal of nets cost the same.",
    "Our keywords are nets and wells.",
    "Copyright law is no matter of ours.",
]


@pytest.mark.parametrize("rest", KEPT)
def test_sentence_that_only_sounds_like_a_heading(rest):
    assert core_and_overflow(f"{ABSTRACT} {rest}") == (f"{ABSTRACT} {rest}", None)


def test_heading_at_the_start_cuts_nothing():
    text = f"Short. 1 Introduction {ABSTRACT}"
    assert core_and_overflow(text) == (text, None)


@given(
    st.lists(
        st.sampled_from([*ABSTRACT.split(". "), *INTRODUCTION.split(". "), *HEADINGS, "[3].", "\x85"]), max_size=60
    )
)
def test_no_character_is_lost(parts):
    text = " ".join(". ".join(parts).split())
    core, rest = core_and_overflow(text)
    assert f"{core} {rest}" == text if rest else core == text
    assert core or not text
