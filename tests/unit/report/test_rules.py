"""Rules on the page: what broke, an example, what became of the rows, and lines over the runs."""

import json
from collections.abc import Callable

from pipeline.report import Material, report
from pipeline.report.rules import rules
from pipeline.report.verdict import next_steps

Make = Callable[..., Material]
Past = Callable[..., dict[str, object]]


def test_broken_rules_have_an_example_and_a_line_over_the_runs(material: Make, page: Callable, past: Past) -> None:
    made = material(
        rule_results=[
            {"rule": "year__not_null", "says": "year is never null", "failures": 3, "rows": 1000},
            {"rule": "title__trimmed", "says": "title: trimmed"},
        ],
        rejects=[
            {
                "path": "b/page.txt",
                "line_start": 7,
                "rules": ["title__trimmed", "year__not_null"],
                "row": '{"title": "T"}',
            }
        ],
        history=[
            past(2, "rule_failures", 5, "year__not_null"),
            past(3, "rule_failures", 3, "year__not_null"),
            past(1, "rule_failures", 0, "year__not_null"),
        ],
    )
    html = report(made)
    text = page(html).text
    assert "1 rule was broken" in text
    assert "b/page.txt:7" in text
    assert '{"title": "T"}' in text
    assert html.count("<polyline") == 1
    assert "year is never null over 3 runs" in text
    assert "<polyline" not in report(Material(made.tables, made.at))


def test_what_became_of_rows_that_broke_a_rule_is_said_and_each_has_an_example(material: Make, page: Callable) -> None:
    made = material(
        rule_results=[
            {"rule": "odd", "says": "odd", "failures": 4, "severity": "warn", "broken_row": '{"n": "of the kept"}'},
            {
                "rule": "gone",
                "says": "gone",
                "failures": 2,
                "severity": "fatal",
                "blocks": True,
                "broken_row": '{"n": 7}',
            },
            {"rule": "reject_rate", "says": "rate", "failures": 1, "severity": "warn"},
            {"rule": "year__not_null", "says": "year", "failures": 1, "broken_row": '{"year": null}'},
        ],
        rejects=[{"path": "a.txt", "line_start": 7, "rules": ["year__not_null"], "row": '{"n": "of the rejects"}'}],
    )
    text = page(rules(made).body).text
    table = text[text.index("They were") : text.index("All tables")]
    places = [table.index(what) for what in ("not published", '{"n": 7}', "of the rejects", "kept", "of the kept")]
    assert places == sorted(places)
    assert table.count("set aside") == 2
    assert any("1 rule not kept, 1 row set aside" in step for step in next_steps(made))


def test_an_example_shows_what_the_rule_is_about_however_long_the_row_is(material: Make, page: Callable) -> None:
    row = json.dumps({"title": "The owls of a valley " * 40, "year": 3021})
    made = material(
        rule_results=[
            {"rule": "year__less_than_or_equal_to", "says": "year", "failures": 1, "broken_row": row},
            {"table": "run_history", "rule": "row_counts_as_before", "says": "rows", "failures": 1, "severity": "warn"},
        ]
    )
    seen = page(rules(made).body)
    assert '{"year": 3021, "title": "The owls' in seen.text
    assert ("a", {"href": "#drift"}) in seen.elements


def test_rows_of_a_table_have_a_line_over_the_runs_in_their_order(material: Make, page: Callable, past: Past) -> None:
    made = material(rule_results=[{}], history=[past(2, "row_count", 30), past(1, "row_count", 1200)])
    assert "rows over 2 runs: 1,200, 30" in page(report(made)).text
