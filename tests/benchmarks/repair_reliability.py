"""Is what is recorded at confidence c right about c of the time? ``python tests/benchmarks/repair_reliability.py``.

Needs faker and wordfreq. Names are put together from faker's lists and lose bytes in several ways; letters are guessed
by tables from which every fifth word (by its hash) was left out, so that words seen and words never seen are shown
apart, and words whose ending is gone beside others. With a number, so many names; with a file behind it, names of that
file and none of faker's (one a line, ``Family, Given``), guessed by the tables that are shipped.
"""

import hashlib
import random
import re
import sys
import tempfile
from bisect import bisect
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from statistics import mean
from unittest import mock

from pipeline.repair import guess, letters, mend_text
from pipeline.repair.channels import BY_NAME
from pipeline.repair.lexicon import build

LOCALES = ("pl_PL", "cs_CZ", "tr_TR", "hr_HR", "hu_HU", "fr_FR", "es_ES", "pt_PT", "lv_LV", "ro_RO", "is_IS", "de_DE")
CODECS = ("iso8859-11", "latin-1", "iso8859-2", "iso8859-7")
_BINS = (0.3, 0.5, 0.7, guess.BOUND, 0.9, 0.95, 0.99)
_WORD = re.compile(r"[^\W\d_]+")


def left_out(word: str) -> bool:
    """Every fifth word, the same in every run."""
    return hashlib.sha256(word.encode()).digest()[0] % 5 == 0


def damaged(text: str, codec: str, manner: str) -> str:
    """UTF-8 read as a codec, its control characters dropped or turned to spaces."""
    read = "".join(BY_NAME[codec].table[byte] for byte in text.encode())
    return "".join(("" if manner == "dropped" else " ") if "\x80" <= char <= "\x9f" else char for char in read)


def judged(true: str, broken: str) -> list[tuple[float, bool, bool]]:
    """Each guess in a name: its confidence, whether its word (of first choices) is a true one, and ends with it."""
    mended = mend_text(broken)
    words, text, shift, places = set(_WORD.findall(true)), list(mended.text), 0, []
    for repair in mended.repairs:
        start, after = repair.start + shift, repair.after
        if repair.certainty == "unresolved" and repair.alternatives:
            after = repair.alternatives[0]
        text[start : start + len(repair.after)] = [*after]
        if repair.certainty != "exact":
            places.append((start, start + len(after), repair.confidence))
        shift += len(after) - len(repair.before)
    spans = [(match.start(), match.end(), match[0] in words) for match in _WORD.finditer("".join(text))]
    return [
        (confidence, right, behind == end)
        for place, behind, confidence in places
        for start, end, right in spans
        if start <= place < end
    ]


def shown(title: str, guesses: list[tuple[float, bool]]) -> None:
    """Print how often guesses of each confidence were right."""
    done = [right for confidence, right in guesses if confidence >= guess.BOUND]
    print(
        f"{title}: {len(guesses)} guesses, {len(done) / len(guesses):.0%} sure enough, {mean(done):.1%} of them right"
    )
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, right in guesses:
        bins[bisect(_BINS, confidence)].append((confidence, right))
    for _, rows in sorted(bins.items()):
        said, right = mean([one for one, _ in rows]), mean([one for _, one in rows])
        print(f"   said {said:.2f}, right {right:.2f} of {len(rows)}")


def main(count: int, listed: str = "") -> None:
    """Print the tables, of words seen and never seen, or of those of a file."""
    dice = random.Random(11)
    tables: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        pools, tables_in = [sorted(set(build.names(locale))) for locale in LOCALES], files
        lines = Path(listed).read_text(encoding="utf-8").splitlines() if listed else []
        if not listed:
            build.write(Path(folder), lambda word: not left_out(word))
            tables_in = lambda name: Path(folder) if "lexicon" in name else files(name)  # noqa: E731
        with mock.patch.object(letters, "files", tables_in):
            for number in range(count):
                name = lines[number % len(lines)] if lines else " ".join(dice.choices(dice.choice(pools), k=2))
                broken = damaged(name, dice.choice(CODECS), dice.choice(["dropped", "dropped", "spaces"]))
                odd = [build.lowered(word) for word in _WORD.findall(name) if not word.isascii()]
                known = all(word in letters.letter_model().words for word in odd)
                for confidence, right, ending in judged(name, broken):
                    kind = "all words are listed" if known else "a word is in no list"
                    tables[kind].append((confidence, right))
                    tables[f"{kind}, {'its ending is gone' if ending else 'a letter inside is gone'}"].append(
                        (confidence, right)
                    )
    for title, guesses in sorted(tables.items()):
        shown(title, guesses)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000, *sys.argv[2:3])
