"""Works of which only those are made anew that a change touches: the same bytes as a full run, whatever the order."""

import json
import random
from pathlib import Path

import pytest

from pipeline import publish as publishing
from pipeline import ranges
from pipeline.engine import Settings, StageRun
from pipeline.engine.changed import keep_changed
from pipeline.link import overlap_again
from pipeline.publish import publish
from pipeline.steps import STEPS, ranged
from pipeline.steps import authors as authors_step
from pipeline.steps import works as works_step
from pipeline.storage import CleanFolder, RawFolder
from schemas.registry import of_stage

SUBJECTS = ("kelp", "moss", "peat")
TITLES = (
    "Storms shape kelp forests",
    "Roofs that drink rain",
    "Nine wet winters in a row",
    "Peat remembers everything",
)
NAMES = ("Qiuyue Duan", "Q. Duan", "Åse Øvrebø", "Rufus Abernathy", "Ivana Kočvara")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Ranges of two works, any change is worth it, no report; and of each run that copied what is not touched True.

    Where all works are made anew, their tables are made of a range or two at a time, and those of authors in parts.
    """
    monkeypatch.setattr(ranges, "ROWS", 2)
    monkeypatch.setattr(ranged, "_WORKS_AT_ONCE", 2)
    monkeypatch.setattr(authors_step, "_MANY_MENTIONS", 0)
    monkeypatch.setattr(works_step, "_WORTH_IT", 1.0)
    monkeypatch.setattr(overlap_again, "_WORTH_IT", 1.0)
    monkeypatch.setattr(publishing, "report_page", lambda *_: "")
    copied: list[bool] = []

    def noted(*given: object) -> bool:
        copied.append(keep_changed(*given))  # type: ignore[arg-type]
        return copied[-1]

    monkeypatch.setattr(works_step, "keep_changed", noted)
    return copied


def run(raw: Path, clean: Path, name: str) -> None:
    for step in STEPS.values():
        step.work(StageRun(step.stage, RawFolder(raw), CleanFolder(clean), name), Settings(1))
    publish(CleanFolder(clean), name)


def entry(dice: random.Random) -> dict[str, object]:
    subject = dice.choice(SUBJECTS)
    words = [f"{subject}{n}" for n in range(dice.choice((25, 40)))] + [f"ice{n}" for n in range(dice.choice((0, 30)))]
    abstract = " ".join(words) if dice.random() < 0.6 else " ".join(f"w{dice.randint(0, 9999)}" for _ in range(40))
    authors = dice.sample(NAMES, dice.randint(0, 2))
    return {
        "title": dice.choice(TITLES) if dice.random() < 0.6 else f"Paper {dice.randint(0, 9999)} on the sea",
        "abstract": abstract if dice.random() < 0.8 else None,
        "authors": authors,
        "year": dice.choice((2013, 2014)),
    }


def write(file: Path, dice: random.Random) -> None:
    entries = [entry(dice) for _ in range(dice.randint(1, 4))]
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entries), "utf-8")


def first_run(folder: Path, dice: random.Random, files: int) -> Path:
    """Make some raw files and run all stages over them; the raw folder."""
    raw = folder / "raw"
    raw.mkdir()
    for number in range(files):
        write(raw / f"{number}.jsonl", dice)
    run(raw, folder / "clean", "one")
    return raw


def change(raw: Path, dice: random.Random) -> None:
    files = sorted(raw.glob("*.jsonl"))
    what = dice.choice(["add", "add", "change", "remove", "rename"])
    if what == "add" or len(files) < 3:
        write(raw / f"{dice.randint(0, 99)}.jsonl", dice)
    elif what == "change":
        write(dice.choice(files), dice)
    elif what == "remove":
        dice.choice(files).unlink()
    else:
        dice.choice(files).rename(raw / f"{dice.randint(100, 199)}.jsonl")


def assert_like_a_full_run(raw: Path, clean: Path, afresh: Path, name: str) -> None:
    run(raw, afresh, name)
    kept = [
        "record_prints@link",
        "abstract_pairs@link",
        "compared_abstracts@link",
        "rule_results@link",
        *(t.name for t in of_stage("link")),
    ]
    for table in kept:
        files = [folder / ".sets" / name / f"{table}.parquet" for folder in (clean, afresh)]
        assert files[0].read_bytes() == files[1].read_bytes(), table


@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_changes(tmp_path: Path, small: list[bool], seed: int) -> None:
    dice = random.Random(seed)
    raw = first_run(tmp_path, dice, 12)
    for number in range(1, 4):
        for _ in range(dice.randint(1, 2)):
            change(raw, dice)
        run(raw, tmp_path / "clean", f"run{number}")
    assert small == [True, True, True]
    assert_like_a_full_run(raw, tmp_path / "clean", tmp_path / "afresh", "run3")


def test_with_decisions_all_are_linked(tmp_path: Path, small: list[bool]) -> None:
    dice = random.Random(9)
    raw = first_run(tmp_path, dice, 4)
    works = CleanFolder(tmp_path / "clean").table_set("one").read("works")["work_id"]
    decided = f"decision,one,other,note\nsame,{works[0]},{works[1]},the same paper\n"
    (tmp_path / "decisions.csv").write_text(decided, "utf-8")
    write(raw / "new.jsonl", dice)
    run(raw, tmp_path / "clean", "two")
    write(raw / "newer.jsonl", dice)
    run(raw, tmp_path / "clean", "three")
    assert not small
    assert_like_a_full_run(raw, tmp_path / "clean", tmp_path / "afresh", "three")


def test_where_a_rule_is_broken_all_are_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    raw = first_run(tmp_path, dice, 3)
    write(raw / "new.jsonl", dice)
    monkeypatch.setattr(works_step, "keep_changed", lambda *_: False)
    run(raw, tmp_path / "clean", "two")
    assert_like_a_full_run(raw, tmp_path / "clean", tmp_path / "afresh", "two")
