"""Decisions of people about works and authors in real runs, and ids that stay when files come, go and change places."""

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline import publish as publishing
from pipeline.engine import Settings, StageRun
from pipeline.publish import publish
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

SUBJECTS = ("storks", "herons", "cranes", "geese", "swans", "ibises")
PEOPLE = ("Mills, Ada", "Ortiz, Rosa", "Duan, Qiuyue", "Steen, Ottilie M.", "Steen, Ottilie", "Okafor, Chidi")


VERBS = ["wade slowly", "call loudly", "nest early", "leave late", "moult often", "feed apart", "rest together"]
VERBS += ["winter inland", "return weakly", "breed again", "wander south", "quarrel rarely"]


def bibtex(key: str, subject: str, authors: tuple[str, ...], words: int = 99) -> str:
    fields = {
        "title": f"How {subject} spend their winters by the sea",
        "author": " and ".join(authors),
        "abstract": " ".join(" ".join(f"{subject} {verb}" for verb in VERBS).split()[:words]) + ".",
        "year": "2011",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@article{{{key},\n{lines}\n}}\n"


def run(raw: Path, clean: Path, name: str) -> None:
    """All stages, as assets call them, without Dagster around them."""
    for step in STEPS.values():
        step.work(StageRun(step.stage, RawFolder(raw), CleanFolder(clean), name), Settings())
    publish(CleanFolder(clean), name)


def table(clean: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow")


@pytest.fixture(autouse=True)
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a small run is the drawing of its report, which has no part in these tests."""
    monkeypatch.setattr(publishing, "report_page", lambda *_: "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a raw folder of four papers in it, one of which is listed twice."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, subject in enumerate((*SUBJECTS[:4], SUBJECTS[0])):
        authors = (PEOPLE[number % 4], PEOPLE[5])
        (raw / f"{number}.bib").write_text(bibtex(f"k{number}", subject, authors), "utf-8")
    return tmp_path


def test_decisions_win_and_are_reported(run_pipeline: Callable[..., Path], folder: Path) -> None:
    clean = folder / "clean"
    run(folder / "raw", clean, "before")
    records = table(clean, "records").sort_values("path")["record_id"].tolist()
    work = table(clean, "work_records").set_index("record_id")["work_id"]
    assert work[records[0]] == work[records[4]]
    assert work.nunique() == 4
    mentions = table(clean, "mention_authors").set_index(["record_id", "position"])["author_id"]
    ada, rosa, qiuyue = (mentions[records[n], 1] for n in range(3))
    rows = [
        ("same", work[records[1]], work[records[2]]),
        ("different", records[0], records[4]),
        ("same", ada, rosa),
        ("different", ada, qiuyue),
        ("same", "w" + "0" * 16, work[records[3]]),  # matches nothing
        ("same", records[2], records[3]),  # with the next row: a contradiction that ids alone do not show
        ("different", work[records[2]], work[records[3]]),
    ]
    written = "\n".join(["decision,one,other,note", *(",".join((*row, "")) for row in rows)])
    (folder / "decisions.csv").write_text(written + "\n", encoding="utf-8")
    run_pipeline(folder / "raw", clean)
    today = table(clean, "work_records").set_index("record_id")["work_id"]
    assert today[records[1]] == today[records[2]]
    assert today[records[0]] != today[records[4]]
    assert today[records[2]] != today[records[3]]
    named = table(clean, "mention_authors").set_index(["record_id", "position"])["author_id"]
    assert named[records[0], 1] == named[records[1], 1] != named[records[2], 1]
    works = table(clean, "works").set_index("work_id")["superseded_ids"]
    assert all(work[record] in {today[record], *works[today[record]]} for record in records)
    assert table(clean, "decisions")["row_no"].tolist() == [1, 2, 3, 4]
    rejects = table(clean, "rejects")
    rejects = rejects[rejects["table"] == "decisions"].sort_values("row")
    assert [tuple(rules) for rules in rejects["rules"]] == [("matched",), ("not_contradicted",), ("not_contradicted",)]
    (folder / "decisions.csv").unlink()
    run(folder / "raw", clean, "after")
    pd.testing.assert_series_equal(table(clean, "work_records").set_index("record_id")["work_id"], work)


def paper(dice: random.Random) -> tuple[str, tuple[str, ...], int]:
    return dice.choice(SUBJECTS), tuple(dice.sample(PEOPLE, dice.randint(1, 3))), dice.choice((99, 99, 24))


@pytest.mark.parametrize("seed", range(2))
def test_ids_stay_when_files_come_go_and_change_places(tmp_path: Path, seed: int) -> None:
    """What no change touches keeps its id; every old id is an id of today or superseded by one."""
    dice = random.Random(seed)
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    held: dict[str, tuple[str, tuple[str, ...], int]] = {f"{n}.bib": paper(dice) for n in range(3)}
    before: dict[str, dict[str, object]] | None = None
    for step in range(4):
        change = dice.choice(("add", "rename", "remove")) if before else "start"
        touched: tuple[str, tuple[str, ...], int] | None = None
        if change == "add":
            touched = held[f"{10 + step}.bib"] = paper(dice)
        elif change == "rename":
            held = {f"{50 + step}{name}": content for name, content in reversed(held.items())}
        elif change == "remove" and len(held) > 1:
            touched = held.pop(sorted(held)[0])
        for file in raw.iterdir():
            file.unlink()
        for name, (subject, authors, words) in held.items():
            (raw / name).write_text(bibtex("k", subject, authors, words), "utf-8")
        run(raw, clean, f"run{step}")
        now = linked(clean)
        if before is not None:
            compare(before, now, touched, removed=change == "remove")
        before = now


def linked(clean: Path) -> dict[str, dict[str, object]]:
    """Works by subject and authors by printed name, with their ids and those superseded."""
    works, authors = table(clean, "works").set_index("work_id"), table(clean, "authors").set_index("author_id")
    printed = table(clean, "author_mentions").merge(table(clean, "mention_authors"), on=["record_id", "position"])
    names = printed["family"] + ", " + printed["given"]
    return {
        "works": {title.split()[1]: work for work, title in works["title"].items()},
        "authors": dict(zip(names, printed["author_id"], strict=True)),
        "works_before": works["superseded_ids"].to_dict(),
        "authors_before": authors["superseded_ids"].to_dict(),
    }


def compare(
    before: dict[str, dict[str, object]],
    now: dict[str, dict[str, object]],
    touched: tuple[str, tuple[str, ...], int] | None,
    *,
    removed: bool,
) -> None:
    subject, names = (touched[0], {name.removesuffix(" M.") for name in touched[1]}) if touched else ("", set())
    for key, was in before["works"].items():
        if key != subject:
            assert now["works"][key] == was
    for key, was in before["authors"].items():
        # Two names of one person may be told apart or joined by whom the changed paper names.
        if key.removesuffix(" M.") not in names and not (touched and "Steen" in key):
            assert now["authors"][key] == was
    if not removed:
        for kind in ("works", "authors"):
            known = {*now[f"{kind}_before"], *(old for olds in now[f"{kind}_before"].values() for old in olds)}  # type: ignore[attr-defined]
            assert set(before[kind].values()) <= known
