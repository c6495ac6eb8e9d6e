"""What must hold for any text: undoing gives the decoded line again, and mending mended text changes nothing."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended, decoded_span, mend_file, mend_lines, mend_text, tidy, undo

WORDS = st.sampled_from(
    [
        "Zoë",
        "Ørsted",
        "naïve",
        "Gdańsk",
        "Çelebican",
        "Ελλάδα",
        "Привет",
        "東京",
        "ภาษาไทย",
        "“so”",
        "ﬁne",
        "x\u00a0y",
        "e\u0301t\u0302e",
        "&eacute;",
        "&amp;Atilde;&copy;",
        "plain",
        "Łódź",
    ]
)
CODECS = st.sampled_from(["latin-1", "cp1252", "iso8859-11", "cp1251", "mac-roman", "cp437", "gbk", "koi8-r"])


def _damaged(text: str, codec: str, loss: int) -> str:
    read = text.encode().decode(codec, "replace")
    dropped = "".join(char for char in read if not "\x80" <= char <= "\x9f")
    return [read, dropped, read.replace("\xa0", " "), read.replace("\ufffd", "?")][loss]


DAMAGED = st.builds(_damaged, WORDS, CODECS, st.integers(0, 3))
TEXTS = st.one_of(
    st.text(max_size=30), st.lists(st.one_of(WORDS, DAMAGED, st.text(max_size=5)), max_size=8).map(" ".join)
)


def _keeps_contract(line: str, mended: Mended) -> None:
    last = 0
    for repair in mended.repairs:
        assert last <= repair.start <= repair.end <= len(line)
        assert repair.before == line[repair.start : repair.end]
        assert (repair.before == repair.after) == (repair.certainty == "unresolved")
        assert repair.kind != "mojibake" or repair.codec
        assert 0 <= repair.confidence <= 1
        last = repair.end
    starts = [repair.start for repair in mended.repairs]
    assert len(set(starts)) == len(starts)


@settings(deadline=None, max_examples=150)
@given(st.lists(TEXTS, max_size=4))
def test_undo_gives_the_decoded_lines_again(lines: Sequence[str]) -> None:
    for mend in (mend_lines, mend_file):
        for line, mended in zip(lines, mend(lines), strict=True):
            assert undo(mended) == line
            _keeps_contract(line, mended)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_mending_mended_text_changes_nothing(text: str) -> None:
    for mend in (mend_text, tidy, lambda line: mend_file([line])[0]):
        once = mend(text).text
        assert mend(once).text == once


@settings(deadline=None, max_examples=100)
@given(TEXTS, st.data())
def test_decoded_span_reaches_over_what_it_touches(text: str, data: st.DataObject) -> None:
    mended = mend_file([text])[0]
    start = data.draw(st.integers(0, len(mended.text)))
    end = data.draw(st.integers(start, len(mended.text)))
    low, high = decoded_span(mended, start, end)
    assert 0 <= low <= high <= len(text)
    for repair in mended.repairs:
        assert not repair.start < low < repair.end
        assert not repair.start < high < repair.end
    assert set(mended.text[start:end]) <= set(text[low:high]) | {char for r in mended.repairs for char in r.after}


def test_a_span_outside_of_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="not inside"):
        decoded_span(Mended("abc"), 2, 4)
