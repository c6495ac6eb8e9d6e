import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.fold import (
    count_damage,
    fold_ascii,
    fold_name,
    fold_text,
    is_visibly_damaged,
    map_distinct,
    replace_all,
    transliterate,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("A kelp for-\nest, 50\\% deep", "akelpforest50deep"),
        ("eﬀect of ＡＢＣ_x²", "effectofabcx2"),
        ("Größe", "grösse"),
        ("", ""),
    ],
)
def test_text_keeps_letters_and_digits(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@settings(deadline=None, max_examples=100)
@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)
    assert fold_name(fold_name(text)) == fold_name(text)


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_is_the_long_way(text: str) -> None:
    assert fold_text(text) == fold_text(text + "\u00ad")


@settings(deadline=None, max_examples=50)
@given(st.lists(st.none() | st.text(st.characters(max_codepoint=0x17F)), max_size=6))
def test_names_that_are_folded_at_once_are_folded_alike(texts: list[str | None]) -> None:
    values = pd.Series(texts, dtype=pd.ArrowDtype(pa.string()))
    pd.testing.assert_series_equal(
        map_distinct(values, fold_name, pa.string(), fold_ascii), map_distinct(values, fold_name, pa.string())
    )


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(max_codepoint=90)) | st.text(min_size=50), st.sampled_from(["", " ", "ab"]))
def test_all_unwanted_characters_are_replaced(text: str, by: str) -> None:
    assert replace_all(text, str.isupper, by) == "".join(by if c.isupper() else c for c in text)


def test_many_kinds_of_unwanted_characters_are_replaced() -> None:
    assert replace_all("a".join(map(chr, range(0x2000, 0x2100))), lambda c: c > "z", "") == "a" * 255


def test_a_transliteration_is_latin_and_a_name_is_not() -> None:
    assert transliterate("Таиса") == "taisa"
    assert fold_name("Таиса") == "таиса"


@pytest.mark.parametrize("text", ["Stec\ufffd", "Stecล", "ลwider", "Ã¼ber", "â€œquote", "a\x85b"])
def test_damage_shows(text: str) -> None:
    assert is_visibly_damaged(text)
    assert count_damage(pd.Series([text, "plain", None])).gt(0).tolist() == [True, False, False]


@pytest.mark.parametrize("text", ["plain", "Żurawska", "กิตติ", "段 秋月", "École", "Таиса", "“quoted” — dash"])
def test_genuine_text_is_not_damage(text: str) -> None:
    assert not is_visibly_damaged(text)


def test_a_string_is_mapped_once_and_null_stays_null() -> None:
    seen: list[str] = []

    def measure(text: str) -> int:
        seen.append(text)
        return len(text)

    values = pd.Series(["ab", None, "ab", "c"], index=[4, 3, 2, 1])
    mapped = map_distinct(values, measure, pa.int64())
    assert sorted(seen) == ["ab", "c"]
    assert mapped.index.tolist() == [4, 3, 2, 1]
    assert mapped.isna().tolist() == [False, True, False, False]
    assert mapped.dropna().tolist() == [2, 2, 1]
