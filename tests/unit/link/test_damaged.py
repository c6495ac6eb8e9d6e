import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.damaged import pattern, segments
from pipeline.link.fold import fold_name


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Stecล", [("kept", "stec"), ("lost", "ล")]),
        ("Céไรard-Stec", [("kept", "ce"), ("lost", "ไร"), ("kept", "ardstec")]),
        ("StecÅ", [("kept", "stec"), ("lost", "Å")]),
        ("Mar ta", [("kept", "marta")]),
        ("", []),
    ],
)
def test_what_is_lost_and_what_is_kept(text: str, runs: list[tuple[str, str]]) -> None:
    assert segments(text) == runs


@settings(deadline=None, max_examples=100)
@given(
    st.text(st.sampled_from("abcdeéşłßØ -"), max_size=6), st.sampled_from("éşłßØń"), st.text(st.sampled_from("abcde"))
)
def test_a_damaged_name_fits_the_name_that_it_was(before: str, letter: str, after: str) -> None:
    damaged, whole = f"{before}\ufffd{after}", f"{before}{letter}{after}"
    assert re.fullmatch(pattern(segments(damaged)), fold_name(whole))
    assert not re.fullmatch(pattern(segments(damaged)), fold_name(f"{whole}xyz"))
