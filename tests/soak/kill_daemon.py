"""Kill runs that Dagster's daemon started, at random moments, and look at what readers see.

Run ``python tests/soak/kill_daemon.py [KILLS] [SEED]`` (50 without a number), with the extra ``dev``. Code server,
daemon and web pages are started as the units in ``pipeline/deploy`` do it. Each time a file is added and a run asked
for, and its process is killed with SIGKILL somewhere on its way, every fifth time together with daemon and code server.
The published tables must be those of before or of after, all of one run. At the end a run that nobody kills must heal
everything.
"""

import importlib.util
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]


def loaded(path: str) -> ModuleType:
    """A module of the tests, which are no package."""
    spec = importlib.util.spec_from_file_location(Path(path).stem + "_of_tests", ROOT / "tests" / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def process_of(machine: Any, run: str) -> int:
    """The process that works on a run, waited for."""

    def found() -> int | None:
        try:
            return int(machine.worker(run))
        except AssertionError:
            return None

    return int(machine.until(found, f"process of run {run}"))


def killed(machine: Any, run: str, wait: float, *, everything: bool) -> bool:
    """Kill a run after some seconds; whether it was still under way."""
    pid = process_of(machine, run)
    time.sleep(wait)
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    if everything:
        machine.kill("code", "daemon")
        machine.start("code")
        machine.start("daemon")
    return True


def kill_daemon(folder: Path, kills: int, seed: int) -> str:
    """Kill so many runs; returns what happened in a sentence, fails where readers saw something else."""
    servers, soak = loaded("integration/servers/conftest.py"), loaded("soak/kill_anywhere.py")
    dice = random.Random(seed)
    with servers.deployed(folder / "machine", "code", "daemon", "web", retries=0) as machine:
        (machine.raw / "page0.txt").write_text(soak.page(0), encoding="utf-8")
        first = machine.launch()
        process_of(machine, first)
        start = time.monotonic()
        assert machine.finished(first) == "SUCCESS"
        lasts = time.monotonic() - start
        print(f"a run takes {lasts:.1f} seconds", flush=True)
        done = 0
        for number in range(1, kills + 1):
            run, records = soak.published(machine.clean)
            (machine.raw / f"page{number}.txt").write_text(soak.page(number), encoding="utf-8")
            asked = machine.launch()
            done += killed(machine, asked, dice.uniform(0.0, 1.0) * lasts, everything=number % 5 == 0)
            now, count = soak.published(machine.clean)
            assert (now == run) == (count == records), f"run {run} with {records} records became {now} with {count}"
            assert count in {records, number + 1}, f"{count} records after {number} additions, {records} before"
            print(number, machine.finished(asked), f"{count} records", flush=True)
            soak.nothing_piles_up(machine.clean, 4)
        assert machine.finished(machine.launch()) == "SUCCESS"
        assert soak.published(machine.clean)[1] == kills + 1
        soak.nothing_piles_up(machine.clean, 2)
    return f"{done} of {kills} runs were killed on their way; readers saw whole sets, and the last run healed all"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as scratch:
        amount = int(sys.argv[1]) if len(sys.argv) > 1 else 50
        print(kill_daemon(Path(scratch), amount, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
