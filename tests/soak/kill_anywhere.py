"""Kill a run of the command at random moments, and look at what readers see.

Run ``python tests/soak/kill_anywhere.py [KILLS] [SEED]`` (50 without a number). Each time a file is added, the run is
killed with SIGKILL somewhere on its way, and the published tables must be those of before or of after, all of one run.
At the end a run that nobody kills must heal everything and leave no draft behind.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas import TABLES

ROOT = Path(__file__).parents[2]
LINE = "Abstract:We look at {} for a long time and write down what we see, day after day, until the winter comes.\n"


def page(number: int) -> str:
    """A listing of one record that no other page has."""
    dice = random.Random(number)
    return "Somebody\n" + LINE.format(" ".join("".join(dice.choices("aeioubdklmnrst", k=7)) for _ in range(30)))


def started(raw: Path, clean: Path, told: Path) -> subprocess.Popen[bytes]:
    """The command, in a session of its own, so that its worker processes can be killed with it."""
    command = [sys.executable, "-m", "pipeline.cli", "run", "--raw", str(raw), "--clean", str(clean)]
    environment = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"}
    with told.open("wb") as errors:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True
        )


def published(clean: Path) -> tuple[str, int]:
    """The one run that all published tables are of, and their number of records; fails on a mixture."""
    runs = {pq.read_schema(clean / f"{name}.parquet").metadata[b"palimpsest.run"].decode() for name in TABLES}
    assert len(runs) == 1, f"tables of several runs: {runs}"
    return runs.pop(), len(pd.read_parquet(clean / "records.parquet"))


def kill_anywhere(folder: Path, kills: int, seed: int) -> str:
    """Kill so many runs; returns what happened in a sentence, fails where readers saw something else."""
    dice = random.Random(seed)
    raw, clean, told = folder / "raw", folder / "clean", folder / "errors.txt"
    raw.mkdir()
    (raw / "page0.txt").write_text(page(0), encoding="utf-8")
    start = time.monotonic()
    first = started(raw, clean, told)
    assert first.wait() == 0, told.read_text()
    lasts = time.monotonic() - start
    killed = 0
    for number in range(1, kills + 1):
        run, records = published(clean)
        (raw / f"page{number}.txt").write_text(page(number), encoding="utf-8")
        process = started(raw, clean, told)
        time.sleep(dice.uniform(0.3, 1.0) * lasts)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        now, count = published(clean)
        assert (now == run) == (count == records), f"run {run} with {records} records became {now} with {count}"
        assert count in {records, number + 1}, f"{count} records after {number} additions, {records} before"
    last = started(raw, clean, told)
    assert last.wait() == 0, told.read_text()
    assert published(clean)[1] == kills + 1
    assert not [*clean.rglob("*.draft")], "drafts are left behind"
    sets = [entry.name for entry in (clean / ".sets").iterdir() if entry.is_dir()]
    assert len(sets) <= 2, f"sets pile up: {sets}"
    return f"{killed} of {kills} runs were killed on their way; readers saw whole sets, and the last run healed all"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        amount = int(sys.argv[1]) if len(sys.argv) > 1 else 50
        print(kill_anywhere(Path(scratch), amount, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
