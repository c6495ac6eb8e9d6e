"""The corpus of ``throughput.py``: listings in many languages, made of invented words, the same in every run.

Every language has syllables and letters of its own; its words are made of them and drawn by Zipf's law, so that a good
part of the distinct words is met once, as in real text. Half of the records of a file are in English, the others in one
more language. Three files of four are profiles (title, authors and abstract, a line each), the others have labels. One
line in fifty is damaged: some of those with characters outside ASCII are read as Windows-1252, or as ISO-8859-11.
"""

import itertools
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from pipeline.repair.channels import BY_NAME

SEED = 20
FILE_BYTES = 250_000
DAMAGED = 0.02
CODECS = ("cp1252", "iso8859-11")
VOCABULARY = 20_000

# Of each language its syllables (and those of most Latin ones), small words, and how many files of 70 are in it.
LATIN = ["ba", "do", "ken", "li", "mu", "na", "ri", "so", "ta", "vel", "wi", "zan", "gre", "hol", "ji", "ment", "ing"]
LANGUAGES = json.loads(Path(__file__).with_name("throughput_languages.json").read_text(encoding="utf-8"))
SIGNS = ["“{}”", "{}’s", "{} –", "{}…", "{}—", "‘{}’"]


class Words:
    """The words of one language, drawn by Zipf's law."""

    def __init__(self, name: str, dice: random.Random) -> None:
        said = LANGUAGES[name]
        syllables = said["syllables"].split() + (LATIN if said["latin"] else [])
        made = {"".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(VOCABULARY)}
        self.vocabulary = [*said["small words"].split(), *sorted(made)]
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.vocabulary))))
        self.names = [word.capitalize() for word in dice.sample(sorted(made), 2000)]
        self.dice, self.space = dice, " " if said["spaces"] else ""
        self.stop = "。" if name in {"Chinese", "Japanese"} else "."

    def draw(self, count: int) -> list[str]:
        """Some words."""
        return self.dice.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def title(self) -> str:
        """The title of a paper."""
        return self.space.join(self.draw(9)).capitalize()

    def abstract(self) -> str:
        """Nine sentences; one text in six has typographic signs."""
        text = (self.stop + self.space).join(self.space.join(self.draw(14)).capitalize() for _ in range(9)) + self.stop
        if self.space and self.dice.random() < 0.15:
            parts = text.split(" ")
            for place in self.dice.sample(range(len(parts)), 3):
                parts[place] = self.dice.choice(SIGNS).format(parts[place])
            text = " ".join(parts)
        return text

    def people(self) -> str:
        """An author list, ``Last, First, Last, First``."""
        return ", ".join(self.dice.choices(self.names, k=2 * self.dice.randint(1, 6)))


def listing(number: int, languages: dict[str, Words], dice: random.Random) -> list[str]:
    """The lines of one file of about ``FILE_BYTES``."""
    labelled = number % 4 == 3
    english = languages["English"]
    lines = [] if labelled else [", ".join(dice.choices(english.names, k=2))]
    (other,) = dice.choices(list(languages.values()), [LANGUAGES[name]["files"] for name in languages])
    size = 0
    while size < FILE_BYTES:
        words = english if dice.random() < 0.5 else other
        record = [words.title(), words.people(), words.abstract()]
        if labelled:
            record = [f"{label}: {text}" for label, text in zip(("Title", "Authors", "Abstract"), record, strict=True)]
        lines += [*record, *([""] if labelled else [])]
        size += sum(len(line.encode()) + 1 for line in record)
    return lines


def damaged(lines: list[str], dice: random.Random) -> Iterator[str]:
    """The lines, one in fifty of them read with the wrong codec."""
    odd = [number for number, line in enumerate(lines) if not line.isascii()]
    hit = set(dice.sample(odd, min(len(odd), round(DAMAGED * len(lines)))))
    for number, line in enumerate(lines):
        if number in hit:
            table = BY_NAME[CODECS[dice.randrange(2)]].table
            yield "".join(table[byte] for byte in line.encode())
        else:
            yield line


def make(folder: Path, megabytes: int) -> int:
    """Write the corpus into a folder; returns its bytes."""
    dice = random.Random(SEED)
    languages = {name: Words(name, dice) for name in LANGUAGES}
    size = number = 0
    folder.mkdir(parents=True, exist_ok=True)
    while size < megabytes * 1e6:
        page = "\n".join(damaged(listing(number, languages, dice), dice)) + "\n"
        size += (folder / f"listing{number:05}.txt").write_bytes(page.encode())
        number += 1
    return size


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2])), "bytes")
