"""Figures unlike the runs before: their numbers, what was expected, and a line over the runs."""

from collections.abc import Callable

from pipeline.report import Material
from pipeline.report.drift import drift
from pipeline.report.verdict import next_steps

Make = Callable[..., Material]
Past = Callable[..., dict[str, object]]


def test_a_jump_is_shown_with_its_number_what_was_expected_and_its_runs(
    material: Make, page: Callable, past: Past
) -> None:
    nulls = {"column": "year", "expected_low": 0.0, "expected_high": 0.3}
    made = material(
        history=[
            past(1, "null_rate", 0.25, "year"),
            past(2, "null_rate", 0.75, **nulls),
            past(2, "row_count", 2000, expected_low=900, expected_high=1100.4),
            past(1, "row_count", 1000),
            past(2, "layout_share", 0.5, "layout", category="listing_d", expected_low=0, expected_high=0.05),
            past(1, "category_share", 0.5, "kind", category="person"),
            past(2, "category_share", 0.5, "kind", category="person", expected_low=0.4, expected_high=0.6),
        ],
    )
    assert "3 figures unlike the runs before" in next_steps(made)[0]
    text = page(drift(made).body).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "3 of 4 figures are unlike" in text
    drawn = text[text.index("records: layout is listing_d over") :]
    for says in ("50 %", "5 %", "records: year is null", "75 %", "30 %", "2,000", "900", "1,100"):
        assert says in text
    assert "over 2 runs: 0 %, 50 %" in drawn
    assert "over 2 runs: 1,000, 2,000" in drawn
    assert "kind is person" not in text


def test_runs_that_are_alike_say_so(material: Make, past: Past) -> None:
    same = [past(1, "row_count", 9), past(2, "row_count", 9, expected_low=3, expected_high=15)]
    assert "1 figure is about as in the runs before" in drift(material(history=same)).body
    assert "no run before" in drift(material(history=same[:1])).body
    assert "no run before" in drift(material()).body
