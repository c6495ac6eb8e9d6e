"""A file that is read in pieces yields what it yields when it is read whole. With several workers: test_workers."""

import bz2
import gzip
import json
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine import Settings, StageRun
from pipeline.ingest import bounds, pieces
from pipeline.steps import STEPS
from pipeline.steps import ingest as ingest_step
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import TableSet
from pipeline.trace import Trace

NAMES = ["Łukasz", "Zoë", "Anna", "Jürgen", "María", "Søren", "Chloé", "Peter"]
WORDS = [
    "we",
    "show",
    "that",
    "storks",
    "herons",
    "cranes",
    "learn",
    "from",
    "data",
    "how",
    "well",
    "in",
    "çay",
    "garden",
]
TABLES = ["text_lines", "records", "line_roles", "author_mentions", "unused_tokens"]


def sentence(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(WORDS, k=count)).capitalize()


def labelled(dice: random.Random, records: int) -> list[str]:
    lines = []
    for _ in range(records):
        authors = ", ".join(f"{dice.choice(NAMES)}son, {dice.choice(NAMES)}" for _ in range(3))
        lines += [f"Title: {sentence(dice, 6)}", f"Authors: {authors}", f"Abstract: {sentence(dice, 30)}.", ""]
    return lines


def one_a_line(dice: random.Random, records: int) -> list[str]:
    return ["Somebody", *(f"Abstract:{sentence(dice, 40)}." for _ in range(records))]


def in_blocks(dice: random.Random, records: int) -> list[str]:
    lines = ["Cited by", "Doe, Jane", ""]
    for _ in range(records):
        lines += [sentence(dice, 8), "", "Journal of Bird Research", "", f"{sentence(dice, 40)}.", "", ""]
    return lines


def as_csv(dice: random.Random, records: int) -> list[str]:
    rows = [
        f'{sentence(dice, 6)},"{names(dice)}","{sentence(dice, 9)}, ""{sentence(dice, 9)}"" ' for _ in range(records)
    ]
    return ["Title,Authors,Abstract", *(part for row in rows for part in (row, f'{sentence(dice, 9)}."'))]


def as_json_lines(dice: random.Random, records: int) -> list[str]:
    rows = (
        {"title": sentence(dice, 6), "authors": names(dice), "abstract": sentence(dice, 30)} for _ in range(records)
    )
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def as_ris(dice: random.Random, records: int) -> list[str]:
    lines = []
    for _ in range(records):
        lines += ["TY  - JOUR", f"TI  - {sentence(dice, 6)}", f"AU  - {dice.choice(NAMES)}son, {dice.choice(NAMES)}"]
        lines += [f"AB  - {sentence(dice, 20)}", f"  {sentence(dice, 9)}.", "ER  - ", ""]
    return lines


def as_enw(dice: random.Random, records: int) -> list[str]:
    parts = [["%0 Journal Article", f"%T {sentence(dice, 6)}", f"%X {sentence(dice, 20)}", ""] for _ in range(records)]
    return [line for part in parts for line in part]


def as_wos(dice: random.Random, records: int) -> list[str]:
    parts = [["PT J", f"AU {dice.choice(NAMES)}, J", f"TI {sentence(dice, 40)}", "ER", ""] for _ in range(records)]
    return ["FN Clarivate", "VR 1.0", *(line for part in parts for line in part), "EF"]


def names(dice: random.Random) -> str:
    return "; ".join(f"{dice.choice(NAMES)}son, {dice.choice(NAMES)}" for _ in range(3))


def damaged(dice: random.Random, lines: list[str]) -> list[str]:
    return [line.encode().decode("cp1252", "ignore") if dice.random() < 0.1 else line for line in lines]


def run(raw: Path, clean: Path) -> TableSet:
    folder = CleanFolder(clean)
    for name in ("ingest", "repair", "split"):
        STEPS[name].work(StageRun(name, RawFolder(raw), folder, "same"), Settings(1))
    return folder.table_set("same")


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def shrink() -> None:
        monkeypatch.setattr(bounds, "STREAM_BYTES", 10_000)
        monkeypatch.setattr(pieces, "PIECE_BYTES", 6_000)
        monkeypatch.setattr(pieces, "WINDOW_BYTES", 2_500)

    return shrink


def without_ids(tables: TableSet, name: str) -> pd.DataFrame:
    return tables.read(name).drop(columns="record_id", errors="ignore")


def cut_gzip(data: bytes) -> bytes:
    return gzip.compress(data)[:-8]  # without checksum and length


@pytest.mark.parametrize(
    ("listing", "end", "packed"),
    [
        *((labelled, "\n", bytes), (one_a_line, "\r\n", bytes), (in_blocks, "\r", bytes), (as_csv, "\n", bytes)),
        *((as_csv, "\r\n", bytes), (as_json_lines, "\n", bytes), (as_ris, "\r\n", bytes), (as_enw, "\n", bytes)),
        *((as_wos, "\r", bytes), (labelled, "\n", gzip.compress), (one_a_line, "\n", lzma.compress)),
        *((as_csv, "\n", bz2.compress), (labelled, "\n", lambda data: gzip.compress(data) + b"behind")),
        (labelled, "\n", cut_gzip),
    ],
)
def test_pieces_are_read_as_the_whole_is(
    listing: Callable[[random.Random, int], list[str]],
    end: str,
    packed: Callable[[bytes], bytes],
    tmp_path: Path,
    in_pieces: Callable[[], None],
) -> None:
    dice = random.Random(3)
    (tmp_path / "raw").mkdir()
    text = end.join(damaged(dice, listing(dice, 80))) + end
    (tmp_path / "raw" / "big.txt").write_bytes(packed(b"\xef\xbb\xbf" + text.encode()))
    whole = run(tmp_path / "raw", tmp_path / "whole")
    in_pieces()
    parted = run(tmp_path / "raw", tmp_path / "parted")
    assert parted.read("sources")["pieces"][0].count(" ") >= 1
    for name in TABLES:
        pd.testing.assert_frame_equal(without_ids(whole, name), without_ids(parted, name))
    for name in ("sources", "raw_files"):
        pd.testing.assert_frame_equal(
            whole.read(name).drop(columns=["pieces", "piece_values"]),
            parted.read(name).drop(columns=["pieces", "piece_values"]),
            check_exact=False,
        )
    mends = ["line_no", "start", "before", "after"]
    pd.testing.assert_frame_equal(whole.read("text_repairs")[mends], parted.read("text_repairs")[mends])
    assert parted.read("records")["record_id"].is_unique


def test_the_way_back_leads_into_a_piece_of_a_packed_file(tmp_path: Path, in_pieces: Callable[[], None]) -> None:
    in_pieces()
    (tmp_path / "raw").mkdir()
    lines = labelled(random.Random(5), 150)
    lines[-2] = "Abstract: The stork of ZoÃ« is back."
    big = tmp_path / "raw" / "big.txt.gz"
    big.write_bytes(gzip.compress("\n".join(lines).encode()))
    tables = run(big.parent, tmp_path / "clean")
    last = tables.read("records").iloc[-1]
    says = "\n".join(Trace(tables, RawFolder(big.parent)).lines(last["record_id"]))
    assert "c3 83 c2 ab  in b' stork of Zo\\xc3\\x83\\xc2\\xab is back.\\n'" in says
    big.write_bytes(gzip.compress("\n".join(lines[1:]).encode()))
    assert "has changed since this run" in "\n".join(Trace(tables, RawFolder(big.parent)).lines(last["record_id"]))


def test_a_file_that_changes_under_way_loses_only_what_changed(
    tmp_path: Path, in_pieces: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces()
    (tmp_path / "raw").mkdir()
    big = tmp_path / "raw" / "big.txt"
    big.write_text("\n".join(labelled(random.Random(5), 150)), "utf-8")
    clean = CleanFolder(tmp_path / "clean")
    STEPS["ingest"].work(StageRun("ingest", RawFolder(big.parent), clean, "same"), Settings(1))
    data = big.read_bytes()
    big.write_bytes(data[:-200] + b"x" * 200)
    for name in ("repair", "split"):
        STEPS[name].work(StageRun(name, RawFolder(big.parent), clean, "same"), Settings(1))
    tables = clean.table_set("same")
    (reject,) = tables.read("rejects@repair").to_dict("records")
    source, file = tables.read("sources").iloc[0], tables.read("raw_files").iloc[0]
    assert (reject["path"], reject["rules"], reject["line_end"]) == ("big.txt", ["file_changed"], source["line_count"])
    assert tables.count("text_lines") == reject["line_start"] - 1
    assert file["status"] == "parsed"
    assert 0 < file["record_count"] == tables.count("records") < 150


def test_the_next_run_takes_over_what_has_not_changed(
    tmp_path: Path, in_pieces: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces()
    raw, clean = RawFolder(tmp_path / "raw"), CleanFolder(tmp_path / "clean")
    raw.root.mkdir()
    (raw.root / "big.txt").write_text("\n".join(labelled(random.Random(6), 60)), "utf-8")
    (raw.root / "small.txt").write_text("\n".join(labelled(random.Random(7), 3)), "utf-8")
    for step in STEPS.values():
        step.work(StageRun(step.stage, raw, clean, "one"), Settings(1))
    clean.publish(clean.table_set("one"))
    asked: list[str] = []
    monkeypatch.setattr(ingest_step, "large_source", lambda raw, path, *_: asked.append(path))
    (raw.root / "small.txt").write_text("\n".join(labelled(random.Random(8), 3)), "utf-8")
    done = {}
    for name in ("ingest", "repair", "split"):
        done[name] = StageRun(name, raw, clean, "two")
        STEPS[name].work(done[name], Settings(1))
    assert asked == []
    assert (done["split"].files.done, done["split"].files.taken_over) == (1, 1)
    for name in [*TABLES, "raw_files"]:
        one, two = (clean.table_set(run).read(name) for run in ("one", "two"))
        if "path" in one:
            one, two = one[one["path"] == "big.txt"], two[two["path"] == "big.txt"]
            pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("count", [1, 40])
def test_lines_in_another_codec_are_told_as_in_a_small_file(
    count: int, tmp_path: Path, in_pieces: Callable[[], None]
) -> None:
    dice = random.Random(7)
    lines = [line.encode() for line in labelled(dice, 150)]
    for number in dice.sample(range(0, len(lines), 4), count):
        lines[number] = "Title: Über die Störche und Kräne des Jürgen Müller".encode("cp1252")
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "big.txt").write_bytes(b"\n".join(lines))
    whole = run(tmp_path / "raw", tmp_path / "whole")
    in_pieces()
    parted = run(tmp_path / "raw", tmp_path / "parted")
    pd.testing.assert_frame_equal(without_ids(whole, "text_lines"), without_ids(parted, "text_lines"))
    assert parted.read("sources")["encoding"][0] == "utf-8+cp1252"


def test_what_cannot_be_cut_is_read_whole_or_refused(
    tmp_path: Path, in_pieces: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces()
    raw = tmp_path / "raw"
    raw.mkdir()
    text = "\n".join(labelled(random.Random(8), 40))
    (raw / "wide.txt").write_text(text, "utf-16")
    (raw / "array.json").write_text(json.dumps([{"title": sentence(random.Random(9), 4000)}]), "utf-8")
    (raw / "long.txt").write_text(sentence(random.Random(9), 4000), "utf-8")
    found = run(raw, tmp_path / "whole").read("sources").set_index("path")
    assert list(found["status"]) == ["read"] * 3
    monkeypatch.setattr(bounds, "MAX_UNPACKED_BYTES", 15_000)
    monkeypatch.setattr(bounds, "MAX_LINE_BYTES", 15_000)
    found = run(raw, tmp_path / "refused").read("sources").set_index("path")
    assert list(found["status"]) == ["rejected"] * 3
    assert "is json, of which files are read whole" in found["reason"]["array.json"]
    assert "is UTF-16, UTF-32 or binary" in found["reason"]["wide.txt"]
    assert "line 1 has" in found["reason"]["long.txt"]
