"""What a run cost, for people and for monitoring: the table ``run_metrics`` and the page ``metrics.prom``.

The page is OpenMetrics text with gauges only, so that it is also what Prometheus' node exporter takes from a file
(https://prometheus.io/docs/specs/om/open_metrics_spec/). The time of the last published run is on it: an alarm on its
age also notices runs that failed or never started.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from pipeline.engine.usage import Usage
from pipeline.storage import CleanFolder
from schemas import TABLES
from schemas.arrow import to_rows
from schemas.quality import ALL_STAGES, RUN_METRICS

PAGE = "metrics.prom"
RUNS = 50
NAME = RUN_METRICS.name

_STAGE_GAUGES = (
    ("stage_seconds", "seconds", "seconds", "How long a stage took."),
    ("stage_cpu_seconds", "cpu_seconds", "seconds", "Seconds of all cores that a stage used."),
    ("stage_peak_memory_bytes", "peak_memory", "bytes", "Memory that the largest process of a stage held at most."),
    ("stage_read_bytes", "read_bytes", "bytes", "Bytes of the raw files that a stage worked on."),
    ("stage_written_bytes", "written_bytes", "bytes", "Bytes of the tables that a stage wrote."),
    ("stage_rows", "rows", "", "Rows of the tables that a stage wrote."),
    ("stage_files_done", "files_done", "", "Raw files that a stage worked on."),
    ("stage_files_taken_over", "files_taken_over", "", "Raw files whose rows were taken over from the run before."),
)
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


def publish_metrics(clean: CleanFolder, run_id: str, usage: Usage) -> pd.DataFrame:
    """Write table and page into the set of a run that is about to be published; ``usage`` is that of publishing.

    Only stages that this run did have a row. Returns the rows of this run.
    """
    tables, before = clean.table_set(run_id), clean.published()
    earlier = before.read(NAME) if before and before.has(NAME) else RUN_METRICS.empty()
    done = [
        row for stage in ALL_STAGES[:-1] if tables.has(part := f"{NAME}@{stage}") for row in to_rows(tables.read(part))
    ]
    counts = {name: clean.latest(name, run_id).count(name) for name in TABLES}
    usage.stop()
    done.append(_publishing(run_id, usage, sum(counts.values()), tables.size()))
    history = with_history(earlier, RUN_METRICS.typed(pd.DataFrame(done)))
    own: pd.DataFrame = history[history["run_no"] == history["run_no"].max()]
    tables.write(RUN_METRICS, RUN_METRICS.accept(history, {}))
    files = clean.latest("raw_files", run_id).read("raw_files", ["status"])["status"].value_counts()
    rules = clean.latest("rule_results", run_id).read("rule_results", ["severity", "failures"])
    broken = rules[rules["failures"] > 0]["severity"].value_counts()
    counted: dict[str, dict[str, int]] = {
        "table_rows": counts,
        "files": {str(key): int(n) for key, n in files.items()},
        "rules_broken": {str(key): int(n) for key, n in broken.items()},
    }
    tables.write_page(PAGE, page(own, counted, time.time()))
    return own.reset_index(drop=True)


def with_history(earlier: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The rows of one run, numbered, behind those of the runs before it; RUNS runs are kept."""
    number = 1 if earlier.empty else int(earlier["run_no"].max()) + 1
    kept = earlier[earlier["run_no"] > number - RUNS]
    return RUN_METRICS.typed(pd.concat([kept, own.assign(run_no=number)], ignore_index=True))


def page(own: pd.DataFrame, counted: Mapping[str, Mapping[str, int]], now: float) -> str:
    """The rows of one run, and what it counted, as OpenMetrics text."""
    rows = to_rows(own)
    started = min(datetime.strptime(row["started"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) for row in rows)
    lines = [
        *_family(
            "run_started_timestamp_seconds",
            "seconds",
            "When the last published run started.",
            [({}, started.timestamp())],
        ),
        *_family("run_published_timestamp_seconds", "seconds", "When the last run was published.", [({}, now)]),
        *_family(
            "run_number", "", "Number of the last published run.", [({"run": rows[0]["run_id"]}, rows[0]["run_no"])]
        ),
    ]
    for name, column, unit, text in _STAGE_GAUGES:
        lines += _family(name, unit, text, [({"stage": r["stage"]}, r[column]) for r in rows if r[column] is not None])
    for name, label, text in (
        ("table_rows", "table", "Rows of a published table."),
        ("files", "status", "Raw files by what became of them."),
        ("rules_broken", "severity", "Rules that some rows broke."),
    ):
        lines += _family(name, "", text, [({label: key}, value) for key, value in counted[name].items()])
    return "\n".join([*lines, "# EOF"]) + "\n"


def _family(name: str, unit: str, text: str, samples: Iterable[tuple[dict[str, str], float]]) -> Iterator[str]:
    full = f"palimpsest_{name}"
    yield f"# TYPE {full} gauge"
    if unit:
        yield f"# UNIT {full} {unit}"
    yield f"# HELP {full} {text}"
    for labels, value in samples:
        named = ",".join(f'{key}="{label.translate(_ESCAPES)}"' for key, label in labels.items())
        yield f"{full}{{{named}}} {value}" if named else f"{full} {value}"


def _publishing(run_id: str, usage: Usage, rows: int, size: int) -> dict[str, Any]:
    return {
        "run_no": 1,
        "run_id": run_id,
        "stage": "publish",
        "started": usage.started,
        "seconds": round(usage.seconds, 3),
        "cpu_seconds": round(usage.cpu_seconds, 3),
        "peak_memory": usage.peak_memory,
        "read_bytes": None,
        "written_bytes": size,
        "rows": rows,
        "files_done": None,
        "files_taken_over": None,
        "taken_over": False,
    }
