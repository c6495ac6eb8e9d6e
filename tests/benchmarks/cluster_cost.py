"""What a batch costs more on a cluster's workers than in the process that runs the stage, in CPU seconds.

Run ``python tests/benchmarks/cluster_cost.py [FILES]`` (250 files of 10 records without a number): repair and split on
one core, then the same on two Dask workers of this machine, which have warmed up. Prints the CPU seconds of both, with
those of this process and the scheduler in it, and of the workers.
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil
from distributed import Client, LocalCluster
from many_files import listing

from pipeline.engine import Settings, StageRun
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder


def spent(client: Client | None) -> tuple[float, float]:
    """CPU seconds so far of this process and of the workers."""
    workers = client.run(lambda: sum(psutil.Process().cpu_times()[:2])) if client else {}
    return time.process_time(), sum(workers.values())


def cost(raw: Path, clean: Path, settings: Settings, client: Client | None = None) -> tuple[float, float]:
    """CPU seconds of repair and split, here and in the workers."""
    STEPS["ingest"].work(StageRun("ingest", RawFolder(raw), CleanFolder(clean), "cost"), settings)
    before = spent(client)
    for name in ("repair", "split"):
        STEPS[name].work(StageRun(name, RawFolder(raw), CleanFolder(clean), "cost"), settings)
    after = spent(client)
    return after[0] - before[0], after[1] - before[1]


def main(files: int) -> None:
    """Make the files, and run both."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder, "raw")
        raw.mkdir()
        for number in range(files):
            (raw / f"{number:06}.txt").write_text(listing(number, 10), encoding="utf-8")
        cost(raw, Path(folder, "warm"), Settings(1, full=True))
        print(f"one core      {cost(raw, Path(folder, 'one'), Settings(1, full=True))[0]:.1f} s", flush=True)
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
            Client(cluster) as client,
        ):
            settings = Settings(full=True, scheduler=cluster.scheduler_address)
            cost(raw, Path(folder, "warm2"), settings)
            here, there = cost(raw, Path(folder, "two"), settings, client)
            print(f"two workers   {here + there:.1f} s: {here:.1f} here, {there:.1f} in the workers")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
