"""Punctuation of which only the first byte is left."""

import pytest

from pipeline.repair import mend_lines, mend_text
from pipeline.repair.hollow import empty_signs
from pipeline.repair.page import Page


def test_what_could_be_several_signs_is_pointed_out_with_all_of_them() -> None:
    mended = mend_text("SÃ¶derholm said âyesâ â twice")
    left = [repair for repair in mended.repairs if repair.certainty == "unresolved"]
    assert [repair.alternatives for repair in left] == [("“", "‘"), ("”", "’"), ("–", "—")]
    assert all(repair.before == repair.after == "â" for repair in left)


def test_one_word_alone_shows_what_may_be_and_is_left() -> None:
    (repair,) = mend_text("I couldnât").repairs
    assert (repair.certainty, repair.alternatives) == ("unresolved", ("’",))


def test_other_lines_of_the_file_tell_how_its_signs_were_lost() -> None:
    assert [line.text for line in mend_lines(["I couldnât", "JÃ¸rgen", "MÃ¦rsk"])] == ["I couldn’t", "Jørgen", "Mærsk"]


@pytest.mark.parametrize("line", ["âge, thÃ©Ã¢tre, JÃ¸rgen", "Brânza, JÃ¸rgen, MÃ¦rsk", "JÃ¸rgen, MÃ¦rsk: lâ"])
def test_a_letter_is_no_sign(line: str) -> None:
    assert mend_text(line).text.count("â") >= line.count("â")


def test_lines_that_may_have_one_are_found_without_looking_at_each() -> None:
    lines = ["plain", "â€™ through windows-1252", "â\x80\x99 with its controls", "couldnât", "Ã¢", "so â¦", "â"]
    assert Page(lines).lines_where(empty_signs) == {3, 5, 6}
