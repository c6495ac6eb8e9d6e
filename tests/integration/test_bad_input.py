"""Bad files beside a good one: a row and a reason for each, and the good one unharmed."""

import gzip
import io
import os
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.storage import RawFolder
from schemas import TABLES

GOOD = "Page of somebody\n" + "".join(
    f"Abstract:We measure the {what} of glaciers for ten years and find that it follows the summers closely.\n"
    for what in ("length", "colour", "speed", "age")
)
NOISE = random.Random(7).randbytes(5000)

BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\r\n\n ", "empty"),
    "noise.bin": (NOISE, "rejected"),
    "nul.txt": (GOOD.encode().replace(b" ", b"\x00\x01\x00"), "rejected"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + NOISE, "rejected"),
    "paper.pdf": (b"%PDF-1.7\n" + NOISE, "rejected"),
    "cut.txt.gz": (gzip.compress(GOOD.encode())[:9], "rejected"),
    "prose.txt": (b"It rained all day, and nobody went out.\n\nIn the evening the rain stopped.\n" * 9, "rejected"),
    "program.py": (b"import os\n\ndef main() -> None:\n    print(os.getcwd())\n" * 9, "rejected"),
}


@pytest.fixture(scope="module")
def mixed(run_pipeline: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The tables of a run over every bad file and a good one."""
    raw = tmp_path_factory.mktemp("raw")
    (raw / "good.txt").write_text(GOOD, encoding="utf-8")
    for name, (data, _) in BAD.items():
        (raw / name).write_bytes(data)
    os.mkfifo(raw / "pipe")
    (raw / "gone.txt").symlink_to(raw / "nowhere")
    clean = run_pipeline(raw)
    return {name: pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}


@pytest.mark.parametrize(("name", "status"), [*((n, s) for n, (_, s) in BAD.items()), ("pipe", "rejected")])
def test_a_bad_file_has_a_row_and_a_reason_that_names_it(
    mixed: dict[str, pd.DataFrame], name: str, status: str
) -> None:
    row = mixed["raw_files"].set_index("path").loc[name]
    assert row["status"] == status
    assert row["record_count"] == 0
    assert name in row["reason"]
    rejected = mixed["rejects"][mixed["rejects"]["path"] == name]
    assert len(rejected) == (status == "rejected")


def test_a_link_to_nowhere_is_rejected(mixed: dict[str, pd.DataFrame]) -> None:
    row = mixed["raw_files"].set_index("path").loc["gone.txt"]
    assert row["status"] == "rejected"
    assert "gone.txt" in row["reason"]


def test_the_good_file_is_unharmed(mixed: dict[str, pd.DataFrame]) -> None:
    assert mixed["records"]["path"].tolist() == ["good.txt"] * 4
    assert (mixed["ledger"]["difference"] == 0).all()


def test_a_cut_archive_gives_the_records_before_the_cut_and_says_so(
    run_pipeline: Callable[[Path], Path], tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in ("one.txt", "two.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(GOOD.encode())
            archive.addfile(info, io.BytesIO(GOOD.encode()))
    (raw / "a.tar").write_bytes(stream.getvalue()[:1900])
    clean = run_pipeline(raw)
    files = pd.read_parquet(clean / "raw_files.parquet").set_index("path")
    assert files["status"].to_dict() == {"a.tar": "rejected", "a.tar!/one.txt": "parsed", "a.tar!/two.txt": "parsed"}
    assert "cut" in files.loc["a.tar", "reason"]
    assert "the archive is cut inside of it" in files.loc["a.tar!/two.txt", "note"]
    counts = pd.read_parquet(clean / "records.parquet")["path"].value_counts()
    assert counts["a.tar!/one.txt"] == 4
    assert (pd.read_parquet(clean / "ledger.parquet")["difference"] == 0).all()


def test_a_file_cut_inside_a_character_keeps_its_records(run_pipeline: Callable[[Path], Path], tmp_path: Path) -> None:
    data = (GOOD + "Abstract:The last one ends in an é").encode()[:-1]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "cut.txt").write_bytes(data)
    clean = run_pipeline(tmp_path / "raw")
    assert len(pd.read_parquet(clean / "records.parquet")) == 5
    lines = pd.read_parquet(clean / "text_lines.parquet")
    assert lines["byte_end"].max() == len(data)


@pytest.mark.parametrize(
    ("encoding", "newline"),
    [
        *(("utf-8", newline) for newline in ("\n", "\r\n", "\r")),
        *(("utf-16", newline) for newline in ("\n", "\r\n", "\r")),
        ("utf-8-sig", "\n"),
        ("utf-16-le", "\n"),
        ("utf-16-be", "\r\n"),
    ],
)
def test_bytes_of_every_kind_give_the_same_records(
    run_pipeline: Callable[[Path], Path], tmp_path: Path, newline: str, encoding: str
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "page.txt").write_bytes(GOOD.replace("\n", newline).encode(encoding))
    records = pd.read_parquet(run_pipeline(tmp_path / "raw") / "records.parquet")
    assert records["abstract"].tolist() == [line.removeprefix("Abstract:") for line in GOOD.splitlines()[1:]]


def test_a_file_that_vanishes_between_two_stages(
    run_pipeline: Callable[[Path], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in ("good.txt", "fleeting.txt", "growing.txt"):
        (raw / name).write_text(GOOD, encoding="utf-8")
    seen: list[str] = []
    read = RawFolder.read

    def once(self: RawFolder, path: str) -> bytes:
        seen.append(path)
        again = seen.count(path) > 1
        if again and path == "fleeting.txt":
            (raw / path).unlink()
        return read(self, path) + (b"more\n" if again and path == "growing.txt" else b"")

    monkeypatch.setattr(RawFolder, "read", once)
    clean = run_pipeline(raw)
    files = pd.read_parquet(clean / "raw_files.parquet").set_index("path")
    assert files["status"].to_dict() == {"fleeting.txt": "rejected", "good.txt": "parsed", "growing.txt": "rejected"}
    assert all(name in files.loc[name, "reason"] for name in ("fleeting.txt", "growing.txt"))
    assert set(pd.read_parquet(clean / "records.parquet")["path"]) == {"good.txt"}
    assert (pd.read_parquet(clean / "ledger.parquet")["difference"] == 0).all()


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.txt").write_text("x")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = {f.path: f.error for f in RawFolder(tmp_path).scan()}
    assert found["open.txt"] is None
    assert isinstance(found["closed"], PermissionError)
