"""What becomes of misread text, by how its bytes were lost: ``python tests/benchmarks/damaged_prose.py``.

Sentences of fifteen languages (``damaged_prose.json``), four to a file, are read by twelve codecs, and control
characters, no-break spaces and undefined bytes are kept, dropped or replaced. Of the characters that this changed it
prints how many are right again, left with a record of what they may be, left without one, and wrong, and how many
sentences are whole again, beside ftfy's. With ``-v``, each that is wrong.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import ftfy

from pipeline.repair import Mended, Repair, mend_file
from pipeline.repair.channels import BY_NAME

CODECS = (
    "latin-1 cp1252 cp1250 cp1251 cp1254 iso8859-2 iso8859-9 iso8859-15 mac-roman cp437 cp850 koi8-r".split()  # noqa: SIM905
)
FATES = ("right", "left with a record", "left without", "wrong")


class Loss(NamedTuple):
    """What becomes of the bytes that a reader shows as control characters, no-break spaces, or not at all."""

    control: str | None
    blank: str | None
    undefined: str | None

    def of(self, char: str, *, defined: bool) -> str:
        kind = self.undefined if not defined else self.control if "\x80" <= char <= "\x9f" else None
        kind = self.blank if char == "\xa0" else kind
        return char if kind is None else kind


LOSSES = {
    "nothing": Loss(None, None, "\ufffd"),
    "controls dropped": Loss("", None, "\ufffd"),
    "and no-break spaces to spaces": Loss("", " ", "\ufffd"),
    "controls to spaces": Loss(" ", " ", "\ufffd"),
    "all dropped": Loss("", "", ""),
    "undefined to ?": Loss(None, " ", "?"),
}


def misread(text: str, codec: str, loss: Loss) -> list[tuple[str, str]]:
    """Each character of a text, with what stands there when it was misread."""
    table, undefined = BY_NAME[codec].table, BY_NAME[codec].undefined
    return [
        (char, "".join(loss.of(table[byte], defined=byte not in undefined) for byte in char.encode()))
        if char > "\x7f"
        else (char, char)
        for char in text
    ]


def fates(pairs: list[tuple[str, str]], mended: Mended) -> Iterator[tuple[str, str, list[Repair]]]:
    """What became of each character that was changed: its fate, the character, and the repairs at it."""
    line, place = "".join(read for _, read in pairs), 0
    for char, read in pairs:
        start, end = place, place + len(read)
        place = end
        if char == read:
            continue
        there = [one for one in mended.repairs if one.start < max(end, start + 1) and one.end > start]
        low, high = min([start, *(one.start for one in there)]), max([end, *(one.end for one in there)])
        if _between(mended, line, low, high) == _true(pairs, low, high):
            yield FATES[0], char, there
        elif any(one.certainty == "unresolved" for one in there):
            yield FATES[1], char, there
        else:
            yield FATES[3 if there else 2], char, there


def _between(mended: Mended, line: str, low: int, high: int) -> str:
    """What stands now where a span of the line was, which cuts no repair."""
    parts, place = [], low
    for repair in mended.repairs:
        if low <= repair.start and repair.end <= high:
            parts += [line[place : repair.start], repair.after]
            place = repair.end
    return "".join([*parts, line[place:high]])


def _true(pairs: list[tuple[str, str]], low: int, high: int) -> str:
    """What stood there."""
    found, place = [], 0
    for char, read in pairs:
        if low <= place and place + len(read) <= high and (read or place < high):
            found.append(char)
        place += len(read)
    return "".join(found)


def main(*, verbose: bool) -> None:
    """Print the table."""
    texts: dict[str, list[str]] = json.loads((Path(__file__).parent / "damaged_prose.json").read_text("utf-8"))
    print("| bytes lost | " + " | ".join(f"{fate}, %" for fate in FATES) + " | sentences whole, % | ftfy, % |")
    print("|---|" + "--:|" * (len(FATES) + 2))
    for name, loss in LOSSES.items():
        counts: Counter[str] = Counter()
        whole = [0, 0, 0]
        for sentences in texts.values():
            for codec in CODECS:
                read = [misread(sentence, codec, loss) for sentence in sentences]
                lines = ["".join(part for _, part in pairs) for pairs in read]
                for sentence, pairs, line, mended in zip(sentences, read, lines, mend_file(lines), strict=True):
                    if line == sentence:
                        continue
                    whole[0] += 1
                    whole[1] += mended.text == sentence
                    whole[2] += ftfy.fix_encoding(line) == sentence
                    for fate, char, there in fates(pairs, mended):
                        counts[fate] += 1
                        if verbose and fate == FATES[3]:
                            print(
                                codec, repr(char), [(one.before, one.after, one.confidence) for one in there], sentence
                            )
        shares = [f"{100 * counts[fate] / counts.total():.2f}" for fate in FATES]
        print(f"| {name} | {' | '.join(shares)} | {100 * whole[1] / whole[0]:.1f} | {100 * whole[2] / whole[0]:.1f} |")


if __name__ == "__main__":
    main(verbose="-v" in sys.argv[1:])
