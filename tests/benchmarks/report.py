"""How long the report of a large run takes, from tables on disk to the page: ``python tests/benchmarks/report.py``.

The tables are synthetic: for a million records 4 million lines, 2 million repairs and 700,000 works in 20,000 files.
The peer in the same run is reading those columns and counting them once with DuckDB.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[2]))

from pipeline.publish import report_page
from pipeline.storage import CleanFolder
from schemas import TABLES

DAMAGED = ("Nelesnรฝ", "Dvoลกkovรก", "Krรกtkรฝ")


def picked(rng: np.random.Generator, values: list[object], count: int) -> pa.Array:
    """So many of the values, at random."""
    return pa.array(values).take(pa.array(rng.integers(0, len(values), count)))


def tables(records: int) -> dict[str, dict[str, pa.Array]]:
    """The columns that the report reads, by table; the other columns are filled by ``whole``."""
    rng = np.random.default_rng(6)
    lines, repairs, works, files = 4 * records, 2 * records, records * 7 // 10, max(1, records // 50)
    paths = pa.array([f"group{n % 97}/page{n:06}.txt" for n in range(files)])
    per_file = lines // files
    line_path = paths.take(pa.array(np.repeat(np.arange(files), per_file)))
    line_no = pa.array(np.tile(np.arange(1, per_file + 1), files))
    text = picked(
        rng, [f"{w} writes about the rivers of a valley, line {n}" for w in DAMAGED for n in range(999)], len(line_no)
    )
    at = np.sort(rng.choice(len(line_no), repairs, replace=False))
    certainty = picked(rng, ["exact"] * 90 + ["constrained"] * 4 + ["inferred"] * 5 + ["unresolved"], repairs)
    left = np.array(certainty.to_pylist()) == "unresolved"
    before = np.array(picked(rng, ["รฝ", "ลก", "รก", "ลพ", "รฉ"], repairs).to_pylist(), dtype=object)
    after = np.where(left, before, "ý")
    work = pa.array([f"w{n:016x}" for n in range(works)])
    of = np.concatenate([np.arange(works), rng.integers(0, works, records - works)])
    results = [
        (t.name, r.name, r.says, records, 3 if i % 9 == 0 else 0)
        for t in TABLES.values()
        for i, r in enumerate(t.rules)
    ]
    rejects = records // 100
    return {
        "raw_files": {
            "path": paths,
            "line_count": pa.array([per_file] * files),
            "status": pa.array(["parsed"] * files),
            "layout": picked(rng, ["listing_a", "listing_b"], files),
            "record_count": pa.array([records // files] * files),
        },
        "text_lines": {"path": line_path, "line_no": line_no, "text": text},
        "text_repairs": {
            "path": line_path.take(pa.array(at)),
            "line_no": line_no.take(pa.array(at)),
            "start": pa.array(np.full(repairs, 6)),
            "end": pa.array(np.full(repairs, 8)),
            "before": pa.array(before),
            "after": pa.array(after),
            "kind": picked(rng, ["mojibake"] * 8 + ["entity", "space"], repairs),
            "codec": picked(rng, ["utf-8>cp1252", "utf-8>iso8859-11", None], repairs),
            "certainty": certainty,
            "confidence": pa.array(rng.random(repairs)),
            "alternatives": pa.array([["a", "b"] if x else [] for x in left]),
            "evidence": picked(rng, [f"{n} words were read the same way" for n in range(5000)], repairs),
        },
        "line_roles": {
            "path": line_path,
            "line_no": line_no,
            "role": picked(rng, ["title", "authors", "abstract", "blank", "chrome"], len(line_no)),
        },
        "unused_tokens": {"reason": picked(rng, ["placeholder", "punctuation"], records // 5)},
        "works": {
            "work_id": work,
            "title": picked(rng, [f"On the rivers of valley {n}" for n in range(9999)], works),
            "abstract_record_id": picked(rng, ["r1", None], works),
            "venue_record_id": picked(rng, ["r1", None], works),
            "year": pa.array(rng.integers(1950, 2026, works)),
            "record_count": pa.array(np.bincount(of, minlength=works)),
            "author_count": pa.array(rng.integers(0, 9, works)),
        },
        "work_records": {
            "work_id": work.take(pa.array(of)),
            "path": picked(rng, paths.to_pylist(), records),
            "line_start": pa.array(rng.integers(1, per_file, records)),
            "rule": picked(rng, ["same abstract", "same title", "alone"], records),
            "score": pa.array(rng.random(records)),
        },
        "authors": {
            "kind": picked(rng, ["person"], works),
            "certainty": picked(rng, ["clean", "exact"], works),
            "ambiguous_name": pa.array(rng.random(works) < 0.1),
        },
        "possible_same_author": {"reason": picked(rng, ["same initials"], works // 9)},
        "rejects": {
            "table": picked(rng, ["records", "works"], rejects),
            "path": picked(rng, paths.to_pylist(), rejects),
            "line_start": pa.array(rng.integers(1, 9, rejects)),
            "rules": pa.array([["year__not_null", "title__trimmed"]] * rejects),
            "row": picked(rng, ['{"a": "b"}'], rejects),
        },
        "ledger": {
            "stage": pa.array(["split", "repair", "link", "link"] * files),
            "unit": pa.array(["lines", "lines", "records", "names"] * files),
            "path": paths.take(pa.array(np.repeat(np.arange(files), 4))),
            **{
                c: pa.array(rng.integers(0, 9, 4 * files))
                for c in ("received", "used", "set_aside", "rejected", "difference")
            },
        },
        "rule_results": {
            c: pa.array(values)
            for c, values in zip(("table", "rule", "says", "rows", "failures"), zip(*results, strict=True), strict=True)
        }
        | {"blocks": pa.array([False] * len(results))},
    }


def whole(name: str, columns: dict[str, pa.Array]) -> pd.DataFrame:
    """The table with all columns of its contract; those that the report does not read hold one value."""
    count = len(next(iter(columns.values())))
    fill = {pa.string(): "x", pa.int64(): 1, pa.float64(): 1.0, pa.bool_(): False}
    full = {
        f.name: columns[f.name].cast(f.type)
        if f.name in columns
        else pa.nulls(count, f.type)
        if f.nullable
        else pa.array([fill.get(f.type, [])] * count, f.type)
        for f in TABLES[name].arrow_schema
    }
    return pa.table(full).to_pandas(types_mapper=pd.ArrowDtype)


def main() -> None:
    """Write the tables, then time the page and the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as place:
        clean = CleanFolder(Path(place))
        made = clean.table_set("run")
        for name, columns in tables(records).items():
            made.write(TABLES[name], whole(name, columns))
        for name in TABLES:
            if not made.has(name):
                made.write(TABLES[name], TABLES[name].empty())
        rows = sum(pq.read_metadata(file).num_rows for file in made.folder.glob("*.parquet"))
        start = time.perf_counter(), time.process_time()
        html = report_page(clean, "run")
        wall, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
        start_peer = time.perf_counter()
        duckdb.sql(
            f"select kind, codec, certainty, before, after, count(*) from '{made.path('text_repairs')}' group by all"
        ).fetchall()
        duckdb.sql(f"select path, role, count(*) from '{made.path('line_roles')}' group by all").fetchall()
        duckdb.sql(f"select path, certainty, count(*) from '{made.path('text_repairs')}' group by all").fetchall()
        peer = time.perf_counter() - start_peer
    print(f"{records:,} records, {rows:,} rows: page of {len(html) / 1e3:.0f} kB in {wall:.2f} s ({cpu:.2f} s of CPU)")
    print(f"three counts of it with DuckDB: {peer:.2f} s; ratio {wall / peer:.1f}")
    print(f"most memory, also of making the tables: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
