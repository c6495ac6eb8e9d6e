"""The letter tables and the prices made of them: what must be cheaper than what."""

from importlib.resources import files

import numpy as np
import pytest

from pipeline.repair.letters import character_prices, letter_model, lowered
from pipeline.repair.nearby import Nearby, languages_of
from pipeline.repair.plausible import likely, odd_capitals, odd_word, price, scripts_glued


def test_the_tables_are_small() -> None:
    folder = files("pipeline.repair.lexicon")
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".xz")) < 1_000_000


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("kowalczyński", "kowalczyğski"),
        ("müller", "mūller"),
        ("straße", "straþe"),
        ("çelik", "ćelik"),
        ("šimek", "ŝimek"),
    ],
)
def test_words_of_a_language_are_cheaper(better: str, worse: str) -> None:
    assert letter_model().price(better) < letter_model().price(worse)


def test_the_language_of_the_neighbours_makes_a_word_cheaper() -> None:
    model = letter_model()
    polish, turkish = languages_of(("Ziemowit", "Krzesimir")), languages_of(("Mehmetçik", "Yıldırımlı"))
    assert polish[model.languages.index("pl")] < polish[model.languages.index("tr")]
    assert turkish[model.languages.index("tr")] < turkish[model.languages.index("pl")]
    assert not np.any(languages_of(()))


def test_a_small_initial_is_dear_among_capitals_and_cheap_in_prose() -> None:
    assert Nearby.of((), "AB").capitals > 0 > Nearby.of((), "ud").capitals


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Görge", "Gรถrge"),
        ("Görge", "GÃ¶rge"),
        ("Москва", "ÐœÐ¾ÑÐºÐ²Ð°"),
        ("naïve", "naÃ¯ve"),
        ("東京", "æ±äº¬"),
        ("McÍver", "GrÖße"),
        ("é", "̩"),
    ],
)
def test_text_is_cheaper_than_damage(better: str, worse: str) -> None:
    assert price(better) < price(worse)


def test_common_characters_are_cheaper() -> None:
    prices = character_prices()
    assert prices["о"] < prices["ъ"]
    assert prices["的"] < prices.get("彁", 99.0)
    assert likely("é")
    assert not likely("\u0842")


def test_shapes_of_words() -> None:
    assert [odd_capitals(word) for word in ("Anna", "ANNA", "anNa", "McNeil", "ANNa")] == [0, 0, 1, 0, 2]
    assert (odd_word("Anna"), odd_word("Аnna"), scripts_glued("abв"), scripts_glued("a в")) == (0, 1, 1, 0)
    assert lowered("İÇ") == "iç"
