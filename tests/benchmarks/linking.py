"""How linking grows and how right it is, on corpora of which the truth is known.

Run ``python tests/benchmarks/linking.py [RECORDS ...]``; without numbers it does 10,000 to 1,000,000, which takes some
ten minutes of CPU time. Every size has a process of its own, which reads the tables from Parquet and links them with
all texts in memory, where a run leaves them on the disk (``one_large_file.py`` says what that takes). ``n log n`` is
CPU time by records and by log n, beside that of the first size: below 1 it grows no faster than n log n. ``GB`` is the
most that was resident. Precision and recall are of pairs of records for works, and B-cubed for authors. What is printed
is a table of ``pipeline/engine/SCALING.md``.
"""

import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.link import link_authors, link_works
from pipeline.link.fingerprint import print_numbers, record_prints
from pipeline.link.printed import Held
from pipeline.link.shingles import record_shingles
from pipeline.link.similar import similar_pairs
from pipeline.link.works import COLUMNS
from pipeline.spill import DiskShelf
from pipeline.tables import TableSet
from schemas.arrow import to_frame

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
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


def parts(records: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Some records at a time, as a run has them."""
    return (records.iloc[start : start + 4096] for start in range(0, len(records), 4096))


def measure(folder: Path) -> None:
    """Link the corpus in a folder and print the figures, apart by spaces."""
    start = time.perf_counter(), time.process_time()
    tables = TableSet(folder, "benchmark")
    mentions = tables.read("author_mentions")
    records = tables.read("records", COLUMNS).sort_values("record_id", ignore_index=True)
    prints = pd.concat([record_prints(some) for some in parts(records)], ignore_index=True)
    with DiskShelf(folder) as shelf:
        shingles = (to_frame(record_shingles(some)) for some in parts(records))
        alike = similar_pairs(print_numbers(prints), Held(records), shingles, shelf)
    works = link_works(records, mentions, (), prints, lambda: alike)
    del records
    authors = link_authors(mentions, works.places)
    wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    truth = [pd.read_parquet(folder / f"{name}.parquet")[name].to_numpy() for name in ("work", "person")]
    places = works.work_records.set_index("record_id")["work_id"]
    names = mentions[["record_id", "position"]].merge(authors.mention_authors, on=["record_id", "position"], how="left")
    order = tables.read("records", ["record_id"])["record_id"]
    found = places.loc[order].to_numpy(), names["author_id"].to_numpy()
    figures = (*pairs(truth[0], found[0]), *b_cubed(truth[1], found[1]))
    print(len(order), len(mentions), wall, cpu, memory, *figures)


def row(size: int, corpus: Path, first: float) -> tuple[float, bool]:
    """Print the row of one size; returns its CPU time by n log n, and whether a budget is broken."""
    if not (corpus / "person.parquet").exists():
        subprocess.run([sys.executable, Path(__file__).with_name("linking_corpus.py"), corpus, str(size)], check=True)
    done = subprocess.run([sys.executable, __file__, f"={corpus}"], stdout=subprocess.PIPE, text=True, check=True)
    records, mentions, wall, cpu, memory, *figures = map(float, done.stdout.split())
    unit = cpu / (records * math.log2(records))
    seconds, limit = BUDGET.get(size, (math.inf, math.inf))
    over = cpu > seconds or memory > limit
    shown = " | ".join(f"{figure:.4f}" for figure in figures)
    print(
        f"| {records:,.0f} | {mentions:,.0f} | {cpu:.1f} | {wall:.1f} | {unit / (first or unit):.2f} | {memory:.2f} "
        f"| {shown} |{'  over budget' if over else ''}",
        flush=True,
    )
    return unit, over


def main(sizes: tuple[int, ...]) -> int:
    """Print one row a size; 1 when a budget is broken."""
    print("| records | mentions | CPU s | wall s | n log n | GB | works P | R | authors P | R |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    first, broken = 0.0, False
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            unit, over = row(size, Path(folder), first)
        first, broken = first or unit, broken or over
    return int(broken)


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked and asked[0].startswith("="):
        measure(Path(asked[0][1:]))
    else:
        sys.exit(main(tuple(map(int, asked)) or SIZES))
