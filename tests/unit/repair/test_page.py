"""What is asked of all lines at once is what each line says, also when lines have changed since."""

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended, mend_file, mend_lines, tidy
from pipeline.repair.channels import BY_NAME
from pipeline.repair.known import Known
from pipeline.repair.mend import mend_page
from pipeline.repair.page import Page
from pipeline.repair.prefilter import hits
from pipeline.repair.tidy import untidy
from pipeline.repair.windows import windows_punctuation

# A damaged word as a regular expression says it: letters with something foreign among them.
WORD = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f][A-Za-z\x80-\U0010ffff]*+")
CHARS = st.one_of(
    st.sampled_from("aZ &\\;\t\n\x00\x7f\x85\x93\xa0\xad\u200b\u0301\ufb01\u1100\u1161éÃ©Å‚ร😀\ud800'?"),
    st.characters(),
)
LINES = st.lists(st.text(CHARS, max_size=12), max_size=8)
WORDS = (
    "Gößwein",
    "Łącki",
    "naïve",
    "plain",
    "Çelebi",
    "“so”",
    "Ελλάδα",
    "Zażółć",
    "gęślą",
    "Ångström",
    "Wisniewski",
    "àgnes",
    "Ágnes",
    "à",
)


def damaged(word: str, codec: str, loss: str | None) -> str:
    """``loss`` is what becomes of controls and no-break spaces; None where they stay."""
    read = "".join(BY_NAME[codec].table[byte] for byte in word.encode())
    return read if loss is None else re.sub("[\x80-\xa0]", loss, read)


DAMAGED = st.builds(
    damaged,
    st.sampled_from(WORDS),
    st.sampled_from(["latin-1", "cp1253", "iso8859-11"]),
    st.sampled_from([None, "", " "]),
)
FILES = st.lists(st.lists(st.one_of(st.sampled_from(WORDS), DAMAGED), max_size=5).map(" ".join), min_size=1, max_size=6)


@given(LINES)
@settings(deadline=None, max_examples=200)
def test_words_are_those_that_a_search_of_each_line_finds(lines: Sequence[str]) -> None:
    page = Page(lines)
    assert page.other_words.union(page.found.numbers) == {word for line in lines for word in WORD.findall(line)}
    searched = {n: {(m.start(), m[0]) for m in WORD.finditer(line)} for n, line in enumerate(lines)}
    for number, words in page.suspicious.items():
        assert set(words) <= searched[number]
    for number, words in page.further_words(["Ã", "é", "ร"]).items():
        wanted = {(start, word) for start, word in searched[number] if not set(word).isdisjoint("Ãéร")}
        assert set(words) == wanted - set(page.suspicious.get(number, ()))


@given(LINES, st.data())
@settings(deadline=None, max_examples=150)
def test_a_changed_page_is_like_one_made_anew(lines: list[str], data: st.DataObject) -> None:
    changes = data.draw(st.dictionaries(st.integers(0, len(lines) - 1), st.text(CHARS, max_size=8))) if lines else {}
    page, anew = Page(lines), [changes.get(number, line) for number, line in enumerate(lines)]
    assert page.suspicious is not None
    page = page.changed(changes)
    assert page.lines == anew
    assert (page.suspicious, page.other_words) == (Page(anew).suspicious, Page(anew).other_words)
    assert page.lines_with(untidy()) == Page(anew).lines_with(untidy())


@given(LINES)
@settings(deadline=None, max_examples=200)
def test_lines_that_are_not_looked_at_have_nothing_to_tidy(lines: Sequence[str]) -> None:
    looked_at = Page(lines).lines_with(untidy())
    for number, line in enumerate(lines):
        if number not in looked_at:
            assert tidy(line) == windows_punctuation(line) == Mended(line)


def test_no_character_that_composes_is_passed_over() -> None:
    marks = untidy()
    for point in range(0x110000):
        parts = unicodedata.decomposition(chr(point)).split()
        if parts and not parts[0].startswith("<"):
            assert marks[min(point, 0xFFFF)] or unicodedata.is_normalized("NFC", chr(point))
            assert all(marks[min(int(part, 16), 0xFFFF)] for part in parts[1:])


@given(LINES.filter(bool), st.text("abcXyz", min_size=1, max_size=3))
@settings(deadline=None)
def test_plain_words_are_found_with_and_without_an_index(lines: Sequence[str], fragment: str) -> None:
    page = Page([*lines, "Abcde xyzXY, abcxyz&abc"])
    every = {word.lower() for line in page.lines for word in re.findall("[A-Za-z]{4,}", line)}
    assert page.plain_words == every
    assert page.plain_words_with(fragment.lower()) == {word for word in every if fragment.lower() in word}


@given(FILES)
@settings(deadline=None, max_examples=60)
def test_known_words_do_not_depend_on_how_they_are_looked_up(lines: Sequence[str]) -> None:
    fast = mend_page(Page(lines)).lines
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.repair.dossier._SEARCHES", -1)
        assert mend_page(Page(lines)).lines == fast


@given(FILES)
@settings(deadline=None, max_examples=60)
def test_reading_only_what_changed_gives_what_reading_everything_gives(lines: Sequence[str]) -> None:
    quick = mend_lines(lines), mend_file(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Page, "changed", lambda self, texts: Page([texts.get(n, t) for n, t in enumerate(self.lines)]))
        patch.setattr(Page, "lines_with", lambda self, marks: set(range(len(self.lines))))
        assert (mend_lines(lines), mend_file(lines)) == quick


def test_an_index_holds_what_a_search_holds() -> None:
    known = Known.of(["Gołąb", "golab", "Ino"])
    assert known.words == {"gołąb"}
    assert known.plain == {"golab", "ino"}


@given(LINES, st.sets(st.integers(0, 8)))
@settings(deadline=None)
def test_places_in_some_lines_are_those_of_all_in_them(lines: Sequence[str], among: set[int]) -> None:
    page = Page([*lines, *["é"] * 40])  # so that some are few
    assert page.lines_where(hits, among) == page.lines_where(hits) & among
