"""Words that lost bytes: which letters stood there, by case, lexicon, twins and the languages of the words around.

Every codec that can have yielded what is left gives candidates; their prices decide. Candidates of several codecs
that read the same add up. Not here: cutting a word into sequences (``gaps``) and exact inverses (``invert``).
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.automaton import yielding
from pipeline.repair.bulk import learn
from pipeline.repair.channels import BY_NAME, CODECS, Codec
from pipeline.repair.doubled import doubled
from pipeline.repair.gaps import Sequence, parsed
from pipeline.repair.known import Known
from pipeline.repair.languages import learn_languages
from pipeline.repair.letters import AS_NAMES, Prices, letter_model, lowered
from pipeline.repair.nearby import Nearby, discount
from pipeline.repair.plausible import CAPITAL_INSIDE, odd_capitals, odd_word, price, strange
from pipeline.repair.wide import parsed_wide

_ODD: Final = 8.0  # what a guess costs that makes no word: capitals inside, letters of two alphabets
_WORTH_OF_SMALL: Final = -3.0  # the most that a small initial is worth among small ones
_WORTH_OF_SMALL_NAMES: Final = -1.0  # and where the word is as common as names are in the lexicon
_SHORT: Final = 3  # letters of a word that is hardly a name
_HEARD: Final = 4.0  # votes this loud silence the channels that nobody voted for
_WIDTH: Final = 24  # candidates kept while a word is filled from left to right
_JOINS: Final = 3  # spaces that one word may have swallowed
_TAIL: Final = re.compile(r"[ ?](?:[A-Za-z]|[^\x00-\x7f])*")
_MARK: Final = re.compile("[?\ufffd]")
_WIDE: Final = re.compile("[\u2e80-\uffef]")
_PAIRING: Final = tuple(BY_NAME[name] for name in ("gbk", "big5", "cp932", "cp949"))


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


@dataclass(frozen=True)
class Filled:
    """All ways to fill a span of a line, the cheapest first, and the price of the span as it stands."""

    word: str
    sequences: dict[str, tuple[Sequence, ...]]
    ways: list[tuple[str, tuple[str, ...], str, float, float]]  # the candidates, before they are one each
    price: float
    foreign: float  # nats of the gain that the cheapest has only if it is a word of a language that is in no table
    known: Known  # the undamaged words that were asked
    languages: Prices  # and what the words around say for each language

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The ways, of which most are never asked for."""
        return tuple(map(Candidate._make, self.ways))

    @property
    def gain(self) -> float:
        """How much better the best candidate is than the span as it stands, in nats."""
        return self.price - self.ways[0][3]

    def words(self, least: float = -math.inf) -> set[str]:
        """The words that the candidates make which gain at least so many nats."""
        return {word for _, _, word, cost, _ in self.ways if self.price - cost >= least}

    def has_twin(self, known: Known) -> bool:
        """Whether one of the ways is a known word, so that counting it changes something."""
        return any(map(known.has, self.words()))


def spans(line: str, start: int, end: int) -> Iterator[int]:
    """The ends that a damaged word may have: its own, and those behind spaces or marks that stand for a byte."""
    yield end
    for _ in range(_JOINS):
        tail = _TAIL.match(line, end)
        if tail is None:
            return
        if "A" <= tail[0][1:2] <= "Z" and any(char.islower() for char in line[start:end]):
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
    behind: str = "",
) -> Filled | None:
    """Fill a span that lost bytes; None where no codec explains it.

    ``nearby`` says what the neighbouring words are like; ``bonus`` gives the nats that the votes of the file add to a
    channel; ``manner`` is how the file loses bytes; ``behind`` the character that follows the span.
    """
    spaced = behind == " "
    ways = _ways(span, bonus, manner, spaced=spaced)
    if not ways:
        return None
    # Which word it was, languages tell; that it may be of another one makes all letters alike.
    judged = _all_judged({word for _, _, _, word, _ in ways}, nearby.languages, known, strict=True, point=behind == ".")
    small = {word: _small_initial(word, nearby.capitals) * (not span[:1].islower()) for word in judged}
    filled = []
    for codec, worth, texts, word, dear in ways:
        price_of, odd = judged[word]
        initial = small[word]
        cost = price_of + dear + initial + odd + codec.penalty - worth
        filled.append((codec.name, texts, word, cost, dear + initial + odd))
    filled.sort(key=itemgetter(3))
    parts = span.split(" ")
    as_is = _all_judged(parts, nearby.languages, Known(), strict=False)
    standing = sum(as_is[part][0] for part in parts)
    # Whether it is damage at all, words of any language tell.
    last = filled[0][0].rpartition(">")[2]
    foreign = 0.0 if BY_NAME[last].glued else strange(filled[0][2])
    standing += max(0.0, nearby.capitals) * sum(part[:1].islower() for part in parts[1:])
    return Filled(
        span,
        {codec.name: cut for codec, cut in explained(span, manner, spaced=spaced)},
        filled,
        standing + foreign,
        foreign,
        known,
        nearby.languages,
    )


def _small_initial(word: str, capitals: float) -> float:
    """What it costs that a word begins with a small letter, or what that is worth where none around has a capital.

    Then it may be a name all the same, and most names of the lexicon are no other words.
    """
    if not word[:1].islower():
        return 0.0
    name = len(word) > _SHORT and letter_model().words.get(lowered(word)) == AS_NAMES
    return max(capitals, _WORTH_OF_SMALL_NAMES if name else _WORTH_OF_SMALL)


def _ways(
    span: str, bonus: Callable[[str], float], manner: str, *, spaced: bool
) -> list[tuple[Codec, float, tuple[str, ...], str, float]]:
    """The ways to fill a span: the codec and its bonus, and what ``_words`` tells."""
    codecs = explained(span, manner, spaced=spaced)
    worths = {codec.name: bonus(f"utf-8>{codec.name}") for codec, _ in codecs}
    heard = max(worths.values(), default=0.0) >= _HEARD
    return [
        (codec, worths[codec.name], *way)
        for codec, _ in codecs
        if worths[codec.name] or not heard
        for way in _words(span, codec.name, manner, spaced=spaced)
    ]


def anticipate(spans: Iterable[tuple[str, Callable[[str], float], str, bool]]) -> None:
    """Work out at once the prices that filling some spans will ask for (span, bonus, manner, spaced, as ``fill``)."""
    words: set[tuple[str, bool]] = set()
    for span, bonus, manner, spaced in spans:
        words.update([(word, True) for _, _, _, word, _ in _ways(span, bonus, manner, spaced=spaced)])
        words.add((span, False))
    learn(words)
    learn_languages({lowered(word) for word, _ in words if word.isalpha()})


@lru_cache(maxsize=16384)
def explained(span: str, manner: str = "", *, spaced: bool = False) -> tuple[tuple[Codec, tuple[Sequence, ...]], ...]:
    """The codecs that can have yielded a span which lost bytes, with its sequences."""
    cuts = [(codec, parsed(span, codec, manner, spaced=spaced)) for codec in _codecs(yielding(span)[0])]
    if " " not in span and _MARK.search(span) and _WIDE.search(span):
        cuts += [(codec, parsed_wide(span, codec)) for codec in _PAIRING]
    return (*[(codec, cut) for codec, cut in cuts if cut is not None], *doubled(span))


def hopeless(line: str, start: int, end: int) -> bool:
    """Whether a glance tells that no span of a line which begins with the word (``start`` to ``end``) is explained.

    So of most genuine words that are looked at.
    """
    whole, begun = yielding(line[start:end])
    if whole or (begun and line[end : end + 1] == " " and _goes_on(line[start : end + 1], line[end + 1 : end + 2])):
        return False
    # What East Asian codecs could not pair has a mark for a byte in it, or before it.
    around = line[max(0, start - 1) : start] + line[start:end] + line[end : end + 1]
    return _MARK.search(around) is None and not doubled(line[start:end])


def _goes_on(spaced: str, behind: str) -> bool:
    """Whether a word with the space behind it is explained, or may be with what begins with the next letter."""
    return bool(yielding(spaced)[0] or (behind and yielding(spaced + behind)[1]))


@lru_cache(maxsize=4096)
def _codecs(bits: int) -> tuple[Codec, ...]:
    return tuple([codec for place, codec in enumerate(CODECS) if bits >> place & 1])


@lru_cache(maxsize=16384)
def _words(span: str, codec: str, manner: str, *, spaced: bool) -> list[tuple[tuple[str, ...], str, float]]:
    """Ways to fill the sequences that a codec explains, the most plausible beginnings kept on the way."""
    (cut,) = [cut for one, cut in explained(span, manner, spaced=spaced) if one.name == codec]
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
    words: Collection[str], around: Prices, known: Known, *, strict: bool, point: bool = False
) -> dict[str, tuple[float, float]]:
    """The price of each word among its neighbours, and what it costs that it makes no word.

    Their languages and undamaged twins make it cheaper. One letter before a ``point`` is the beginning of a name.
    """
    small = {word: lowered(word) for word in words}
    letters = [word for word in small if word.isalpha()]
    begun = frozenset([word for word in letters if point and len(word) == 1])
    shared = dict.fromkeys(small, 0.0)
    if letters and around.any():
        prices = np.array([letter_model().prices(small[word], closed=word not in begun) for word in letters])
        shared |= dict(zip(letters, discount(prices, around).tolist(), strict=True))
    learn([(word, strict) for word in small])
    judged = {}
    for word, letters_of in small.items():
        cost = letter_model().price(letters_of, closed=False) if word in begun else price(word, strict=strict)
        if word.isalpha():
            cost = cost - shared[word] - known.worth(letters_of)
        judged[word] = cost, _ODD * odd_word(word)
    return judged
