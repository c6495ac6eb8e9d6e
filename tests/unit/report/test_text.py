"""Text of others on the page."""

import unicodedata
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.text import Piece, code_points, escaped, look_alike, marked, shown


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Gödel", "Gödel"),
        ("two words", "two words"),
        ("quick\u00adly", "quick‹U+00AD›ly"),
        ("a\u00a0b", "a‹U+00A0›b"),
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("\x00", "‹U+0000›"),
        ("x" * 20, "x" * 9 + "…"),
    ],
)
def test_shown_has_a_shape_for_every_character(text: str, reads: str) -> None:
    assert shown(text, 10 if text.startswith("xx") else 99) == reads


@given(st.text())
def test_escaped_text_has_no_markup_and_nothing_that_is_not_seen(text: str) -> None:
    page = escaped(text)
    assert not set("<>\"'") & set(page)
    assert unescape(page) == shown(text)
    assert all(unicodedata.category(c)[0] != "C" or unicodedata.category(c) == "Cn" for c in page if c not in "\n")
    assert not any(unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI"} for c in page)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ﬁ", "fi", True),
        ("e\u0301", "é", True),
        ("a\u00a0b", "a b", True),
        ("\u00ad", "", True),
        ("Ａ", "A", True),
        ("Ã©", "é", False),
        ("&amp;", "&", False),
        ("a", "A", False),
    ],
)
def test_look_alike_is_what_only_code_points_tell_apart(one: str, other: str, *, alike: bool) -> None:
    assert look_alike(one, other) is alike


def test_code_points() -> None:
    assert code_points("é\u0301") == "U+00E9 U+0301"
    assert code_points("") == "nothing"
    assert code_points("abc", most=2) == "U+0061 U+0062 …"


def test_mended_pieces_are_marked_and_removed_ones_are_seen() -> None:
    pieces = [Piece("a<b"), Piece("<i>", mended=True), Piece("", mended=True)]
    assert marked(pieces) == "<bdi>a&lt;b<mark>&lt;i&gt;</mark><mark>∅</mark></bdi>"
