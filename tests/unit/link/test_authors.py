from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from pipeline.link import AuthorLinks, WorkLinks, link_authors, link_works
from schemas import TABLES

Build = Callable[[Sequence[dict[str, object]]], pd.DataFrame]
KELP = (
    "We follow a kelp forest off Maine through nine winters and show that storms, rather than grazers, "
    "decide which of its stands return in spring."
)
MOSS = "Roof moss keeps water for eleven days longer than bare slate does, as forty houses show that we let grow over."


@pytest.fixture
def link(records_of: Build, mentions_of: Build) -> Callable[..., AuthorLinks]:
    def run(*rows: dict[str, object]) -> AuthorLinks:
        numbered = [{"id": number} | row for number, row in enumerate(rows, start=1)]
        mentions = mentions_of(numbered)
        return link_authors(mentions, link_works(records_of(numbered), mentions).places)

    return run


def test_no_mentions_no_authors() -> None:
    works = WorkLinks(*(TABLES[name].empty() for name in ("works", "work_records", "work_disagreements")))
    links = link_authors(TABLES["author_mentions"].empty(), works.places)
    for name in ("authors", "mention_authors", "authorships", "possible_same_author"):
        pd.testing.assert_frame_equal(getattr(links, name), TABLES[name].empty())


def test_records_without_works_are_refused(mentions_of: Build) -> None:
    works = WorkLinks(*(TABLES[name].empty() for name in ("works", "work_records", "work_disagreements")))
    with pytest.raises(ValueError, match="r0000000000000001"):
        link_authors(mentions_of([{"id": 1, "authors": [["Duan", "Q."]]}]), works.places)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([["Zurawska", "Zofia"], ["Żurawska", "Zofia"]], "Zofia Żurawska"),
        ([["Żurawska", "Zofia", "inferred"], ["Zurawska", "Zofia"]], "Zofia Zurawska"),
        ([["Zurawska", "Zofia", "constrained"], ["Żurawska", "Zofia", "exact"]], "Zofia Żurawska"),
        ([["ŻURAWSKA", "ZOFIA"], ["Zurawska", "Zofia"]], "Zofia Zurawska"),
        ([["Perrault", "Anne Laure"], ["Perrault", "Anne-Laure"], ["Perrault", "Anne-Laure"]], "Anne-Laure Perrault"),
        ([["Perrault", "Anne Laure"], ["Perrault", "Anne-Laure"]], "Anne Laure Perrault"),
        ([["Abernathy", "Rufus", "clean", "Jr."]], "Rufus Abernathy Jr."),
        ([["Meridian Labs", None, "clean", None, "organisation"]], "Meridian Labs"),
    ],
)
def test_an_author_is_shown_by_the_best_mention(
    names: list[list[str]], shown: str, link: Callable[..., AuthorLinks]
) -> None:
    texts = [" ".join(f"kelp{n}x{i}" for i in range(30)) for n in range(len(names))]
    authors = link(*({"abstract": text, "authors": [name]} for text, name in zip(texts, names, strict=True))).authors
    assert authors["display_name"].tolist() == [shown]
    assert authors["work_count"].tolist() == [len(names)]


def test_works_are_counted_and_not_records(link: Callable[..., AuthorLinks]) -> None:
    rows = [{"abstract": text, "authors": [["Duan", "Qiuyue"]]} for text in (KELP, KELP, MOSS)]
    links = link(*rows)
    assert links.authors["work_count"].tolist() == [2]
    assert len(links.mention_authors) == 3
    assert len(links.authorships) == 2


def test_authorships_are_those_of_the_best_list(link: Callable[..., AuthorLinks]) -> None:
    links = link(
        {"abstract": KELP, "authors": [["Duan", "Q."], ["Takeda", "Rin"]]},
        {"abstract": KELP, "authors": [["Duan", "Qiuyue"], ["Takeda", "Rin"], ["Øvrebø", "Åse"], ["Ovrebo", "Ase"]]},
    )
    assert links.authorships["record_id"].unique().tolist() == ["r0000000000000002"]
    assert links.authorships["position"].tolist() == [1, 2, 3]
    assert len(links.authors) == 4
    assert links.authors["work_count"].tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("certainty", "score"),
    [("clean", 1.0), ("exact", 1.0), ("constrained", 0.95), ("inferred", 0.9), ("unresolved", 0.5)],
)
def test_a_mention_says_how_sure_it_is(certainty: str, score: float, link: Callable[..., AuthorLinks]) -> None:
    links = link({"abstract": KELP, "authors": [["Duanย", "Qiuyue", certainty]]})
    assert links.mention_authors["score"].tolist() == [score]
    assert links.authors["certainty"].tolist() == [certainty]
    assert links.authors["ambiguous_name"].tolist() == [True]


def test_organisations_are_apart_from_people(link: Callable[..., AuthorLinks]) -> None:
    names = [["Meridian", None, "clean", None, "organisation"], ["Meridian", None]]
    authors = link({"abstract": KELP, "authors": names}).authors
    assert sorted(authors["kind"]) == ["organisation", "person"]
    assert authors.set_index("kind")["ambiguous_name"].to_dict() == {"organisation": False, "person": True}
