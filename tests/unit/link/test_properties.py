"""What must hold of linking whatever the records: nothing lost, ids of content alone, nothing touched from afar."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import AuthorLinks, WorkLinks, link_authors, link_works
from schemas import TABLES

Row = dict[str, object]
Build = Callable[[Sequence[Row]], pd.DataFrame]
Linked = dict[str, pd.DataFrame]

KELP, MOSS, PEAT = (" ".join(f"{subject}{n}" for n in range(40)) for subject in ("kelp", "moss", "peat"))
GLUED = f"{KELP} 1 Introduction {' '.join(f'ice{n}' for n in range(60))}"
ABSTRACTS = [None, "Withdrawn.", KELP, " ".join(KELP.split()[:25]), GLUED, MOSS, PEAT]
TITLES = [None, "Editorial", "Kelp forests", "Storms shape kelp forests", "Roofs that drink rain", "Nine wet winters"]
NAMES = [
    ["Duan", "Qiuyue"],
    ["Duan", "Q."],
    ["DUAN", "QIUYUE"],
    ["Qiuyue", "Duan"],
    ["Øvrebø", "Åse"],
    ["Ovrebo", "Ase Marie", "inferred"],
    ["รvrebร", "รse", "unresolved"],
    ["ล", "ร", "unresolved"],
    ["Abernathy", "Rufus", "clean", "Jr."],
    ["Abernathy", "Rufus", "constrained"],
    ["Meridian", None, "clean", None, "organisation"],
    ["Meridian", None],
]
CONTENT = st.fixed_dictionaries(
    {
        "title": st.sampled_from(TITLES),
        "abstract": st.sampled_from(ABSTRACTS),
        "year": st.sampled_from([None, 1999, 2013, 2014]),
        "venue": st.sampled_from([None, "Phycology"]),
        "authors": st.lists(st.sampled_from(NAMES), max_size=3, unique_by=str),
    }
).filter(lambda row: row["title"] is not None or row["abstract"] is not None)


def numbered(contents: list[Row], first: int = 1) -> list[Row]:
    return [{"id": number} | row for number, row in enumerate(contents, start=first)]


LISTS = st.lists(CONTENT, min_size=1, max_size=6).map(numbered)
# Linking takes a tenth of a second whatever the size: few runs, and all that must hold of each is asked of the same.
QUICK = settings(deadline=None, max_examples=10)


@pytest.fixture(scope="session")
def link(records_of: Build, mentions_of: Build) -> Callable[[Sequence[Row]], Linked]:
    """All tables of linking, and those that it was given."""

    def run(rows: Sequence[Row], seed: int | None = None) -> Linked:
        tables = {"records": records_of(rows), "author_mentions": mentions_of(rows)}
        given = tables
        if seed is not None:
            given = {name: frame.sample(frac=1, random_state=seed) for name, frame in tables.items()}
        tables["decisions"] = TABLES["decisions"].empty()
        works = link_works(given["records"], given["author_mentions"])
        authors = link_authors(given["author_mentions"], works.places)
        return tables | {f.name: getattr(links, f.name) for links in (works, authors) for f in fields(links)}

    return run


@pytest.fixture(scope="session")
def alone(link: Callable[..., Linked]) -> Callable[[Row], Linked]:
    """The tables of one record alone, which come up again and again while an example is made smaller."""
    made: dict[str, Linked] = {}

    def run(row: Row) -> Linked:
        key = repr(sorted(row.items()))
        if key not in made:
            made[key] = link([row])
        return made[key]

    return run


OURS = [f.name for links in (WorkLinks, AuthorLinks) for f in fields(links) if f.name in TABLES]


@QUICK
@given(rows=LISTS, seed=st.integers(0, 99))
def test_whatever_the_records(rows: list[Row], seed: int, link: Callable[..., Linked]) -> None:
    tables = link(rows)
    assert_contracts_hold(tables)
    assert_no_pair_is_in_one_list(tables)
    assert_unlike_abstracts_are_apart(tables)
    shuffled = link(rows, seed)  # order never matters
    for name in OURS:
        pd.testing.assert_frame_equal(tables[name], shuffled[name])


def assert_contracts_hold(tables: Linked) -> None:
    """Types, keys, references, and coverage: each record in one work, each mention in one author."""
    for name in OURS:
        assert TABLES[name].accept(tables[name], tables) is not None
    listed = tables["authorships"].groupby("work_id").size()
    counted = tables["works"].set_index("work_id")["author_count"]
    assert counted[counted > 0].to_dict() == listed.to_dict()


def assert_no_pair_is_in_one_list(tables: Linked) -> None:
    lists = [set(names) for _, names in tables["mention_authors"].groupby("record_id")["author_id"]]
    for pair in tables["possible_same_author"].itertuples():
        assert not any({pair.author_id, pair.other_author_id} <= names for names in lists)


def assert_unlike_abstracts_are_apart(tables: Linked) -> None:
    joined = tables["work_records"].merge(tables["records"], on="record_id")
    subject = joined["abstract"].str.extract("^(kelp|moss|peat)")[0]
    boilerplate = joined.groupby("abstract")["title"].nunique() >= 3
    sure = ~joined["abstract"].isin(boilerplate.index[boilerplate])
    assert (subject[sure].groupby(joined["work_id"]).nunique() <= 1).all()


def reached(rows: list[Row], start: Row) -> list[Row]:
    """The records that a title, a subject of the abstract or a family name connects with ``start``, however far."""
    inside, waiting = [start], [start]
    while waiting:
        marks = set(marks_of(waiting.pop()))
        near = [r for r in rows if r not in inside and marks & set(marks_of(r))]
        inside += near
        waiting += near
    return inside


def marks_of(row: Row) -> list[object]:
    names = ["family" for _ in row["authors"]]  # these few names are all alike, so that each may touch each
    return [*(mark for mark in (row["title"], row["abstract"] and row["abstract"][:4]) if mark is not None), *names]


@QUICK
@given(contents=st.lists(CONTENT, min_size=2, max_size=7))
def test_what_a_new_record_does_not_touch_stays(contents: list[Row], link: Callable[..., Linked]) -> None:
    *rows, new = numbered(contents)
    before, after = link(rows), link([*rows, new])
    touched = {f"r{row['id']:016x}" for row in reached([*rows], new)}
    places = before["work_records"]
    kept = places.loc[~places["record_id"].isin(touched), "work_id"].unique()
    assert_same_rows(before["works"], after["works"], "work_id", kept)
    assert_same_rows(places, after["work_records"], "record_id", places.loc[places["work_id"].isin(kept), "record_id"])
    assert_same_rows(before["authorships"], after["authorships"], "work_id", kept)
    names = before["mention_authors"].merge(places, on="record_id")
    far = set(names["author_id"]) - set(names.loc[names["record_id"].isin(touched), "author_id"])
    far -= set(after["mention_authors"].loc[after["mention_authors"]["record_id"].isin(touched), "author_id"])
    assert_same_rows(before["authors"], after["authors"], "author_id", sorted(far))
    known = {*after["authors"]["author_id"], *after["authors"]["superseded_ids"].explode()}
    assert set(before["authors"]["author_id"]) <= known


def assert_same_rows(one: pd.DataFrame, other: pd.DataFrame, key: str, values: Sequence[str]) -> None:
    wanted = (frame[frame[key].isin(values)].reset_index(drop=True) for frame in (one, other))
    pd.testing.assert_frame_equal(*wanted)


@QUICK
@given(rows=LISTS)
def test_an_old_reference_is_found(
    rows: list[Row], alone: Callable[[Row], Linked], link: Callable[..., Linked]
) -> None:
    """Whatever a work or an author was called when its record was alone is its id of today, or superseded by it.

    And two authors of one list are two whatever else there is.
    """
    tables = link(rows)
    works = tables["works"].set_index("work_id")["superseded_ids"]
    placed = tables["work_records"].set_index("record_id")["work_id"]
    authors = tables["authors"].set_index("author_id")["superseded_ids"]
    named = tables["mention_authors"].set_index(["record_id", "position"])["author_id"]
    for row in rows:
        record, was = f"r{row['id']:016x}", alone(row)
        assert was["works"]["work_id"].item() in {placed[record], *works[placed[record]]}
        now = [named[record, position] for position in was["mention_authors"]["position"]]
        for old, new in zip(was["mention_authors"]["author_id"], now, strict=True):
            assert old in {new, *authors[new]}
        assert len(set(now)) == was["mention_authors"]["author_id"].nunique()


def test_repeating_a_listing_changes_no_id(link: Callable[..., Linked]) -> None:
    chosen = random.Random(3)
    once = numbered(
        [
            {"title": t, "abstract": a, "authors": chosen.sample(NAMES[:5], 2)}
            for t in TITLES[3:]
            for a in ABSTRACTS[2:3]
        ]
    )[:2]
    again = numbered([{k: v for k, v in row.items() if k != "id"} for row in once], first=20)
    one, two = link(once), link([*once, *again])
    assert one["works"]["work_id"].tolist() == two["works"]["work_id"].tolist()
    assert one["authors"]["author_id"].tolist() == two["authors"]["author_id"].tolist()
    assert one["authors"]["work_count"].tolist() == two["authors"]["work_count"].tolist()
