"""How fast repair is beside ftfy and plsfix, over the same lines in one process.

Run ``python tests/benchmarks/repair_speed.py``. Ratios count, seconds do not. ``FILE ...`` measures on lines of your
own; without, on lines made here. plsfix is left out where it is not installed.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import ftfy

from pipeline.repair import mend_lines

PLAIN = [
    "model",
    "results",
    "training",
    "large",
    "data",
    "method",
    "analysis",
    "of",
    "the",
    "and",
    "over",
    "with",
    "for",
    "learning",
    "under",
    "small",
    "deep",
    "network",
]
WORDS = [*PLAIN, "Gößwein", "naïve", "Łączyński", "Çağlar", "Čivrná", "Ødegaard"]


def sets() -> dict[str, list[str]]:
    """Lines of four kinds, the same in every run."""
    dice = random.Random(7)
    ascii_lines = [" ".join(dice.choices(PLAIN, k=180)) for _ in range(3000)]
    european = [" ".join(dice.choices(WORDS, k=60)) for _ in range(1500)]
    mixed = [dice.choice(european) if dice.random() < 0.15 else dice.choice(ascii_lines) for _ in range(3000)]
    one_percent = [line.encode().decode("latin-1") if dice.random() < 0.01 else line for line in mixed]
    damaged = [line.encode().decode("latin-1") for line in european]
    return {
        "ASCII abstracts": ascii_lines,
        "15 % outside ASCII": mixed,
        "the same, 1 % damaged": one_percent,
        "European words": european,
        "all damaged": damaged,
    }


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the better of two runs."""
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def rivals() -> dict[str, Callable[[str], str]]:
    """What to compare with."""
    found: dict[str, Callable[[str], str]] = {"fix_text": ftfy.fix_text, "fix_encoding": ftfy.fix_encoding}
    if find_spec("plsfix"):
        import plsfix  # noqa: PLC0415 - only where it is installed

        found["plsfix"] = plsfix.fix_text
    return found


def main(paths: Iterable[str]) -> None:
    """Print one row a set of lines."""
    own = {path: Path(path).read_text(encoding="utf-8").splitlines() for path in paths}
    mend_lines(["GÃ¶ÃŸwein"])
    for name, lines in (own or sets()).items():
        size = sum(len(line.encode()) for line in lines) / 1e6
        mine = seconds(lambda lines=lines: mend_lines(lines))
        ratios = {
            rival: seconds(lambda lines=lines, fix=fix: [fix(line) for line in lines]) / mine
            for rival, fix in rivals().items()
        }
        beside = "  ".join(f"{ratio:.1f} x {rival}" for rival, ratio in ratios.items())
        print(f"{name:24} {size:7.2f} MB {size / mine:9.1f} MB/s   {beside}")


if __name__ == "__main__":
    main(sys.argv[1:])
