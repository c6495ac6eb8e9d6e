"""The page as a whole: it says what the tables say, is harmless whatever they hold, and is the same twice."""

import json
import re
from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.report import Material, report
from pipeline.report.drift import drift
from pipeline.report.origins import origins
from pipeline.report.rules import rules
from pipeline.report.sources import sources
from pipeline.report.undecided import correction
from pipeline.report.verdict import next_steps
from schemas import TABLES

Make = Callable[..., Material]

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</td></table></style>{{7*7}}\u202e\x00`${1}"
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "section", "nav", "p", "h1", "h2", "h3", "ol",
    "li", "a", "dl", "div", "dt", "dd", "figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "span",
    "code", "bdi", "mark", "small", "details", "summary", "svg", "g", "path", "rect", "line", "text", "polyline",
    "circle", "defs", "clippath",
}  # fmt: skip


def past(run: int, measure: str, value: float, column: str = "*", **more: object) -> dict[str, object]:
    """A figure of a run."""
    return {"run_no": run, "measure": measure, "table": "records", "column": column, "category": "*", "value": value,
            "expected_low": None, "expected_high": None, **more}  # fmt: skip


def hostile(make: Make) -> Material:
    """Every text of every table is an attack."""
    repairs = [
        {"path": HOSTILE, "start": 0, "end": len(HOSTILE), "before": HOSTILE, "after": HOSTILE + "!", "codec": HOSTILE,
         "evidence": HOSTILE},
        {"path": HOSTILE, "line_no": 2, "before": HOSTILE, "after": HOSTILE, "certainty": "unresolved",
         "end": len(HOSTILE), "alternatives": [HOSTILE], "confidence": 0.5},
        {"path": HOSTILE, "line_no": 3, "end": 1, "before": "a", "after": HOSTILE, "certainty": "inferred",
         "alternatives": [HOSTILE], "codec": None, "kind": "correction"},
    ]  # fmt: skip
    return make(
        findings=[HOSTILE],
        history=[
            *(past(n, "rule_failures", n, HOSTILE) for n in range(3)),
            past(2, "layout_share", 0.5, HOSTILE, category=HOSTILE, expected_low=0.1, expected_high=0.2),
        ],
        raw_files=[{"path": HOSTILE, "status": "rejected", "reason": HOSTILE, "note": HOSTILE, "layout": HOSTILE}],
        text_repairs=repairs,
        text_lines=[{"path": HOSTILE, "line_no": n, "text": f"see {HOSTILE}! here"[: 90 + n]} for n in (1, 2, 3)],
        line_roles=[{"path": HOSTILE, "role": "unclaimed"}],
        unused_tokens=[{"reason": HOSTILE}],
        works=[{"work_id": "w1", "title": HOSTILE, "record_count": 2, "year": 1999}],
        work_records=[{"work_id": "w1", "path": HOSTILE, "rule": HOSTILE}] * 2,
        authors=[{"kind": HOSTILE, "certainty": HOSTILE}],
        rejects=[{"table": "records", "path": HOSTILE, "line_start": 1, "rules": [HOSTILE], "row": HOSTILE}],
        ledger=[{"path": HOSTILE, "unit": HOSTILE, "received": 9, "set_aside": 3}],
        rule_results=[
            {"rule": HOSTILE, "says": HOSTILE, "failures": 3},
            {"rule": "kept", "says": HOSTILE, "failures": 3, "severity": "warn", "broken_row": HOSTILE},
        ],
    )


def test_no_cell_becomes_markup(material: Make, page: Callable) -> None:
    html = report(hostile(material))
    seen = page(html)
    assert seen.tags <= ELEMENTS
    attributes = {name for _, found in seen.elements for name in found}
    assert not {name for name in attributes if name.startswith("on") or name in {"src", "srcset", "data", "action"}}
    assert "\x00" not in html
    assert "\u202e" not in re.sub(r"<code class=.copy.*?</code>", "", html), "only lines to be copied keep it, isolated"
    assert seen.text.count("<script>alert(1)</script>") > 10, "the attacks are shown as the text that they are"


def test_nothing_is_loaded_from_anywhere_and_nothing_may_run(material: Make, page: Callable) -> None:
    html = report(hostile(material))
    links = {found["href"] for _, found in page(html).elements if "href" in found}
    assert links
    assert all(str(link).startswith("#") for link in links)
    policy = next(found for tag, found in page(html).elements if "http-equiv" in found)
    assert str(policy["content"]).startswith("default-src 'none'")
    own = re.sub(r'xmlns(:xlink)?="[^"]*"', "", html)
    assert not re.search(r"https?:|url\((?!#)|@import", own)


def test_same_tables_same_bytes_and_ids_that_are_unique(material: Make, page: Callable) -> None:
    first = report(hostile(material))
    assert report(hostile(material)) == first
    ids = page(first).ids
    assert len(ids) == len(set(ids))
    linked = {str(found["href"])[1:] for tag, found in page(first).elements if tag == "a"}
    assert linked <= set(ids)


def test_values_that_are_held_once_make_the_same_page(material: Make, as_read: Callable) -> None:
    for made in (hostile(material), material()):
        assert report(as_read(made)) == report(made)


def test_every_column_says_whole_where_it_comes_from(page: Callable) -> None:
    section = origins()
    cells = page(section.body).text.replace(",", " ").split()
    assert "…" not in section.body
    for table in TABLES.values():
        assert {table.name, *table.lineage, *(dep for deps in table.lineage.values() for dep in deps)} <= set(cells)


def test_empty_tables_make_a_page_that_says_so(material: Make, page: Callable) -> None:
    text = page(report(material())).text
    for says in ("Published", "nothing to decide", "Nothing in the text had to be mended", "There is no work"):
        assert says in text


def test_findings_are_the_verdict(material: Make, page: Callable) -> None:
    found = [f"page{n}.txt: 2 lines unaccounted for" for n in range(12)]
    text = page(report(material(findings=found))).text
    assert "Not published" in text
    assert found[0] in text
    assert "2 more" in text


def test_a_loss_of_half_a_per_cent_is_seen(material: Make, page: Callable) -> None:
    made = material(
        ledger=[{"path": "a", "received": 1000, "used": 600}, {"path": "b", "received": 1000, "rejected": 10}]
    )
    text = page(report(made)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "10 (0.5 %)" in text
    assert "split: lines rejected 0.5%" in report(made)


def test_repairs_show_before_and_after_and_code_points_where_they_look_alike(material: Make, page: Callable) -> None:
    made = material(
        text_lines=[{"text": "the films of Dvořák"}],
        text_repairs=[
            {"start": 4, "end": 5, "before": "ﬁ", "after": "fi", "kind": "ligature", "codec": None},
            {"start": 14, "end": 17, "before": "oÅ™", "after": "oř"},
        ],
    )
    html = report(made)
    assert "<mark>ﬁ</mark>lms" in html
    assert "U+FB01 → U+0066 U+0069" in html
    assert "Dv<mark>oÅ™</mark>ák" in html
    assert "U+0159" not in html


def test_undecided_damage_comes_with_the_line_that_settles_it(material: Make) -> None:
    left = {"certainty": "unresolved", "before": "ล", "after": "ล", "alternatives": ["Ś", "ń"], "confidence": 0.4}
    made = material(
        text_lines=[{"text": 'a"ลw" is'}, {"text": "by ลwind, too", "line_no": 2}],
        text_repairs=[{**left, "start": 3, "end": 4, "line_no": 2}],
    )
    html = report(made)
    assert '<code class="copy" dir="ltr">any,ลwind,Śwind,</code>' in html
    assert "1 damaged place left as in the file: decide" in html


@pytest.mark.parametrize(("before", "row"), [("a", "any,a,b,"), ("a,b", 'any,"a,b",b,'), ('a"', 'any,"a""",b,')])
def test_the_line_is_quoted_as_csv_asks(before: str, row: str) -> None:
    assert correction(before, "b") == row


def test_broken_rules_have_an_example_and_a_line_over_the_runs(material: Make, page: Callable) -> None:
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
    assert "<polyline" not in report(Material(made.tables, made.lines))


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


def test_a_jump_is_shown_with_its_number_what_was_expected_and_its_runs(material: Make, page: Callable) -> None:
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


def test_runs_that_are_alike_say_so(material: Make) -> None:
    same = [past(1, "row_count", 9), past(2, "row_count", 9, expected_low=3, expected_high=15)]
    assert "1 figure is about as in the runs before" in drift(material(history=same)).body
    assert "no run before" in drift(material(history=same[:1])).body
    assert "no run before" in drift(material()).body


def test_the_remedy_at_the_end_of_a_long_reason_is_on_the_page(material: Make, page: Callable) -> None:
    reason = f"a.txt: {'no layout claims it, ' * 20} take it out of the raw folder"
    made = material(raw_files=[{"path": "a.txt", "status": "rejected", "reason": reason, "layout": None}])
    assert reason in page(sources(made).body).text


def test_rows_of_a_table_have_a_line_over_the_runs_in_their_order(material: Make, page: Callable) -> None:
    made = material(rule_results=[{}], history=[past(2, "row_count", 30), past(1, "row_count", 1200)])
    assert "rows over 2 runs: 1,200, 30" in page(report(made)).text


def test_the_worst_files_come_first(material: Make, page: Callable) -> None:
    made = material(
        raw_files=[
            {"path": "good.txt", "line_count": 10},
            {"path": "bad.txt", "line_count": 10},
            {
                "path": "gone.bin",
                "line_count": 0,
                "status": "rejected",
                "reason": "gone.bin: is binary",
                "layout": None,
            },
        ],
        text_repairs=[{"path": "bad.txt"}, {"path": "bad.txt", "start": 5, "end": 6}],
    )
    text = page(report(made)).text
    files = text[text.index("3 files: 2 parsed") :]
    table = files[files.index("Unclaimed lines") :]
    assert table.index("gone.bin") < table.index("bad.txt") < table.index("good.txt")
    assert "gone.bin: is binary" in files


def test_merged_works_say_why_and_where(material: Make, page: Callable) -> None:
    made = material(
        works=[{"work_id": "w1", "title": "On Owls", "record_count": 2}, {"work_id": "w2", "record_count": 1}],
        work_records=[
            {"work_id": "w1", "path": "b.txt", "line_start": 3, "rule": "same abstract"},
            {"work_id": "w1", "path": "a.txt", "line_start": 9, "rule": "same title", "score": 0.5},
            {"work_id": "w2", "path": "a.txt", "line_start": 1, "rule": "alone"},
        ],
    )
    text = page(report(made)).text
    assert "1 work of 2 made of several records; 1 record was merged into others" in text
    assert "same abstract, same title" in text
    assert "a.txt:9, b.txt:3" in text


def test_many_files_and_rules_still_make_a_small_page(material: Make) -> None:
    long = "a long name of a folder with words in it/" * 4
    made = material(
        raw_files=[
            {"path": f"{long}{n}", "status": "rejected", "reason": long * 9, "layout": f"l{n}"} for n in range(3000)
        ],
        rule_results=[{"rule": f"r{n}", "says": long, "failures": 1, "table": f"t{n}"} for n in range(500)],
        text_repairs=[
            {"path": f"{long}{n}", "codec": f"{n % 300}>{long}", "before": f"{n}{long}", "end": 10} for n in range(3000)
        ],
        unused_tokens=[{"reason": f"{n}"} for n in range(500)],
        works=[
            {"work_id": f"w{n}", "title": long * 9, "record_count": n + 2, "year": 1500 + n % 500} for n in range(900)
        ],
        work_records=[{"work_id": f"w{n % 900}", "path": long} for n in range(9000)],
    )
    assert len(report(made).encode()) < 1_000_000


def test_tables_without_rows_of_a_kind_keep_their_types(material: Make) -> None:
    made = material(text_repairs=[{"certainty": "inferred"}], text_lines=[{"text": "y"}])
    assert "1 mend was chosen by a model" in report(made)
    assert isinstance(made["works"], pd.DataFrame)
