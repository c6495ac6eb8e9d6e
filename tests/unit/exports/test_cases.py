"""Exports as people have them, each with what a person reads in it; and texts that are none, or hold no record."""

import json
from pathlib import Path

import pytest

from pipeline.exports import BROKEN, format_of, read_format, read_rows, recognised
from pipeline.exports.formats import READERS
from pipeline.ingest import identify
from pipeline.repair import undo
from pipeline.repair.values import mend_rows
from pipeline.split import FileSplit, split_export

CASES = Path(__file__).parents[2] / "cases" / "exports"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
WILD = json.loads((CASES / "wild_expected.json").read_text(encoding="utf-8"))
NOT_EXPORTS = json.loads((CASES / "not_exports.json").read_text(encoding="utf-8"))
NO_PAPERS = json.loads((CASES / "no_papers.json").read_text(encoding="utf-8"))
NO_RECORDS = json.loads((CASES / "no_records.json").read_text(encoding="utf-8"))


def split(name: str, data: bytes) -> tuple[str, FileSplit, list[str]]:
    source = recognised(identify(name, data), data)
    rows = read_rows(data, source)
    mended = mend_rows(rows, source.format)
    assert [undo(line) for line in mended] == [row.text for row in rows]
    after = [row._replace(text=line.text) for row, line in zip(rows, mended, strict=True)]
    return source.format, split_export(name, source.format, after, mended), [row.field or "" for row in rows]


@pytest.mark.parametrize("name", [*EXPECTED, *(f"wild/{name}" for name in WILD)])
def test_an_export_says_what_a_person_reads_in_it(name: str) -> None:
    file_format, found, _ = split(name, (CASES / name).read_bytes())
    names: dict[str, list[list[str | None]]] = {}
    for one in found.mentions:
        names.setdefault(one.record_id, []).append([one.family, one.given, one.suffix, one.kind])
    records = [
        {
            "lines": [record.line_start, record.line_end],
            "title": record.title,
            "authors": names.get(record.record_id, []),
            "abstract": record.abstract,
            "venue": record.venue,
            "year": record.year,
        }
        for record in found.records
    ]
    expected = WILD[name.removeprefix("wild/")] if name.startswith("wild/") else EXPECTED[name]
    assert {"format": file_format, "records": records} == expected


@pytest.mark.parametrize("name", EXPECTED)
def test_every_value_has_one_role_and_every_token_one_place(name: str) -> None:
    _, found, fields = split(name, (CASES / name).read_bytes())
    assert [role.line_no for role in found.roles] == list(range(1, len(fields) + 1))
    for role, field in zip(found.roles, fields, strict=True):
        assert (role.role == "broken") == (field == BROKEN)
    for record in found.records:
        tokens = sum(mention.tokens for mention in found.mentions if mention.record_id == record.record_id)
        unused = sum(token.record_id == record.record_id for token in found.unused)
        assert tokens + unused == record.author_tokens


@pytest.mark.parametrize("name", NOT_EXPORTS)
def test_plain_text_is_no_export(name: str) -> None:
    assert format_of(NOT_EXPORTS[name]) == "text"


@pytest.mark.parametrize("name", NO_RECORDS)
def test_what_is_no_list_of_papers_has_no_entry(name: str) -> None:
    text = NO_RECORDS[name]
    assert format_of(text) != "text"
    assert read_format(text, format_of(text)).entries == ()
    _, found, _ = split(name, text.encode())
    assert not found.records
    assert found.reason


@pytest.mark.parametrize("name", NO_PAPERS)
def test_titles_of_other_things_are_no_papers(name: str) -> None:
    _, found, _ = split(name, NO_PAPERS[name].encode())
    assert not found.records
    assert found.reason


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ho{\\`a}ng V{\\~u} {\\DJ}{\\'\\u{a}}ng", "Hoàng Vũ Đắng"),
        ("{\\relax Ch}ebyshev", "Chebyshev"),
        ("{\\textless}b{\\textgreater} costs \\$5 {\\textasciitilde} 50\\%", "<b> costs $5 ~ 50%"),
        (
            "R$\\backslash$'{\\{}e{\\}}nyi and R$\\backslash$'enyi, not A$\\backslash$B",
            "Rényi and Rényi, not A$\\backslash$B",
        ),
        ("$x \\$ y$ and \\textless{} $\\alpha$", "$x \\$ y$ and < $\\alpha$"),
    ],
)
def test_what_bibtex_escapes(written: str, read: str) -> None:
    _, found, _ = split("x.bib", f"@misc{{k,\n title = {{{written}}},\n author = {{Noether, Emmy}}\n}}\n".encode())
    assert found.records[0].title == read


def test_characters_of_value_nought_end_no_word_and_move_no_bytes() -> None:
    text = "@artic\x00le{k,\n tit\x00le = {On th\x00ings},\n author = {Noether, Emmy},\n"
    text += f" abstract = {{{'Things are of many kinds, and we look at all of them. ' * 4}}}\n}}\n"
    _, found, _ = split("x.bib", text.encode())
    assert [(r.title, r.line_start, r.line_end) for r in found.records] == [("On things", 1, 5)]
    data = text.encode()
    source = recognised(identify("x.bib", data), data)
    assert "3 NUL characters" in str(source.note)
    raw = [data[row.byte_start : row.byte_end] for row in read_rows(data, source) if row.field == "title"]
    assert raw == [b"On th\x00ings"]


def test_every_format_is_among_the_cases() -> None:
    formats = {case["format"] for case in EXPECTED.values()}
    assert formats == set(READERS)


def test_a_person_in_two_pieces_with_nulls_is_one() -> None:
    people = [
        {"family": "Shu", "given": None},
        {"family": "Xia", "given": None},
        {"family": "Lie", "given": "Sophus"},
    ]
    data = json.dumps([{"title": "T", "year": 2001, "author": people}])
    _, found, _ = split("x.json", data.encode())
    assert [(one.family, one.given) for one in found.mentions] == [("Xia", "Shu"), ("Lie", "Sophus")]
    assert [token.reason for token in found.unused] == ["placeholder", "placeholder"]


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("['Kurt Gödel', \"Emmy O'Noether\"]", [("Gödel", "Kurt"), ("O'Noether", "Emmy")]),
        ("Gödel, Kurt|Noether, Emmy", [("Gödel", "Kurt"), ("Noether", "Emmy")]),
        ("Gödel, Kurt / Noether, Emmy", [("Gödel", "Kurt"), ("Noether", "Emmy")]),
        ("Kurt Gödel; Emmy Noether", [("Gödel", "Kurt"), ("Noether", "Emmy")]),
        ("Gödel, Kurt, Noether, Emmy", [("Gödel", "Kurt"), ("Noether", "Emmy")]),
        ("Kurt Gödel, Emil Artin and Emmy Noether", [("Gödel", "Kurt"), ("Artin", "Emil"), ("Noether", "Emmy")]),
    ],
)
def test_lists_in_one_cell(authors: str, names: list[tuple[str, str]]) -> None:
    cell = authors.replace('"', '""')
    data = f'Title,Authors,Year\n"On things","{cell}",1931\n"On more","{cell}",1932\n'.encode()
    _, found, _ = split("x.csv", data)
    assert [(one.family, one.given) for one in found.mentions] == names * 2


def test_bibtex_names_with_braces_and_particles() -> None:
    authors = "{Barnes and Noble Institute} and {\\'E}variste Galois and von Neumann, John and {M{\\\"u}ller}, Karl~A."
    text = f"@misc{{k, title = {{{{On}} $x_{{1}}$ {{T}}hings}}, author = {{{authors}}}}}\n"
    _, found, _ = split("x.bib", text.encode())
    assert [(one.family, one.given) for one in found.mentions] == [
        ("Barnes and Noble Institute", None),
        ("Galois", "Évariste"),
        ("von Neumann", "John"),
        ("Müller", "Karl A."),
    ]
    assert found.records[0].title == "On $x_{1}$ Things"


def test_a_row_with_a_quote_in_the_wrong_place_is_broken_alone() -> None:
    rows = [
        '1,"T","Kurt Gödel","multi\nline, ""x""",2001',
        '2,"Broken,"Kurt",x,2002',
        '3,"U","Emmy Noether","abc",2003',
    ]
    _, found, fields = split("x.csv", ("id,title,authors,abstract,year\n" + "\n".join(rows) + "\n").encode())
    assert [(r.title, r.abstract, r.line_start, r.line_end) for r in found.records] == [
        ("T", 'multi line, "x"', 2, 3),
        ("U", "abc", 5, 5),
    ]
    assert fields.count(BROKEN) == 1


def test_wrapped_and_nested_json() -> None:
    content = {
        "title": {"value": "T"},
        "authors": {"value": ["Kurt Gödel", "Artin, Emil"]},
        "abstract": {"value": "A."},
    }
    _, found, _ = split("x.json", json.dumps({"notes": [{"id": "1", "content": content}]}).encode())
    assert [(r.title, r.abstract) for r in found.records] == [("T", "A.")]
    assert [(one.family, one.given) for one in found.mentions] == [("Gödel", "Kurt"), ("Artin", "Emil")]
