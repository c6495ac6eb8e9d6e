"""Bytes lost in words that were misread twice: the second reading shows as controls what the first made of letters.

Read as Latin-1 twice, é is "Ã", a control, "Â" and "©", and without the control "ÃÂ©", which is no byte of UTF-8 read
once. Each byte of a letter is one or more characters here; what is left of these tells which bytes it can have been.
Not here: which letter it was (``lost``), and words that were misread once (``gaps``).
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final, NamedTuple

from pipeline.repair.channels import BY_NAME, Codec, decode_utf8
from pipeline.repair.gaps import LOSS, Option, Sequence
from pipeline.repair.plausible import likely

_AGAIN: Final = 2.0  # nats that a second misreading costs beforehand
# The codec that UTF-8 was read with, and the one with which that was read: which makes controls of letters, or nothing.
_CHAINS: Final = (
    ("cp1252", "cp1252"),
    ("latin-1", "latin-1"),
    ("latin-1", "cp1252"),
    ("cp1252", "latin-1"),
    ("cp1250", "cp1252"),
)
_BYTES: Final = range(0x80, 0xF5)
_LATIN: Final = range(0xC3, 0xC6)  # leads of letters of Europe
_MOST: Final = 2  # characters of one letter that may have gone lost
_LEAD: Final = "Ã"  # what both codecs of the second reading make of the leads, and of the rest
_RESTS: Final = "Ââ"


class _Byte(NamedTuple):
    """A byte that some characters may be, and how many characters of it are gone."""

    byte: int
    lost: int


@lru_cache(maxsize=4096)
def doubled(word: str) -> tuple[tuple[Codec, tuple[Sequence, ...]], ...]:
    """The chains that can have yielded a word which lost characters, with its sequences."""
    if _LEAD not in word or not any(map(word.__contains__, _RESTS)):
        return ()
    cuts = [(codec, _parsed(word, chain)) for chain, codec in _codecs().items()]
    return tuple([(codec, cut) for codec, cut in cuts if cut is not None])


@lru_cache(maxsize=1)
def _codecs() -> dict[tuple[str, str], Codec]:
    return {
        chain: Codec(">".join(chain), _AGAIN + sum(BY_NAME[name].penalty for name in chain), multibyte=True)
        for chain in _CHAINS
    }


@lru_cache(maxsize=8)
def _forms(chain: tuple[str, str]) -> tuple[dict[str, list[_Byte]], int]:
    """What each byte can have become, as characters -> bytes, and the most characters."""
    first, second = (BY_NAME[name] for name in chain)
    forms: dict[str, list[_Byte]] = {}
    for byte in _BYTES:
        for form, lost in _become(first.table[byte], second):
            forms.setdefault(form, []).append(_Byte(byte, lost))
    forms.pop("", None)
    return forms, max(map(len, forms))


def _become(char: str, codec: Codec) -> Iterator[tuple[str, int]]:
    """What the UTF-8 of a character becomes in a codec whose controls go lost, and how many of these are gone."""
    ways = [
        [(codec.table[byte], 0)]
        + [("", 1)] * ("\x80" <= codec.table[byte] <= "\x9f")
        + [("\ufffd", 1)] * (byte in codec.undefined)
        for byte in char.encode()
    ]
    for way in product(*ways):
        yield "".join([form for form, _ in way]), sum([lost for _, lost in way])


def _parsed(word: str, chain: tuple[str, str]) -> tuple[Sequence, ...] | None:
    """The sequences of a word; None where the chain cannot have yielded it, nothing is lost, or too much is."""
    found, place = [], 0
    while place < len(word):
        if word[place].isascii():
            if not word[place].isalpha():
                return None
            place += 1
            continue
        sequence = _sequence(word, place, chain)
        if sequence is None:
            return None
        found.append(sequence)
        place = sequence.end
    return tuple(found) if any(one.lost for one in found) else None


def _sequence(word: str, start: int, chain: tuple[str, str]) -> Sequence | None:
    """The letter whose characters begin at a place."""
    leads, place = _next(word, start, chain)
    leads = [one for one in leads if one.byte >= 0xC2]
    if not leads:
        return None
    length = 2 if leads[0].byte < 0xE0 else 3 if leads[0].byte < 0xF0 else 4
    parts = [leads]
    for _ in range(1, length):
        rests, place = _next(word, place, chain)
        parts.append([one for one in rests if one.byte < 0xC0])
    if sum([len(part) > 1 for part in parts]) > 1:
        if not any(char.isascii() for char in word):
            return None  # of which nothing tells even the script
        parts[0] = [one for one in leads if one.byte in _LATIN]
    options: dict[str, float] = {}
    for way in product(*parts):
        text = decode_utf8(bytes([one.byte for one in way]))
        lost = sum([one.lost for one in way])
        if text is not None and lost <= _MOST and (not lost or likely(text)):
            options[text] = min(options.get(text, LOSS * lost), LOSS * lost)
    gone = any(one.lost for part in parts for one in part)
    return Sequence(start, place, tuple([Option(*one) for one in options.items()]), gone) if options else None


def _next(word: str, place: int, chain: tuple[str, str]) -> tuple[list[_Byte], int]:
    """The bytes that the next characters can be, as many as can be one, and where they end."""
    forms, longest = _forms(chain)
    for end in range(min(len(word), place + longest), place, -1):
        if word[place:end] in forms:
            return forms[word[place:end]], end
    return [], place
