import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended, mend_file
from pipeline.split import AuthorMention, FileSplit, Record, RoleOfLine, UnusedToken, split_file
from schemas import TABLES

CASES = {
    case["name"]: case
    for case in json.loads(
        (Path(__file__).parents[2] / "cases" / "layouts" / "listings.json").read_text(encoding="utf-8")
    )
}
LISTINGS = [case for case in CASES.values() if case["layout"]]


def split(lines: list[str], path: str = "page.txt") -> FileSplit:
    return split_file(path, [Mended(line, ()) for line in lines])


def of(name: str) -> FileSplit:
    return split(CASES[name]["lines"])


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


def test_layout_a():
    found = of("A: two lines of junk, blank lines, tabs, other spellings of the label, a footer")
    assert [(r.line_start, r.line_end) for r in found.records] == [(4, 4), (6, 6), (8, 8)]
    assert all(r.title is None and r.page_owner is None and r.author_tokens == 0 for r in found.records)
    assert [r.abstract.split(" ")[0] for r in found.records] == ["Fog", "Church", "Who"]
    assert (found.layout, found.reason) == ("listing_a", None)


def test_layout_b():
    found = of("B: ragged blank lines, venue, abstract or both missing here and there")
    assert [r.venue for r in found.records] == [
        "Proceedings of the Ninth Meeting on Fog", None, "arXiv.org", "Annals of Small Lakes", None, "arXiv.org",
    ]  # fmt: skip
    assert [r.abstract is None for r in found.records] == [False, False, True, False, True, False]
    assert all(r.title for r in found.records)
    assert {r.page_owner for r in found.records} == {"Brisbois, Yvetta Annick"}
    assert not found.mentions


def test_layout_c():
    found = of("C: regular")
    assert [(r.line_start, r.line_end, r.author_tokens) for r in found.records] == [
        (2, 4, 4), (5, 7, 2), (8, 10, 6), (11, 13, 6),
    ]  # fmt: skip
    last = [m for m in found.mentions if m.record_id == found.records[-1].record_id]
    assert [(m.position, m.family, m.given, m.kind) for m in last] == [
        (1, "Polar Drift Consortium", None, "organisation"),
        (2, "Brisbois", "Yvetta Annick", "person"),
    ]
    assert [token.token for token in found.unused] == ["null", ":", "null"]
    assert found.records[1].authors_text == "Nakaharu, Sae"


def test_wrapped_abstract_is_one_text():
    first = of("A: wrapped abstracts").records[0]
    assert (first.line_start, first.line_end) == (2, 4)
    assert first.abstract == CASES["A: one line of junk"]["lines"][1].removeprefix("Abstract:")


def test_record_with_nothing_in_it_is_yielded_and_left_to_the_contract():
    found = of("A: no junk, one abstract missing, one without final stop")
    assert [r.abstract is None for r in found.records] == [False, True, False]
    frame = TABLES["records"].of(found.records)
    assert len(frame) == 3


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("records", Record),
        ("line_roles", RoleOfLine),
        ("author_mentions", AuthorMention),
        ("unused_tokens", UnusedToken),
    ],
)
def test_fields_are_in_the_order_of_the_columns(table, row):
    assert list(row._fields) == TABLES[table].arrow_schema.names


@pytest.mark.parametrize("case", named(LISTINGS))
def test_rows_keep_their_contracts(case):
    found = split(case["lines"])
    tables = {"records": found.records, "line_roles": found.roles, "author_mentions": found.mentions}
    for name, rows in {**tables, "unused_tokens": found.unused}.items():
        assert len(TABLES[name].of_tuples(rows)) == len(rows)
    assert [(role.line_no, role.role) for role in found.roles] == list(enumerate(case["roles"], 1))
    assert {role.record_id for role in found.roles} - {None} == {r.record_id for r in found.records}
    assert all(role.layout_rule.startswith(f"{case['layout']}: ") for role in found.roles)
    for record in found.records:
        used = sum(m.tokens for m in found.mentions if m.record_id == record.record_id)
        assert used + sum(t.record_id == record.record_id for t in found.unused) == record.author_tokens


def test_file_that_no_layout_claims_yields_no_record_and_says_why():
    found = of("prose in paragraphs")
    assert (found.records, found.mentions, found.unused, found.layout) == ((), (), (), None)
    assert found.reason.startswith("page.txt: no layout claims it")
    assert found.layout_score < 0.5
    assert {role.role for role in found.roles} == {"rejected", "blank"}
    assert len(found.roles) == len(CASES["prose in paragraphs"]["lines"])


def test_ids_do_not_change_when_lines_are_inserted_elsewhere():
    lines = CASES["C: regular"]["lines"]
    extra = [
        "Ropes",
        "Hlubek, Katell",
        "Ropes are long, and we measure how long they are, over and over, year by year. " * 3,
    ]
    before = {r.title: r.record_id for r in split(lines).records}
    after = {r.title: r.record_id for r in split([*lines[:4], *extra, "", *lines[4:]]).records}
    assert len(after) == len(before) + 1
    assert before.items() <= after.items()


def test_ids_are_of_path_and_repetition():
    lines = CASES["A: one line of junk"]["lines"]
    found = split([*lines, *lines[1:]])
    ids = [r.record_id for r in found.records]
    assert len(set(ids)) == 6
    assert ids[:3] == [r.record_id for r in split(lines).records]
    assert not {r.record_id for r in split(lines, "other.txt").records} & set(ids)
    assert all(len(i) == 17 and i[0] == "r" for i in ids)


def test_repair_changes_no_id():
    lines = CASES["C: regular"]["lines"]
    damaged = [line.replace("Sae", "SÃ¤e") for line in lines]
    mended = mend_file(damaged)
    assert any("Säe" in line.text for line in mended)
    with_repair, without = split_file("page.txt", mended), split(damaged)
    assert [r.record_id for r in with_repair.records] == [r.record_id for r in without.records]
    printed = [m for m in with_repair.mentions if m.given == "Säe"]
    assert [(m.name_as_printed, m.certainty) for m in printed] == [("Nakaharu, SÃ¤e", "exact")]


NOBODY = {"none", "null", "etal", "etalii", "others"}  # written like names, and read as what they say
WORD = st.text("abcdefghijklmnoprstuvwzåéčñ", min_size=4, max_size=8).filter(lambda word: word not in NOBODY)
NAME = st.tuples(WORD.map(str.capitalize), WORD.map(str.capitalize))
RECORD = st.tuples(
    st.lists(WORD, min_size=3, max_size=8).map(lambda words: " ".join(words).capitalize()),
    st.lists(NAME, min_size=1, max_size=5, unique=True),
    st.lists(WORD, min_size=45, max_size=60).map(lambda words: " ".join(words).capitalize() + "."),
)
RECORDS = st.lists(RECORD, min_size=1, max_size=4)


def rendered_a(records):
    return ["Somebody", *(f"Abstract:{abstract}" for _, _, abstract in records)]


def rendered_b(records):
    blocks = (line for title, _, abstract in records for line in (title, "", "Journal of Fog", "", abstract, "", ""))
    return ["Goto", "", "Quellmalz, Ottokar", "", "", *blocks]


def rendered_c(records):
    lists = [", ".join(f"{family}, {given}" for family, given in names) for _, names, _ in records]
    lines = (
        line for (title, _, abstract), names in zip(records, lists, strict=True) for line in (title, names, abstract)
    )
    return ["Quellmalz, Ottokar", *lines]


@settings(deadline=None, max_examples=25)
@given(RECORDS, st.sampled_from(["", "\r", " \t"]))
def test_rendered_records_come_back(records, tail):
    for layout, render in {"listing_a": rendered_a, "listing_b": rendered_b, "listing_c": rendered_c}.items():
        found = split([line + tail for line in render(records)])
        assert found.layout == layout, found.reason
        assert [r.abstract for r in found.records] == [abstract for _, _, abstract in records]
        if layout != "listing_a":
            assert [r.title for r in found.records] == [title for title, _, _ in records]
        if layout == "listing_b":
            assert {r.venue for r in found.records} == {"Journal of Fog"}
        if layout == "listing_c":
            people = [(m.family, m.given) for m in found.mentions]
            assert people == [name for _, names, _ in records for name in names]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_lines_get_one_role_each(lines):
    found = split(lines)
    assert [role.line_no for role in found.roles] == list(range(1, len(lines) + 1))
