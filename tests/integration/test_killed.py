"""A run that is killed, between two tables or anywhere else, leaves the tables that were published before."""

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from schemas import TABLES

ROOT = Path(__file__).parents[2]

# Kills itself when the given table has been written (or when the stable link is about to be renamed).
KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline import storage, tables
from pipeline.resources import Progress
from pipeline.runner import run_main_job

raw, clean, moment = sys.argv[1:]
close, link = tables.TableWriter.close, storage.CleanFolder._link

def killing_close(self):
    close(self)
    if self.table.name == moment:
        os.kill(os.getpid(), signal.SIGKILL)

def killing_link(self, target, name):
    if moment == "link" and name.name == ".published":
        os.kill(os.getpid(), signal.SIGKILL)
    link(self, target, name)

tables.TableWriter.close, storage.CleanFolder._link = killing_close, killing_link
run_main_job(Path(raw), Path(clean), Progress())
"""


def page(*words: str) -> str:
    line = "Abstract:We look at {} for a long time and write down what we see, day after day.\n"
    return "Somebody\n" + "".join(line.format(word) for word in words)


def published_runs(clean: Path) -> set[str]:
    stamp = b"palimpsest.run"
    return {pq.read_schema(clean / f"{name}.parquet").metadata[stamp].decode() for name in TABLES}


@pytest.mark.parametrize("moment", ["text_lines", "works", "authorships", "rule_results", "link"])
def test_readers_see_the_old_set_and_the_next_run_heals(
    run_pipeline: Callable[..., Path], tmp_path: Path, moment: str
) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / "page.txt").write_text(page("storks", "herons", "cranes"))
    run_pipeline(raw, clean)
    before = published_runs(clean)
    assert len(before) == 1

    (raw / "page.txt").write_text(page("storks", "herons", "cranes", "geese"))
    command = [sys.executable, "-c", KILLED, str(raw), str(clean), moment]
    environment = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert published_runs(clean) == before
    assert len(pd.read_parquet(clean / "records.parquet")) == 3

    run_pipeline(raw, clean)
    after = published_runs(clean)
    assert len(after) == 1
    assert after != before
    assert len(pd.read_parquet(clean / "records.parquet")) == 4
    assert not list(clean.rglob("*.draft"))
    assert len([entry for entry in (clean / ".sets").iterdir() if entry.is_dir()]) == 2


def test_killed_at_random_moments(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("kill_anywhere", ROOT / "tests" / "soak" / "kill_anywhere.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert "healed all" in module.kill_anywhere(tmp_path, kills=4, seed=3)
