"""What words of Latin letters look like: the price of a word in each language, and whether the lexicon knows it.

Reads the tables that ``lexicon.build`` writes, once and only when a damaged word asks. Words are in small letters.
Not here: other scripts (``plausible``) and what to do with a price (``decide``, ``lost``).
"""

import io
import lzma
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

Prices = npt.NDArray[np.float32]

_STEP: Final = 0.2  # nats a unit of the stored prices
UNSEEN_TRIPLE: Final = 1.5  # what it costs to fall back from a triple to a pair
UNSEEN_PAIR: Final = 3.5  # a letter behind one that is in no alphabet
STRANGE: Final = 12.0  # a letter of no language of the tables
_MOST_KNOWN: Final = 1 << 17
_EDGE: Final = " "
_A_ZIPF: Final = math.log(10)
_LISTED: Final = 25.0  # the price of a word of Zipf value 0, which is met once in a milliard words of one language
AS_NAMES: Final = 6  # Zipf value that names have in the lexicon; words above it are as common as it says
_KNOWN_WORD: Final = (3.0, 0.7)  # what being in the lexicon is worth: for Zipf value 3, and for each value more


@dataclass(frozen=True)
class LetterModel:
    """Prices of letters behind two others, one row a triple and one column a language, and the lexicon."""

    languages: tuple[str, ...]
    alphabet: frozenset[str]
    triples: dict[str, Prices]
    rows: Prices  # those of the tables once more, as one array; what is met later is only in ``triples``
    pairs: dict[str, Prices]
    letters: tuple[str, ...]
    table: Prices  # the pairs once more, by the places of both in ``letters``
    words: dict[str, int]
    spoken: npt.NDArray[np.int8]  # the language of each of the words, in their order
    _done: dict[str, Prices] = field(default_factory=dict)

    def prices(self, word: str, *, opened: bool = False, closed: bool = True) -> Prices:
        """The price of a word in each language, in nats.

        ``opened``: letters that nobody can read stand before it, so its first letters stand in no known context;
        ``closed``: it ends where its last letter ends.
        """
        key = f"{opened:d}{closed:d}{word}"
        if key in self._done:
            return self._done[key]
        text = word if opened else _EDGE * 2 + word
        text += _EDGE * closed
        rows = [self.triple(text[place - 2 : place + 1]) for place in range(2, len(text))]
        if opened:
            rows.insert(0, self.opening(text[:2]))
        total: Prices = np.add.reduce(rows) if rows else np.zeros(len(self.languages), np.float32)
        if len(self._done) < _MOST_KNOWN:
            self._done[key] = total
        return total

    def asked(self, word: str) -> bool:
        """Whether the prices of a whole word are known by now."""
        return f"01{word}" in self._done

    def tell(self, prices: Iterable[tuple[str, Prices]]) -> None:
        """The prices of whole words, worked out elsewhere (``bulk``)."""
        for word, price in prices:
            if len(self._done) < _MOST_KNOWN:
                self._done[f"01{word}"] = price

    def price(self, word: str, *, opened: bool = False, closed: bool = True, written: bool = True) -> float:
        """The price of a word in whatever language makes it cheap, the lexicon's word counted.

        ``written``: its capitals stand where those of a word of the lexicon would. Many words at once are priced
        faster (``bulk``).
        """
        prices = self.prices(word, opened=opened, closed=closed)
        low = float(prices.min())
        shares = np.exp(low - prices)
        total = np.add.accumulate(shares)[-1]  # one after another, as they are added for many words
        mixed = low - float(np.log(np.float32(float(total) / len(self.languages))))
        return min(mixed - self.known(word), self.listed(word)) if written and closed and not opened else mixed

    def cheapest(self, beginning: str) -> float:
        """The price of a word's beginning in the language that makes it cheapest."""
        return float(self.prices(beginning, closed=False).min())

    def known(self, word: str) -> float:
        """What it is worth that the lexicon has the word, in nats; 0 where it has not."""
        zipf = self.words.get(word)
        return 0.0 if zipf is None else worth(zipf)

    def listed(self, word: str) -> float:
        """The price of a word as one of the words of the lexicon, whatever its letters; infinite for others."""
        zipf = self.words.get(word)
        return math.inf if zipf is None else listed(zipf)

    def opening(self, letters: str) -> Prices:
        """The price of the first one or two letters behind something that nobody can read, in each language."""
        first = np.zeros(len(self.languages), np.float32)
        return first + (self._alone(letters[:1]) + (self._pair(letters) if len(letters) > 1 else 0))

    def triple(self, letters: str) -> Prices:
        """The price of a letter behind two others, in each language."""
        found = self.triples.get(letters)
        if found is None:
            found = self.triples[letters] = self._pair(letters[1:]) + np.float32(UNSEEN_TRIPLE)
        return found

    def _pair(self, letters: str) -> Prices:
        found = self.pairs.get(letters)
        if found is None:
            price = UNSEEN_PAIR if letters[1:] in self.alphabet else STRANGE
            found = self.pairs[letters] = np.full(len(self.languages), price, np.float32)
        return found

    def _alone(self, letter: str) -> Prices:
        return np.full(len(self.languages), self.alone(letter), np.float32)

    def alone(self, letter: str) -> float:
        """The price of a letter behind something that nobody can read, in any language."""
        return STRANGE if letter not in self.alphabet else 3.0 if letter.isascii() else 6.0


def worth(zipf: int) -> float:
    """What it is worth that the lexicon has a word, by its Zipf value, in nats."""
    return max(1.0, _KNOWN_WORD[0] + _KNOWN_WORD[1] * (zipf - 3))


def listed(zipf: int) -> float:
    """The price of a word as one of the words of the lexicon, by its Zipf value."""
    return _LISTED - _A_ZIPF * zipf


@lru_cache(maxsize=1)
def letter_model() -> LetterModel:
    """The tables, read once."""
    folder = files("pipeline.repair.lexicon")
    arrays = np.load(io.BytesIO(lzma.decompress((folder / "trigrams.npz.xz").read_bytes())))
    letters = [str(letter) for letter in arrays["letters"]]
    rows = arrays["triple_prices"].astype(np.float32) * np.float32(_STEP)
    names = np.ascontiguousarray(np.array(letters)[arrays["triples"]]).view("U3")[:, 0].tolist()
    triples = dict(zip(names, rows, strict=True))
    table = arrays["pair_prices"].astype(np.float32) * np.float32(_STEP)
    pairs = {a + b: table[i, j] for i, a in enumerate(letters) for j, b in enumerate(letters)}
    languages = tuple(map(str, arrays["languages"]))
    words: dict[str, int] = {}
    spoken = []
    for section in lzma.decompress((folder / "words.txt.xz").read_bytes()).decode().split("#")[1:]:
        zipf, language, *listed = section.split()
        words.update(dict.fromkeys(listed, int(zipf)))
        spoken.append(np.full(len(listed), languages.index(language), np.int8))
    spoken_in = np.concatenate(spoken)
    return LetterModel(languages, frozenset(letters), triples, rows, pairs, tuple(letters), table, words, spoken_in)


@lru_cache(maxsize=1)
def character_prices() -> dict[str, float]:
    """The price of each letter of a script other than Latin, within its script, in nats; rare ones are not listed."""
    packed = (files("pipeline.repair.lexicon") / "characters.txt.xz").read_bytes()
    rows = (line.partition("\t") for line in lzma.decompress(packed).decode().splitlines())
    return {char: float(price) for price, _, chars in rows for char in chars}


def lowered(word: str) -> str:
    """Small letters one by one, so that no letter becomes two (as the Turkish dotted capital would)."""
    if "İ" not in word and "Σ" not in word:  # all others become one letter each, wherever they stand
        return word.lower()
    return word.replace("İ", "i").replace("Σ", "σ").lower()
