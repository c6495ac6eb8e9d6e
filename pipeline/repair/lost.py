"""Words that lost bytes: which letters stood there, by case, lexicon, twins and the languages of the words around.

Every codec that can have yielded what is left gives candidates; their prices decide. Candidates of several codecs
that read the same add up. Not here: cutting a word into sequences (``gaps``) and exact inverses (``invert``).
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.repair.automaton import yielding
from pipeline.repair.channels import BY_NAME, CODECS, Codec
from pipeline.repair.gaps import Sequence, parsed
from pipeline.repair.letters import Prices, letter_model, lowered
from pipeline.repair.plausible import CAPITAL_INSIDE, odd_capitals, odd_word, price
from pipeline.repair.wide import parsed_wide

_ODD: Final = 8.0  # what a guess costs that makes no word: capitals inside, letters of two alphabets
_HEARD: Final = 4.0  # votes this loud silence the channels that nobody voted for
_WIDTH: Final = 24  # candidates kept while a word is filled from left to right
_JOINS: Final = 3  # spaces that one word may have swallowed
_TAIL: Final = re.compile(r"[ ?](?:[A-Za-z]|[^\x00-\x7f])*")
TWIN: Final = 8.0  # what an undamaged twin in the same file is worth, in nats
_TWIN_ELSEWHERE: Final = 6.0  # and one in another file, which may be about other people
_PLAIN_TWIN: Final = 2.5  # and one that is printed without diacritics
_SMALL_INITIAL: Final = 5.0  # what a small initial costs where all words around begin with capitals
_MOSTLY_NAMES: Final = 0.8  # how often words begin with capitals where nothing stands around
_AROUND: Final = 0.35  # how much of its evidence for a language a word nearby lends
_MARK: Final = re.compile("[?\ufffd]")
_WIDE: Final = re.compile("[\u2e80-\uffef]")
_PAIRING: Final = tuple(BY_NAME[name] for name in ("gbk", "big5", "cp932", "cp949"))
_PLAIN: Final = str.maketrans("łøđßıðæœþə", "lodsidaote")


class Candidate(NamedTuple):
    """One way to fill a word: the channel, a text for each sequence, the whole word, and its price in nats.

    ``rules`` is the part of the price that comes from how bytes are lost and from case: chances that are known, while
    the rest is a model of words that never saw most of them.
    """

    codec: str
    texts: tuple[str, ...]
    word: str
    cost: float
    rules: float = 0.0


@dataclass(frozen=True, slots=True)
class Filled:
    """All ways to fill a span of a line, the cheapest first, and the price of the span as it stands."""

    word: str
    sequences: dict[str, tuple[Sequence, ...]]
    candidates: tuple[Candidate, ...]
    price: float
    twin: str  # where the cheapest stands as well, in words; empty where it does not

    @property
    def gain(self) -> float:
        """How much better the best candidate is than the span as it stands, in nats."""
        return self.price - self.candidates[0].cost

    def has_twin(self, known: "Known") -> bool:
        """Whether one of the ways is a known word, so that counting it changes something."""
        return any(known.worth(lowered(word)) > 0 for word in {candidate.word for candidate in self.candidates})


@dataclass(frozen=True)
class Nearby:
    """What the words around a damaged one are like: their languages, and what a small initial costs among them."""

    languages: Prices
    capitals: float

    @classmethod
    def of(cls, words: Collection[str]) -> "Nearby":
        """Look at words as printed."""
        initials = [word[0].isupper() for word in words]
        share = sum(initials) / len(initials) if initials else _MOSTLY_NAMES
        return cls(languages_of(words), _SMALL_INITIAL * (2 * share - 1))


@dataclass(frozen=True)
class Known:
    """Undamaged words in small letters: of the file, those in ASCII apart, and ``elsewhere``, with the files."""

    words: Collection[str] = frozenset()
    plain: Collection[str] = field(default_factory=frozenset)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Collection[str]) -> "Known":
        """Make the index from words as printed."""
        small = frozenset(lowered(word) for word in words)
        return cls(frozenset(word for word in small if not word.isascii()), frozenset(w for w in small if w.isascii()))

    def worth(self, word: str) -> float:
        """What it is worth, in nats, that the corpus has the word."""
        if word in self.words:
            return TWIN
        if word in self.elsewhere:
            return _TWIN_ELSEWHERE
        return _PLAIN_TWIN if len(word) > 3 and plain(word) in self.plain else 0.0

    def where(self, word: str) -> str:
        """Where the word stands, in words; empty where it does not."""
        if word in self.words:
            return "stands undamaged elsewhere in this file"
        if word in self.elsewhere:
            return f"stands undamaged in {self.elsewhere[word] or 'another file'}"
        return "is printed elsewhere in this file without diacritics" if self.worth(word) > 0 else ""


def plain(word: str) -> str:
    """A word without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFD", word.translate(_PLAIN)) if not unicodedata.combining(c))


def spans(line: str, start: int, end: int) -> Iterator[int]:
    """The ends that a damaged word may have: its own, and those behind spaces or marks that stand for a byte."""
    yield end
    for _ in range(_JOINS):
        tail = _TAIL.match(line, end)
        if tail is None:
            return
        if tail[0][1:2].isupper() and any(char.islower() for char in line[start:end]):
            yield end + 1
            return
        yield tail.end()
        end = tail.end()


def opened(line: str, start: int, reach: int) -> int:
    """Where a word begins whose first East Asian character stands behind a mark for a byte, not before ``reach``."""
    if start <= reach or line[start - 1] not in "?\ufffd" or _WIDE.match(line, start) is None:
        return start
    while start > reach and (line[start - 1] in "?\ufffd" or (line[start - 1].isascii() and line[start - 1].isalpha())):
        start -= 1
    return start


def fill(
    span: str,
    nearby: Nearby,
    known: Known,
    bonus: Callable[[str], float],
    manner: str = "",
    *,
    spaced: bool = False,
) -> Filled | None:
    """Fill a span that lost bytes; None where no codec explains it.

    ``nearby`` says what the neighbouring words are like; ``bonus`` gives the nats that the votes of the file add to a
    channel; ``manner`` is how the file loses bytes; ``spaced`` whether a space follows the span.
    """
    codecs = explained(span, manner, spaced=spaced)
    around = nearby.languages
    worths = {codec.name: bonus(f"utf-8>{codec.name}") for codec, _ in codecs}
    heard = max(worths.values(), default=0.0) >= _HEARD
    ways = []
    for codec, cut in codecs:
        if heard and not worths[codec.name]:
            continue
        strict = codec.glued
        ways += [(codec, strict, *way) for way in _words(span, cut)]
    judged = _all_judged({(word, strict) for _, strict, _, word, _ in ways}, around, known)
    candidates = []
    for codec, strict, texts, word, dear in ways:
        worth, odd = judged[word, strict]
        small = nearby.capitals * (word[:1].islower() and not span[:1].islower())
        cost = worth + dear + small + odd + codec.penalty - worths[codec.name]
        candidates.append(Candidate(codec.name, texts, word, cost, dear + small + odd))
    if not candidates:
        return None
    candidates.sort(key=lambda candidate: candidate.cost)
    parts = span.split(" ")
    standing = sum(_judged(part, around, Known(), strict=False) for part in parts)
    standing += max(0.0, nearby.capitals) * sum(part[:1].islower() for part in parts[1:])
    return Filled(
        span,
        {codec.name: cut for codec, cut in codecs},
        tuple(candidates),
        standing,
        known.where(lowered(candidates[0].word)),
    )


@lru_cache(maxsize=16384)
def explained(span: str, manner: str = "", *, spaced: bool = False) -> tuple[tuple[Codec, tuple[Sequence, ...]], ...]:
    """The codecs that can have yielded a span which lost bytes, with its sequences."""
    cuts = [(codec, parsed(span, codec, manner, spaced=spaced)) for codec in _codecs(yielding(span)[0])]
    if " " not in span and _MARK.search(span) and _WIDE.search(span):
        cuts += [(codec, parsed_wide(span, codec)) for codec in _PAIRING]
    return tuple((codec, cut) for codec, cut in cuts if cut is not None)


def hopeless(line: str, start: int, end: int) -> bool:
    """Whether a glance tells that no span of a line which begins with the word (``start`` to ``end``) is explained.

    So of most genuine words that are looked at.
    """
    if yielding(line[start:end])[1]:
        return False
    # What East Asian codecs could not pair has a mark for a byte in it, or before it.
    around = line[max(0, start - 1) : start] + line[start:end] + line[end : end + 1]
    return _MARK.search(around) is None


@lru_cache(maxsize=4096)
def _codecs(bits: int) -> tuple[Codec, ...]:
    return tuple([codec for place, codec in enumerate(CODECS) if bits >> place & 1])


def _words(span: str, cut: tuple[Sequence, ...]) -> list[tuple[tuple[str, ...], str, float]]:
    """Ways to fill the sequences, the most plausible beginnings kept on the way."""
    ways: list[tuple[tuple[str, ...], str, float]] = [((), "", 0.0)]
    position = 0
    for sequence in cut:
        between = span[position : sequence.start]
        position = sequence.end
        ways = [
            ((*texts, option.text), head + between + option.text, dear + option.cost)
            for texts, head, dear in ways
            for option in sequence.options
        ]
        if len(ways) > _WIDTH:
            ways = sorted(ways, key=lambda way: way[2] + _beginning(way[1]))[:_WIDTH]
    return [(texts, head + span[position:], dear) for texts, head, dear in ways]


@lru_cache(maxsize=65536)
def _beginning(text: str) -> float:
    return CAPITAL_INSIDE * odd_capitals(text) + letter_model().cheapest(lowered(text))


def _all_judged(
    words: Collection[tuple[str, bool]], around: Prices, known: Known
) -> dict[tuple[str, bool], tuple[float, float]]:
    """The price of each word among its neighbours, as ``_judged``, and what it costs that it makes no word."""
    small = {word: lowered(word) for word, _ in words}
    letters = [word for word in small if word.isalpha()]
    shared = dict.fromkeys(small, 0.0)
    if letters and around.any():
        prices = np.array([letter_model().prices(small[word]) for word in letters])
        shared |= dict(zip(letters, _shared(prices, around).tolist(), strict=True))
    judged = {}
    for word, strict in words:
        cost = price(word, strict=strict)
        if word.isalpha():
            cost = cost - shared[word] - known.worth(small[word])
        judged[word, strict] = cost, _ODD * odd_word(word)
    return judged


def _judged(word: str, around: Prices, known: Known, *, strict: bool) -> float:
    """The price of a word among its neighbours: their languages and undamaged twins make it cheaper."""
    return _all_judged([(word, strict)], around, known)[word, strict][0]


def _shared(prices: Prices, around: Prices) -> npt.NDArray[np.float64]:
    """How much cheaper words become in the languages of their neighbours than in any language, in nats.

    ``prices`` has one row a word and one column a language, like ``around``, of which some are not 0.
    """
    low, there = prices.min(axis=1), (prices + around).min(axis=1)
    anywhere = low - np.log(np.mean(np.exp(low[:, None] - prices), axis=1).astype(np.float64))
    weights = np.exp(around.min() - around)
    nearby = there - np.log(np.sum(np.exp(there[:, None] - prices - around), axis=1).astype(np.float64))
    nearby -= float(around.min()) - math.log(float(np.sum(weights)))
    difference: npt.NDArray[np.float64] = anywhere - nearby
    return difference


def languages_of(words: Collection[str]) -> Prices:
    """The evidence of neighbouring words for each language, in nats, damped since names travel."""
    model = letter_model()
    total = np.zeros(len(model.languages), np.float32)
    for word in words:
        prices = model.prices(lowered(word))
        total += np.float32(_AROUND) * np.minimum(prices - prices.min(), np.float32(12.0))
    return total
