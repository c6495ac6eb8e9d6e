"""Is what is recorded at confidence c right about c of the time? ``python tests/benchmarks/repair_reliability.py``.

Needs faker. Names are put together from its lists and lose bytes in several ways; letters are guessed by tables from
which every fifth word (by its hash) was left out, so that the table shows words seen and words never seen apart.
"""

import hashlib
import random
import re
import sys
import tempfile
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from unittest import mock

from pipeline.repair import guess, letters, mend_text
from pipeline.repair.channels import BY_NAME
from pipeline.repair.lexicon import build

LOCALES = ("pl_PL", "cs_CZ", "tr_TR", "hr_HR", "hu_HU", "fr_FR", "es_ES", "pt_PT", "lv_LV", "ro_RO", "is_IS", "de_DE")
CODECS = ("iso8859-11", "latin-1", "iso8859-2", "iso8859-7")


def left_out(word: str) -> bool:
    """Every fifth word, the same in every run."""
    return hashlib.sha256(word.encode()).digest()[0] % 5 == 0


def damaged(text: str, codec: str, manner: str) -> str:
    """UTF-8 read as a codec, its control characters dropped or turned to spaces."""
    read = "".join(BY_NAME[codec].table[byte] for byte in text.encode())
    return "".join(("" if manner == "dropped" else " ") if "\x80" <= char <= "\x9f" else char for char in read)


def judged(true: str, broken: str) -> list[tuple[float, bool]]:
    """The confidence of each guess in a name, and whether its word, with all first choices, is one of the true name."""
    mended = mend_text(broken)
    words, text, shift, places = set(true.split()), list(mended.text), 0, []
    for repair in mended.repairs:
        start, after = repair.start + shift, repair.after
        if repair.certainty == "unresolved" and repair.alternatives:
            after = repair.alternatives[0]
        text[start : start + len(repair.after)] = [*after]
        if repair.certainty != "exact":
            places.append((start, repair.confidence))
        shift += len(after) - len(repair.before)
    spans = [(match.start(), match.end(), match[0] in words) for match in re.finditer(r"\S+", "".join(text))]
    return [(confidence, right) for place, confidence in places for start, end, right in spans if start <= place < end]


def main(count: int) -> None:
    """Print how often guesses of each confidence were right, for words seen and never seen."""
    dice = random.Random(11)
    tables: dict[str, dict[int, list[bool]]] = {"seen": defaultdict(list), "never seen": defaultdict(list)}
    with tempfile.TemporaryDirectory() as folder:
        build.write(Path(folder), lambda word: not left_out(word))
        with mock.patch.object(letters, "files", lambda name: Path(folder) if "lexicon" in name else files(name)):
            pools = [sorted(set(build.names(locale))) for locale in LOCALES]
            for _ in range(count):
                pool = dice.choice(pools)
                name = " ".join(dice.choices(pool, k=2))
                broken = damaged(name, dice.choice(CODECS), dice.choice(["dropped", "dropped", "spaces"]))
                odd = [word for word in name.split() if not word.isascii()]
                kind = "never seen" if any(left_out(build.lowered(word)) for word in odd) else "seen"
                for confidence, right in judged(name, broken):
                    tables[kind][min(9, int(confidence * 10))].append(right)
    for kind, bins in tables.items():
        total = sum(map(len, bins.values()))
        done = [right for place, rights in bins.items() if place >= guess.BOUND * 10 for right in rights]
        right = sum(done) / len(done)
        print(f"{kind}: {total} guesses, {len(done) / total:.0%} written down, {right:.1%} of them right")
        for place, rights in sorted(bins.items()):
            print(
                f"   confidence {place / 10:.1f} to {place / 10 + 0.1:.1f}: {len(rights):5} guesses, "
                f"{sum(rights) / len(rights):.0%} right"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
