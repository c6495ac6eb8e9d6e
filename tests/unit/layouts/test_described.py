"""Listings in shapes that no layout of ours has: the shape is found, the records come back, and YAML says the same."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.layouts import choose, proposal, propose, read_specs
from pipeline.layouts.described import Columns, Labels, Spec, Units, layout_of, written
from pipeline.repair import mend_file
from pipeline.split import FileSplit, split_file
from schemas.rules import ROLES

FOLDER = Path(__file__).parents[2] / "cases" / "layouts" / "described"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
ALL = pytest.mark.parametrize("name", TRUTH)


def lines_of(name: str) -> list[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def split(name: str, lines: list[str], described: tuple[Spec, ...] = ()) -> FileSplit:
    found = split_file(f"{name}.txt", mend_file(lines), described)
    assert found.layout is not None, found.reason
    return found


def check(found: FileSplit, name: str) -> None:
    people = {record.record_id: [] for record in found.records}
    for mention in found.mentions:
        people[mention.record_id].append([mention.family, mention.given])
    got = [
        {field: people[record.record_id] if field == "people" else getattr(record, field) for field in wanted}
        for record, wanted in zip(found.records, TRUTH[name], strict=True)
    ]
    assert got == TRUTH[name]


@ALL
def test_shape_is_found_and_records_come_back(name):
    found = split(name, lines_of(name))
    assert (found.layout, found.reason) == ("proposed", None)
    assert found.layout_score >= 0.9
    check(found, name)


@ALL
def test_proposal_as_yaml_reads_the_file_in_the_same_way(name):
    text = proposal(lines_of(name), f"{name}.txt")
    (spec,) = read_specs(text, "layouts.yaml")
    assert read_specs(written(spec), "layouts.yaml") == (spec,)
    assert spec.is_for(f"some/folder/{name}.txt")
    assert not spec.is_for("other.txt")
    check(split(name, lines_of(name), (spec,)), name)


@ALL
def test_described_layout_without_files_claims_what_has_its_shape(name):
    spec = replace(propose(lines_of(name)).spec, name="theirs")
    found = split(name, lines_of(name), (spec,))
    assert found.layout == "theirs"
    check(found, name)
    assert choose(["We walked along the canal until the lamps went out."] * 5, "x", (spec,)).layout is None


DAMAGE = {
    "mojibake": lambda lines: [line.replace("Ottokar", "Ottokár").encode().decode("latin-1") for line in lines],
    "white space at line ends": lambda lines: [f"{line} \t\r" for line in lines],
    "furniture at the end": lambda lines: [*lines, "", "Show more", "Back"],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@ALL
def test_shape_is_found_in_spite_of_damage(name, damage):
    found = split(name, damage(lines_of(name)))
    titles = [record["title"] for record in TRUTH[name]]
    assert [record.title for record in found.records] == titles
    assert all(record.abstract for record in found.records)


def test_listing_without_abstracts_is_proposed_and_used_once_a_person_agrees():
    lines = [line.rsplit(" | ", 1)[0] for line in lines_of("pipes")]
    choice = choose(lines, "pipes.txt")
    assert choice.layout is None
    assert choice.proposal is not None
    assert choice.proposal.doubt is not None
    assert "layouts.yaml" in choice.reason
    assert choice.proposal.doubt in choice.reason
    specs = read_specs(proposal(lines, "pipes.txt"), "layouts.yaml")
    assert len(split("pipes", lines, specs).records) == len(TRUTH["pipes"])


def test_described_layout_that_finds_nothing_in_its_file_says_so():
    spec = Spec("theirs", Columns("|", ("title", "authors", "abstract")), ("*.txt",))
    choice = choose(["no bar anywhere"], "a/b.txt", (spec,))
    assert choice.layout is None
    assert "'theirs'" in choice.reason


def test_nothing_is_proposed_where_nothing_repeats():
    assert propose([]) is None
    assert propose(["", " "]) is None
    assert proposal(["fog", "moss"], "x.txt") is None


SPECS = (
    Spec("columns", Columns("|", ("title", "authors", "other", "abstract"), header=True)),
    Spec("labels", Labels((("T:", "title"), ("BY", "authors"), ("Text", "abstract"), ("Id", "other")))),
    *(
        Spec(f"units_{number}", Units(between, roles))
        for number, between in enumerate(("blank line", "blank lines", "rule", "number", "bullet", "line"))
        for roles in (("title", "authors", "abstract"), ("reference", "abstract"), ("other", "title", "other"))
    ),
)
PIECES = st.sampled_from(
    ["", "-----", "T: x", "BY Sae Nakaharu", "Text", "Id 7", "1. One", "* two", "a | b | c | d", "|", "2031", " \t"]
)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.one_of(PIECES, st.text(max_size=40), *[st.sampled_from(lines_of(n)) for n in TRUTH]), max_size=16))
def test_any_lines_get_one_role_each_and_raise_nothing(lines):
    found = propose(lines)
    for spec in (*SPECS, *([found.spec] if found else [])):
        layout = layout_of(spec)
        roles = layout.roles(lines)
        assert len(roles) == len(lines)
        assert {role.role for role in roles} <= set(ROLES)
        assert 0 <= layout.score(lines) <= 1
        entries = [role.entry for role in roles if role.entry is not None]
        assert entries == sorted(entries)
        for line, role in zip(lines, roles, strict=True):
            assert (role.role == "blank") == (not line.strip())
            assert all(0 <= low < high <= len(line) for _, low, high in role.parts or ())
    split = split_file("x.txt", mend_file(lines))
    assert [role.line_no for role in split.roles] == list(range(1, len(lines) + 1))


def test_an_abstract_is_never_that_of_the_paper_behind_it():
    """Under a heading, with a blank line between any two lines, a series of lines could start anywhere."""
    papers = [
        ("Double Nets for Coastal Fog", "Ottokar Quellmalz and Yvetta Brisbois", "Annals of Small Lakes, 2031"),
        ("Telling Bell Foundries by Their Sand", "Sae Nakaharu and Gorka Dray", "Annals of Small Lakes, 2030"),
        ("Counting Sheep by Lamplight", "Lionel Farquharsen and Sae Nakaharu", "Review of Meadows, 2029"),
        ("How Long a Roof Keeps Rain", "Yvetta Brisbois and Gorka Dray", "Review of Meadows, 2028"),
    ]
    lines = ["Papers", ""]
    for number, paper in enumerate(papers):
        abstract = (
            f"We look at part {number} of it for two winters at nine places, and weigh what we find every morning. "
        )
        lines += [
            part for text in (*paper, abstract + "It is more than anybody said before us.") for part in (text, "")
        ]
    shape = propose(lines)
    assert shape is not None
    assert shape.spec.shape == Units("line", ("title", "authors", "venue", "abstract"))
    entries = [role.entry for role in layout_of(shape.spec).roles(lines) if role.role == "title"]
    starts = [lines[n] for n, role in enumerate(layout_of(shape.spec).roles(lines)) if role.role == "title"]
    assert (starts, entries) == ([title for title, _, _ in papers], [0, 1, 2, 3])
