"""Ids that lead elsewhere than to a row of their own: works that were parted, and rows that were refused."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline import publish as publishing
from pipeline.engine import Settings, StageRun
from pipeline.publish import publish
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import TableSet
from pipeline.trace import Trace
from schemas import TABLES

ABSTRACT = (
    "Storks wade through the shallows of the estuary from early autumn on and leave when the first ice comes, "
    "whatever the tides do, and nobody who counted them could say where they had been before."
)
TITLES = ("Storks by the sea", "Annual list of wading birds", "What herons eat in winter")


def bibtex(title: str, abstract: str = ABSTRACT) -> str:
    return f"@article{{k,\n  title = {{{title}}},\n  author = {{Mills, Ada}},\n  abstract = {{{abstract}}}\n}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(publishing, "report_page", lambda *_: "")
    (tmp_path / "raw").mkdir()
    return tmp_path


def run(folder: Path, name: str) -> Trace:
    """All stages, as assets call them, without Dagster around them; returns what traces their tables."""
    raw, clean = RawFolder(folder / "raw"), CleanFolder(folder / "clean")
    for step in STEPS.values():
        step.work(StageRun(step.stage, raw, clean, name), Settings(1))
    publish(clean, name)
    published = clean.published()
    assert published is not None
    return Trace(published, raw)


def write(folder: Path, *pages: str) -> None:
    for number, page in enumerate(pages):
        (folder / "raw" / f"{number}.bib").write_text(page, "utf-8")


def parts(trace: Trace, old: str) -> list[str]:
    """The ids that the first line of a trace says have taken the place of an old one; checks that each is traced."""
    first, *more = trace.lines(old)
    current, _, rest = first.removeprefix("work ").partition(f" (has taken the place of {old}, as have ")
    assert any("bytes " in line for line in more)
    ids = [current, *rest.removesuffix(")").split(", ")]
    assert all(next(iter(trace.lines(wanted))) == f"work {wanted}" for wanted in ids)
    return sorted(ids)


def test_a_work_that_people_parted_is_found_in_all_its_parts(folder: Path) -> None:
    write(folder, bibtex(TITLES[0]), bibtex(TITLES[0]))
    trace = run(folder, "before")
    (old,) = trace.tables.read("works")["work_id"]
    one, other = trace.tables.read("records")["record_id"]
    (folder / "decisions.csv").write_text(f"decision,one,other,note\ndifferent,{one},{other},\n", "utf-8")
    trace = run(folder, "after")
    now = trace.tables.read("works")["work_id"].tolist()
    assert old not in now
    assert parts(trace, old) == sorted(now)


def test_a_work_whose_abstract_was_boilerplate_is_found_in_all_its_parts(folder: Path) -> None:
    write(folder, *map(bibtex, TITLES[:2]))
    trace = run(folder, "before")
    (old,) = trace.tables.read("works")["work_id"]
    write(folder, *map(bibtex, TITLES))
    trace = run(folder, "after")
    now = trace.tables.read("works")["work_id"].tolist()
    assert len(now) == len(TITLES)
    assert parts(trace, old) == sorted(now)


def test_an_author_that_was_joined_is_found_by_the_other_name(folder: Path) -> None:
    write(folder, bibtex(TITLES[0]), bibtex(TITLES[2], ABSTRACT.upper()[50:]).replace("Mills, Ada", "Ortiz, Rosa"))
    ids = run(folder, "before").tables.read("authors")["author_id"].tolist()
    (folder / "decisions.csv").write_text(f"decision,one,other,note\nsame,{ids[0]},{ids[1]},\n", "utf-8")
    trace = run(folder, "after")
    first, *more = trace.lines(ids[1])
    assert first == f"author {ids[0]} (has taken the place of {ids[1]})"
    assert any("decided by a person" in line for line in more)


def test_a_refused_row_says_why_and_what_it_was(folder: Path) -> None:
    write(folder, bibtex(TITLES[0]))
    (folder / "raw" / "9.txt").write_bytes(b"\x00\x01\x02" * 30)
    (folder / "decisions.csv").write_text(f"decision,one,other,note\nsame,w{1:016x},w{2:016x},twins\n", "utf-8")
    trace = run(folder, "once")
    rejects = trace.tables.read("rejects").set_index("table")
    found = {table: list(trace.lines(row["reject_id"])) for table, row in rejects.iterrows()}
    assert sorted(found) == ["decisions", "raw_files"]
    for table, (head, reason, *rest) in found.items():
        row: pd.Series = rejects.loc[table]
        assert head == f"reject {row['reject_id']}: refused by stage {row['stage']} for table {table}"
        assert reason == f"  {row['reason']}"
        assert ("  9.txt, the whole file" in rest) == (table == "raw_files")
    assert {"  decision: same", f"  one: w{1:016x}", "  note: twins"} < set(found["decisions"])


def test_a_refused_row_says_its_lines(tmp_path: Path) -> None:
    reject = {"reject_id": "x1", "stage": "split", "table": "records", "path": "a.txt", "line_start": 3, "line_end": 7}
    row = {**reject, "rules": ["too_long"], "reason": "title is too long", "row": '{"title": "Storks", "year": null}'}
    tables = TableSet(tmp_path, "run")
    tables.write(TABLES["rejects"], TABLES["rejects"].typed(pd.DataFrame([row])))
    assert list(Trace(tables, RawFolder(tmp_path)).lines("x1")) == [
        "reject x1: refused by stage split for table records",
        "  title is too long",
        "  a.txt, lines 3 to 7",
        "  title: Storks",
    ]
