"""People win: over inference, over repairs that were wrong, each place once, and what they said is on record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended, Repair, undo
from pipeline.repair.corrections import KIND, Correction, correct_file, uses


def mended(text: str, *repairs: tuple[int, str, str]) -> Mended:
    """A line that was decoded as ``text``; each repair is a place and what was and is there."""
    made, parts, position = [], [], 0
    for start, before, after in repairs:
        assert text[start : start + len(before)] == before
        certainty = "unresolved" if before == after else "exact"
        made.append(Repair(start, start + len(before), before, after, "mojibake", "utf-8>x", certainty, 0.9, (), "e"))
        parts += [text[position:start], after]
        position = start + len(before)
    return Mended("".join([*parts, text[position:]]), tuple(made))


def used_by(*lines: Mended) -> dict[int, int]:
    return dict(uses(r.evidence for line in lines for r in line.repairs if r.kind == KIND))


def test_a_correction_decides_what_was_unresolved() -> None:
    line = mended("Wiลniewski, Jan", (2, "ล", "ล"))
    (done,) = correct_file("a", [line], [Correction(1, "any", "Wiลniewski", "Wiśniewski", "his own page")])
    assert done.text == "Wiśniewski, Jan"
    assert used_by(done) == {1: 1}
    (repair,) = done.repairs
    assert (repair.kind, repair.before, repair.after) == ("correction", "Wiลniewski", "Wiśniewski")
    assert repair.evidence == "row 1 of the corrections: his own page"
    assert undo(done) == "Wiลniewski, Jan"


def test_a_correction_may_be_written_against_the_repaired_text() -> None:
    line = mended("Wiลniewski, Piลat", (2, "ล", "ł"), (14, "ล", "ł"))
    (done,) = correct_file("a", [line], [Correction(1, "any", "Wiłniewski", "Wiśniewski")])
    assert done.text == "Wiśniewski, Piłat"
    assert used_by(done) == {1: 1}
    assert undo(done) == undo(line)
    assert [r.kind for r in done.repairs] == ["correction", "mojibake"]


def test_a_correction_may_say_that_the_file_was_right() -> None:
    line = mended("Caffรฉ, Bo", (4, "รฉ", "é"))
    (done,) = correct_file("a", [line], [Correction(1, "any", "Caffé", "Caffรฉ")])
    assert done.text == undo(done) == "Caffรฉ, Bo"
    assert [r.kind for r in done.repairs] == ["correction"]


def test_a_row_for_one_file_is_for_that_file_and_goes_before_any() -> None:
    rows = [Correction(1, "any", "x", "1"), Correction(2, "b", "x", "2")]
    assert [line.text for line in correct_file("a", [Mended("ax")], rows)] == ["a1"]
    lines = correct_file("b", [Mended("ax"), Mended("xx")], rows)
    assert [line.text for line in lines] == ["a2", "22"]
    assert used_by(*lines) == {2: 3}


def test_no_correction_touches_what_another_has_corrected() -> None:
    rows = [Correction(1, "any", "ab", "b"), Correction(2, "any", "b", "c")]
    (line,) = correct_file("a", [Mended("ab b")], rows)
    assert line.text == "b c"
    assert used_by(line) == {1: 1, 2: 1}


def test_without_corrections_nothing_changes() -> None:
    lines = [Mended("a"), Mended("b")]
    assert correct_file("a", lines, []) == lines


@pytest.mark.parametrize("before", ["absent", "A"])
def test_a_row_that_matches_nothing_is_not_used(before: str) -> None:
    assert used_by(*correct_file("a", [Mended("a")], [Correction(1, "any", before, "z")])) == {}


@given(
    st.text("abลé ", max_size=12),
    st.lists(st.tuples(st.text("abล ", min_size=1, max_size=3), st.text("abé", max_size=3)), max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_corrections_can_be_undone(text: str, pairs: list[tuple[str, str]]) -> None:
    line = mended(text, *((i, "ล", "xy") for i, c in enumerate(text) if c == "ล"))
    rows = [Correction(i, "any", before, after) for i, (before, after) in enumerate(pairs, 1)]
    (done,) = correct_file("a", [line], rows)
    assert undo(done) == text
