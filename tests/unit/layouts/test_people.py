import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layouts.people import given_first_likeness, grouped_likeness, people_likeness
from pipeline.layouts.references import PEOPLE

PEOPLE_LISTS = [
    "Nakaharu, Sae, Quellmalz, Ottokar",
    "Nakaharu, Sae, null, null, Quellmalz, Ottokar",
    "Sae Nakaharu, Ottokar Quellmalz and Yvetta Brisbois",
    "Sae Nakaharu",
    "S. Nakaharu und O. Quellmalz",
    "Nakaharu, Sae; Quellmalz, Ottokar",
    "Nakaharu, Sae and Quellmalz, Ottokar",
    "Quellmalz, Ottokar, Jr.; Nakaharu, Sae",
    "Sae Nakaharu, Ottokar Quellmalz et al.",
    "van der Berg, Jan, de la Cruz, Ana",
    "Jan van der Berg & Ana de la Cruz",
]
OTHERS = [
    "",
    "fog",
    "We hang four kinds of mesh for two winters, at nine places, and weigh the water.",
    "Fog nets, rope and the water of the hills",
    "12, 7, 9, 14",
    "weigh(net, morning); print(litres)",
    "salt; pepper; oil",
    "x = 3, y = 4",
]


@pytest.mark.parametrize("text", PEOPLE_LISTS)
def test_lists_of_people(text):
    assert people_likeness(text) >= PEOPLE


@pytest.mark.parametrize("text", OTHERS)
def test_other_texts(text):
    assert people_likeness(text) < PEOPLE


def test_each_style_has_its_own_measure():
    assert given_first_likeness("Sae Nakaharu, Ottokar Quellmalz") == 1
    assert given_first_likeness("Nakaharu, Sae") == 0
    assert grouped_likeness("Nakaharu, Sae; Quellmalz, Ottokar") == 1
    assert grouped_likeness("Nakaharu; Quellmalz") == 0


@given(st.text(max_size=80))
def test_any_text_has_a_likeness(text):
    assert 0 <= people_likeness(text) <= 1
