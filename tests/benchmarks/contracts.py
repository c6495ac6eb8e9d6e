"""A contract beside the same rules as DuckDB SQL, both with all reasons: ``python tests/benchmarks/contracts.py``.

A made authorship table of a million rows, eight columns and two foreign keys, with 1 % and with 50 % bad rows. Both
sides start from Arrow tables in memory and end with accepted rows, rejected rows and the reasons of each, in memory;
they run one after the other in one process. Ratios count, seconds do not. Memory is measured in a process of its own,
as the growth of the resident set while the contract works, beside the bytes of the table.
"""

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pandera.pandas as pap
import pyarrow as pa
import pyarrow.compute as pc

from schemas import Reference, Table
from schemas.arrow import Real, Text, Whole, to_frame
from schemas.contract import column

ROWS = 1_000_000
CERTAINTIES = ["clean", "exact", "constrained", "inferred", "unresolved"]


class Authorship(pap.DataFrameModel):
    """One author of one work."""

    authorship_id: Whole = column("Number", ge=0)
    work_id: Text = column("Work", str_matches="^w[0-9a-f]{16}$")
    author_id: Text = column("Author", str_matches="^a[0-9a-f]{16}$")
    position: Whole = column("Place", ge=1, le=9999)
    name: Text = column("Name", str_length={"min_value": 1, "max_value": 200})
    certainty: Text = column("Certainty", isin=CERTAINTIES)
    score: Real = column("Score", ge=0, le=1)
    note: Text = column("Note", nullable=True)

    @pap.dataframe_check(name="noted", error="what is unresolved has a note")
    def _noted(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["certainty"] != "unresolved") | frame["note"].notna()

    class Config:
        """The table's name."""

        name = "authorship"
        strict = True


TABLE = Table(
    Authorship,
    stage="link",
    key=("authorship_id",),
    version="1.0.0",
    references=(Reference(("work_id",), "works"), Reference(("author_id",), "authors")),
)

# The same rules, one expression a rule, true where it is broken.
SQL = {
    "authorship_id__not_null": "authorship_id IS NULL",
    "authorship_id__greater_than_or_equal_to": "authorship_id < 0",
    "work_id__not_null": "work_id IS NULL",
    "work_id__str_matches": "NOT regexp_full_match(work_id, 'w[0-9a-f]{16}')",
    "author_id__not_null": "author_id IS NULL",
    "author_id__str_matches": "NOT regexp_full_match(author_id, 'a[0-9a-f]{16}')",
    "position__not_null": "position IS NULL",
    "position__greater_than_or_equal_to": "position < 1",
    "position__less_than_or_equal_to": "position > 9999",
    "name__not_null": "name IS NULL",
    "name__str_length": "length(name) NOT BETWEEN 1 AND 200",
    "certainty__not_null": "certainty IS NULL",
    "certainty__isin": f"certainty NOT IN ({', '.join(map(repr, CERTAINTIES))})",
    "score__not_null": "score IS NULL",
    "score__greater_than_or_equal_to": "score < 0",
    "score__less_than_or_equal_to": "score > 1",
    "noted": "certainty = 'unresolved' AND note IS NULL",
    "key__unique": "authorship_id IN (SELECT authorship_id FROM rows GROUP BY authorship_id HAVING count(*) > 1)",
    "work_id__in_works": "work_id IS NOT NULL AND work_id NOT IN (SELECT work_id FROM works)",
    "author_id__in_authors": "author_id IS NOT NULL AND author_id NOT IN (SELECT author_id FROM authors)",
}


def tables(rows: int, bad: float) -> dict[str, pa.Table]:
    """The table and its two parents; ``bad`` of the rows break a rule, each kind of rule about equally often."""
    dice = np.random.default_rng(7)
    works = np.array([f"w{n:016x}" for n in range(rows // 4)], dtype=object)
    authors = np.array([f"a{n:016x}" for n in range(rows // 4)], dtype=object)
    names = np.array([f"Family{n}, Given Middle" for n in range(5000)], dtype=object)
    data = {
        "authorship_id": np.arange(rows).astype(object),
        "work_id": works[dice.integers(0, len(works), rows)],
        "author_id": authors[dice.integers(0, len(authors), rows)],
        "position": dice.integers(1, 50, rows).astype(object),
        "name": names[dice.integers(0, len(names), rows)],
        "certainty": np.array(CERTAINTIES[:4], dtype=object)[dice.integers(0, 4, rows)],
        "score": dice.random(rows).astype(object),
        "note": np.array([None, "seen"], dtype=object)[dice.integers(0, 2, rows)],
    }
    kinds: list[tuple[str, object]] = [
        ("authorship_id", 0), ("work_id", "W1"), ("work_id", "wffffffffffffffff"), ("author_id", None),
        ("author_id", "affffffffffffffff"), ("position", 0), ("name", ""), ("certainty", "sure"), ("score", 1.5),
        ("score", None),
    ]  # fmt: skip
    chosen = np.flatnonzero(dice.random(rows) < bad)
    for number, (name, value) in enumerate(kinds):
        data[name][chosen[number :: len(kinds)]] = value
    types = {field.name: field.type for field in TABLE.arrow_schema}
    own = pa.table({name: pa.array(values, types[name]) for name, values in data.items()})
    return {"rows": own, "works": pa.table({"work_id": works}), "authors": pa.table({"author_id": authors})}


def by_contract(data: Mapping[str, pa.Table]) -> tuple[int, int]:
    """Accepted and rejected rows, by the contract."""
    parents = {name: to_frame(data[name]) for name in ("works", "authors")}
    split = TABLE.split(to_frame(data["rows"]), parents)
    return len(split.accepted), int(split.rejected["rules"].list.len().sum()) if len(split.rejected) else 0


def by_duckdb(data: Mapping[str, pa.Table], threads: int) -> tuple[int, int]:
    """The same by DuckDB."""
    with duckdb.connect(config={"threads": threads}) as db:
        for name, table in data.items():
            db.register(name, table)
        cases = ", ".join(f"CASE WHEN {broken} THEN '{rule}' END" for rule, broken in SQL.items())
        # Of several ways (a temporary table, window functions, any reason first) the quickest.
        judged = db.sql(
            f"SELECT *, list_filter([{cases}], lambda x: x IS NOT NULL) AS rules FROM rows"
        ).to_arrow_table()
        kept = pc.equal(pc.list_value_length(judged["rules"]), 0)
        accepted, rejected = judged.filter(kept).drop_columns("rules"), judged.filter(pc.invert(kept))
    return accepted.num_rows, pc.sum(pc.list_value_length(rejected["rules"])).as_py() or 0


def seconds(work: Callable[[], tuple[int, int]], runs: int = 3) -> tuple[float, float, tuple[int, int]]:
    """Wall and CPU seconds of the best of some runs, and what came out."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus), result


def resident() -> int:
    """Bytes of this process that are in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def memory(bad: float) -> None:
    """Print bytes of the table and the growth of the resident set at its highest, while the contract works."""
    by_contract(tables(1000, bad))  # imports and caches are not the table's
    data = tables(ROWS, bad)
    pa.default_memory_pool().release_unused()
    before, peak, done = resident(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.002):
            peak = max(peak, resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    by_contract(data)
    done.set()
    watcher.join()
    print(data["rows"].nbytes, peak - before)


def main() -> None:
    """Print time beside DuckDB's, time at 50 % beside 1 %, and memory beside the table's."""
    own = {}
    for bad in (0.01, 0.5):
        data = tables(ROWS, bad)
        wall, cpu, (accepted, reasons) = seconds(lambda data=data: by_contract(data))
        own[bad] = wall, cpu
        print(f"{bad:.0%} bad, {ROWS:,} rows: {ROWS - accepted:,} refused for {reasons:,} reasons")
        print(f"   contract            {wall:6.2f} s, {cpu:6.2f} s CPU")
        for threads in (1, 2):
            wall_d, cpu_d, result = seconds(lambda data=data, threads=threads: by_duckdb(data, threads))
            if result != (accepted, reasons):
                raise SystemExit(f"DuckDB finds {result}, the contract {(accepted, reasons)}")
            print(
                f"   DuckDB, {threads} thread{'s' * (threads > 1)}  {wall_d:8.2f} s, {cpu_d:6.2f} s CPU; "
                f"contract / DuckDB {wall / wall_d:.2f}, CPU {cpu / cpu_d:.2f}"
            )
    print(f"50 % bad / 1 % bad: {own[0.5][0] / own[0.01][0]:.2f}, CPU {own[0.5][1] / own[0.01][1]:.2f}")
    for bad in (0.01, 0.5):
        done = subprocess.run([sys.executable, __file__, str(bad)], capture_output=True, text=True, check=True)
        size, growth = map(int, done.stdout.split())
        print(f"memory at {bad:.0%} bad: {growth / 1e6:.0f} MB more than before, {growth / size:.2f} x the table")
        print(f"   with the table itself {(growth + size) / size:.2f} x")


if __name__ == "__main__":
    memory(float(sys.argv[1])) if len(sys.argv) > 1 else main()
