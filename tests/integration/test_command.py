"""The command as people and schedulers use it: exit codes, messages, summary, trace."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]
Bytes = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "page.txt").write_text(
        "Page of somebody\n"
        + "".join(
            f"Abstract:We study the {x} of rivers and show in three basins that it can be told.\n" for x in "abc"
        ),
        encoding="utf-8",
    )
    return folder


def test_a_run_publishes_and_ends_with_ten_lines(raw: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "run", "--raw", str(raw), "--clean", str(tmp_path / "clean")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    assert len(lines) == 10
    assert lines[0].split()[:2] == ["files", "1"]
    assert lines[2].split()[:2] == ["records", "3"]
    assert str(tmp_path / "clean") in lines[8]
    assert len(pd.read_parquet(tmp_path / "clean" / "records.parquet")) == 3


def test_files_that_yield_nothing_are_named_with_the_remedy(palimpsest: Command, raw: Path, tmp_path: Path) -> None:
    for number in range(6):
        (raw / f"noise{number}.bin").write_bytes(bytes(range(256)) * 9)
    (raw / "empty.txt").write_bytes(b"")
    done = palimpsest("run", "--raw", raw, "--clean", tmp_path / "clean")
    assert done.returncode == 0
    complaints = done.stderr.strip().splitlines()
    assert len(complaints) == 6
    assert complaints[0].startswith("empty.txt: has no bytes; fetch it again")
    assert complaints[1].startswith("noise0.bin: is binary")
    assert complaints[5] == "and 2 more files: see raw_files"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--raw", "nowhere"], "nowhere: no such folder; make it, or name another with --raw"),
        (["run", "--raw", "empty"], "empty: no file in it; put raw files there"),
        (["run", "--raw", "raw", "--clean", "raw/page.txt/clean"], "cannot be written"),
        (["run", "--raw", "raw", "--clean", "c" * 300], "File name too long"),
        (["run", "--raw", "raw", "--clean", "c" * 249 + "/" + "d" * 256], "File name too long"),
        (["run", "--fast"], "No such option"),
        (["trace", "w0123", "--clean", "empty"], "nothing is published there; run palimpsest run first"),
        (["go"], "No such command"),
    ],
)
def test_wrong_usage_exits_with_two_and_says_what_to_do(
    palimpsest: Command, raw: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "empty").mkdir()
    done = palimpsest(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())


def test_a_failed_audit_exits_with_one_and_the_old_tables_stand(palimpsest: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    assert palimpsest("run", "--raw", raw, "--clean", clean).returncode == 0
    (raw / "page.txt").write_bytes(bytes(range(256)) * 40)
    done = palimpsest("run", "--raw", raw, "--clean", clean)
    assert done.returncode == 1
    assert "no file yielded a record, and 3 are published" in done.stderr
    assert "the candidate is kept to look at" in done.stderr
    assert len(pd.read_parquet(clean / "records.parquet")) == 3


def test_help_names_every_command(palimpsest: Command) -> None:
    done = palimpsest("--help")
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("run", "trace", "ui", "dictionary", "--version"))
    assert "--raw" in palimpsest("run", "--help").stdout


def test_the_dictionary_is_printed(palimpsest: Command) -> None:
    assert palimpsest("dictionary").stdout == (ROOT / "schemas" / "DATA_DICTIONARY.md").read_text(encoding="utf-8")


def test_trace_leads_from_a_damaged_author_to_raw_bytes(palimpsest: Command, sample_run: Path) -> None:
    mentions = pd.read_parquet(sample_run / "author_mentions.parquet")
    links = pd.read_parquet(sample_run / "mention_authors.parquet")
    mended = mentions[mentions["certainty"] == "exact"].merge(links, on=["record_id", "position"]).iloc[0]
    done = palimpsest("trace", mended["author_id"], "--clean", sample_run)
    assert done.returncode == 0, done.stderr
    assert repr(mended["name_as_printed"]) in done.stdout
    repaired = [line for line in done.stdout.splitlines() if "exact:" in line and "->" in line]
    assert repaired
    offsets = next(line for line in done.stdout.splitlines() if line.strip().startswith("bytes "))
    record = pd.read_parquet(sample_run / "records.parquet").set_index("record_id").loc[mended["record_id"]]
    first, last = int(offsets.split()[1]), int(offsets.split()[3].rstrip(":"))
    shown = bytes.fromhex(offsets.split(": ")[1].split("  in")[0])
    data = (ROOT / "data" / "raw" / record["path"]).read_bytes()
    if not record["path"].endswith(".gz"):
        assert data[first:last] == shown


@pytest.mark.parametrize("table", ["works", "records", "authors"])
def test_trace_knows_every_kind_of_id(palimpsest: Command, sample_run: Path, table: str) -> None:
    column = f"{table.removesuffix('s')}_id"
    wanted = pd.read_parquet(sample_run / f"{table}.parquet")[column].iloc[0]
    done = palimpsest("trace", wanted, "--clean", sample_run)
    assert done.returncode == 0, done.stderr
    assert "bytes " in done.stdout


def test_trace_of_an_unknown_id_says_where_to_look(palimpsest: Command, sample_run: Path) -> None:
    for wanted in ("w" + "0" * 16, "a" + "0" * 16, "r" + "0" * 16, "x" + "0" * 16, "q1"):
        done = palimpsest("trace", wanted, "--clean", sample_run)
        assert done.returncode == 2
        assert wanted in done.stderr


def test_mend_is_a_filter(command: Bytes, tmp_path: Path) -> None:
    def mend(*arguments: object, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return command("mend", *arguments, data=data)

    damaged = "Kurt GÃ¶del\r\n&amp;\r\n".encode()
    assert mend(data=damaged).stdout == "Kurt Gödel\r\n&\r\n".encode()
    (tmp_path / "one.txt").write_bytes(damaged)
    (tmp_path / "two.txt").write_bytes("brûlée\n".encode("latin-1"))
    both = mend(tmp_path / "one.txt", tmp_path / "two.txt")
    assert both.stdout == "Kurt Gödel\r\n&\r\nbrûlée\n".encode()
    assert (tmp_path / "one.txt").read_bytes() == damaged
    assert b"-> '\xc3\xb6' [mojibake" in mend("--explain", tmp_path / "one.txt").stdout
    assert "+Kurt Gödel".encode() in mend("--diff", tmp_path / "one.txt").stdout
    assert mend("--mark-lost", data="Xqaลk".encode()).stdout == "Xqa\ufffdk".encode()
    assert mend(data=b"").stdout == b""


def test_mend_of_bytes_that_are_no_text_exits_with_two(command: Bytes) -> None:
    done = command("mend", data=bytes(range(256)) * 9)
    assert done.returncode == 2
    assert b"stdin: is binary" in done.stderr


def test_layout_says_how_a_file_is_read(palimpsest: Command, raw: Path) -> None:
    done = palimpsest("layout", raw / "page.txt")
    assert done.returncode == 0, done.stderr
    assert "chosen: listing_a" in done.stdout
    roles = [
        line.split()[2] for line in done.stdout.splitlines() if line[:2].strip().isdigit() and " abstract " in line
    ]
    assert roles == ["abstract"] * 3
