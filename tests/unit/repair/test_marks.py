"""U+FFFD for lost letters, where somebody asks for it: written for what is lost alone, recorded, and undone."""

import pytest

from pipeline.repair import mark_lost, mend_file, mend_text, undo


@pytest.mark.parametrize(
    ("damaged", "marked"),
    [
        ("Ñ�Ð½Ð²Ð°Ñ€ÑŒ", "�нварь"),
        ("Xqaลk", "Xqa�k"),
        ("plain and intact", "plain and intact"),
        ("GÃ¶rge", "Görge"),
    ],
)
def test_what_is_lost_is_marked_and_nothing_else(damaged: str, marked: str) -> None:
    mended = mark_lost(mend_text(damaged))
    assert mended.text == marked
    assert undo(mended) == damaged


def test_a_mark_is_recorded_with_the_letters_that_are_possible() -> None:
    left = mend_text("Xqaลk").repairs[0]
    (repair,) = mark_lost(mend_text("Xqaลk")).repairs
    assert (repair.before, repair.after, repair.certainty) == ("ล", "\ufffd", "inferred")
    assert repair.alternatives == left.alternatives
    assert "asked" in repair.evidence
    assert left.certainty == "unresolved"


def test_what_is_left_for_another_reason_is_not_marked() -> None:
    mended = mend_file(["the control \x95 stands for nothing"])[0]
    assert mark_lost(mended) == mended


def test_a_space_that_may_end_the_word_stays() -> None:
    assert mark_lost(mend_text("Ã perturber la rÃ©flexion")).text == "\ufffd perturber la réflexion"
