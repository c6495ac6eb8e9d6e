"""What a small file adds to the memory of the process that runs a stage: ingest at growing numbers of files.

Run ``python tests/benchmarks/file_memory.py [FILES ...]`` (20,000 and 60,000 without numbers; take them larger than
the caches, which are full at some 10,000 files). Every number is run in a process of its own, on one core, over files
of one record of 300 bytes. Prints the peak of ingest, and what a file more takes between two numbers.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from many_files import name, words

from pipeline.engine import Settings, StageRun
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

NUMBERS = ["20000", "60000"]


def measure(files: int) -> int:
    """Bytes resident at most."""
    with tempfile.TemporaryDirectory() as folder:
        raw, clean = RawFolder(Path(folder, "raw")), CleanFolder(Path(folder, "clean"))
        for number in range(files):
            dice = random.Random(number)
            page = raw.root / f"{number // 500:04}" / f"page{number:07}.txt"
            page.parent.mkdir(parents=True, exist_ok=True)
            lines = [
                f"Title: {words(dice, 7)}",
                f"Authors: {name(dice)}, {name(dice)}",
                f"Abstract: {words(dice, 25)}.",
            ]
            page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        STEPS["ingest"].work(StageRun("ingest", raw, clean, "files"), Settings(1, full=True))
        return int(clean.table_set("files").read("run_metrics@ingest")["peak_memory"].iloc[0])


def main(numbers: list[str]) -> None:
    """A line a number."""
    before: tuple[int, int] | None = None
    for number in numbers:
        command = [sys.executable, __file__, "--one", number]
        peak = int(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        more = f", {(peak - before[1]) / (int(number) - before[0]):.0f} bytes a file more" if before else ""
        print(f"{int(number):,} files: {peak / 1e6:.0f} MB{more}", flush=True)
        before = int(number), peak


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(measure(int(sys.argv[2])))
    else:
        main(sys.argv[1:] or NUMBERS)
