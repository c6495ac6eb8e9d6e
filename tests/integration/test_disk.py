"""A disk that is full or read-only, a clock that jumps, a file that changes: said clearly, and the old set stands."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from pipeline.runner import Exit

Command = Callable[..., subprocess.CompletedProcess[str]]
LINE = "Abstract:Somebody counts the {} of a valley for a year and finds fewer than there were before.\n"


@pytest.fixture
def run(palimpsest: Command) -> Command:
    """A run in a process of its own, on one core; ``blocks`` is the largest file that it may write, in KiB."""

    def started(raw: Path, clean: Path, blocks: int | None = None) -> subprocess.CompletedProcess[str]:
        done = palimpsest("run", "--raw", raw, "--clean", clean, "--workers", "1", blocks=blocks)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return started


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A small file system in memory; only root can have one."""
    folder.mkdir(exist_ok=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "page.txt").write_text("Page\n" + "".join(map(LINE.format, ("owls", "bats", "hares"))), encoding="utf-8")
    os.utime(folder / "page.txt", (10**9, 10**9))
    return folder


def published(clean: Path) -> dict[str, bytes]:
    """What readers see, byte by byte."""
    return {file.name: file.read_bytes() for file in clean.iterdir() if file.is_file()}


def grown(raw: Path) -> None:
    """Another file, with text that does not pack well."""
    lines = (LINE.format(os.urandom(60).hex()) for _ in range(400))
    (raw / "large.txt").write_text("Page\n" + "".join(lines), encoding="utf-8")
    os.utime(raw / "large.txt", (10**9, 10**9))


def test_files_that_may_not_grow_are_named_and_the_old_set_stands(run: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    assert run(raw, clean).returncode == Exit.PUBLISHED
    before = published(clean)
    grown(raw)
    for blocks in (1, 8, 20):
        done = run(raw, clean, blocks)
        assert done.returncode == Exit.DISK, (blocks, done.returncode, done.stderr)
        assert str(clean) in done.stderr
        assert "free the disk" in done.stderr
        assert published(clean) == before


def test_a_full_disk_is_named_and_the_next_run_heals(run: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    with mounted(clean, "size=4m"):
        assert run(raw, clean).returncode == Exit.PUBLISHED
        before = published(clean)
        free = shutil.disk_usage(clean).free
        (clean / "ballast").write_bytes(bytes(free - 60_000))
        before["ballast"] = (clean / "ballast").read_bytes()
        done = run(raw, clean)
        assert done.returncode == Exit.DISK, done.stderr
        assert "No space left on device" in done.stderr
        assert "free the disk" in done.stderr
        assert str(clean) in done.stderr
        assert published(clean) == before
        assert not [file for file in clean.rglob(".*.draft") if not file.is_symlink()]
        (clean / "ballast").unlink()
        assert run(raw, clean).returncode == Exit.PUBLISHED


def test_a_read_only_folder_is_named_and_the_old_set_stands(run: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    with mounted(clean, "size=8m"):
        assert run(raw, clean).returncode == Exit.PUBLISHED
        before = published(clean)
        subprocess.run(["mount", "-o", "remount,ro", clean], check=True)
        done = run(raw, clean)
        assert done.returncode == Exit.DISK
        assert f"{clean}: cannot be written" in " ".join(done.stderr.split())
        assert "mend its rights, or name another folder" in " ".join(done.stderr.split())
        assert published(clean) == before


def test_times_of_files_change_nothing(run: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    assert run(raw, clean).returncode == Exit.PUBLISHED
    works = pd.read_parquet(clean / "works.parquet")
    for number, when in enumerate((time.time() + 10**7, 0.0, 2.0**33), 2):  # ahead, long ago, in 2242
        os.utime(raw / "page.txt", (when, when))
        assert run(raw, clean).returncode == Exit.PUBLISHED
        assert pd.read_parquet(clean / "works.parquet").equals(works)
        metrics = pd.read_parquet(clean / "run_metrics.parquet")
        taken_over = metrics.loc[metrics["run_no"] == number, "taken_over"]
        assert taken_over.sum() == 3  # repair, split and link: only content tells whether a file has changed
        assert (metrics["seconds"] >= 0).all()


def test_a_file_that_grows_while_the_run_looks_is_left_for_the_next(run: Command, raw: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean"
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, raw / "growing.txt"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        done = run(raw, clean)
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    assert done.returncode == Exit.PUBLISHED, done.stderr
    assert "growing.txt: is still being written" in done.stderr
    files = pd.read_parquet(clean / "raw_files.parquet").set_index("path")
    assert files["status"].to_dict() == {"growing.txt": "rejected", "page.txt": "parsed"}
    again = run(raw, clean)
    assert again.returncode == Exit.PUBLISHED
    assert "growing.txt: is still" not in again.stderr


_WRITER = """
import sys, time
with open(sys.argv[1], "w") as file:
    for number in range(10**6):
        file.write(f"Abstract:Line {number} of something that somebody is still writing down.\\n")
        file.flush()
        if number == 3:
            print("begun", flush=True)
        time.sleep(0.05)
"""
