"""Composing, undoing and mapping spans, on repairs made by hand."""

import pytest

from pipeline.repair.model import Mended, Repair, apply_repairs, compose, decoded_span, undo


def repair(start: int, before: str, after: str, certainty: str = "exact", kind: str = "mojibake") -> Repair:
    codec = "utf-8>cp1252" if kind == "mojibake" else None
    return Repair(start, start + len(before), before, after, kind, codec, certainty, 0.9, (), f"{before} was {after}")


def test_applied_and_undone() -> None:
    mended = apply_repairs("aXXbYc", [repair(4, "Y", "yy"), repair(1, "XX", "x")])
    assert mended.text == "axbyyc"
    assert [r.start for r in mended.repairs] == [1, 4]
    assert undo(mended) == "aXXbYc"


@pytest.mark.parametrize("wrong", [[repair(1, "XX", "x"), repair(2, "Xb", "y")], [repair(0, "Z", "z")]])
def test_repairs_that_do_not_fit_are_refused(wrong: list[Repair]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        apply_repairs("aXXbYc", wrong)


@pytest.mark.parametrize(
    ("span", "decoded"), [((0, 1), (0, 1)), ((1, 2), (1, 3)), ((2, 3), (3, 4)), ((3, 4), (4, 5)), ((4, 6), (4, 6))]
)
def test_a_span_is_widened_to_the_repairs_that_it_touches(span: tuple[int, int], decoded: tuple[int, int]) -> None:
    mended = apply_repairs("aXXbYc", [repair(1, "XX", "x"), repair(4, "Y", "yy")])
    assert decoded_span(mended, *span) == decoded


def test_what_was_removed_belongs_to_a_span_over_both_sides() -> None:
    mended = apply_repairs("a\u00adb", [repair(1, "\u00ad", "", kind="control")])
    assert decoded_span(mended, 0, 2) == (0, 3)
    assert decoded_span(mended, 0, 1) == (0, 1)
    assert decoded_span(mended, 1, 2) == (2, 3)


def test_a_second_edit_of_the_same_place_makes_one_repair() -> None:
    first = apply_repairs("aXXb", [repair(1, "XX", "e\u0301")])
    second = apply_repairs(first.text, [repair(1, "e\u0301", "é", kind="normal form")])
    both = compose(first, second)
    assert (both.text, undo(both)) == ("aéb", "aXXb")
    assert [(r.start, r.end, r.kind, r.codec) for r in both.repairs] == [(1, 3, "mojibake", "utf-8>cp1252")]


def test_edits_apart_stay_apart_in_decoded_places() -> None:
    first = apply_repairs("XXab", [repair(0, "XX", "x")])
    second = apply_repairs(first.text, [repair(2, "b", "B", kind="space")])
    assert [(r.start, r.before, r.after) for r in compose(first, second).repairs] == [(0, "XX", "x"), (3, "b", "B")]


def test_edits_that_cancel_out_leave_no_repair() -> None:
    first = apply_repairs("aXb", [repair(1, "X", "Y")])
    assert compose(first, apply_repairs(first.text, [repair(1, "Y", "X", kind="space")])) == Mended("aXb", ())


def test_an_unresolved_span_that_is_tidied_is_no_longer_unresolved() -> None:
    first = Mended("a\xa0b", (repair(0, "a\xa0", "a\xa0", "unresolved"),))
    both = compose(first, apply_repairs(first.text, [repair(1, "\xa0", " ", kind="space")]))
    assert both.text == "a b"
    assert [(r.before, r.after, r.certainty) for r in both.repairs] == [("a\xa0", "a ", "inferred")]
    assert compose(first, Mended(first.text, first.repairs)) == first
