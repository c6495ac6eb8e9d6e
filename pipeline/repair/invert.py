"""Undo channels exactly: every way in which a word's bytes, read back through codecs, are UTF-8 without a flaw.

Works on words: runs of characters outside ASCII with the ASCII letters around and between them, since damage never
changes an ASCII letter of its own. Each distinct word is solved once. Not here: choosing among the readings
(``decide``) and words that lost bytes (``lost``).
"""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.repair.bulk import learn
from pipeline.repair.channels import Codec
from pipeline.repair.plausible import likely, price, scripts_glued, shape
from pipeline.repair.ways import RUN, Outcome, Way, Ways, sift, ways_of

_CONTROL: Final = re.compile("[\x80-\x9f]")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")
HARDLY: Final = 13.0  # the price of a character that is met once in half a million
SHORT: Final = 10  # letters; two words with a character between them are longer
_LITTLE_EVIDENCE: Final = 5.0
NOT_JOINED: Final = 9.0  # one Chinese character before a Latin word is text, not a damaged sign


class Piece(NamedTuple):
    """One span of a word (``start`` to ``end``, in the word) and what stands there when a channel is undone."""

    start: int
    end: int
    after: str


class Reading(NamedTuple):
    """One explanation of a word: the chain of codecs, the spans that it changes, the word then, and what that gains.

    ``channel`` is the chain in words, true codec > codec it was read as > codec that was read as. ``gain`` is the
    price of the word as it stands less that of the reading and of the channel, in nats.
    """

    chain: tuple[str, ...]
    pieces: tuple[Piece, ...]
    text: str
    gain: float
    channel: str


Entry = tuple[float, Way]


class Weighed(NamedTuple):
    """All readings of a word, the best first, as the gain and the way of each; ``reading`` spells one out."""

    word: str
    spans: list[tuple[int, int]]
    outcomes: tuple[Outcome, ...]
    texts: list[str]
    entries: list[Entry]

    def reading(self, entry: Entry) -> Reading:
        """One of the entries in full."""
        gain, way = entry
        pieces = _pieces(self.spans, self.outcomes[way.outcome])
        return Reading(way.chain, pieces, self.texts[way.outcome], gain, way.channel)


def readings(word: str) -> tuple[Reading, ...]:
    """Every exact reading of a word, the best first."""
    weighed = weigh(word)
    return tuple([weighed.reading(entry) for entry in weighed.entries])


def prepare(words: Collection[str]) -> list[str]:
    """Work out all at once what weighing some words will ask for; returns those that can have readings, as ``sift``."""
    readable = sift(words).words
    price_readings(readable)
    return readable


def price_readings(words: Collection[str]) -> None:
    """The part of ``prepare`` that is left where words were sifted."""
    wanted: list[tuple[str, bool]] = []
    for word in words:
        _, ways, texts = _read(word)
        if texts:
            wanted.append((word, False))
            wanted += [(text, False) for text in texts]
            if ways.glued:
                wanted += [(text, True) for text in texts]
    learn(wanted)


@lru_cache(maxsize=16384)
def _read(word: str) -> tuple[list[tuple[int, int]], Ways, list[str]]:
    """The runs of a word, what they can have been, and the word then, for each outcome."""
    spans = [match.span() for match in RUN.finditer(word)]
    ways = ways_of(tuple([word[start:end] for start, end in spans]))
    if len(spans) == 1:
        head, tail = word[: spans[0][0]], word[spans[0][1] :]
        return spans, ways, [f"{head}{outcome.parts[0]}{tail}" for outcome in ways.outcomes]
    return spans, ways, [replaced(word, _pieces(spans, outcome)) for outcome in ways.outcomes]


@lru_cache(maxsize=16384)  # each takes more than a kilobyte
def weigh(word: str) -> Weighed:
    """Weigh every way in which a word can have come about."""
    spans, (outcomes, ways, _, plain), texts = _read(word)
    if not texts:
        return Weighed(word, spans, outcomes, texts, [])
    old = price(word)
    if plain and _ASCII_LETTER.search(word) is not None and not _named(word, spans):
        gains = [old - price(text) for text in texts]
        entries = [(gains[way.outcome] - way.cost, way) for way in ways]
        entries.sort(key=_by_gain)
        return Weighed(word, spans, outcomes, texts, entries)
    judged = [_Judged.of(word, spans, outcome, text) for outcome, text in zip(outcomes, texts, strict=True)]
    entries = [(judged[way.outcome].gain(word, old, way), way) for way in ways if not judged[way.outcome].meant]
    entries.sort(key=_by_gain)
    return Weighed(word, spans, outcomes, texts, entries)


def _by_gain(entry: Entry) -> float:
    return -entry[0]


class _Judged(NamedTuple):
    """What of the gain of an outcome depends on the word, but not on the way."""

    pieces: tuple[Piece, ...]
    text: str
    alone: bool
    glue: float
    symbol: float
    meant: bool  # whether the word is no damage but art or an example of damage

    @classmethod
    def of(cls, word: str, spans: list[tuple[int, int]], outcome: Outcome, text: str) -> "_Judged":
        pieces = _pieces(spans, outcome)
        glue = 0.0 if outcome.latin else NOT_JOINED * max(0, scripts_glued(text) - scripts_glued(word))
        alone = outcome.lone and _ASCII_LETTER.search(word) is None
        symbol = _SYMBOL * (outcome.symbol and any(char.isascii() for char in word))
        return cls(pieces, text, alone, glue, symbol, outcome.drawn or (len(pieces) == 1 and _named(word, spans)))

    def gain(self, word: str, old: float, way: Way) -> float:
        """The gain of a word by one way, in nats; ``old`` is its price as it stands."""
        glued = way.codec.glued
        gain = old - price(self.text, strict=glued and not _foreign(word, self.pieces, way.codec)) - way.cost
        if glued and not _joins(word, self.pieces):
            gain = min(0.0, gain - NOT_JOINED)
        if self.alone:
            gain -= _LITTLE_EVIDENCE
        return gain - self.glue + self.symbol


def _pieces(spans: list[tuple[int, int]], outcome: Outcome) -> tuple[Piece, ...]:
    return tuple([Piece(*spans[number], outcome.parts[number]) for number in outcome.changed])


def _foreign(word: str, pieces: tuple[Piece, ...], codec: Codec) -> bool:
    """Whether no writer would set these characters there: Thai between small letters, rare Chinese in a short word."""
    if codec.multibyte:
        dearest = [max(shape(char).price for char in word[piece.start : piece.end]) for piece in pieces]
        return len(word) <= SHORT and min(dearest) >= HARDLY
    sides = [(word[piece.start - 1 : piece.start], word[piece.end : piece.end + 1]) for piece in pieces]
    return all(left.islower() and right.islower() for left, right in sides)


def _joins(word: str, pieces: tuple[Piece, ...]) -> bool:
    """Few characters of a script that is set beside Latin words must turn into letters of those words, or points.

    Points only where a control character shows that they are no text of that script.
    """
    few = sum(len(piece.after) for piece in pieces) <= 2 and any(char.isascii() for char in word)
    return not few or all(fits_latin(word[piece.start : piece.end], piece.after) for piece in pieces)


def fits_latin(run: str, after: str) -> bool:
    """Whether what a run turns into are letters of Latin words, or common points that no text stood for."""
    scripts = {shape(char).script for char in after}
    if "" in scripts and _CONTROL.search(run) is not None and all(map(likely, after)):
        scripts.discard("")
    return scripts == {"LATIN"} or not scripts


_SYMBOL: Final = 32.0  # nats that a Greek letter beside Latin ones is cheaper as a symbol than as a mixture


def _named(word: str, spans: list[tuple[int, int]]) -> bool:
    """Whether the word is a letter with a possessive or plural s, as where people write about damage itself."""
    return word[1:] == "’s" and spans[0] == (0, 2)


def replaced(word: str, pieces: tuple[Piece, ...]) -> str:
    """The word with its spans replaced."""
    parts: list[str] = []
    position = 0
    for start, end, after in pieces:
        parts += (word[position:start], after)
        position = end
    return "".join((*parts, word[position:]))
