"""What may stand where bytes were lost: a damaged word, cut into sequences of bytes, each with the letters it could be.

Control characters (bytes 0x80 to 0x9F in most codecs) are dropped by scrapers or turned to spaces; so is the no-break
space (0xA0), and next line (0x85) becomes a space; bytes that a codec does not define come out as U+FFFD or as a
question mark. What is left of a letter is its lead byte, and perhaps more. Not here: which letter it was (``lost``).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pipeline.repair.channels import CONTINUATIONS, ROLES, Codec, decode_utf8
from pipeline.repair.plausible import likely

LOSS: Final = 2.0  # what one lost byte costs beforehand, in nats
_UNUSUAL: Final = 2.0  # and more where that byte is usually lost in another way
_UNHEARD_OF: Final = 5.0  # the same where the file is known to lose bytes in another way
_GREEK: Final = 0xCD  # the first lead of letters that are not Latin
_MAX_LOST: Final = 1  # bytes that one character may have lost


@dataclass(frozen=True, slots=True)
class Option:
    """A text that a sequence may have been, and what it costs that just these bytes were lost."""

    text: str
    cost: float


@dataclass(frozen=True, slots=True)
class Sequence:
    """One character's bytes in a word: the span, the options, and whether a byte of it is gone."""

    start: int
    end: int
    options: tuple[Option, ...]
    lost: bool


@dataclass(frozen=True)
class _Losses:
    """Bytes that a codec's readers lose, by what is left of them, each with its cost."""

    nothing: tuple[tuple[int, float], ...]
    merged: tuple[tuple[int, float], ...]
    space: tuple[tuple[int, float], ...]
    mark: tuple[tuple[int, float], ...]

    def left(self, char: str, *, spaced: bool) -> tuple[tuple[int, float], ...]:
        """The bytes that may have become this character (nothing, a space, U+FFFD or a question mark).

        ``spaced``: a space follows, with which the space that a byte became may have merged.
        """
        if not char:
            return self.merged if spaced else self.nothing
        return self.space if char == " " else self.mark


@lru_cache(maxsize=256)
def _losses(codec: Codec, manner: str, *, marked: bool, weighed: bool) -> _Losses:
    """``manner``: how this file loses control characters: they are "dropped", become "spaces", or nobody knows ("").

    ``marked``: bytes that the codec does not define came out as U+FFFD, so nothing else became of them.
    ``weighed``: words tell which letter it was, so that what a control became need not be thought to have merged with a
    space behind it, which is rare.
    """
    controls = [byte for byte in CONTINUATIONS if "\x80" <= codec.table[byte] <= "\x9f"]
    blanks = [byte for byte in CONTINUATIONS if codec.table[byte] == "\xa0"]
    unlike = _UNUSUAL if not manner else _UNHEARD_OF
    dropped, spaced = LOSS + unlike * (manner == "spaces"), LOSS + unlike * (manner != "spaces")
    if marked:
        controls = [byte for byte in controls if byte not in codec.undefined]
    gone = tuple((byte, dropped + _UNUSUAL * (codec.table[byte] == "\x85")) for byte in controls)
    return _Losses(
        gone + tuple((byte, dropped + unlike) for byte in blanks),
        (gone if weighed else tuple((byte, min(cost, spaced)) for byte, cost in gone))
        + tuple((byte, LOSS) for byte in blanks),
        tuple((byte, LOSS if codec.table[byte] == "\x85" else spaced) for byte in controls)
        + tuple((byte, LOSS) for byte in blanks),
        tuple((byte, LOSS) for byte in CONTINUATIONS if byte in codec.undefined),
    )


def losable(codec: Codec) -> frozenset[int]:
    """The continuation bytes that may go lost: what the codec reads as a control or no-break space, or not at all."""
    return frozenset(byte for byte in CONTINUATIONS if "\x80" <= codec.table[byte] <= "\xa0" or byte in codec.undefined)


_GAP: Final = "[ ?\ufffd]"


def _class(role: int) -> str:
    """The characters that stand for a role in words that ``Codec.roles`` has translated."""
    return "[" + "".join(re.escape(chr(number)) for number in range(1, 0x20) if number & role) + "]"


_REST, _C2, _TWO, _THREE, _FOUR = (_class(role) for *_, role in ROLES)
_SEQUENCE: Final = re.compile(
    f"{_FOUR}{_REST}{{3}}|{_THREE}(?:{_REST}(?:{_REST}|{_GAP})?|{_GAP}{_REST})|{_TWO}(?:{_REST}|{_GAP})?|{_C2}{_REST}"
)
# Cut from the left, as they are found below: where U+FFFD may be several bytes, other cuts are past counting.
_DAMAGED: Final = re.compile(f"(?:[A-Za-z]|{_SEQUENCE.pattern})++")
_ALONE: Final = re.compile(f"{_TWO}(?!{_REST[:-1]}?\ufffd])( ?)")  # a lead whose continuation is gone


def parsed(word: str, codec: Codec, manner: str = "", *, spaced: bool = False) -> tuple[Sequence, ...] | None:
    """The sequences of a word that lost bytes; None where the codec cannot have yielded it or nothing is lost.

    ``spaced``: a space follows the word.
    """
    roles = word.translate(codec.roles)
    if _DAMAGED.fullmatch(roles) is None:
        return None
    found = []
    for match in _SEQUENCE.finditer(roles):
        start, end = match.span()
        last = spaced and end == len(word)
        options, lost = _options(word[start:end], codec, manner, marked="\ufffd" in word, spaced=last)
        if not options:
            return None
        found.append(Sequence(start, end, options, lost))
    return tuple(found) if any(sequence.lost for sequence in found) else None


@lru_cache(maxsize=16384)
def _options(chars: str, codec: Codec, manner: str, *, marked: bool, spaced: bool) -> tuple[tuple[Option, ...], bool]:
    """What one sequence may have been, and whether a byte of it is gone; words share their sequences."""
    lead = codec.bytes_of[ord(chars[0])]
    losses = _losses(codec, manner, marked=marked, weighed=lead < _GREEK)
    length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    rests: list[tuple[bytes, float, int]] = [(bytes([lead]), 0.0, 0)]
    for place in range(1, length):
        char = chars[place : place + 1]
        if char and char not in " ?\ufffd":
            rests = [(data + bytes([codec.bytes_of[ord(char)]]), cost, lost) for data, cost, lost in rests]
        else:
            rests = [
                (data + bytes([byte]), cost + dear, lost + 1)
                for data, cost, lost in rests
                for byte, dear in losses.left(char, spaced=spaced)
            ]
    options = []
    for data, cost, lost in rests:
        text = decode_utf8(data) if lost <= _MAX_LOST else None
        if text is not None and (not lost or likely(text)):
            options.append(Option(text, cost))
    return tuple(options), any(lost for _, _, lost in rests)


def leads_of(codec: Codec) -> tuple[str, ...]:
    """The leads of two bytes, as the codec reads them."""
    return codec.table[0xC3:0xE0]


def manner_of(lines: Iterable[str], codec: Codec) -> str:
    """How lines that were read with this codec lost control characters: "dropped", "spaces", or "" for nobody knows."""
    if codec.multibyte:
        return ""
    found = _ALONE.findall("\n".join(lines).translate(codec.roles))
    spaced = found.count(" ")
    dropped = len(found) - spaced
    return "dropped" if dropped > 1 else "spaces" if spaced > 1 and not dropped else ""
