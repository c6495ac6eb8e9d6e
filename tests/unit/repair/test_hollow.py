"""Punctuation of which only the first byte is left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import mend_lines, mend_text
from pipeline.repair.hollow import _MAY_SHOW, _parts, empty_signs, telling_signs
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


@settings(deadline=None)
@given(st.text("ââstdmvrlecA ¦aeh zé\xa0,1", max_size=9))
def test_no_line_is_left_out_whose_signs_may_tell_something(line: str) -> None:
    page = Page([line])
    if page.lines_where(empty_signs) and not page.lines_where(telling_signs, {0}):
        assert _MAY_SHOW.search(line) is None
        assert not list(_parts(line))
