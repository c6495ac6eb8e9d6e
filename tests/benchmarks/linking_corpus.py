"""A corpus of records and author mentions of any size whose true works and people are known, the same in every run.

Words and names are invented from syllables; their frequencies fall as those of words do (Zipf), and set phrases recur
in unrelated abstracts. Records of one work are cut, glued to an introduction, typed with LaTeX, hyphenated, revised,
misspelt, damaged, or without an abstract; names lose middle names, accents and letters.

Run ``python tests/benchmarks/linking_corpus.py FOLDER RECORDS``; it writes ``records.parquet``,
``author_mentions.parquet``, and the truth: ``work`` (of each record) and ``person`` (of each mention), in their order.
"""

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import TABLES

RECORDS_A_WORK = 1.43
WORKS_AT_ONCE = 20_000
_STARTS = [
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou"]
_ENDS = ["", "n", "r", "s", "l", "nd", "st", "ring", "tion", "m"]
_ACCENTS = str.maketrans("aeoun", "áéöüñ")


@dataclass
class Rows:
    """Records and mentions from number ``first`` on, with the true work of the one and person of the other."""

    first: int
    records: dict[str, list[object]] = field(
        default_factory=lambda: {name: [] for name in ("title", "abstract", "venue", "year")}
    )
    mentions: dict[str, list[object]] = field(
        default_factory=lambda: {name: [] for name in ("row", "position", "family", "given", "certainty")}
    )
    work: list[int] = field(default_factory=list)
    person: list[int] = field(default_factory=list)

    @property
    def next(self) -> int:
        """The number of the next record."""
        return self.first + len(self.work)


def _words(count: int, syllables: tuple[int, int], dice: random.Random) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        parts = (
            dice.choice(_STARTS) + dice.choice(_VOWELS) + dice.choice(_ENDS) for _ in range(dice.randint(*syllables))
        )
        made["".join(parts)] = None
    return list(made)


class _Texts:
    """Abstracts and titles by number; the same number gives the same text."""

    def __init__(self, dice: random.Random, works: int) -> None:
        self.vocabulary = _words(40_000, (1, 3), dice)
        self.phrases = [" ".join(dice.choices(self.vocabulary[:300], k=dice.randint(4, 8))) for _ in range(3000)]
        numbers = np.random.default_rng(11)
        share = 1 / np.arange(2, len(self.vocabulary) + 2)
        self.drawn = np.searchsorted(np.cumsum(share / share.sum()), numbers.random(works * 6 + 4_000_000))
        self.dice = dice

    def words(self, count: int) -> list[str]:
        start = self.dice.randrange(len(self.drawn) - count)
        step = self.dice.choice((1, 1, 1, -1))
        picked = self.drawn[start : start + count][::step].tolist()
        self.dice.shuffle(picked)
        return [self.vocabulary[min(place, len(self.vocabulary) - 1)] for place in picked]

    def abstract(self) -> str:
        dice = self.dice
        sentences = []
        for _ in range(dice.randint(4, 9)):
            words = self.words(dice.randint(10, 26))
            if dice.random() < 0.5:
                words[:0] = self.phrases[int(len(self.phrases) * dice.random() ** 3)].split()
            sentences.append(" ".join(words).capitalize() + ".")
        return " ".join(sentences)

    def title(self) -> str:
        return " ".join(self.words(self.dice.randint(4, 10))).capitalize()


def _cut(words: list[str], texts: _Texts) -> list[str]:
    return [*words[: max(25, int(len(words) * texts.dice.uniform(0.3, 0.9)))], "..."]


def _glued(words: list[str], texts: _Texts) -> list[str]:
    return [*words, "1", "Introduction", *texts.words(texts.dice.randint(80, 200))]


def _revised(words: list[str], texts: _Texts) -> list[str]:
    sentences = " ".join(words).split(". ")
    sentences[texts.dice.randrange(len(sentences))] = " ".join(texts.words(15)).capitalize()
    return [". ".join(sentences)]


def _hyphenated(words: list[str], _: _Texts) -> list[str]:
    return [f"{w[: len(w) // 2]}- {w[len(w) // 2 :]}" if n % 9 == 8 else w for n, w in enumerate(words)]


def _latex(words: list[str], _: _Texts) -> list[str]:
    return [rf"\emph{{{w}}}" if n % 20 == 5 else w for n, w in enumerate(words)]


def _misspelt(words: list[str], texts: _Texts) -> list[str]:
    return [w[:1] + w if texts.dice.random() < 0.025 else w for w in words]


def _damaged(words: list[str], _: _Texts) -> list[str]:
    return [w.replace("a", "Ã¡", 1).replace("e", "\ufffd", 1) if n % 30 == 3 else w for n, w in enumerate(words)]


_VARIANTS = (_cut, _glued, _revised, _hyphenated, _latex, _misspelt, _damaged)


def _varied(abstract: str, texts: _Texts) -> str:
    if texts.dice.random() < 0.4:
        return abstract
    return " ".join(texts.dice.choice(_VARIANTS)(abstract.split(), texts))


def _people(count: int, dice: random.Random) -> list[tuple[str, str, str]]:
    """Family, first and middle name (often none) of each person; names are shared by chance, the short ones often."""
    families, givens = _words(max(2000, count // 12), (1, 3), dice), _words(3000, (1, 2), dice)
    people = []
    for _ in range(count):
        family = families[int(len(families) * dice.random() ** 1.5)].capitalize()
        if dice.random() < 0.15:
            family = family.translate(_ACCENTS)
        middle = dice.choice(givens).capitalize() if dice.random() < 0.25 else ""
        people.append((family, givens[int(len(givens) * dice.random() ** 1.5)].capitalize(), middle))
    return people


def _printed(person: tuple[str, str, str], dice: random.Random) -> tuple[str, str, str]:
    """Family, given names and certainty as one listing prints them."""
    family, first, middle = person
    chance = dice.random()
    if middle and chance < 0.15:
        middle = ""
    elif middle and chance < 0.45:
        middle = middle[0] + "."
    certainty = "clean"
    if not family.isascii() and chance < 0.05:
        place = next(i for i, c in enumerate(family) if not c.isascii())
        family, certainty = family[:place] + "\ufffd" + family[place + 1 :], "unresolved"
    elif chance > 0.97:
        first = first[0] + "."
    return family, f"{first} {middle}".strip(), certainty


def corpus(records: int, seed: int = 5) -> Iterator[Rows]:
    """A corpus of about ``records`` records, some works at a time."""
    dice = random.Random(seed)
    works = int(records / RECORDS_A_WORK)
    texts = _Texts(dice, works)
    people = _people(max(200, works), dice)
    rows = Rows(0)
    for work in range(works):
        abstract, title, year = texts.abstract(), texts.title(), dice.randint(1990, 2025)
        home = dice.randrange(len(people))  # people write with their neighbours
        authors = [(home + dice.randrange(40)) % len(people) for _ in range(dice.randint(1, 7))]
        authors = list(dict.fromkeys(authors))
        for copy in range(min(6, 1 + int(dice.expovariate(1.2)))):
            bare = copy and dice.random() < 0.12
            number = rows.next
            rows.records["abstract"].append(None if bare else _varied(abstract, texts) if copy else abstract)
            rows.records["title"].append(title if bare or dice.random() < 0.8 else None)
            rows.records["venue"].append(f"Journal {work % 900}" if dice.random() < 0.5 else None)
            rows.records["year"].append(year if dice.random() < 0.7 else None)
            rows.work.append(work)
            if not bare and dice.random() < 0.2:
                continue
            for position, author in enumerate(authors, 1):
                family, given, certainty = _printed(people[author], dice)
                for key, value in zip(rows.mentions, (number, position, family, given, certainty), strict=True):
                    rows.mentions[key].append(value)
                rows.person.append(author)
        if work % WORKS_AT_ONCE == WORKS_AT_ONCE - 1:
            yield rows
            rows = Rows(rows.next)
    yield rows


def write_corpus(folder: Path, records: int) -> None:
    """Write the corpus and its truth as Parquet, so that linking reads it as it reads the tables of a run."""
    kinds = {"records": _records, "author_mentions": _mentions, "work": _truth("work"), "person": _truth("person")}
    writers: dict[str, pq.ParquetWriter] = {}
    for rows in corpus(records):
        for name, made in kinds.items():
            table = made(rows)
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def _ids(numbers: np.ndarray) -> pa.Array:
    # Spread, so that the order of ids is not the order of works.
    return pa.array([f"r{(number * 0x9E3779B97F4A7C15) % 2**64:016x}" for number in numbers.tolist()])


def _table(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    schema, length = TABLES[name].arrow_schema, len(next(iter(columns.values())))
    return pa.table([columns.get(f.name, pa.nulls(length, f.type)).cast(f.type) for f in schema], names=schema.names)


def _truth(name: str) -> Callable[[Rows], pa.Table]:
    return lambda rows: pa.table({name: pa.array(getattr(rows, name), pa.int64())})


def _records(made: Rows) -> pa.Table:
    rows, numbers = made.records, np.arange(made.first, made.next)
    count = len(numbers)
    lines = pa.array(numbers % 10 + 1)
    columns = {
        "record_id": _ids(numbers),
        "path": pa.array([f"file{number // 10}.txt" for number in numbers.tolist()]),
        "line_start": lines,
        "line_end": lines,
        "layout": pa.array(["C"] * count),
        "author_tokens": pa.array(np.zeros(count, np.int64)),
        "title": pa.array(rows["title"], pa.string()),
        "abstract": pa.array(rows["abstract"], pa.string()),
        "venue": pa.array(rows["venue"], pa.string()),
        "year": pa.array(rows["year"], pa.int64()),
    }
    return _table("records", columns)


def _mentions(made: Rows) -> pa.Table:
    names = made.mentions
    count = len(names["row"])
    family, given = pa.array(names["family"], pa.string()), pa.array(names["given"], pa.string())
    columns = {
        "record_id": _ids(np.array(names["row"])),
        "position": pa.array(names["position"], pa.int64()),
        "name_as_printed": family,
        "tokens": pa.array(np.ones(count, np.int64)),
        "family": family,
        "given": given,
        "kind": pa.array(["person"] * count),
        "certainty": pa.array(names["certainty"], pa.string()),
        "flags": pa.array(
            [["unresolved_damage"] if c == "unresolved" else [] for c in names["certainty"]], pa.list_(pa.string())
        ),
    }
    return _table("author_mentions", columns)


if __name__ == "__main__":
    write_corpus(Path(sys.argv[1]), int(sys.argv[2]))
