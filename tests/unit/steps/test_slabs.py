"""Tables that are kept some rows at a time are those that are kept at once, with the same results of their rules."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine import StageRun
from pipeline.link import AuthorLinks, link_authors, link_works
from pipeline.steps.slabs import keep_slabs, keys_of
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import TableSet
from schemas import TABLES
from tests.unit.link.conftest import build_mentions, build_records

NAMES = [["Duan", "Qiuyue"], ["Duan", "Q."], ["Øvrebø", "Åse"], ["Abernathy", "Rufus"], ["Kočvara", "Ivana"]]
ROWS = [
    {"id": n, "title": f"Paper {n} on the sea and the kelp", "authors": [NAMES[n % 5], NAMES[(n + 2) % 5]]}
    for n in range(1, 8)
]
NAMED = {
    "authors": (),
    "mention_authors": ("author_mentions", "authors"),
    "authorships": ("works", "authors", "author_mentions"),
    "possible_same_author": ("authors",),
}


@pytest.fixture
def linked(tmp_path: Path) -> tuple[Callable[[str], StageRun], AuthorLinks]:
    """What makes a run in which records, mentions and works have been written, and the authors of them."""
    records, mentions = build_records(ROWS), build_mentions(ROWS)
    works = link_works(records, mentions)

    def begun(name: str) -> StageRun:
        run = StageRun("link", RawFolder(tmp_path / "raw"), CleanFolder(tmp_path / name), "run")
        for table, rows in {"records": records, "author_mentions": mentions, "works": works.works}.items():
            run.tables.write(TABLES[table], rows)
        return run

    return begun, link_authors(mentions, works.places)


def parts(rows: pd.DataFrame, size: int = 4) -> Iterator[pd.DataFrame]:
    for start in range(0, len(rows), size):
        yield rows.iloc[start : start + size].reset_index(drop=True)


def kept_in_slabs(run: StageRun, name: str, rows: pd.DataFrame) -> bool:
    return keep_slabs(run, name, parts(rows), {other: keys_of(run, other) for other in NAMED[name]})


def written(tables: TableSet, name: str) -> bytes:
    return tables.path(name).read_bytes()


def test_they_are_those_that_are_kept_at_once(linked: tuple[Callable[[str], StageRun], AuthorLinks]) -> None:
    begun, links = linked
    some, once = begun("some"), begun("once")
    for name, named in NAMED.items():
        rows = getattr(links, name)
        assert kept_in_slabs(some, name, rows)
        once.keep(name, rows)
        pd.testing.assert_frame_equal(some.tables.read(name), once.tables.read(name))
        at_once = begun("whole")
        assert keep_slabs(at_once, name, [rows], {other: keys_of(some, other) for other in named})
        assert written(at_once.tables, name) == written(once.tables, name)
        heads = [run.written[name].head for run in (some, once)]
        pd.testing.assert_frame_equal(heads[0].reset_index(drop=True), heads[1])
        assert some.written[name].rows == once.written[name].rows
    told = [[(one.table, one.rule, one.rows, one.failures) for one in run.results] for run in (some, once)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("authors", lambda rows: pd.concat([rows, rows.head(1)], ignore_index=True)),
        ("mention_authors", lambda rows: pd.concat([rows, rows.head(1)], ignore_index=True)),
        ("mention_authors", lambda rows: rows.iloc[1:].reset_index(drop=True)),
        ("mention_authors", lambda rows: rows.assign(position=rows["position"] + 1)),
        ("mention_authors", lambda rows: rows.assign(author_id=rows["author_id"].iloc[0])),
        ("mention_authors", lambda rows: rows.assign(score=2.0)),
        ("authorships", lambda rows: rows.assign(work_id="w0000000000000000")),
    ],
)
def test_where_a_rule_is_broken_nothing_is_written(
    linked: tuple[Callable[[str], StageRun], AuthorLinks],
    name: str,
    broken: Callable[[pd.DataFrame], pd.DataFrame],
) -> None:
    begun, links = linked
    run = begun("some")
    run.tables.write(TABLES["authors"], links.authors)
    known = {other: keys_of(run, other) for other in NAMED[name]}
    run.tables.path("authors").unlink()
    rows = TABLES[name].typed(broken(getattr(links, name)))
    assert not keep_slabs(run, name, parts(rows), known)
    assert not run.results
    assert not run.tables.has(name)
