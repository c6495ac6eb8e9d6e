import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layouts.references import ORDERS, body_start, ends_with_year, fit, is_reference, parts_of, usual_order

TITLE_FIRST = ["1. Fog Nets on Hills. Ana Brix, Piet van der Eskola and Sae Nakaharu. Journal of Fog, 2021."]
CASES = [
    (TITLE_FIRST[0], "Fog Nets on Hills", "Ana Brix, Piet van der Eskola and Sae Nakaharu", "Journal of Fog", "2021"),
    ("[2] A. B. Brix and C. Dray. Why Do Bells Ring? In Proc. Bells, 2019.", "Why Do Bells Ring?",
     "A. B. Brix and C. Dray", "Proc. Bells", "2019"),
    ("3. Brix, A., & Nakaharu, S. (2021). Fog nets on hills. Journal of Fog, 12(3).", "Fog nets on hills",
     "Brix, A., & Nakaharu, S.", "Journal of Fog, 12(3)", "2021"),
    ("[4] Ana Brix and Sae Nakaharu. 2021. Fog Nets on Hills. In Proceedings of Fog.", "Fog Nets on Hills",
     "Ana Brix and Sae Nakaharu", "Proceedings of Fog", "2021"),
    ("[5] A. Brix and S. Nakaharu, “Fog Nets on Hills,” Journal of Fog, 2021.", "Fog Nets on Hills",
     "A. Brix and S. Nakaharu", "Journal of Fog", "2021"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "authors", "venue", "year"), CASES, ids=[case[0][:12] for case in CASES])
def test_parts(text, title, authors, venue, year):
    parts = parts_of(text, usual_order([text]))
    found = [text[slice(*span)] if span else None for span in (parts.title, parts.authors, parts.venue, parts.year)]
    assert found == [title, authors, venue, year]


def test_the_order_is_that_of_the_file():
    doubtful = "2. Deep Fog. Ana Brix. Journal of Fog, 2020."
    assert usual_order([*TITLE_FIRST, doubtful]) == "title, authors"
    parts = parts_of(doubtful, "title, authors")
    assert doubtful[slice(*parts.authors)] == "Ana Brix"


@pytest.mark.parametrize("text", ["1. x", "[12] x", "(3) x", "4) x", "  [5]  x"])
def test_number_of_a_reference(text):
    assert text[body_start(text) :] == "x"


@pytest.mark.parametrize("text", ["x", "1.5 x", "12345. x", "[a] x", "1.", ""])
def test_no_number(text):
    assert body_start(text) == 0


@pytest.mark.parametrize("text", ["Journal of Fog, 2021.", "Journal of Fog (2021).", "Fog, 2021a."])
def test_end_of_a_reference(text):
    assert ends_with_year(text)


@pytest.mark.parametrize("text", ["Journal of Fog.", "in 2021 we", "Fog, 12021.", "Fog, 2021"])
def test_no_end_of_a_reference(text):
    assert not ends_with_year(text)


def test_what_makes_a_reference():
    order = usual_order(TITLE_FIRST)
    assert is_reference(TITLE_FIRST[0], order)
    assert not is_reference("1. Fog Nets on Hills. Ana Brix and Sae Nakaharu.", order), "no venue, no year"
    assert not is_reference("1. Fog nets on hills are wet. They drip all day. The end came in 2021.", order)
    assert not is_reference("1. Fog. Ana Brix and Sae Nakaharu. Journal of Fog, 2021.", order), "no title so short"


def test_venue_that_ends_like_a_shortened_word_loses_its_full_stop():
    text = "(1) Ana Brix and Sae Nakaharu. 1989. Fog Nets on Hills. In Journal of Metal."
    parts = parts_of(text, usual_order([text]))
    assert text[slice(*parts.venue)] == "Journal of Metal"
    assert text[slice(*parts.authors)] == "Ana Brix and Sae Nakaharu"


def test_et_al_keeps_its_full_stop():
    text = "[2] Brix, A., et al. Fog nets on hills. Journal of Fog, 2019."
    parts = parts_of(text, usual_order([text]))
    assert text[slice(*parts.authors)].endswith("et al.")
    assert text[slice(*parts.title)] == "Fog nets on hills"


@given(
    st.one_of(st.text(max_size=120), st.sampled_from([case[0] for case in CASES]).flatmap(st.permutations).map("".join))
)
def test_any_text_has_parts_inside_of_it(text):
    for order in ORDERS:
        parts = parts_of(text, order)
        for span in (parts.title, parts.authors, parts.venue, parts.year):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)
        assert 0 <= fit(text, order) <= 1
        assert is_reference(text, order) in {True, False}
