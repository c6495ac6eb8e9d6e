"""Repairs in the words that they stand in."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import mend_text
from pipeline.repair.model import Mended, undo
from pipeline.repair.tables import repair_rows
from pipeline.report.words import PLACE, Word, words
from schemas import TABLES


def all_words(mended: Mended) -> list[Word]:
    lines = pd.DataFrame({"path": ["a.txt"], "line_no": [1], "text": [mended.text]})
    tables = {"text_lines": lines, "text_repairs": TABLES["text_repairs"].joined([repair_rows("a.txt", [mended])])}
    places = tables["text_repairs"][list(PLACE)]
    found = words(places, lambda name, columns, at: tables[name].merge(at)[list(columns)])
    assert list(found) == list(places.drop_duplicates().itertuples(index=False, name=None))
    return list(found.values())


def texts(word: Word) -> tuple[str, str]:
    return "".join(p.text for p in word.before), "".join(p.text for p in word.after)


def test_a_word_holds_all_repairs_of_it_and_nothing_of_its_neighbours() -> None:
    found = all_words(mend_text("Hedvika KrÃ¡tkÃ¡, Bohumil VeselÃ½"))
    assert [texts(word) for word in found] == [("KrÃ¡tkÃ¡", "Krátká")] * 2 + [("VeselÃ½", "Veselý")]
    assert [piece.text for piece in found[0].before if piece.mended] == ["Ã¡", "Ã¡"]


def test_an_undecided_place_can_be_filled_with_the_likeliest() -> None:
    mended = mend_text("Wiลniowska")
    left = [word for word in all_words(mended) if word.repair["certainty"] == "unresolved"]
    assert left, "the word no longer has a place that nobody can decide; choose another for this test"
    word = left[0]
    likeliest = word.repair["alternatives"][0]
    assert word.text == mended.text
    assert word.with_likeliest() == mended.text.replace("ล", likeliest)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["Ã©", "Ã¶", "a", "z", " ", ",", "ลก", "รก", "x"]), max_size=30))
def test_before_and_after_are_stretches_of_the_two_lines(parts: list[str]) -> None:
    mended = mend_text("".join(parts))
    for word in all_words(mended):
        before, after = texts(word)
        assert before in undo(mended)
        assert after in mended.text
        assert str(word.repair["before"]) in before
