"""Throughput of the pipeline beside the tools that one would otherwise take, on one core: the table in the README.

Run ``python tests/benchmarks/throughput.py [MEGABYTES] [--peers PYTHON]`` (100 without a number). ``PYTHON`` is an
interpreter with ftfy, plsfix, and datatrove with regex; what it lacks is left out and said. All read the same listings
(``throughput_corpus``) and write Parquet; each runs in a process of its own, which works on one small file before it is
measured, so that start-up is apart; what is imported by then is kept from the collector of cycles, as the pipeline's
workers do. Figures are of CPU seconds, because they say about the same on a busy machine.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

WAYS = {
    "palimpsest: read, repair, contracts": ("repair", 1),
    "palimpsest: the same, and split into records and names": ("split", 1),
    "script: plsfix a line, pandas, to_parquet": ("plsfix", 2),
    "script: ftfy.fix_text a line, pandas, to_parquet": ("ftfy", 1),
    "datatrove, FTFYFormatter, a line a document": ("datatrove", 1),
}
OURS = {"repair", "split"}
NEW_OBJECTS = 50_000  # from which on the collector of cycles looks at them, as in the pipeline


def script(fix: Callable[[str], str], raw: Path, out: Path) -> None:
    """What one would write in five minutes."""
    import pandas as pd  # noqa: PLC0415

    for page in sorted(raw.glob("*.txt")):
        lines = page.read_text(encoding="utf-8").split("\n")
        frame = pd.DataFrame({"path": page.name, "line_no": range(1, len(lines) + 1), "text": [*map(fix, lines)]})
        frame.to_parquet(out / f"{page.stem}.parquet", compression="zstd")


def ftfy(raw: Path, out: Path) -> None:
    """The script with ftfy."""
    import ftfy as peer  # noqa: PLC0415

    script(peer.fix_text, raw, out)


def plsfix(raw: Path, out: Path) -> None:
    """The script with plsfix."""
    import plsfix as peer  # noqa: PLC0415

    script(peer.fix_text, raw, out)


def datatrove(raw: Path, out: Path) -> None:
    """A pipeline of datatrove's own parts; lines are read without a detour over JSON."""
    import pyarrow as pa  # noqa: PLC0415
    from datatrove.data import Document  # noqa: PLC0415
    from datatrove.pipeline.formatters import FTFYFormatter  # noqa: PLC0415
    from datatrove.pipeline.writers import ParquetWriter  # noqa: PLC0415

    documents = (
        Document(line, f"{page.name}/{number}", metadata={"path": page.name, "line_no": number})
        for page in sorted(raw.glob("*.txt"))
        for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1)
    )
    place = pa.struct([("path", pa.string()), ("line_no", pa.int64())])  # told: it guesses, wrongly, at a blank line
    schema = pa.schema([("text", pa.string()), ("id", pa.string()), ("metadata", place)])
    for _ in ParquetWriter(str(out), compression="zstd", schema=schema).run(FTFYFormatter().run(documents)):
        pass


def stages(raw: Path, out: Path, last: str, workers: int = 1) -> None:
    """The pipeline up to a stage."""
    from pipeline.engine import Settings, StageRun  # noqa: PLC0415
    from pipeline.steps import STEPS  # noqa: PLC0415
    from pipeline.storage import CleanFolder, RawFolder  # noqa: PLC0415

    for name, step in STEPS.items():
        step.work(StageRun(name, RawFolder(raw), CleanFolder(out), "throughput"), Settings(workers, full=True))
        if name == last:
            break


def measure(way: str, raw: Path, small: Path) -> float:
    """CPU seconds of one way, without what it takes to start."""
    works: dict[str, Callable[[Path, Path], None]] = {
        "ftfy": ftfy,
        "plsfix": plsfix,
        "datatrove": datatrove,
        "repair": lambda raw, out: stages(raw, out, "repair"),
        "split": lambda raw, out: stages(raw, out, "split"),
    }
    import pyarrow as pa  # noqa: PLC0415

    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as out:
        works[way](small, Path(out))
    _pass_over_what_is_imported(own=way in OURS)
    with tempfile.TemporaryDirectory() as out:
        start = time.process_time()
        works[way](raw, Path(out))
        return time.process_time() - start


def _pass_over_what_is_imported(*, own: bool) -> None:
    """The same for all; the interpreter of the peers need not have the pipeline."""
    if own:
        from pipeline.engine.memory import pass_over_what_is_imported  # noqa: PLC0415

        pass_over_what_is_imported()
    else:
        gc.collect()
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def seconds(python: str, way: str, times: int, raw: Path, small: Path) -> float | str:
    """The better of some runs, or why there is none."""
    command = [python, __file__, "--one", way, str(raw), str(small)]
    found = []
    for _ in range(times):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no message"])[-1]
        found.append(float(done.stdout.splitlines()[-1]))
    return min(found)


def table(megabytes: int, peers: str) -> None:
    """Make the corpus in a folder that is removed afterwards, and print a row a way."""
    from throughput_corpus import make  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        raw, small = Path(folder, "raw"), Path(folder, "small")
        size = make(raw, megabytes) / 1e6
        make(small, 1)
        print(f"{size:.1f} MB in {len(list(raw.iterdir()))} files", flush=True)
        print("| way | MB/s a core | repair is faster | with records it is |\n|---|--:|--:|--:|", flush=True)
        ours: list[float] = []
        for name, (way, times) in WAYS.items():
            cost = seconds(sys.executable if way in OURS else peers, way, times, raw, small)
            if isinstance(cost, str):
                print(f"| {name} | not measured: {cost} | | |", flush=True)
            elif way in OURS:
                ours.append(cost)
                print(f"| {name} | {size / cost:.1f} | | |", flush=True)
            else:
                ratios = " | ".join(f"{cost / own:.2f} x" for own in ours)
                print(f"| {name} | {size / cost:.2f} | {ratios} |", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", nargs="?", type=int, default=100)
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has the peers installed")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.one:
        print(json.dumps(measure(told.one[0], Path(told.one[1]), Path(told.one[2]))))
    else:
        table(told.megabytes, told.peers)


if __name__ == "__main__":
    main()
