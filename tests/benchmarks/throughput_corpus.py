"""The corpus of ``throughput.py``: listings in many languages, made of invented words, the same in every run.

Every language has syllables and letters of its own; its words are made of them and drawn by Zipf's law, so that a good
part of the distinct words is met once, as in real text. Half of the records of a file are in English, the others in one
more language. Three files of four are profiles (title, authors and abstract, a line each), the others have labels. One
line in fifty is damaged: some of those with characters outside ASCII are read as Windows-1252, or as ISO-8859-11.
"""

import itertools
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

# Syllables of each language, its small words, and how many files of a hundred or so are in it.
LATIN = "ba do ken li mu na ri so ta vel wi zan gre hol ji pek ter ma lo sti con pre al en or is tion ment ly ing".split()
LANGUAGES = {
    "English": (LATIN, "the of and to in we that is for on with as by an are this from which model data".split(), 20),
    "German": ([*LATIN, "für", "ö", "schä", "rü", "groß", "ung"], "der die und in den von zu das mit ist im".split(), 6),
    "French": ([*LATIN, "é", "è", "ça", "tê", "ré", "où"], "de la le et les des en un du une que est".split(), 6),
    "Spanish": ([*LATIN, "ción", "ñe", "á", "í", "lú"], "de la que el en y los del las un por con".split(), 4),
    "Portuguese": ([*LATIN, "ção", "ã", "é", "ê", "õe"], "de a o que e do da em um para com".split(), 3),
    "Polish": ([*LATIN, "ł", "ś", "ą", "ę", "że", "ć"], "w i na z do nie jest to o od przez".split(), 4),
    "Czech": ([*LATIN, "ř", "š", "ž", "ě", "ý", "ů"], "a se v na je o s z do pro jako".split(), 3),
    "Turkish": ([*LATIN, "ş", "ı", "ğ", "ü", "ç", "ö"], "ve bir bu için ile da de olan en".split(), 3),
    "Hungarian": ([*LATIN, "ő", "ű", "é", "á", "gy"], "a az és hogy nem is egy meg".split(), 2),
    "Vietnamese": ([*LATIN, "ệ", "ạ", "ữ", "ồ", "đ"], "các của và là một trong cho".split(), 2),
    "Russian": ("ка то ре мо ли на ста про ви ние ость об ра зе ль".split(), "и в не на что с по для".split(), 5),
    "Greek": ("κα το ρε μο λι να στα προ βι ση της ού εί".split(), "και το να του η με για".split(), 2),
    "Thai": ("กา นี่ ที่ ระบบ การ ข้อ มูล ใช้ แบบ จำ ลอง".split(), "และ ของ ใน เป็น".split(), 2),
    "Chinese": (list("模型数据学习方法我们提出研究结果表明基于网络算法分析系统"), list("的在和了是"), 4),
    "Japanese": (["モ", "デル", "学習", "デ", "ータ", "研究", "手法", "提案"], ["の", "を", "は", "が", "に"], 2),
    "Korean": ("모 델 학 습 데 이 터 연 구 방 법 제 안".split(), "을 의 이 에 는".split(), 2),
}
UNSPACED = {"Thai", "Chinese", "Japanese"}
SIGNS = ["“{}”", "{}’s", "{} –", "{}…", "{}—", "‘{}’"]


class Words:
    """The words of one language, drawn by Zipf's law."""

    def __init__(self, name: str, dice: random.Random) -> None:
        syllables, small, _ = LANGUAGES[name]
        made = {"".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(VOCABULARY)}
        self.vocabulary = [*small, *sorted(made)]
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self.vocabulary))))
        self.names = [word.capitalize() for word in dice.sample(sorted(made), 2000)]
        self.dice, self.space = dice, "" if name in UNSPACED else " "
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
    (other,) = dice.choices(list(languages.values()), [LANGUAGES[name][2] for name in languages])
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
