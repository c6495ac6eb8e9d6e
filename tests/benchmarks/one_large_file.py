"""What one listing of any size takes: CPU seconds a megabyte and the most memory, stage by stage, at growing sizes.

Run ``python tests/benchmarks/one_large_file.py [--stages ingest,repair,split] [MB ...]``. Every size is run in a
process of its own, on one core, in a folder that is removed afterwards. The listing is 2,000 records of
``many_files``, one in fifty of whose lines is damaged, again and again with other numbers in the titles: what repair
remembers of words it has seen makes it faster than on a listing of as many different records; memory is the same.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from many_files import listing

from pipeline.engine import Settings, StageRun
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

SIZES = ["16", "64", "256"]
STAGES = ["ingest", "repair", "split"]
BASE_RECORDS = 2000


def write_listing(file: Path, size: int) -> None:
    """A listing of about so many bytes."""
    base = listing(7, BASE_RECORDS) + "\n\n"
    with file.open("w", encoding="utf-8") as stream:
        number = 0
        while stream.tell() < size:
            stream.write(base.replace("Title: ", f"Title: Part {number}. "))
            number += 1


def measure(megabytes: float, stages: list[str]) -> list[dict[str, float]]:
    """Size, CPU seconds and peak memory of each stage."""
    with tempfile.TemporaryDirectory() as folder:
        raw, clean = RawFolder(Path(folder, "raw")), CleanFolder(Path(folder, "clean"))
        raw.root.mkdir()
        write_listing(raw.root / "listing.txt", int(megabytes * 1e6))
        found = []
        for stage in stages:
            STEPS[stage].work(StageRun(stage, raw, clean, "large"), Settings(1, full=True))
            row = clean.table_set("large").read(f"run_metrics@{stage}").iloc[0]
            size = (raw.root / "listing.txt").stat().st_size / 1e6
            found.append({"MB": size, "cpu": float(row["cpu_seconds"]), "peak": float(row["peak_memory"]) / 1e6})
        return found


def main() -> None:
    """A row a size."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--stages", default=",".join(STAGES))
    asked.add_argument("--one", action="store_true", help="print the figures of one size as JSON")
    asked.add_argument("sizes", nargs="*", default=SIZES)
    told = asked.parse_args()
    stages = told.stages.split(",")
    if told.one:
        print(json.dumps(measure(float(told.sizes[0]), stages)))
        return
    print("MB", *(f"| {stage}: s a MB, peak MB" for stage in stages), flush=True)
    for size in told.sizes:
        command = [sys.executable, __file__, "--one", "--stages", told.stages, size]
        row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        print(f"{row[0]['MB']:.0f}", *(f"| {one['cpu'] / one['MB']:.3f}, {one['peak']:.0f}" for one in row), flush=True)


if __name__ == "__main__":
    main()
