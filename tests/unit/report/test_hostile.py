"""The page of tables in which every text is an attack: harmless, whole, and the same twice."""

import re
from collections.abc import Callable

import pytest

from pipeline.report import Material, report

Make = Callable[..., Material]
Past = Callable[..., dict[str, object]]

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</td></table></style>{{7*7}}\u202e\x00`${1}"
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "section", "nav", "p", "h1", "h2", "h3", "ol",
    "li", "a", "dl", "div", "dt", "dd", "figure", "figcaption", "table", "thead", "tbody", "tr", "th", "td", "span",
    "code", "bdi", "mark", "small", "details", "summary", "svg", "g", "path", "rect", "line", "text", "polyline",
    "circle", "defs", "clippath",
}  # fmt: skip


@pytest.fixture
def hostile(material: Make, past: Past) -> Material:
    """Every text of every table is an attack."""
    repairs = [
        {"path": HOSTILE, "start": 0, "end": len(HOSTILE), "before": HOSTILE, "after": HOSTILE + "!", "codec": HOSTILE,
         "evidence": HOSTILE},
        {"path": HOSTILE, "line_no": 2, "before": HOSTILE, "after": HOSTILE, "certainty": "unresolved",
         "end": len(HOSTILE), "alternatives": [HOSTILE], "confidence": 0.5},
        {"path": HOSTILE, "line_no": 3, "end": 1, "before": "a", "after": HOSTILE, "certainty": "inferred",
         "alternatives": [HOSTILE], "codec": None, "kind": "correction"},
    ]  # fmt: skip
    return material(
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


def test_no_cell_becomes_markup(hostile: Material, page: Callable) -> None:
    html = report(hostile)
    seen = page(html)
    assert seen.tags <= ELEMENTS
    attributes = {name for _, found in seen.elements for name in found}
    assert not {name for name in attributes if name.startswith("on") or name in {"src", "srcset", "data", "action"}}
    assert "\x00" not in html
    assert "\u202e" not in re.sub(r"<code class=.copy.*?</code>", "", html), "only lines to be copied keep it, isolated"
    assert seen.text.count("<script>alert(1)</script>") > 10, "the attacks are shown as the text that they are"


def test_nothing_is_loaded_from_anywhere_and_nothing_may_run(hostile: Material, page: Callable) -> None:
    html = report(hostile)
    links = {found["href"] for _, found in page(html).elements if "href" in found}
    assert links
    assert all(str(link).startswith("#") for link in links)
    policy = next(found for tag, found in page(html).elements if "http-equiv" in found)
    assert str(policy["content"]).startswith("default-src 'none'")
    own = re.sub(r'xmlns(:xlink)?="[^"]*"', "", html)
    assert not re.search(r"https?:|url\((?!#)|@import", own)


def test_same_tables_same_bytes_and_ids_that_are_unique(hostile: Material, page: Callable) -> None:
    first = report(hostile)
    assert report(hostile) == first
    ids = page(first).ids
    assert len(ids) == len(set(ids))
    linked = {str(found["href"])[1:] for tag, found in page(first).elements if tag == "a"}
    assert linked <= set(ids)
