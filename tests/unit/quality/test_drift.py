"""A jump is found with its numbers, chance is not, and the history keeps what was measured."""

from collections import Counter

import pandas as pd
import pytest

from pipeline.quality import measured, profile, with_history
from pipeline.quality.drift import KEPT, Counts
from schemas import TABLES

HISTORY = TABLES["run_history"]
NO_RESULTS = TABLES["rule_results"].empty()


def counts(works: int, untitled: int = 0, repairs: int = 0, layouts: dict[str, int] | None = None) -> Counts:
    """Counts of a run with so many works, each of ten lines."""
    found: Counts = Counter(
        {("row_count", "works", "*", "*"): works, ("row_count", "text_lines", "*", "*"): works * 10}
    )
    found["null_rate", "works", "title", "*"] = untitled
    found["row_count", "text_repairs", "*", "*"] = found["repair_rate", "text_repairs", "codec", "utf-8>cp1252"] = (
        repairs
    )
    found["row_count", "raw_files", "*", "*"] = sum((layouts or {}).values())
    for layout, n in (layouts or {}).items():
        found["layout_share", "raw_files", "layout", layout] = n
    return found


def history(*runs: Counts) -> pd.DataFrame:
    frame = HISTORY.empty()
    for number, run in enumerate(runs, 1):
        frame = with_history(measured(run, NO_RESULTS), frame, f"run {number}")
    return frame


def jumps(*runs: Counts) -> dict[str, list[tuple[str, str]]]:
    """Which rules the last run breaks, and the figures that do."""
    split = HISTORY.split(history(*runs), {})
    assert split.rejected.empty
    return {
        r.rule: [(row["table"], row["category"]) for row in r.sample.to_dict("records")]
        for r in split.results
        if r.failures
    }


STEADY = [counts(1000 + n, 100 - n, 50 + n, {"a": 70, "b": 30}) for n in (0, 3, -4, 2)]


def test_a_first_run_and_a_steady_one_are_no_surprise() -> None:
    assert jumps(STEADY[0]) == {}
    assert jumps(*STEADY) == {}
    assert jumps(*STEADY, counts(1300, 170, 70, {"a": 75, "b": 25})) == {}


@pytest.mark.parametrize(
    ("run", "rule", "figures"),
    [
        (counts(2100, 200, 100, {"a": 70, "b": 30}), "row_counts_as_before",
         [("text_lines", "*"), ("text_repairs", "*"), ("works", "*")]),
        (counts(1000, 300, 50, {"a": 70, "b": 30}), "null_rates_as_before", [("works", "*")]),
        (counts(1000, 100, 50, {"a": 20, "c": 80}), "layout_shares_as_before",
         [("raw_files", "a"), ("raw_files", "b"), ("raw_files", "c")]),
    ],
)  # fmt: skip
def test_a_jump_breaks_the_rule_about_it_and_no_other(run: Counts, rule: str, figures: list[tuple[str, str]]) -> None:
    found = jumps(*STEADY, run)
    assert set(found) == {rule}
    assert set(found[rule]) <= set(figures)
    assert found[rule][-1] == figures[-1]


def test_repairs_that_stop_are_a_jump_of_the_channel() -> None:
    found = jumps(*STEADY, counts(1000, 100, 0, {"a": 70, "b": 30}))
    assert found["repair_rates_as_before"] == [("text_repairs", "utf-8>cp1252")]


def test_few_rows_are_no_evidence() -> None:
    assert jumps(counts(4, 1), counts(5, 3)) == {}


def test_a_jump_has_its_numbers() -> None:
    frame = history(*STEADY, counts(1000, 300, 50, {"a": 70, "b": 30}))
    row = frame[(frame["run_no"] == 5) & (frame["measure"] == "null_rate")].to_dict("records")[0]
    assert (row["rows"], row["value"]) == (1000, 0.3)
    assert row["expected_low"] == pytest.approx(0.045, abs=0.015)
    assert row["expected_high"] == pytest.approx(0.155, abs=0.015)


def test_a_past_jump_is_not_told_of_again() -> None:
    assert jumps(*STEADY, counts(1000, 300, 50, {"a": 70, "b": 30}), STEADY[0]) == {}


def test_only_the_last_runs_are_kept_and_a_run_that_is_done_again_counts_once() -> None:
    frame = history(*(counts(10) for _ in range(KEPT + 5)))
    assert sorted(frame["run_no"].unique()) == list(range(6, KEPT + 6))
    again = with_history(measured(counts(10), NO_RESULTS), frame, f"run {KEPT + 5}")
    pd.testing.assert_frame_equal(again, frame)


def test_a_history_of_another_contract_is_begun_anew() -> None:
    frame = with_history(measured(counts(10), NO_RESULTS), pd.DataFrame({"old": [1]}), "new")
    assert frame["run_no"].unique().tolist() == [1]


def test_counts_of_parts_add_up_to_those_of_the_table() -> None:
    table = TABLES["raw_files"]
    row = dict.fromkeys(table.arrow_schema.names) | {"compression": "none", "line_count": 1, "record_count": 1}
    rows = [
        {**row, "path": str(n), "layout": layout, "status": "parsed"} for n, layout in enumerate(["a", "b", "a", None])
    ]
    frame = table.typed(pd.DataFrame(rows))
    parts: Counts = Counter()
    for part in (frame.iloc[:1], frame.iloc[1:]):
        parts.update(profile(table, part))
    assert parts == profile(table, frame)
    assert parts["layout_share", "raw_files", "layout", "a"] == 2
    assert parts["null_rate", "raw_files", "layout", "*"] == 1
    assert parts["category_share", "raw_files", "status", "parsed"] == 4
