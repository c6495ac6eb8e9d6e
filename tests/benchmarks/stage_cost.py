"""What each stage costs at growing sizes, in CPU seconds, and the line through it: figures of engine/SCALING.md.

Run ``python tests/benchmarks/stage_cost.py [FILES:RECORDS ...]``: numbers of files, and of records in a file. Every
size is run in a process of its own, on one core. CPU time, because it says about the same on a busy machine; start-up
and imports are not in it. Prints a row a size, and for every stage what a megabyte and a file cost by least squares.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from many_files import listing

from pipeline.engine import Settings, StageRun
from pipeline.publish import publish
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

SIZES = ["250:1", "1000:1", "250:10", "1000:10", "60:100", "240:100"]


def measure(files: int, records: int) -> dict[str, float]:
    """CPU seconds of every stage of a full run, and of the work that publishing is."""
    with tempfile.TemporaryDirectory() as folder:
        raw, clean = Path(folder, "raw"), Path(folder, "clean")
        for number in range(files):
            page = raw / f"{number // 500:03}" / f"page{number:06}.txt"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(listing(number, records), encoding="utf-8")
        found: dict[str, float] = {"files": files, "records": files * records}
        found["MB"] = sum(page.stat().st_size for page in raw.rglob("*.txt")) / 1e6
        for step in STEPS.values():
            start = time.process_time()
            step.work(StageRun(step.stage, RawFolder(raw), CleanFolder(clean), "cost"), Settings(1, full=True))
            found[step.stage] = time.process_time() - start
            found[f"{step.stage} peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.process_time()
        publish(CleanFolder(clean), "cost")
        found["publish"] = time.process_time() - start
        published = CleanFolder(clean).published()
        found["out MB"] = published.size() / 1e6 if published else 0
        return found


def main(sizes: list[str]) -> None:
    """Measure every size and fit."""
    rows = []
    stages = [*STEPS, "publish"]
    print("files records MB", *stages, "out_MB peak_MB_before_link peak_MB", flush=True)
    for size in sizes:
        command = [sys.executable, __file__, "--one", *size.split(":")]
        row = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        rows.append(row)
        costs = [f"{row[stage]:.2f}" for stage in stages]
        peaks = [f"{row['split peak']:.0f}", f"{row['quality peak']:.0f}"]
        print(row["files"], row["records"], f"{row['MB']:.1f}", *costs, f"{row['out MB']:.1f}", *peaks, flush=True)
    measured = np.array([[row["MB"], row["files"], 1.0] for row in rows])
    for stage in stages:
        (per_mb, per_file, fixed), *_ = np.linalg.lstsq(measured, np.array([row[stage] for row in rows]), rcond=None)
        print(f"{stage:8} {per_mb:.3f} s a MB, {per_file * 1000:.2f} ms a file, {fixed:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), int(sys.argv[3]))))
    else:
        main(sys.argv[1:] or SIZES)
