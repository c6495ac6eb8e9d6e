"""A run that takes rows over ends in the same tables as one that works on every file, whatever happened in between."""

import os
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline import publish as publishing
from pipeline import rawfiles
from pipeline.engine import Settings, StageRun, running
from pipeline.link.fingerprint import record_prints
from pipeline.publish import publish
from pipeline.split import split_file
from pipeline.steps import STEPS, by_record
from pipeline.steps import link as link_step
from pipeline.steps import quality as quality_step
from pipeline.steps import repair as repair_step
from pipeline.steps import split as split_step
from pipeline.storage import CleanFolder, RawFolder
from schemas import TABLES
from schemas.registry import KEPT, stored

WORDS = (
    "storks herons cranes geese über naïve Łódź çay swans ibises owls terns gulls rooks wrens finches".split()  # noqa: SIM905
)
TWINS = ("Mołdrzyk", "Moลdrzyk", "Xoลdrzyg", "Xołdrzyg", "Xońdrzyg")  # undamaged, and with a letter lost
HEAD = "We look at {} for a long time and write down what we see, day after day, until the winter comes."


def run(raw: Path, clean: Path, name: str, *, full: bool = False, workers: int = 1) -> None:
    """All stages, as assets call them, without Dagster around them."""
    for step in STEPS.values():
        step.work(StageRun(step.stage, RawFolder(raw), CleanFolder(clean), name), Settings(workers, full))
    publish(CleanFolder(clean), name)


@pytest.fixture(autouse=True)
def no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a small run is the drawing of its report, which has no part in these tests."""
    monkeypatch.setattr(publishing, "report_page", lambda *_: "")


def contents(clean: Path) -> dict[str, list[dict[str, object]]]:
    """All rows but those of the history, which tell one run from another, and of the rules about it."""
    tables = {name: pq.read_table(clean / f"{name}.parquet").to_pylist() for name in TABLES if name != "run_history"}
    tables["rule_results"] = [row for row in tables["rule_results"] if row["table"] != "run_history"]
    return tables


def page(dice: random.Random) -> str:
    lines = ["Somebody"]
    for _ in range(dice.randint(1, 4)):
        text = HEAD.format(" and ".join([*dice.choices(WORDS, k=4), dice.choice(TWINS)]))
        lines.append("Abstract:" + (text.encode().decode("cp1252", "ignore") if dice.random() < 0.4 else text))
    return "\n".join(lines) + "\n"


def change(raw: Path, dice: random.Random) -> None:
    """Add, change, remove, rename or copy a file, swap two, or write a correction."""
    files = sorted(set(raw.glob("*.txt")) - {raw / "first.txt"})  # one stays: without records nothing is published
    what = dice.choice(["add", "add", "change", "remove", "rename", "rename", "copy", "swap", "correct", "junk"])
    if what == "correct":
        word, path = dice.choice(WORDS), dice.choice(["any", *(file.name for file in files)])
        line = f"{path},{word},{word.upper()},"
        (raw.parent / "corrections.csv").write_text(f"path,before,after,note\n{line}\n", "utf-8")
    elif what == "junk":
        (raw / f"{dice.randint(0, 99)}.txt").write_bytes(b"\x00\x01\x02" * dice.randint(1, 50))
    elif what == "add" or len(files) < 2:
        (raw / f"{dice.randint(0, 99)}.txt").write_text(page(dice), "utf-8")
    elif what == "change":
        dice.choice(files).write_text(page(dice), "utf-8")
    elif what == "remove":
        dice.choice(files).unlink()
    elif what == "swap":
        one, other = dice.sample(files, 2)
        held = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(held)
    elif what == "copy":
        (raw / f"{dice.randint(0, 199)}.txt").write_bytes(dice.choice(files).read_bytes())
    else:
        dice.choice(files).rename(raw / f"{dice.randint(0, 199)}.txt")


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_changes_ends_like_a_full_run(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "first.txt").write_text(page(dice), "utf-8")
    for number in range(6):
        for _ in range(dice.randint(0, 3)):
            change(raw, dice)
        run(raw, clean, f"run{number}")
    run(raw, tmp_path / "afresh", "run5")
    assert contents(clean) == contents(tmp_path / "afresh")
    for name in set(TABLES) - {"run_history", "rule_results"}:
        file = f"{name}.parquet"
        assert (clean / file).read_bytes() == (tmp_path / "afresh" / file).read_bytes(), name


def test_only_the_new_file_is_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for number in range(5):
        (raw / f"{number}.txt").write_text(page(dice), "utf-8")
    seen: list[str] = []

    def noted(path: str, *rest: object) -> object:
        seen.append(path)
        return split_file(path, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(split_step, "split_file", noted)
    run(raw, clean, "one")
    assert sorted(seen) == [f"{number}.txt" for number in range(5)]
    seen.clear()
    (raw / "3a.txt").write_text(page(dice), "utf-8")
    run(raw, clean, "two")
    assert seen == ["3a.txt"]
    seen.clear()
    run(raw, clean, "three")
    assert seen == []
    run(raw, clean, "four", full=True)
    assert len(seen) == 6


def test_a_renamed_file_is_not_worked_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    (raw / "old").mkdir(parents=True)
    for number, word in enumerate(("storks", "Å\x81Ã³dÅº", "geese", "swans")):
        (raw / "old" / f"{number}.txt").write_text(f"Page\nAbstract:{HEAD.format(word)}\n", "utf-8")
    export = '{"title": "How storks see the sea", "authors": ["Ömer Dağ"], "abstract": "They look at it."}\n'
    (raw / "old" / "list.jsonl").write_text(export, "utf-8")
    run(raw, clean, "one")
    seen: list[str] = []

    def noted(function: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object) -> object:
            seen.append(function.__name__)
            return function(*given)

        return called

    for module, name in ((repair_step, "mend_rows"), (split_step, "split_file"), (split_step, "split_export")):
        monkeypatch.setattr(module, name, noted(getattr(module, name)))
    (raw / "old").rename(raw / "new")
    (raw / "again.txt").write_bytes((raw / "new" / "2.txt").read_bytes())
    run(raw, clean, "two")
    assert seen == []
    (raw.parent / "corrections.csv").write_text("path,before,after,note\nnew/1.txt,look,looks,\n", "utf-8")
    run(raw, clean, "three")
    seen.clear()
    (raw / "new").rename(raw / "newer")
    run(raw, clean, "four")
    assert seen == ["mend_rows", "split_file"], "of that one file something is said by its name"
    run(raw, tmp_path / "afresh", "four")
    assert contents(clean) == contents(tmp_path / "afresh")


def test_a_twin_in_another_file_comes_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    seen: list[str] = []

    def noted(path: str, *rest: object) -> object:
        seen.append(path)
        return split_file(path, *rest)  # type: ignore[arg-type]

    def then(name: str) -> tuple[list[str], list[str], list[str]]:
        """The files that a run worked on, and what it makes of the damaged word and how that is known."""
        seen.clear()
        run(raw, clean, name)
        run(raw, tmp_path / name, name, full=True)
        own, full = contents(clean), contents(tmp_path / name)
        assert own == full
        rows = [row for row in own["text_repairs"] if "ล" in str(row["before"])]
        done = sorted(set(seen[: len(seen) - len({row["path"] for row in own["sources"]})]))
        return done, [str(row["after"]) for row in rows], [str(row["evidence"]).rpartition(", ")[2] for row in rows]

    monkeypatch.setattr(split_step, "split_file", noted)
    (raw / "damaged.txt").write_text(f"Page\nAbstract:{HEAD.format('Moลdrzyk')}\n", "utf-8")
    (raw / "other.txt").write_text(f"Page\nAbstract:{HEAD.format('Škvorecký')}\n", "utf-8")
    assert then("one")[:2] == (["damaged.txt", "other.txt"], ["ล"])
    (raw / "twin.txt").write_text(f"Page\nAbstract:{HEAD.format('Mołdrzyk')}\n", "utf-8")
    assert then("two") == (["damaged.txt", "twin.txt"], ["ł"], ["and stands undamaged in twin.txt"])
    (raw / "unlike.txt").write_text(f"Page\nAbstract:{HEAD.format('Kočvara')}\n", "utf-8")
    assert then("three") == (["unlike.txt"], ["ł"], ["and stands undamaged in twin.txt"])
    assert then("four") == ([], ["ł"], ["and stands undamaged in twin.txt"])
    (raw / "twin.txt").rename(raw / "a.txt")
    assert then("five") == (["damaged.txt"], ["ł"], ["and stands undamaged in a.txt"])
    (raw / "a.txt").unlink()
    assert then("six")[:2] == (["damaged.txt"], ["ล"])


def test_linking_folds_the_texts_of_new_batches_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["pipeline.engine.batches"], "BATCH_FILES", 2)
    dice = random.Random(5)
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for number in range(4):
        (raw / f"{number}.txt").write_text(page(dice), "utf-8")
    seen: list[str] = []

    def noted(records: pd.DataFrame) -> pd.DataFrame:
        seen.extend(records["path"].unique())
        return record_prints(records)

    monkeypatch.setattr(by_record, "record_prints", noted)
    run(raw, clean, "one")
    assert sorted(seen) == [f"{number}.txt" for number in range(4)]
    run(raw, clean, "two")  # in which nothing is new, and what is known is handed on
    seen.clear()
    (raw / "4.txt").write_text(page(dice), "utf-8")
    run(raw, clean, "three")
    assert seen == ["4.txt"]
    run(raw, tmp_path / "afresh", "three")
    for name in ("works", "work_records", "record_prints@link"):
        files = [next(folder.glob(f".sets/three/{name}.parquet")) for folder in (clean, tmp_path / "afresh")]
        assert files[0].read_bytes() == files[1].read_bytes(), name
    seen.clear()
    run(raw, clean, "four", full=True)
    assert sorted(seen) == [f"{number}.txt" for number in range(5)]


def test_workers_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["pipeline.engine.batches"], "BATCH_FILES", 2)
    monkeypatch.setattr(running, "WORTH_A_WORKER", 1)
    dice = random.Random(11)
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(9):
        (raw / f"{number}.txt").write_text(page(dice), "utf-8")
    run(raw, tmp_path / "one", "same")
    run(raw, tmp_path / "three", "same", workers=3)
    assert contents(tmp_path / "one") == contents(tmp_path / "three")
    kept = [stored(name) for name in KEPT if name != "file_identities"]  # which have a clock in them
    for name in (*TABLES, *kept):
        files = [tmp_path / clean / ".sets" / "same" / f"{name}.parquet" for clean in ("one", "three")]
        assert files[0].read_bytes() == files[1].read_bytes(), name


def test_a_second_run_on_the_same_folder_is_refused(run_pipeline: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_text(page(random.Random(3)), "utf-8")
    clean = CleanFolder(tmp_path / "clean")
    with clean.held(), pytest.raises(Exception, match="another run writes here"):
        run_pipeline(tmp_path / "raw", tmp_path / "clean")
    run_pipeline(tmp_path / "raw", tmp_path / "clean")


def noted_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the raw files that are read from now on."""
    seen: list[str] = []
    read = RawFolder.read

    def noted(folder: RawFolder, path: str) -> bytes:
        seen.append(path)
        return read(folder, path)

    monkeypatch.setattr(RawFolder, "read", noted)
    return seen


def test_files_that_the_disk_says_are_the_same_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for number in range(3):
        (raw / f"{number}.txt").write_text(page(random.Random(number)), "utf-8")
        os.utime(raw / f"{number}.txt", (1e9, 1e9))
    monkeypatch.setattr(rawfiles, "FRESH_SECONDS", 0.0)  # as if they had been there for a while
    seen = noted_reads(monkeypatch)
    run(raw, clean, "one")
    seen.clear()
    run(raw, clean, "two")
    assert seen == []
    status = (raw / "1.txt").stat()
    (raw / "1.txt").write_bytes((raw / "1.txt").read_bytes().replace(b"look", b"gaze"))
    os.utime(raw / "1.txt", ns=(status.st_atime_ns, status.st_mtime_ns))  # as large and, it says, as old as before
    run(raw, clean, "three")
    assert set(seen) == {"1.txt"}
    assert any("gaze" in str(row["text"]) for row in contents(clean)["text_lines"])
    seen.clear()
    run(raw, clean, "four", full=True)
    assert set(seen) == {"0.txt", "1.txt", "2.txt"}


def test_a_file_that_has_just_been_changed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "page.txt").write_text(page(random.Random(1)), "utf-8")
    run(raw, clean, "one")
    seen = noted_reads(monkeypatch)
    run(raw, clean, "two")
    assert set(seen) == {"page.txt"}, "it may have been changed again within a tick of the clock"


def test_a_run_with_nothing_new_decodes_no_text_and_adds_no_ledger_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for number in range(3):
        (raw / f"{number}.txt").write_text(page(random.Random(number)), "utf-8")
    run(raw, clean, "one")

    def never(*_: object) -> None:
        raise AssertionError("what is published already was worked out again")

    monkeypatch.setattr(quality_step, "balanced", never)
    monkeypatch.setattr(link_step, "link_records", never)
    run(raw, clean, "two")
    monkeypatch.undo()
    monkeypatch.setattr(publishing, "report_page", lambda *_: "")
    run(raw, tmp_path / "afresh", "two")
    assert contents(clean) == contents(tmp_path / "afresh")
