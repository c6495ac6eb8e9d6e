"""Undo channels exactly: every way in which a word's bytes, read back through codecs, are UTF-8 without a flaw.

Works on words: runs of characters outside ASCII with the ASCII letters around and between them, since damage never
changes an ASCII letter of its own. Each distinct word is solved once. Not here: choosing among the readings
(``decide``) and words that lost bytes (``lost``).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.repair.channels import BY_NAME, CODECS, Codec, decode_utf8, masks
from pipeline.repair.plausible import price, scripts_glued, shape

WORD: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]*+[^\x00-\x7f][A-Za-z\x80-\U0010ffff]*+")
RUN: Final = re.compile(r"[^\x00-\x7f]+")
_AGAIN: Final = re.compile(r"[^\x00-\x7f]{2}|[\u2e80-\uffff]")  # what may be damage once more: two bytes at least
_WIDE: Final = re.compile("[\u2e80-\uffff]")  # multi-byte codecs yield some of these
# Points that people and programs put between damage of another origin.
_TYPOGRAPHIC: Final = re.compile("[’‘“”–—…«»\\x85\\x91-\\x94\\x96\\x97]")
_ASCII_LETTER: Final = re.compile("[A-Za-z]")
MAX_STEPS: Final = 3
_HARDLY: Final = 13.0  # the price of a character that is met once in half a million
_SHORT: Final = 10  # letters; two words with a character between them are longer
_LITTLE_EVIDENCE: Final = 5.0
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Co", "Cs"})
NOT_JOINED: Final = 9.0  # one Chinese character before a Latin word is text, not a damaged sign
STEP_PENALTY: Final = 2.0  # what a second or third misreading costs beforehand, in nats
_WIDEST: Final = 3  # readings kept at each further step


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


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[Reading, ...]:
    """Every exact reading of a word, the best first."""
    spans = [match.span() for match in RUN.finditer(word)]
    ways = _ways(tuple([word[start:end] for start, end in spans]))
    if not ways:
        return ()
    old, glued = price(word), scripts_glued(word)
    seen: dict[tuple[str, ...], _Outcome] = {}
    found = []
    for way in ways:
        done = seen.get(way.parts)
        if done is None:
            done = seen[way.parts] = _Outcome.of(word, spans, way.parts, glued)
        if done.meant:
            continue
        codec = way.codec
        gain = old - price(done.text, strict=codec.glued and not _foreign(word, done.pieces, codec)) - way.cost
        if codec.glued and not _joins(word, done.pieces):
            gain = min(0.0, gain - NOT_JOINED)
        if done.alone:
            gain -= _LITTLE_EVIDENCE
        gain -= done.glue
        gain += done.symbol
        found.append(Reading(way.chain, done.pieces, done.text, gain, way.channel))
    return tuple(sorted(found, key=_by_gain))


def _by_gain(reading: Reading) -> float:
    return -reading.gain


class _Outcome(NamedTuple):
    """What the channels that read a word alike make of it, and what of its price does not depend on the channel."""

    pieces: tuple[Piece, ...]
    text: str
    alone: bool
    glue: float
    symbol: float
    meant: bool  # whether the word is no damage but art or an example of damage

    @classmethod
    def of(cls, word: str, spans: list[tuple[int, int]], parts: tuple[str, ...], glued: int) -> "_Outcome":
        changed = zip(spans, parts, strict=True)
        pieces = tuple([Piece(start, end, part) for (start, end), part in changed if word[start:end] != part])
        text = replaced(word, pieces)
        glue = NOT_JOINED * max(0, scripts_glued(text) - glued)
        meant = _drawn(pieces) or _named(word, pieces)
        return cls(pieces, text, _alone(word, pieces), glue, _SYMBOL * _symbols(word, pieces), meant)


class _Way(NamedTuple):
    """One chain of channels through which the runs of a word can have come, what they were, and the chain's cost."""

    chain: tuple[str, ...]
    parts: tuple[str, ...]
    cost: float
    codec: Codec
    channel: str


@lru_cache(maxsize=65536)
def _ways(runs: tuple[str, ...]) -> tuple[_Way, ...]:
    """The chains of channels through which runs can have come; many words share their runs."""
    found = []
    for chain, parts in _undone(list(runs), ()):
        if any(unicodedata.category(char) in _NO_TEXT for part in parts for char in _TYPOGRAPHIC.sub("", part)):
            continue
        cost = sum(_PENALTY[name] for name in chain) + STEP_PENALTY * (len(chain) - 1)
        found.append(_Way(chain, tuple(parts), cost, BY_NAME[chain[-1]], ">".join(("utf-8", *chain))))
    return tuple(found)


def _foreign(word: str, pieces: tuple[Piece, ...], codec: Codec) -> bool:
    """Whether no writer would set these characters there: Thai between small letters, rare Chinese in a short word."""
    if codec.multibyte:
        dearest = [max(shape(char).price for char in word[piece.start : piece.end]) for piece in pieces]
        return len(word) <= _SHORT and min(dearest) >= _HARDLY
    sides = [(word[piece.start - 1 : piece.start], word[piece.end : piece.end + 1]) for piece in pieces]
    return all(left.islower() and right.islower() for left, right in sides)


def _alone(word: str, pieces: tuple[Piece, ...]) -> bool:
    """Whether the reading yields one character with no word around it: two signs may stand together by chance."""
    lone = len(pieces) == 1 and len(pieces[0].after) == 1
    return lone and _ASCII_LETTER.search(word) is None


def _joins(word: str, pieces: tuple[Piece, ...]) -> bool:
    """Few characters of a script that is set beside Latin words must turn into letters of those words."""
    few = sum(len(piece.after) for piece in pieces) <= 2 and any(char.isascii() for char in word)
    return not few or all(shape(char).script == "LATIN" for piece in pieces for char in piece.after)


_SYMBOL: Final = 32.0  # nats that a Greek letter beside Latin ones is cheaper as a symbol than as a mixture
_GREEK_THROUGH_LATIN: Final = re.compile("[ÎÏ][^\\w\\s]|[ÎÏ][\xaa\xb2-\xb5\xb9\xba\xbc-\xbe]")


def _symbols(word: str, pieces: tuple[Piece, ...]) -> bool:
    """Whether each change makes a capital and a sign one small Greek letter, as in names of genes and units."""
    return any(char.isascii() for char in word) and all(
        "α" <= piece.after <= "ω"
        and len(piece.after) == 1
        and _GREEK_THROUGH_LATIN.fullmatch(word, piece.start, piece.end)
        for piece in pieces
    )


def _named(word: str, pieces: tuple[Piece, ...]) -> bool:
    """Whether the word is a letter with a possessive or plural s, as where people write about damage itself."""
    return len(pieces) == 1 and word[1:] == "’s" and not word[0].isascii() and pieces[0].end == 2


def _drawn(pieces: tuple[Piece, ...]) -> bool:
    """Whether the word is art made of signs: one change, to a letter hardly met, again and again."""
    afters = [piece.after for piece in pieces]
    return any(afters.count(after) > 2 and min(shape(c).price for c in after) >= _RARE_LETTER for after in set(afters))


_RARE_LETTER: Final = 9.0  # the price of a letter that is in no alphabet of today
# Of nearly the same table as a commoner codec, which comes before: asked only where that has no answer.
_SISTERS: Final = frozenset({"cp860", "cp865", "cp1125", "mac-romanian"})
_PENALTY: Final = {codec.name: codec.penalty for codec in CODECS}


def replaced(word: str, pieces: tuple[Piece, ...]) -> str:
    """The word with its spans replaced."""
    parts: list[str] = []
    position = 0
    for start, end, after in pieces:
        parts += (word[position:start], after)
        position = end
    return "".join((*parts, word[position:]))


def _undone(runs: list[str], after: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Undo one channel for all runs of a word, then perhaps another; the chain is in the order of the misreadings."""
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    points = not after and _TYPOGRAPHIC.search("".join(runs)) is not None
    strictly = _able(runs)
    loosely = _able([_TYPOGRAPHIC.sub("", run) for run in runs]) if points else []
    for codec in strictly + [codec for codec in loosely if codec not in strictly]:
        if seen and codec.name in _SISTERS:
            continue
        parts = [inverse(run, codec) for run in runs]
        if codec in loosely and None in parts and not codec.multibyte:
            parts = [_around_points(run, codec) for run in runs]
            parts = [] if parts == runs else parts
        if parts and None not in parts:
            known = tuple(part for part in parts if part is not None)
            chain = (codec.name, *after)
            yield chain, list(known)
            seen.setdefault(known, chain)
    if len(after) + 1 < MAX_STEPS:
        again = [(parts, chain) for parts, chain in seen.items() if all(_AGAIN.search(part) for part in parts)]
        for again_parts, chain in again[:_WIDEST]:
            yield from _undone(list(again_parts), chain)


def inverse(run: str, codec: Codec) -> str | None:
    """The text whose UTF-8 the codec reads as this run; None where there is none."""
    data = codec.encode(run)
    if data is None or data.isascii():
        return None
    text = decode_utf8(data)
    return None if text == run else text


def _around_points(run: str, codec: Codec) -> str | None:
    """A run in which damage stands beside intact quotes, dashes or dots: the sequences decoded, those points kept."""
    data, place = "", 0
    while place < len(run):
        for length in (4, 3, 2):
            found = inverse(run[place : place + length], codec)
            if found is not None and len(found) == 1 and len(run) - place >= length:
                data, place = data + found, place + length
                break
        else:
            if _TYPOGRAPHIC.match(run[place]) is None:
                return None
            data, place = data + run[place], place + 1
    return data


def _able(runs: list[str]) -> list[Codec]:
    """The codecs that can have yielded every character of some runs, the first of each from a lead byte."""
    table, able = masks(), -1
    for run in filter(None, runs):
        able &= table.leads.get(ord(run[0]), 0) if run[0] > "\x7f" else -1
        for char in set(run):
            if char > "\x7f":
                able &= table.bytes.get(ord(char), 0)
    wide = all(_WIDE.search(run) for run in runs)
    return [codec for place, codec in enumerate(CODECS) if (wide if codec.multibyte else able >> place & 1)]
