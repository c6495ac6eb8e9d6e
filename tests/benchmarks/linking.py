"""How linking grows and how right it is, on corpora of which the truth is known.

Run ``python tests/benchmarks/linking.py [RECORDS ...]``; without numbers it does 10,000, 30,000 and 100,000. Every size
has a process of its own. ``n log n`` is CPU time by records and by log n, beside that of the first size: below 1 it
grows no faster than n log n. Precision and recall are of pairs of records for works, and B-cubed for authors.
"""

import math
import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from linking_corpus import corpus

from pipeline.link import link_authors, link_works

SIZES = (10_000, 30_000, 100_000)
BUDGET = {100_000: (60.0, 2.0), 1_000_000: (math.inf, 8.0)}  # records: seconds, GB


def pairs(truth: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """Precision and recall over pairs."""
    frame = pd.DataFrame({"truth": truth, "found": found})

    def count(by: list[str]) -> int:
        sizes = frame.groupby(by).size()
        return int((sizes * (sizes - 1) // 2).sum())

    both = count(["truth", "found"])
    return both / max(count(["found"]), 1), both / max(count(["truth"]), 1)


def b_cubed(truth: np.ndarray, found: np.ndarray) -> tuple[float, float]:
    """B-cubed precision and recall (Bagga and Baldwin, 1998)."""
    frame = pd.DataFrame({"truth": truth, "found": found})
    both = frame.groupby(["truth", "found"])["truth"].transform("size")
    sides = (frame.groupby(side)[side].transform("size") for side in ("found", "truth"))
    precision, recall = ((both / size).mean() for size in sides)
    return float(precision), float(recall)


def measure(size: int) -> None:
    """Link a corpus of one size and print the figures, apart by spaces."""
    made = corpus(size)
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, (time.perf_counter(), time.process_time())
    works = link_works(made.records, made.mentions)
    authors = link_authors(made.mentions, works)
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    placed = made.records[["record_id"]].merge(works.work_records, on="record_id", how="left")["work_id"]
    named = made.mentions[["record_id", "position"]].merge(
        authors.mention_authors, on=["record_id", "position"], how="left"
    )["author_id"]
    figures = (*pairs(made.work, placed.to_numpy()), *b_cubed(made.person, named.to_numpy()))
    print(len(made.records), len(made.mentions), wall, cpu, memory / 2**20, before / 2**20, *figures)


def main(sizes: tuple[int, ...]) -> int:
    """Print one row a size; 1 when a budget is broken."""
    print("  records  mentions  wall s   CPU s  n log n   GB (corpus)   works P      R   authors P      R")
    first, broken = 0.0, False
    for size in sizes:
        done = subprocess.run([sys.executable, __file__, f"={size}"], capture_output=True, text=True, check=True)
        records, mentions, wall, cpu, memory, before, *figures = map(float, done.stdout.split())
        unit = cpu / (records * math.log2(records))
        first = first or unit
        seconds, limit = BUDGET.get(size, (math.inf, math.inf))
        over = cpu > seconds or memory > limit
        broken |= over
        shown = "  ".join(f"{figure:.4f}" for figure in figures)
        print(
            f"{records:9,.0f} {mentions:9,.0f} {wall:7.1f} {cpu:7.1f} {unit / first:8.2f}   {memory:.2f} ({before:.2f})"
            f"     {shown}{'  over budget' if over else ''}",
            flush=True,
        )
    return int(broken)


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked and asked[0].startswith("="):
        measure(int(asked[0][1:]))
    else:
        sys.exit(main(tuple(map(int, asked)) or SIZES))
