import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from pipeline.link import WorkLinks, link_works
from pipeline.link.fingerprint import LEAST_ABSTRACT, generic_titles
from schemas import TABLES

Build = Callable[[Sequence[dict[str, object]]], pd.DataFrame]
DATA = json.loads((Path(__file__).parents[2] / "cases" / "link" / "works.json").read_text(encoding="utf-8"))
KELP, MOSS = DATA["abstracts"]["kelp"], DATA["abstracts"]["moss"]
TITLE = "Storms shape kelp forests"


@pytest.fixture
def link(records_of: Build, mentions_of: Build) -> Callable[..., WorkLinks]:
    def run(*rows: dict[str, object]) -> WorkLinks:
        numbered = [{"id": number} | row for number, row in enumerate(rows, start=1)]
        return link_works(records_of(numbered), mentions_of(numbered))

    return run


def groups(links: WorkLinks) -> list[int]:
    """The works of the records in order, as numbers by first appearance."""
    ids = links.work_records.sort_values("record_id")["work_id"]
    return pd.factorize(ids)[0].tolist()


@pytest.mark.parametrize("case", DATA["cases"], ids=[case["why"] for case in DATA["cases"]])
def test_which_records_are_one_work(case: dict[str, object], link: Callable[..., WorkLinks]) -> None:
    rows = [r | {"abstract": DATA["abstracts"][r["abstract"]]} if "abstract" in r else r for r in case["records"]]
    first = {group: number for number, group in reversed(list(enumerate(case["works"])))}
    order = {number: place for place, number in enumerate(sorted(first.values()))}
    assert groups(link(*rows)) == [order[first[group]] for group in case["works"]]


def test_no_records_no_works() -> None:
    links = link_works(TABLES["records"].empty(), TABLES["author_mentions"].empty())
    for name in ("works", "work_records"):
        pd.testing.assert_frame_equal(getattr(links, name), TABLES[name].empty())


def test_an_id_is_the_smallest_fingerprint_and_keeps_the_others(link: Callable[..., WorkLinks]) -> None:
    rows = [{"title": TITLE, "abstract": KELP}, {"title": TITLE, "year": 2014}]
    alone = sorted(link(row).works["work_id"].item() for row in rows)
    both = link(*rows).works
    assert both["work_id"].item() == alone[0]
    assert list(both["superseded_ids"].item()) == alone[1:]
    assert list(link(rows[0]).works["superseded_ids"].item()) == []


def test_the_id_of_a_work_that_was_boilerplate_is_found(link: Callable[..., WorkLinks]) -> None:
    titles = [TITLE, "Nine winters under water", "Roofs that drink rain"]
    before = link(*({"title": title, "abstract": KELP} for title in titles[:2])).works["work_id"].item()
    after = link(*({"title": title, "abstract": KELP} for title in titles)).works
    assert [list(ids) for ids in after["superseded_ids"]] == [[before]] * 3


@pytest.mark.parametrize(
    ("rows", "rules", "scores"),
    [
        ([{"abstract": KELP}], ["alone"], [1.0]),
        ([{"title": TITLE}, {"title": "Moss grows on the north side"}], ["alone"] * 2, [1.0, 1.0]),
        ([{"abstract": KELP}, {"abstract": KELP}], ["same abstract"] * 2, [1.0, 1.0]),
        (
            [{"title": TITLE, "abstract": KELP}, {"title": "Nine winters under water", "abstract": KELP}],
            ["same abstract"] * 2,
            [0.9, 0.9],
        ),
        ([{"title": TITLE, "abstract": KELP}, {"title": TITLE}], ["same title"] * 2, [0.8, 0.8]),
        (
            [{"title": TITLE, "authors": [["Duan", "Q."]]}, {"title": TITLE, "authors": [["Duan", "Qiuyue"]]}],
            ["same title"] * 2,
            [0.95, 0.95],
        ),
        (
            [{"title": TITLE, "abstract": KELP}, {"abstract": KELP}, {"title": TITLE}],
            ["same abstract", "same abstract", "same title"],
            [1.0, 1.0, 0.8],
        ),
    ],
)
def test_each_record_says_why(
    rows: list[dict[str, object]], rules: list[str], scores: list[float], link: Callable[..., WorkLinks]
) -> None:
    found = link(*rows).work_records.sort_values("record_id")
    assert found["rule"].tolist() == rules
    assert found["score"].tolist() == scores
    assert (found["linked_record_id"] != found["record_id"]).all()  # nothing is compared with a null


@pytest.mark.parametrize(
    ("field", "values", "best"),
    [
        ("title", [None, TITLE], 1),
        ("title", ["Storms shape k\ufffdlp forests", "Storms shape ...", TITLE], 2),
        ("title", ["STORMS SHAPE KELP FORESTS", TITLE], 1),
        ("title", ["Storms shape kelp forests of Maine", TITLE, TITLE], 1),
        ("title", ["Storms shape Kelp forests!", TITLE], 0),
        ("title", [TITLE, TITLE], 0),
        ("venue", [None, "J. Phyc.", "Journal of Phycology"], 2),
        ("venue", ["J. Phyc.", "J. Phyc.", "Journal of Phycology"], 0),
        ("year", [None, 2014], 1),
        ("year", [2013, 2014, 2014], 1),
        ("year", [2015, 2014], 1),
    ],
)
def test_a_field_is_from_its_best_record(
    field: str, values: list[object], best: int, link: Callable[..., WorkLinks]
) -> None:
    works = link(*({"abstract": KELP, field: value} for value in values)).works
    assert works[field].item() == values[best]
    assert works[f"{field}_record_id"].item() == f"r{best + 1:016x}"
    assert works["record_count"].item() == len(values)


def test_of_two_years_the_one_beside_a_venue(link: Callable[..., WorkLinks]) -> None:
    works = link({"abstract": KELP, "year": 2013}, {"abstract": KELP, "year": 2014, "venue": "Phycology"}).works
    assert works["year"].item() == 2014


def test_fields_that_nobody_prints_are_null(link: Callable[..., WorkLinks]) -> None:
    work = link({"abstract": KELP}).works.iloc[0]
    assert work[["title", "title_record_id", "venue", "year", "year_record_id", "authors_record_id"]].isna().all()
    assert work["author_count"] == 0


@pytest.mark.parametrize(
    ("lists", "best", "count"),
    [
        ([[], [["Duan", "Q."]]], 1, 1),
        ([[["Duan", "Q."]], [["Duan", "Q."], ["Takeda", "Rin"]]], 1, 2),
        ([[["Duan", "Q."], ["Steล", "Al", "unresolved"]], [["Duan", "Q."], ["Steć", "Al"]]], 1, 2),
        ([[["Duan", "Q.", "inferred"]], [["Duan", "Q.", "constrained"]], [["Duan", "Q.", "exact"]]], 2, 1),
        ([[["Øvrebø", "Åse"], ["Ovrebo", "Ase"]], [["Øvrebø", "Åse"]]], 0, 1),
        ([[["Duan", "Q."], ["Takeda", "R."]], [["Duan", "Qiuyue"], ["Takeda", "Rin"]]], 1, 2),
        ([[["Duan", "Qiuyue", "inferred"]], [["Duan", "Q."]]], 1, 1),
    ],
)
def test_the_best_list_has_the_most_surest_and_fullest_names(
    lists: list[object], best: int, count: int, link: Callable[..., WorkLinks]
) -> None:
    works = link(*({"abstract": KELP, "authors": names} for names in lists)).works
    assert works["authors_record_id"].item() == f"r{best + 1:016x}"
    assert works["author_count"].item() == count


def test_generic_titles_are_folded_and_long_enough_abstracts_are_real() -> None:
    assert "guesteditorial" in generic_titles()
    assert all(title.isalpha() for title in generic_titles())
    assert len(DATA["abstracts"]["withdrawn"]) < LEAST_ABSTRACT < len(MOSS)
