"""Hostile files, end to end: bounded in time and memory, and harmless wherever their text is shown."""

import html.parser
import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from pipeline.definitions import defs
from pipeline.engine import Settings, StageRun
from pipeline.layouts import LayoutFileError, read_specs
from pipeline.report.undecided import correction
from pipeline.resources import Folders, Progress
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

# CPU seconds of ingest, repair and split for SIZE bytes of anything: what grows with the square of the size and takes
# longer would take more than a minute for a megabyte.
SECONDS, SIZE = 10.0, 400_000
MEGABYTES = 1200
MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
LINE = "Abstract:Somebody counts the {} of a valley for a year and finds fewer than there were before.\n"


def scripts(page: str) -> list[str]:
    """What a browser would run: elements and attributes that are not ours to have on a page."""
    found: list[str] = []

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            found.extend([tag] if tag in {"script", "img", "iframe", "object", "embed", "form", "base"} else [])
            found.extend(name for name, _ in attributes if name.startswith("on"))

    Reader().feed(page)
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Raw files whose names and contents carry markup, escapes and formulas."""
    place = tmp_path_factory.mktemp("hostile")
    raw = place / "raw"
    raw.mkdir()
    names = ["<b onclick=x>[a](javascript:x)`.txt", "=cmd|' '!A1.txt", "\x1b[31mred.txt", "| a | b |.txt"]
    for name in names:
        text = "Page of <script>alert(0)</script>\n" + "".join(LINE.format(f"{MARKUP} {w} Ã¶ {name}") for w in "abc")
        (raw / name).write_text(text, encoding="utf-8")
    (raw / f"noise{MARKUP.replace('/', '')}.bin").write_bytes(bytes(range(256)) * 9)
    return raw, place / "clean"


def test_markup_and_escapes_of_files_are_shown_and_not_obeyed(
    hostile: tuple[Path, Path], run_pipeline: Callable[..., Path]
) -> None:
    raw, clean = hostile
    run_pipeline(raw, clean)
    page = (clean / "report.html").read_text(encoding="utf-8")
    assert scripts(page) == []
    assert "&lt;script&gt;" in page or "&lt;img" in page
    assert "\x1b" not in page
    for name in ("DATA_DICTIONARY.md", "metrics.prom", "datapackage.json"):
        text = (clean / name).read_text(encoding="utf-8")
        assert "alert(" not in text
    paths = pd.read_parquet(clean / "raw_files.parquet")["path"]
    assert paths.str.isprintable().all() if hasattr(paths.str, "isprintable") else all(map(str.isprintable, paths))


def test_names_with_markdown_are_code_in_dagster(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    resources = {"folders": Folders(raw=str(hostile[0]), clean=str(tmp_path / "clean")), "progress": Progress()}
    with dg.DagsterInstance.ephemeral() as instance:
        done = defs.resolve_job_def("main_unrecorded").execute_in_process(resources=resources, instance=instance)
    for event in done.get_asset_materialization_events():
        shown = event.materialization.metadata.get("raw files")
        for line in str(shown.value).splitlines() if shown and shown.value != "none" else ():
            fence = line.removeprefix("- ").split(" ")[0]
            assert set(fence) == {"`"}
            assert line.endswith(f" {fence}")
            assert fence not in line.removeprefix(f"- {fence}").removesuffix(fence)
            assert line.isprintable()


@pytest.mark.parametrize("before", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"])
def test_no_formula_is_proposed_for_a_csv(before: str) -> None:
    assert "by hand" in correction(before, "x")
    assert "by hand" in correction("x", before)
    assert correction("x=1", "y") == "any,x=1,y,"


ALIASES = "a: &a [x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in itertools.pairwise("abcdefghijklmnop")
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 5000, "nested too deeply"),
        ("{a: " * 5000, "nested too deeply"),
        ("- name: a\n" * 100_000, "MAX_CHARACTERS"),
        (ALIASES, "no list"),
        ("- &a\n  name: x\n  columns: *a\n", "layouts.yaml: line"),
        ("- &a [*a]\n", "layouts.yaml: line"),
    ],
    ids=["lists", "mappings", "length", "aliases", "itself", "itself alone"],
)  # fmt: skip
def test_yaml_cannot_blow_up(text: str, says: str) -> None:
    begin = time.process_time()
    with pytest.raises(LayoutFileError, match=says):
        read_specs(text, "layouts.yaml")
    assert time.process_time() - begin < 10


SCRIPTS = {
    "latin": "word ", "greek": "λόγος ", "cyrillic": "слово ", "arabic": "كلمة ", "hebrew": "מילה ", "thai": "คำศัพท์",
    "han": "漢字", "kana": "かな", "hangul": "말 ", "devanagari": "शब्द ", "emoji": "👩‍👩‍👧",
    "combining": "e\u0301\u0302\u0303",
}  # fmt: skip
SLOW = {  # by hand: PALIMPSEST_SOAK=1
    "mojibake": "Ã¶ â€™ ", "thai mojibake": "เน€เธ", "digits": "1234 ", "dots": ". ", "commas": "A, B, ",
    "brackets": "[({<",
}  # fmt: skip


def of_size(unit: bytes, size: int = SIZE) -> bytes:
    """A text again and again until there are so many bytes of it."""
    return unit * (size // len(unit))


BAD: dict[str, bytes] = {
    "one word a line": of_size(b"word\n"),
    "empty records": of_size(b"Title: \nAuthors: \nAbstract: \n\n"),
    "empty BibTeX": of_size(b"@article{a,\n}\n"),
    "one record again and again": of_size(LINE.format("owls").encode()),
    "deep JSON": b"[" * 100_000 + b"]" * 100_000,
    "deep JSON objects": b'{"title": ' * 50_000,
    "deep XML": b"<?xml version='1.0'?>" + b"<a>" * 100_000,
    "deep HTML": b"<!DOCTYPE html><html>" + b"<div>" * 100_000,
    "open tags": b"<!DOCTYPE html><html>" + of_size(b'<a b="'),
    "half tags": b"<!DOCTYPE html><html>" + b"<" + of_size(b"a-"),
    "declarations": b"<?xml version='1.0'?>" + of_size(b"<!A["),
    "open BibTeX": b"@article{k, title = {" + of_size(b"{"),
    "large CSV field": b'title,authors,abstract\n"' + of_size(b"word ") + b'",a,b\n',
    "quotes in CSV": b"title,authors,abstract\n" + of_size(b'"'),
    "RIS without an end": b"TY  - JOUR\n" + of_size(b"AU  - A, B\n", SIZE // 2),
    **{name: of_size(unit.encode()) for name, unit in SCRIPTS.items()},
}


if os.environ.get("PALIMPSEST_SOAK"):
    BAD |= {name: of_size(unit.encode(), 900_000) for name, unit in SLOW.items()}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_made_to_hurt_ends_soon_and_with_a_reason(tmp_path: Path, name: str) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "bad.txt").write_bytes(BAD[name])
    (raw / "good.txt").write_text("Page\n" + LINE.format("owls") + LINE.format("bats"), encoding="utf-8")
    for file in raw.iterdir():
        os.utime(file, (10**9, 10**9))
    begin = time.process_time()
    for stage in ("ingest", "repair", "split"):
        run = StageRun(stage, RawFolder(raw), CleanFolder(tmp_path / "clean"), "run")
        STEPS[stage].work(run, Settings(workers=1))
    seconds = time.process_time() - begin
    files = run.tables.read("raw_files").set_index("path")
    assert files.loc["good.txt", "record_count"] == 2
    bad = files.loc["bad.txt"]
    assert bad["status"] == "parsed" or "bad.txt" in bad["reason"]
    assert seconds < (SECONDS if name not in SLOW else 6 * SECONDS), f"{seconds:.0f} CPU seconds"
    metrics = pd.concat(run.tables.read(f"run_metrics@{stage}") for stage in ("ingest", "repair", "split"))
    if sys.platform == "linux":
        assert metrics["peak_memory"].max() < MEGABYTES * 1_000_000


def test_events_of_hostile_names_are_one_line_of_ascii(hostile: tuple[Path, Path], tmp_path: Path) -> None:
    from pipeline.logs import logged_to  # noqa: PLC0415

    with logged_to(str(tmp_path / "log")):
        STEPS["ingest"].work(StageRun("ingest", RawFolder(hostile[0]), CleanFolder(tmp_path), "run"), Settings())
    lines = (tmp_path / "log").read_text(encoding="ascii").splitlines()
    assert all(line.isprintable() for line in lines)
    assert sum(json.loads(line)["event"] == "file.read" for line in lines) == 5
