"""Many texts at once are priced as they are one by one, to the last bit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.bulk import learn
from pipeline.repair.channels import BY_NAME
from pipeline.repair.languages import modelled
from pipeline.repair.letters import letter_model
from pipeline.repair.plausible import known_prices, price

CHARS = st.one_of(
    st.sampled_from("aeinrstGMcDOvλжกล中한¶³°’“Ã©Å‚öłŞİıßǅ\u0301\u0e34\u0327\x85\u00adªµ١"),
    st.characters(),
)
TEXTS = st.lists(st.text(CHARS, min_size=1, max_size=9), min_size=1, max_size=12)
# Enough others that they are worth doing together, and no more.
OTHERS = [first + second for first in ("Gö", "Łą", "MÃ", "van", "Mc") for second in ("ß", "Ck", "í", "Ã©", "eЖ")]
OTHERS += ["SAR", "BĆ", "OĆé", "DeŁ", "x", "é", "łódź", "Großmütterchens", "Würzburgerinnen"]


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    known_prices().clear()


@given(TEXTS, st.booleans())
@settings(deadline=None, max_examples=60)
def test_prices_are_those_of_one_text_alone(texts: list[str], strict: bool) -> None:
    texts = list(dict.fromkeys([*OTHERS, *texts]))
    known_prices().clear()
    learn([(text, strict) for text in texts])
    together = dict(known_prices())
    assert len(together) >= len(OTHERS)
    known_prices().clear()
    assert together == {(text, strict): price(text, strict=strict) for text, _ in together}


def test_damaged_words_are_priced_alike() -> None:
    read = ["".join(BY_NAME[codec].table[byte] for byte in word.encode()) for word in OTHERS for codec in BY_NAME
            if not BY_NAME[codec].multibyte]  # fmt: skip
    learn([(word, False) for word in read])
    together = dict(known_prices())
    known_prices().clear()
    assert together == {(word, False): price(word) for word, _ in together}


def test_few_texts_are_left_to_be_priced_one_by_one() -> None:
    learn([("Gößwein", False)])
    assert known_prices() == {}


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_words_of_the_letter_model(opened: bool, closed: bool) -> None:
    words = ["a", "łą", "wein", "łódź", "", "þþħŋə", "ạạ"]
    found = modelled([(word, opened, closed, True) for word in words]).tolist()
    assert found == [letter_model().price(word, opened=opened, closed=closed) for word in words]
    assert modelled([]).size == 0
