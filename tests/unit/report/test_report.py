"""The page as a whole: it says what the tables say, and shows what is to be done."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.report import Material, report
from pipeline.report.origins import origins
from pipeline.report.sources import sources
from pipeline.report.undecided import correction
from schemas import TABLES

Make = Callable[..., Material]


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


def test_the_remedy_at_the_end_of_a_long_reason_is_on_the_page(material: Make, page: Callable) -> None:
    reason = f"a.txt: {'no layout claims it, ' * 20} take it out of the raw folder"
    made = material(raw_files=[{"path": "a.txt", "status": "rejected", "reason": reason, "layout": None}])
    assert reason in page(sources(made).body).text


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
