"""Kill a run of the command at random moments, and look at what readers see.

Run ``python tests/soak/kill_anywhere.py [KILLS] [SEED]`` (50 without a number; runs that end first are not counted).
Each time a file is added, the run is killed with SIGKILL somewhere on its way, and the published tables must be those
of before or of after, all of one run.
At the end a run that nobody kills must heal everything and leave no draft behind.
"""

import json
import os
import random
import select
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


class Command:
    """Starts the command again and again, each time in a session of its own, so that its workers can be killed with it.

    See ``tests/integration/forker.py``: modules are loaded once, and kills hit the run and not the loading.
    """

    def __init__(self, raw: Path, clean: Path, told: Path) -> None:
        self._told = told
        self._order = {
            "arguments": ["run", "--raw", str(raw), "--clean", str(clean)],
            "cwd": str(ROOT),
            "environment": {},
            "blocks": None,
            "input": os.devnull,
            "output": os.devnull,
            "errors": str(told),
        }

    def __enter__(self) -> "Command":
        """Load the modules."""
        own = {key: value for key, value in os.environ.items() if key != "DAGSTER_HOME"}
        script = [sys.executable, str(ROOT / "tests" / "integration" / "forker.py")]
        pipe = subprocess.PIPE
        self._forker = subprocess.Popen(script, stdin=pipe, stdout=pipe, env=own, bufsize=0)
        return self

    def __exit__(self, *_: object) -> None:
        """End the program that the runs are forked from."""
        with self._forker:
            assert self._forker.stdin is not None
            self._forker.stdin.close()

    def start(self) -> int:
        """Start a run; returns its process."""
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(json.dumps(self._order).encode() + b"\n")
        return int(self._forker.stdout.readline())

    def ended(self) -> bool:
        """Whether the run has ended."""
        return bool(select.select([self._forker.stdout], [], [], 0)[0])

    def wait(self) -> int:
        """The exit code of the run, waited for."""
        assert self._forker.stdout is not None
        return int(self._forker.stdout.readline())

    def publish(self) -> None:
        """A run that nobody kills; fails when it does."""
        self.start()
        assert self.wait() == 0, self._told.read_text()


def published(clean: Path) -> tuple[str, int]:
    """The one run that all published tables are of, and their number of records; fails on a mixture."""
    runs = {pq.read_schema(clean / f"{name}.parquet").metadata[b"palimpsest.run"].decode() for name in TABLES}
    assert len(runs) == 1, f"tables of several runs: {runs}"
    return runs.pop(), len(pd.read_parquet(clean / "records.parquet"))


def nothing_piles_up(clean: Path, most: int) -> None:
    """Fails on more sets than that: those of killed runs must not be kept for ever."""
    sets = [entry.name for entry in (clean / ".sets").iterdir() if entry.is_dir()]
    assert len(sets) <= most, f"sets pile up: {sets}"


def kill_anywhere(folder: Path, kills: int, seed: int) -> str:
    """Kill so many runs, those that end first not counted; returns what happened, fails where readers saw else."""
    dice = random.Random(seed)
    raw, clean = folder / "raw", folder / "clean"
    raw.mkdir()
    (raw / "page0.txt").write_text(page(0), encoding="utf-8")
    with Command(raw, clean, folder / "errors.txt") as command:
        command.publish()
        start = time.monotonic()
        command.publish()
        lasts = time.monotonic() - start
        killed = number = 0
        while killed < kills:
            number += 1
            assert number <= 4 * kills, f"only {killed} of {number - 1} runs lasted until they were killed"
            run, records = published(clean)
            (raw / f"page{number}.txt").write_text(page(number), encoding="utf-8")
            process = command.start()
            time.sleep(dice.uniform(0.02, 1.0) * lasts)
            if not command.ended():
                os.killpg(process, signal.SIGKILL)
                killed += 1
            command.wait()
            now, count = published(clean)
            assert (now == run) == (count == records), f"run {run} with {records} records became {now} with {count}"
            assert count in {records, number + 1}, f"{count} records after {number} additions, {records} before"
            nothing_piles_up(
                clean, 4
            )  # two that were published, one of before this run, and that of the run just killed
        command.publish()
    assert published(clean)[1] == number + 1
    assert not [*clean.rglob("*.draft")], "drafts are left behind"
    nothing_piles_up(clean, 2)
    return f"{killed} of {number} runs were killed on their way; readers saw whole sets, and the last run healed all"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        amount = int(sys.argv[1]) if len(sys.argv) > 1 else 50
        print(kill_anywhere(Path(scratch), amount, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
