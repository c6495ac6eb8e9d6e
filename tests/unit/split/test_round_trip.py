"""Random records, written down in each layout, come back from the file."""

import textwrap
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layouts import read_specs
from pipeline.repair import Mended, mend_file
from pipeline.split import FileSplit, split_file

Record = dict
LETTERS = "abcdefghijklmnoprstuvwzåéčñ"


def word(random: Random) -> str:
    return "o" + "".join(random.choices(LETTERS, k=random.randint(4, 7)))


def record(random: Random) -> Record:
    people = {(word(random).capitalize(), word(random).capitalize()) for _ in range(random.randint(1, 5))}
    count = random.randint(3, 5)
    sentences = [f"The {' '.join(word(random) for _ in range(random.randint(8, 16)))} of it." for _ in range(count)]
    return {
        "title": " ".join(word(random) for _ in range(random.randint(3, 8))).capitalize(),
        "people": sorted(people),
        "abstract": " ".join(sentences),
        "venue": f"Journal of {word(random).capitalize()}",
        "year": random.randint(1950, 2029),
    }


# One seed a draw: drawing letter by letter is slow, and a smaller record would show no more of a fault.
RECORDS = st.integers(0, 10**9).map(lambda seed: [record(random) for random in [Random(seed)] for _ in range(4)])
LABELS = (
    {"title": "Title:", "authors": "Authors:", "abstract": "Abstract:", "venue": "Journal:", "year": "Year:"},
    {"title": "TITEL: ", "authors": "AUTOREN: ", "abstract": "ABSTRAKT: ", "venue": "REVUE: ", "year": "JAHR: "},
    {"title": "Título - ", "authors": "Autores - ", "abstract": "Resumen - ", "venue": "Revista - ", "year": "Año - "},
)
ORDERS = (
    ("title", "authors", "abstract", "venue", "year"),
    ("authors", "title", "venue", "year", "abstract"),
    ("year", "title", "abstract", "authors"),
)


def pairs(people: list[tuple[str, str]]) -> str:
    return ", ".join(f"{family}, {first}" for family, first in people)


def given_first(people: list[tuple[str, str]], last: str = " and ") -> str:
    names = [f"{first} {family}" for family, first in people]
    return last.join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def grouped(people: list[tuple[str, str]]) -> str:
    return "; ".join(f"{family}, {first}" for family, first in people)


def initials_behind(people: list[tuple[str, str]]) -> str:
    return ", ".join(f"{family}, {first[0]}." for family, first in people)


def split(lines: list[str]) -> FileSplit:
    found = split_file("page.txt", [Mended(line, ()) for line in lines])
    assert found.layout is not None, found.reason
    return found


def people_of(found: FileSplit) -> list[list[tuple[str, str | None]]]:
    return [
        [(m.family, m.given) for m in found.mentions if m.record_id == record.record_id] for record in found.records
    ]


def texts(records: list[Record]) -> list[tuple[str, str]]:
    return [(record["title"], record["abstract"]) for record in records]


def check(found: FileSplit, records: list[Record], layout: str) -> None:
    assert found.layout == layout
    assert [(record.title, record.abstract) for record in found.records] == texts(records)
    assert people_of(found) == [record["people"] for record in records]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
@pytest.mark.parametrize("labels", LABELS, ids=lambda labels: labels["title"].strip())
@settings(deadline=None, max_examples=6)
@given(RECORDS, st.sampled_from([given_first, grouped]), st.sampled_from([0, 70]), st.booleans())
def test_layout_d(labels, order, records, people, width, gaps):
    lines = []
    for record in records:
        values = {**record, "authors": people(record["people"])}
        for name in order:
            text = f"{labels[name]}{values[name]}"
            lines += textwrap.wrap(text, width) if width and name == "abstract" else [text]
        lines += [""] if gaps else []
    found = split(lines)
    check(found, records, "listing_d")
    assert [record.year for record in found.records] == [record["year"] for record in records]
    if "venue" in order:
        assert [record.venue for record in found.records] == [record["venue"] for record in records]


@settings(deadline=None, max_examples=25)
@given(RECORDS, st.sampled_from([0, 75]))
def test_layout_d_with_parts_of_the_page_between_records(records, width):
    lines = ["Papers", ""]
    for record in records:
        lines += [f"Portrait of {record['people'][0][0]}", f"Title:{record['title']}"]
        lines += [f"Authors:{given_first(record['people'], ', ')}"]
        abstract = f"Abstract:{record['abstract']}"
        lines += textwrap.wrap(abstract, width) if width else [abstract]
        lines += ["Mar 3, 2031", "Seen at", "Open this page", ""]
    found = split(lines)
    check(found, records, "listing_d")
    for record in found.records:
        assert lines[record.line_start - 1].startswith("Title:")
        assert lines[record.line_end - 1].endswith(".")


REFERENCES: dict[str, Callable[[Record], str]] = {
    "title first": lambda r: f"{r['title']}. {given_first(r['people'])}. {r['venue']}, {r['year']}.",
    "title first, year in brackets": lambda r: f"{r['title']}. {given_first(r['people'])}. {r['venue']} ({r['year']}).",
    "authors first": lambda r: f"{given_first(r['people'])}. {r['title']}. {r['venue']}, {r['year']}.",
    "authors, year": lambda r: f"{given_first(r['people'])} ({r['year']}). {r['title']}. {r['venue']}.",
    "authors. year.": lambda r: f"{given_first(r['people'])}. {r['year']}. {r['title']}. In {r['venue']}.",
    "quoted": lambda r: f"{given_first(r['people'])}, “{r['title']},” in {r['venue']}, {r['year']}.",
}


@pytest.mark.parametrize("number", ["{}. ", "[{}] ", "({}) ", "{}) "])
@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
@settings(deadline=None, max_examples=6)
@given(RECORDS, st.sampled_from([0, 80]), st.booleans())
def test_layout_e(number, reference, records, width, gap):
    lines = []
    if not reference(records[0]).endswith((f"{records[0]['year']}.", f"{records[0]['year']}).")):
        width = 0  # where nothing marks the end of a wrapped reference, only a blank line tells it from its abstract
    for place, record in enumerate(records, 1):
        for text in (number.format(place) + reference(record), record["abstract"]):
            lines += textwrap.wrap(text, width) if width else [text]
        lines += [""] if gap else []
    found = split(lines)
    check(found, records, "listing_e")
    assert [(record.venue, record.year) for record in found.records] == [(r["venue"], r["year"]) for r in records]


@settings(deadline=None, max_examples=15)
@given(RECORDS)
def test_layout_e_with_initials(records):
    lines = []
    for place, record in enumerate(records, 1):
        title = f"The {record['title'].lower()}"
        lines += [f"[{place}] {initials_behind(record['people'])} {title}. {record['venue']}, {record['year']}."]
        lines += [record["abstract"], ""]
    found = split(lines)
    assert [record.title for record in found.records] == [f"The {record['title'].lower()}" for record in records]
    assert people_of(found) == [[(family, f"{first[0]}.") for family, first in r["people"]] for r in records]


@settings(deadline=None, max_examples=40)
@given(RECORDS, st.integers(60, 100), st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(1, 2)), st.booleans())
def test_layout_f(records, width, gaps, all_fields):
    lines = [pairs(records[0]["people"][:1])]
    for record in records:
        for text, gap in zip((record["title"], pairs(record["people"]), record["abstract"]), gaps, strict=True):
            wrapped = textwrap.wrap(text, width, break_on_hyphens=False)
            lines += [f"\t{line} \t" for line in (wrapped if all_fields or text == record["abstract"] else [text])]
            lines += [""] * gap
    check(split(lines), records, "listing_f")


@settings(deadline=None, max_examples=15)
@given(RECORDS, st.integers(60, 100))
def test_layout_b_wrapped(records, width):
    lines = ["Goto", "", " Brisbois, Yvetta", ""]
    for record in records:
        for text in (record["title"], record["venue"], record["abstract"]):
            lines += [*textwrap.wrap(text, width), ""]
        lines += [""]
    found = split(lines)
    assert found.layout == "listing_b"
    assert [(record.title, record.abstract) for record in found.records] == texts(records)
    assert [record.venue for record in found.records] == [record["venue"] for record in records]


@settings(deadline=None, max_examples=15)
@given(RECORDS, st.integers(60, 100))
def test_layout_a_wrapped(records, width):
    lines = ["Zebedee"]
    for record in records:
        lines += textwrap.wrap(f"Abstract:{record['abstract']}", width)
    found = split(lines)
    assert (found.layout, [r.abstract for r in found.records]) == ("listing_a", [r["abstract"] for r in records])


def lines_a(r: Record) -> list[str]:
    return [f"Abstract:{r['abstract']}"]


def lines_b(r: Record) -> list[str]:
    return [r["title"], "", r["venue"], "", r["abstract"], ""]


def lines_c(r: Record) -> list[str]:
    return [r["title"], pairs(r["people"]), r["abstract"]]


def lines_d(r: Record) -> list[str]:
    return [f"Title: {r['title']}", f"Authors: {given_first(r['people'])}", f"Abstract: {r['abstract']}"]


def lines_e(r: Record) -> list[str]:
    return [f"[{r['number']}] {REFERENCES['authors, year'](r)}", r["abstract"]]


def lines_f(r: Record) -> list[str]:
    return [r["title"], pairs(r["people"]), *textwrap.wrap(r["abstract"], 72)]


def lines_columns(r: Record) -> list[str]:
    return [f"{r['year']}\t{grouped(r['people'])}\t{r['title']}\t{r['abstract']}"]


def lines_labels(r: Record) -> list[str]:
    return [f"Heiti = {r['title']}", f"Eftir = {given_first(r['people'])}", f"Texti = {r['abstract']}"]


def lines_units(r: Record) -> list[str]:
    return ["- - -", given_first(r["people"]), r["title"], r["abstract"]]


# How a record is written down, the head of the page, and whether blank lines between any two lines change nothing.
WAYS: dict[str, tuple[Callable[[Record], list[str]], list[str], bool]] = {
    "listing_a": (lines_a, ["Zebedee"], True),
    "listing_b": (lines_b, ["Goto", "", " Brisbois, Yvetta", ""], False),
    "listing_c": (lines_c, ["Brisbois, Yvetta"], True),
    "listing_d": (lines_d, [], True),
    "listing_e": (lines_e, [], True),
    "listing_f": (lines_f, ["Brisbois, Yvetta"], False),
    "columns": (lines_columns, [], True),
    "labels": (lines_labels, [], True),
    "units": (lines_units, [], True),
}
DESCRIBED = read_specs(
    """- {name: columns, separator: "\\t", columns: [year, authors, title, abstract]}
- name: labels
  labels: {"Heiti =": title, "Eftir =": authors, "Texti =": abstract}
- {name: units, between: rule, units: [authors, title, abstract]}
""",
    "layouts.yaml",
)
DAMAGE: dict[str, Callable[[list[list[str]]], list[list[str]]]] = {
    "none": lambda groups: groups,
    "mojibake": lambda groups: [[line.encode().decode("latin-1") for line in group] for group in groups],
    "twice mojibake": lambda groups: [
        [line.encode().decode("latin-1").encode().decode("latin-1") for line in group] for group in groups
    ],
    "carriage returns": lambda groups: [[f"{line}\r" for line in group] for group in groups],
    "tabs and spaces": lambda groups: [[f"\t {line} \t" for line in group] for group in groups],
    "odd spaces": lambda groups: [[line.replace(" the ", "\u00a0the\u2009") for line in group] for group in groups],
    "byte order mark": lambda groups: [[f"\ufeff{groups[0][0]}", *groups[0][1:]], *groups[1:]],
    "entities": lambda groups: [[line.replace("é", "&eacute;") for line in group] for group in groups],
    "blank lines": lambda groups: [[part for line in group for part in (line, "")] for group in groups],
    "page chrome": lambda groups: [[*group, "Show more", "Share", "https://fog.example/more"] for group in groups],
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=3)
@given(RECORDS)
def test_every_layout_in_spite_of_damage(way, damage, records):
    write, head, gaps = WAYS[way]
    if damage == "blank lines" and not gaps:
        return
    numbered = [{**record, "number": number} for number, record in enumerate(records, 1)]
    groups = DAMAGE[damage]([head or [""], *map(write, numbered)])
    lines = [line for group in groups for line in group]
    described = [spec for spec in DESCRIBED if spec.name == way]
    found = split_file("page.txt", mend_file(lines), described)
    assert found.layout == way, found.reason
    assert [record.abstract for record in found.records] == [record["abstract"] for record in records]
    if way != "listing_a":
        assert [record.title for record in found.records] == [record["title"] for record in records]
    if way not in {"listing_a", "listing_b"}:
        assert people_of(found) == [record["people"] for record in records]
    assert len(found.roles) == len(lines)


@pytest.mark.parametrize("seed", [20158, 24362])
def test_a_title_behind_a_line_that_is_full_by_accident(seed):
    records = [record(random) for random in [Random(seed)] for _ in range(4)]
    write, head, _ = WAYS["listing_f"]
    check(split([*head, *(line for one in records for line in write(one))]), records, "listing_f")
