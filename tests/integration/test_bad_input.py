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

Tables = dict[str, pd.DataFrame]
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


def read_tables(clean: Path) -> Tables:
    return {name: pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}


@pytest.fixture(scope="module")
def mixed(run_pipeline: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of a run over every bad file and a good one."""
    raw = tmp_path_factory.mktemp("raw")
    (raw / "good.txt").write_text(GOOD, encoding="utf-8")
    for name, (data, _) in BAD.items():
        (raw / name).write_bytes(data)
    os.mkfifo(raw / "pipe")
    (raw / "gone.txt").symlink_to(raw / "nowhere")
    return read_tables(run_pipeline(raw))


@pytest.mark.parametrize(("name", "status"), [*((n, s) for n, (_, s) in BAD.items()), ("pipe", "rejected")])
def test_a_bad_file_has_a_row_and_a_reason_that_names_it(mixed: Tables, name: str, status: str) -> None:
    row = mixed["raw_files"].set_index("path").loc[name]
    assert row["status"] == status
    assert row["record_count"] == 0
    assert name in row["reason"]
    rejected = mixed["rejects"][mixed["rejects"]["path"] == name]
    assert len(rejected) == (status == "rejected")


def test_a_link_to_nowhere_is_rejected(mixed: Tables) -> None:
    row = mixed["raw_files"].set_index("path").loc["gone.txt"]
    assert row["status"] == "rejected"
    assert "gone.txt" in row["reason"]


def test_the_good_file_is_unharmed(mixed: Tables) -> None:
    assert mixed["records"]["path"].tolist() == ["good.txt"] * 4
    assert (mixed["ledger"]["difference"] == 0).all()


CUT = (GOOD + "Abstract:The last one ends in an é").encode()[:-1]

# Files that are read although they are cut, and the same text in bytes of every kind.
ENCODED = {
    f"{encoding} {newline.encode().hex()}.txt": GOOD.replace("\n", newline).encode(encoding)
    for encoding, newline in (
        *(("utf-8", newline) for newline in ("\n", "\r\n", "\r")),
        *(("utf-16", newline) for newline in ("\n", "\r\n", "\r")),
        ("utf-8-sig", "\n"),
        ("utf-16-le", "\n"),
        ("utf-16-be", "\r\n"),
    )
}


@pytest.fixture(scope="module")
def readable(run_pipeline: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of a run over a cut archive, a cut file, and a text in bytes of every kind."""
    raw = tmp_path_factory.mktemp("readable")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name in ("one.txt", "two.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(GOOD.encode())
            archive.addfile(info, io.BytesIO(GOOD.encode()))
    for name, data in {"a.tar": stream.getvalue()[:1900], "cut.txt": CUT, **ENCODED}.items():
        (raw / name).write_bytes(data)
    return read_tables(run_pipeline(raw))


def test_a_cut_archive_gives_the_records_before_the_cut_and_says_so(readable: Tables) -> None:
    files = readable["raw_files"].set_index("path")
    status = files["status"].to_dict()
    assert {path: status[path] for path in status if path.startswith("a.tar")} == {
        "a.tar": "rejected",
        "a.tar!/one.txt": "parsed",
        "a.tar!/two.txt": "parsed",
    }
    assert "cut" in files.loc["a.tar", "reason"]
    assert "the archive is cut inside of it" in files.loc["a.tar!/two.txt", "note"]
    counts = readable["records"]["path"].value_counts()
    assert counts["a.tar!/one.txt"] == 4
    assert (readable["ledger"]["difference"] == 0).all()


def test_a_file_cut_inside_a_character_keeps_its_records(readable: Tables) -> None:
    assert readable["records"]["path"].value_counts()["cut.txt"] == 5
    lines = readable["text_lines"]
    assert lines[lines["path"] == "cut.txt"]["byte_end"].max() == len(CUT)


@pytest.mark.parametrize("name", ENCODED)
def test_bytes_of_every_kind_give_the_same_records(readable: Tables, name: str) -> None:
    records = readable["records"]
    own = records[records["path"] == name].sort_values("line_start")
    assert own["abstract"].tolist() == [line.removeprefix("Abstract:") for line in GOOD.splitlines()[1:]]


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
