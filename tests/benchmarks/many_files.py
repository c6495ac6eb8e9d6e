"""What a full run over many files costs, and the next one when a single file is new.

Run ``python tests/benchmarks/many_files.py [FILES]`` (10,000 files of 10 records without a number). Prints seconds, CPU
seconds of all processes (which say what it costs where others use the machine, too) and the memory of the largest
process, for a full run, a run with nothing new, one with one new file, and one with that file gone.
"""

import ctypes
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

GIVEN = ["Łukasz", "Zoë", "Anna", "Jürgen", "María", "Søren", "Ivana", "Chloé", "Peter", "Aiko", "Tomáš", "Ömer"]
SYLLABLES = ["ba", "dor", "ken", "li", "mu", "na", "ri", "sö", "ta", "vel", "wi", "zan", "gre", "hol", "ji", "pek"]
PLAIN = "we show that models learn from data and measure how well they do on text of many kinds when little is known"


def name(dice: random.Random) -> str:
    """A family name and a given name, as listings print them."""
    family = "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).capitalize()
    return f"{family}, {dice.choice(GIVEN)}"


def words(dice: random.Random, count: int) -> str:
    """Text of words that are mostly rare, as titles and abstracts are told apart by them."""
    rare = ("".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))) for _ in range(count))
    return " ".join(word if dice.random() < 0.6 else dice.choice(PLAIN.split()) for word in rare)


def listing(number: int, records: int) -> str:
    """One file of labelled records; one in fifty of its lines is damaged."""
    dice = random.Random(number)
    lines = []
    for _ in range(records):
        authors = ", ".join(name(dice) for _ in range(dice.randint(1, 6)))
        lines += [f"Title: {words(dice, 9).capitalize()}", f"Authors: {authors}"]
        lines += [f"Abstract: {words(dice, 110).capitalize()}.", ""]
    damaged = (line.encode().decode("cp1252", "ignore") if dice.random() < 0.02 else line for line in lines)
    return "\n".join(damaged)


def adopt_orphans() -> None:
    """Make processes that outlive their run for a moment ours, so that what they cost is counted. Linux only.

    The fork server is one, and the workers are its children.
    """
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def wait_for_orphans() -> None:
    """Wait for them."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def run(raw: Path, clean: Path, *more: str) -> str:
    """Run the command; returns seconds, CPU seconds and peak memory of its largest process.

    The memory is what the stages put down: each resets the mark that the system keeps of a process.
    """
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pipeline.cli", "run", "--raw", str(raw), "--clean", str(clean), *more]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    metrics = pd.read_parquet(clean / "run_metrics.parquet")
    peak = metrics.loc[metrics["run_no"] == metrics["run_no"].max(), "peak_memory"].max()
    return f"{seconds:6.1f} s  {cpu:6.1f} CPU s  {peak / 1e6:6.0f} MB"


def main(files: int) -> None:
    """Make the files in a folder that is removed afterwards, and run."""
    adopt_orphans()
    with tempfile.TemporaryDirectory() as folder:
        raw, clean = Path(folder, "raw"), Path(folder, "clean")
        for number in range(files):
            page = raw / f"{number // 500:03}" / f"page{number:06}.txt"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(listing(number, 10), encoding="utf-8")
        print("full run     ", run(raw, clean), flush=True)
        print("nothing new  ", run(raw, clean), flush=True)
        (raw / "007").mkdir(exist_ok=True)
        (raw / "007" / "new.txt").write_text(listing(files, 10), encoding="utf-8")
        print("one new file ", run(raw, clean), flush=True)
        (raw / "007" / "new.txt").unlink()
        print("one file gone", run(raw, clean), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
