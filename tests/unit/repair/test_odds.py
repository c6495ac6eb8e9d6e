"""How sure a reading of a torn word is: listed names, endings, contexts, and the languages of the words around."""

import pytest

from pipeline.repair import mend_text
from pipeline.repair.channels import BY_NAME
from pipeline.repair.contexts import counts
from pipeline.repair.guess import BOUND
from pipeline.repair.letters import letter_model
from pipeline.repair.model import Repair


def torn(text: str) -> str:
    read = "".join(BY_NAME["iso8859-11"].table[byte] for byte in text.encode())
    return "".join(char for char in read if not "\x80" <= char <= "\x9f")


def first(text: str) -> Repair:
    return mend_text(torn(text)).repairs[0]


@pytest.mark.parametrize("name", ["Fryś", "Kuryś", "Orzeł", "Kidoń"])
def test_a_short_listed_name_without_its_ending_may_be_one_that_is_not_listed(name: str) -> None:
    assert name.lower() in letter_model().words
    repair = first(name)
    assert repair.certainty == "unresolved"
    assert {"ł", "ń", "ś"} <= set(repair.alternatives)


@pytest.mark.parametrize("name", ["Grubišić", "Yoldaş", "Kołodziejczyk", "Jabłoński"])
def test_a_long_listed_name_is_written_down_with_confidence_but_never_with_certainty(name: str) -> None:
    mended = mend_text(torn(name))
    assert mended.text == name
    assert BOUND <= min(repair.confidence for repair in mended.repairs) < 0.999


def test_the_words_around_tell_the_language_of_a_name_in_no_list() -> None:
    assert "mikulić" not in letter_model().words
    alone, croatian = first("Mikulić"), mend_text(torn("Mikulić, Hrvoje, Zvonimir, Tomislav, Ljiljana"))
    assert alone.certainty == "unresolved"
    assert croatian.text.startswith("Mikulić")
    assert croatian.repairs[0].confidence > alone.confidence


def test_a_word_of_a_text_is_as_common_as_the_lexicon_says() -> None:
    assert mend_text(torn("zdaje się nam")).text == "zdaje się nam"


def test_contexts_are_counted_by_language_and_no_word_counts_for_itself() -> None:
    model = letter_model()
    endings = dict(zip(model.languages, counts(["xqyvić"], [5])[0].tolist(), strict=True))
    assert not any(endings.values())
    endings = dict(zip(model.languages, counts(["zzković"], [6])[0].tolist(), strict=True))
    assert endings["sh"] > 20 > endings["pl"]
    word = next(word for word in model.words if word.endswith("ković"))
    assert counts([word], [len(word) - 1]).sum() == sum(endings.values()) - 1
