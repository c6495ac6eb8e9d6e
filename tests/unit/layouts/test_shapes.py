import unicodedata

import pytest

from pipeline.layouts.people import names_likeness
from pipeline.layouts.shapes import LABELS, has_venue_word, is_chrome, label_of, width


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Abstract:We", ("abstract", 9)),
        ("ABSTRACT — We", ("abstract", 11)),
        ("Abstract. We", ("abstract", 10)),
        ("Title: Fog", ("title", 7)),
        ("Author(s): Sae", ("authors", 11)),
        ("Abstract thought in bees", None),
        ("Summary statistics of fog", None),
        ("Title", None),
    ],
)
def test_label(text, label):
    assert label_of(text) == label


@pytest.mark.parametrize("word", [word for words in LABELS.values() for word in words])
@pytest.mark.parametrize("start", ["", "*", "- "])
def test_every_word_is_a_label_in_small_letters_and_capitals(word, start):
    for written in (word, word.upper(), word.replace("i", "ı"), word.replace("ı", "i")):
        assert label_of(f"{start}{written}: x"), written


@pytest.mark.parametrize(
    "text",
    [
        "Quellmalz, Ottokar",
        "Quellmalz, Ottokar, Nakaharu, Sae,",
        "Zephyrworks, null, :, null, de la Quarrie, Ana",
        "R, Anandi, van der Oosthoek, Piet, Can, An, ?abec, Z?ta, ล abec, รna",
    ],
)
def test_lists_of_names_look_like_such(text):
    assert names_likeness(text) >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        "Double Nets for Coastal Fog",
        "Nets, meshes and the weight of fog in nine places",
        "On coastal hills, where wells fail, nets give water. We weigh it, and it is much.",
        "2031-02-01, 12 litres, net 3, 7 litres",
        "",
    ],
)
def test_titles_and_sentences_do_not(text):
    assert names_likeness(text) < 0.6


@pytest.mark.parametrize("text", ["Goto", "Show more", "https://nowhere.test/p/1", "Page 3 of 9", "- 12 -"])
def test_chrome(text):
    assert is_chrome(text)


def test_titles_are_no_chrome():
    assert not is_chrome("Back to the Nets")


def test_venue_words():
    assert has_venue_word("Proceedings of the Ninth Meeting on Fog")
    assert not has_venue_word("Double Nets for Coastal Fog")
    assert not has_venue_word("A journal of fog. " * 20)


def test_characters_are_as_wide_as_unicode_says_beside_whatever_they_stand():
    known = [chr(code) for code in range(0x20, 0x20000) if unicodedata.category(chr(code)) not in {"Cn", "Cs"}]
    wide = [char > "\u10ff" and unicodedata.east_asian_width(char) in "WF" for char in known]
    assert [width(f"é“{char}ệ") - 3 for char in known] == [3 if is_wide else 1 for is_wide in wide]


def test_wide_characters_count_more():
    assert width("fog") == 3
    assert width("霧の網") == 9
