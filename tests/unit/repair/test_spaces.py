"""Words that spaces cut: the look at all lines at once finds those in which a sequence can have a space."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.repair.page import Page
from pipeline.repair.spaces import _perhaps, cut_places

# Leads of two and of more bytes in some codecs, continuations, and what is none of these.
LINES = st.lists(st.text("ÐßРТéàрâ\x80€°а  xy\U0001f600字", max_size=7), min_size=1, max_size=6)


@given(LINES)
def test_lines_with_a_sequence_that_has_a_space_are_found_at_once(lines: list[str]) -> None:
    found = Page(lines).lines_where(cut_places)
    assert found == {number for number, line in enumerate(lines) if _perhaps().search(line) is not None}
