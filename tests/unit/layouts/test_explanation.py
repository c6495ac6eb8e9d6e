import json
from pathlib import Path

from pipeline.layouts import explain, layouts

CASES = {
    case["name"]: case
    for case in json.loads(
        (Path(__file__).parents[2] / "cases" / "layouts" / "listings.json").read_text(encoding="utf-8")
    )
}


def test_scores_choice_and_every_line_are_told():
    case = CASES["C: regular"]
    told = list(explain(case["lines"]))
    assert {line.split()[0] for line in told[: len(layouts())]} == {layout.name for layout in layouts()}
    assert any(line.startswith("chosen: listing_c") for line in told)
    assert [line.split()[0] for line in told[-len(case["lines"]) :]] == [
        str(number) for number in range(1, len(case["lines"]) + 1)
    ]


def test_a_file_that_no_layout_claims_is_told_why():
    told = list(explain(CASES["log"]["lines"]))
    assert any("no layout claims it" in line for line in told)
