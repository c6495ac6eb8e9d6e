"""A run that is killed, between two tables or anywhere else, leaves the tables that were published before."""

import importlib.util
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas import TABLES

ROOT = Path(__file__).parents[2]

# Half of a small run is the drawing of its report; test_killed_at_random_moments kills runs that draw it.
NO_REPORT = """
from pipeline import publish
publish.report_page = lambda *_: ""
"""

# Kills the run when the given table has been written (or when the stable link is about to be renamed).
KILLED = """
import os, signal
from pipeline import storage, tables

close, link = tables.TableWriter.close, storage.CleanFolder._link

def killing_close(self):
    close(self)
    if self.table.name == "MOMENT":
        os.kill(os.getpid(), signal.SIGKILL)

def killing_link(self, target, name):
    if "MOMENT" == "link" and name.name == ".published":
        os.kill(os.getpid(), signal.SIGKILL)
    link(self, target, name)

tables.TableWriter.close, storage.CleanFolder._link = killing_close, killing_link
"""


def page(*words: str) -> str:
    line = "Abstract:We look at {} for a long time and write down what we see, day after day.\n"
    return "Somebody\n" + "".join(line.format(word) for word in words)


def published_runs(clean: Path) -> set[str]:
    stamp = b"palimpsest.run"
    return {pq.read_schema(clean / f"{name}.parquet").metadata[stamp].decode() for name in TABLES}


def test_readers_see_the_old_set_and_the_next_run_heals(
    command: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    words = ["storks", "herons", "cranes"]
    (raw / "page.txt").write_text(page(*words))
    assert command("run", "--raw", raw, "--clean", clean, patch=NO_REPORT).returncode == 0
    for moment in ("text_lines", "works", "authorships", "rule_results", "link"):
        before = published_runs(clean)
        assert len(before) == 1
        words.append(f"geese {moment}")
        (raw / "page.txt").write_text(page(*words))
        done = command("run", "--raw", raw, "--clean", clean, patch=NO_REPORT + KILLED.replace("MOMENT", moment))
        assert done.returncode == -signal.SIGKILL, (moment, done.stderr.decode()[-2000:])
        assert published_runs(clean) == before
        assert len(pd.read_parquet(clean / "records.parquet")) == len(words) - 1

        assert command("run", "--raw", raw, "--clean", clean, patch=NO_REPORT).returncode == 0
        after = published_runs(clean)
        assert len(after) == 1
        assert after != before
        assert len(pd.read_parquet(clean / "records.parquet")) == len(words)
        assert not list(clean.rglob("*.draft"))
        assert len([entry for entry in (clean / ".sets").iterdir() if entry.is_dir()]) == 2


def test_sets_of_killed_runs_do_not_pile_up_while_none_is_published(
    command: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for number in range(4):
        (raw / "page.txt").write_text(page("storks", f"herons {number}"))
        done = command("run", "--raw", raw, "--clean", clean, patch=KILLED.replace("MOMENT", "text_lines"))
        assert done.returncode == -signal.SIGKILL
    sets = [entry for entry in (clean / ".sets").iterdir() if entry.is_dir()]
    assert len(sets) == 2, "that of the last run, and the newest before it, which somebody may look at"


def test_killed_at_random_moments(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("kill_anywhere", ROOT / "tests" / "soak" / "kill_anywhere.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert "healed all" in module.kill_anywhere(tmp_path, kills=4, seed=3)
