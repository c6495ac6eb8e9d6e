"""The prefilter finds every line that could be mended, and passes over ordinary text."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.channels import CODECS
from pipeline.repair.found import Words
from pipeline.repair.page import Page

SINGLE = [codec for codec in CODECS if not codec.multibyte]


def suspicious(lines: Sequence[str]) -> Words:
    return Page(lines).suspicious


def test_words_are_told_by_line() -> None:
    assert suspicious(["plain", "Zoë Čivrný", "x Ã¶ y", "", "Gรถrge, xÃ©y"]) == {
        2: [(2, "Ã¶")],
        4: [(0, "Gรถrge"), (8, "xÃ©y")],
    }
    assert suspicious([]) == {}


@given(st.lists(st.text(st.sampled_from("aZ Ã¶ร\x93é😀漢"), max_size=9), max_size=6))
def test_it_says_the_same_however_many_places_are_looked_at_together(lines: list[str]) -> None:
    with patch("pipeline.repair.scan._PLACES", 2):
        few = suspicious(lines)
    assert few == suspicious(lines)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë und Øyolf, Łódź",
        "naïve “quotes” — and dashes…",
        "Привет, как дела",
        "Ελλάδα και Κρήτη",
        "שלום עולם",
        "20 °C, 5 €, §§ 3–4",
    ],
)
def test_ordinary_text_is_passed_over(text: str) -> None:
    assert suspicious([text]) == {}


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(SINGLE), st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x17F), min_size=3, max_size=6))
def test_damage_with_a_sign_in_it_is_never_missed(codec, text: str) -> None:
    read = "".join(codec.table[byte] for byte in text.encode())
    if not read.isalpha():
        assert suspicious([read])
