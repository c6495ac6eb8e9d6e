"""How fast repair is beside ftfy and plsfix, over the same lines in one process.

Run ``python tests/benchmarks/repair_speed.py``. Ratios count, seconds do not. ``FILE ...`` measures on lines of your
own; without, on lines made here, whose words are drawn by Zipf's law from the lexicon and from words made of its
pieces, so that a good part of the distinct words is met once, as in real text. No line is repeated. Sets have the
size of a large listing (3,000 abstracts, 20,000 author lines, 15,000 sentences): what is solved once a word and what
is done once a file cost less a line there than in a few hundred lines. Of the damaged words of the sentences 22 in
100 are met for the first time. Every tool gets all lines, ours all at once, as files come. "cold" has every cache of
words emptied before each run, "warm" has met all words before; a long file lies between. plsfix is left out where it
is not installed.
"""

import functools
import gc
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

import ftfy
from unidecode import unidecode

from pipeline.repair import mend_file, mend_lines
from pipeline.repair.channels import BY_NAME
from pipeline.repair.letters import letter_model

# Tables of codecs and characters: they do not grow with the words that are met.
TABLES = {
    "letter_model",
    "character_prices",
    "masks",
    "_tables",
    "untidy",
    "_shapes",
    "_losses",
    "_shape",
    "_cut",
    "_codec",
    "_same",
    "_named",
    "_way",
    "_perhaps",
    "_others_lost",
    "_chars",
    "tables",
    "_listed",
    "_steps",
    "_points_between",
    "_beginnings",
    "_after_quotes",
    "_follow",
    "_kinds",
    "_by_zipf",
    "_channels",
    "_small_letters",
    "_roles",
    "_ampersands",
    "_contexts",
    "_language_of",
}
SIGNS = ["“{}”", "{}’s", "{} –", "‘{}’", "{}…", "{} ×", "{}—"]


def words() -> tuple[list[str], list[str]]:
    """Words in ASCII, and words with letters outside it; the first are the commonest."""
    ranked = sorted(letter_model().words.items(), key=lambda entry: -entry[1])
    european = [word for word, _ in ranked if word.isalpha() and 1 < len(word) < 14 and max(word) < "\u0180"][:30000]
    made = [first[: len(first) // 2] + second[len(second) // 2 :] for first, second in itertools.pairwise(european)]
    return [unidecode(word) for word in european], [*european, *(word for word in made if not word.isascii())]


class Text:
    """Words drawn by Zipf's law, the same in every run."""

    def __init__(self, vocabulary: list[str], seed: int) -> None:
        self.dice = random.Random(seed)
        self.vocabulary = vocabulary
        self.weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))

    def draw(self, number: int) -> list[str]:
        """Some words."""
        return self.dice.choices(self.vocabulary, cum_weights=self.weights, k=number)


def sets() -> dict[str, list[str]]:
    """Lines of the kinds that listings have."""
    plain, european = words()
    ascii_text, european_text, dice = Text(plain, 7), Text(european, 11), random.Random(3)
    abstracts = [" ".join(ascii_text.draw(140)) for _ in range(3000)]

    def odd(line: str) -> str:
        parts = line.split(" ")
        for place in dice.sample(range(len(parts)), dice.randint(1, 3)):
            parts[place] = dice.choice(SIGNS).format(parts[place])
        return " ".join([*parts, *european_text.draw(dice.randint(0, 2))])

    mixed = [odd(line) if dice.random() < 0.15 else line for line in abstracts]
    hit = set(dice.sample([number for number, line in enumerate(mixed) if not line.isascii()], 30))
    # In names, a capital outside ASCII is met in one line of a hundred.
    names = Text([word.capitalize() for word in european if word[0].isascii()], 13)
    capitals = Text([word.capitalize() for word in european if not word[0].isascii()], 17)
    authors = [", ".join([*names.draw(10), *capitals.draw(number % 100 == 0)]) for number in range(20000)]
    sentences = [" ".join([*ascii_text.draw(10), *european_text.draw(6)]) for _ in range(15000)]
    return {
        "ASCII abstracts": abstracts,
        "15 % outside ASCII": mixed,
        "the same, 1 % damaged": [read(line, "cp1252") if n in hit else line for n, line in enumerate(mixed)],
        "author lines": authors,
        "sentences": sentences,
        "damaged, cp1252": [read(line, "cp1252") for line in sentences],
        "damaged, iso8859-11": [read(line, "iso8859-11") for line in sentences],
    }


def read(text: str, codec: str) -> str:
    """UTF-8 read with a codec, by a lenient reader."""
    return "".join(BY_NAME[codec].table[byte] for byte in text.encode())


def forget() -> None:
    """Empty the caches of words."""
    for cache in [found for found in gc.get_objects() if isinstance(found, functools._lru_cache_wrapper)]:
        if cache.__module__.startswith("pipeline.repair") and cache.__name__ not in TABLES:
            cache.cache_clear()
    letter_model()._done.clear()
    gc.collect()  # what was forgotten, before the clock starts


def seconds(work: Callable[[], object], before: Callable[[], None] = lambda: None) -> float:
    """CPU seconds of the better of two runs."""
    best = float("inf")
    for _ in range(2):
        before()
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
    """Print three rows a set of lines."""
    own = {path: Path(path).read_text(encoding="utf-8").split("\n") for path in paths}
    mend_file(["GÃ¶ÃŸwein, Wiลniewski, x\u00a0y"])
    for name, lines in (own or sets()).items():
        size = sum(len(line.encode("utf-8", "surrogatepass")) for line in lines) / 1e6
        theirs = {
            rival: seconds(lambda lines=lines, fix=fix: [fix(line) for line in lines])
            for rival, fix in rivals().items()
        }
        ways = {
            "mend_lines, cold": (mend_lines, forget),
            "mend_lines, warm": (mend_lines, lambda: None),
            "mend_file, warm": (mend_file, lambda: None),
        }
        print(f"{name}, {size:.2f} MB")
        for way, (mend, before) in ways.items():
            mine = seconds(lambda lines=lines, mend=mend: mend(lines), before)
            beside = "  ".join(f"{other / mine:6.1f} x {rival}" for rival, other in theirs.items())
            print(f"    {way:18} {size / mine:9.1f} MB/s   {beside}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
