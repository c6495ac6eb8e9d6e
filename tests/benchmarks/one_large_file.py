"""What one file of any size takes: CPU seconds a megabyte and the most memory, stage by stage, at growing sizes.

Run ``python tests/benchmarks/one_large_file.py [--as listing|csv|jsonl|ris] [--stages ingest,repair,split] [--apart]
[MB ...]``. Every size is run in a process of its own, on one core, in a folder that is removed afterwards. The stages
come one after the other in it, as in ``palimpsest run --workers 1``; with ``--apart`` each is a process of its own, so
that what one leaves in memory is not counted for the next. No two records are alike, in many languages, and one line in
fifty is damaged (``throughput_corpus``). Memory is what was resident, the process with its libraries.
"""

import argparse
import csv
import io
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from throughput_corpus import LANGUAGES, SEED, Words, damaged

from pipeline.engine import Settings, StageRun
from pipeline.engine.memory import pass_over_what_is_imported
from pipeline.engine.usage import measured
from pipeline.publish import publish
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder

SIZES: Final = ["10", "20", "40"]
STAGES: Final = [*STEPS, "publish"]
AT_ONCE: Final = 200  # records

Record = list[str]  # title, authors as "Last, First, Last, First", abstract


def records(dice: random.Random) -> Iterator[list[Record]]:
    """Records without end, some at a time; half of them in English."""
    languages = {name: Words(name, dice) for name in LANGUAGES}
    names, weights = list(languages), [LANGUAGES[name]["files"] for name in languages]
    while True:
        picked = dice.choices(names, weights, k=AT_ONCE)
        words = [languages["English" if dice.random() < 0.5 else name] for name in picked]
        values = list(damaged([text for one in words for text in (one.title(), one.people(), one.abstract())], dice))
        yield [values[start : start + 3] for start in range(0, len(values), 3)]


def as_listing(some: list[Record]) -> str:
    """Labelled lines."""
    return "".join(f"Title: {title}\nAuthors: {people}\nAbstract: {text}\n\n" for title, people, text in some)


def as_csv(some: list[Record]) -> str:
    """Rows of three columns; every seventh abstract has a line break and quotes."""
    page = io.StringIO()
    out = csv.writer(page, lineterminator="\n")
    for number, (title, people, text) in enumerate(some):
        out.writerow([title, "; ".join(_names(people)), f'"{text[:99]}"\n{text[99:]}' if number % 7 == 0 else text])
    return page.getvalue()


def as_jsonl(some: list[Record]) -> str:
    """An object a line."""
    rows = ({"title": title, "authors": _names(people), "abstract": text} for title, people, text in some)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_ris(some: list[Record]) -> str:
    """A tag a line."""
    people = ["".join(f"AU  - {name}\n" for name in _names(record[1])) for record in some]
    rows = zip(some, people, strict=True)
    return "".join(f"TY  - JOUR\nTI  - {row[0]}\n{names}AB  - {row[2]}\nER  - \n\n" for row, names in rows)


def _names(people: str) -> list[str]:
    parts = people.split(", ")
    return [", ".join(parts[start : start + 2]) for start in range(0, len(parts), 2)]


KINDS: Final[dict[str, tuple[str, str, Callable[[list[Record]], str]]]] = {
    "listing": ("listing.txt", "", as_listing),
    "csv": ("export.csv", "Title,Authors,Abstract\n", as_csv),
    "jsonl": ("export.jsonl", "", as_jsonl),
    "ris": ("export.ris", "", as_ris),
}


def write(file: Path, size: int, head: str, written: Callable[[list[Record]], str]) -> None:
    """A file of about so many bytes."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        stream.write(head)
        for some in records(random.Random(SEED)):
            stream.write(written(some))
            if stream.tell() >= size:
                return


def measure(folder: Path, stages: list[str]) -> list[dict[str, float]]:
    """CPU seconds and peak memory of each stage of a run."""
    raw, clean = RawFolder(folder / "raw"), CleanFolder(folder / "clean")
    pass_over_what_is_imported()
    found = []
    for stage in stages:
        with measured() as usage:
            if stage == "publish":
                publish(clean, "large")
            else:
                STEPS[stage].work(StageRun(stage, raw, clean, "large"), Settings(1, full=True))
        if stage in STEPS:  # which measured itself, and forgot the peak before it
            row = clean.table_set("large").read(f"run_metrics@{stage}").iloc[0]
            usage.peak_memory = int(row["peak_memory"])
        found.append({"cpu": usage.cpu_seconds, "peak": (usage.peak_memory or 0) / 1e6})
    return found


def in_processes(kind: str, megabytes: float, groups: list[list[str]]) -> tuple[float, list[dict[str, float]]]:
    """The size of the file in MB, and the figures of the stages, a group of them in a process."""
    name, head, written = KINDS[kind]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "raw", name)
        file.parent.mkdir()
        write(file, int(megabytes * 1e6), head, written)
        for stages in groups:
            command = [sys.executable, __file__, "--in", folder, "--stages", ",".join(stages)]
            found += json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return file.stat().st_size / 1e6, found


def main() -> None:
    """A row a size."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--as", dest="kind", choices=KINDS, default="listing")
    asked.add_argument("--stages", default=",".join(STAGES))
    asked.add_argument("--apart", action="store_true", help="each stage in a process of its own")
    asked.add_argument("--in", dest="folder", type=Path, help="print the figures of the stages there as JSON")
    asked.add_argument("sizes", nargs="*", default=SIZES)
    told = asked.parse_args()
    stages = told.stages.split(",")
    if told.folder:
        print(json.dumps(measure(told.folder, stages)))
        return
    print(f"| MB of {told.kind} |", *(f"{stage} s/MB | peak MB |" for stage in stages), "all s/MB |", flush=True)
    for size in told.sizes:
        groups = [[stage] for stage in stages] if told.apart else [stages]
        megabytes, row = in_processes(told.kind, float(size), groups)
        costs = [f"{one['cpu'] / megabytes:.3f} | {one['peak']:.0f} |" for one in row]
        total = sum(one["cpu"] for one in row) / megabytes
        print(f"| {megabytes:.0f} |", *costs, f"{total:.3f} |", flush=True)


if __name__ == "__main__":
    main()
