"""Damage that no word shows but the line around it: quotes that lost a byte, struck-out text, spaces, torn signs.

Each class has a shape that no writer sets by hand. Words of letters are decided elsewhere (``decide``, ``guess``);
what those made of a line comes first, and only what they left, or left open, is looked at here.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from pipeline.repair.channels import BY_NAME, CODECS, CONTINUATIONS, Codec, decode_utf8
from pipeline.repair.decide import Votes
from pipeline.repair.model import Repair
from pipeline.repair.plausible import shape
from pipeline.repair.prefilter import TOP, Marks, Places, Points

_SIGNS: Final = ("??", "â€", "Ì", "Â ", "\ufffd", "锟斤")
HEARD: Final = 2.0  # nats that other words must say for a channel before a sign is read by it
_QUOTE: Final = "â€"
_CLOSING: Final = re.compile(r"(?<=[^\s(\[])â€[?\ufffd]?(?=[\s.,;:!)\]]|$)")
_AFTER_QUOTE: Final = re.compile(r"[?\ufffd\s.,;:!)\]]")
_OPENED: Final = re.compile("“|â€œ")
_CLOSED: Final = re.compile(r"”|â€\x9d|â€[?\ufffd]|â€(?=[\s.,;:!)\]]|$)")
_STRUCK: Final = re.compile(r"(?:(?<=[!-~])Ì[²³´µ¶·¸](?=[!-~]|\s|$)[!-~]?){2,}")
_OVERLAY: Final = re.compile("Ì[²³´µ¶·¸]")
# What a sign that was misread three times leaves when bytes became question marks on the way.
_TORN: Final = re.compile(r"Ã[?\ufffd]Â.(?:â[?\ufffd]¬|[ÃÂâ][?\ufffd]?[\x80-\xbf])+")
_LOST_SPACE: Final = re.compile("Â(?= )")
_EAST_ASIAN: Final = tuple(codec.name for codec in CODECS if codec.multibyte)
# Runs are tried from their beginning only, so that a long one without what is sought costs its length, not the square.
_UNPAIRED: Final = re.compile("(?<![\u2e80-\uffef])[\u2e80-\uffef]*\ufffd[\u2e80-\uffff]*")
# The same as question marks, which nobody sets between letters, nor two of them right before one.
_QUESTIONED: Final = re.compile("(?<=[^\\W\\d_])\\?{2,}|(?<!\\?)\\?{2,}(?=[^\\W\\d_])")
_REPLACED_TWICE: Final = re.compile("(?<=[A-Za-z])(?:锟斤拷?)+|(?<!锟斤)(?<!锟斤拷)(?:锟斤拷?)+(?=[A-Za-z])")
# A run in which a byte came out as U+FFFD.
_MARKED: Final = re.compile("(?<![^\x00-\x7f\ufffd])[^\x00-\x7f\ufffd]*\ufffd[^\x00-\x7f]*")
_BLANK: Final = "a no-break space, of which a plain one is left; words here were read the same way"
_ENDS: Final = "a byte of it is gone; a quotation was opened and this is where it ends"
_OVERLAID: Final = "the same overlay behind one character after another"
_WHOLE: Final = "its bytes are UTF-8 without a flaw, beside a sign that lost one"


def may_have_signs(line: str) -> bool:
    """Whether a glance cannot rule out that a line has such signs."""
    return ("?" in line and "Ã" in line) or any(map(line.__contains__, _SIGNS))


def torn_signs(points: Points, at: Places) -> Places:
    """The places, among ``at``, at which such a sign may begin that has no question mark in it.

    ``points`` and ``at`` are as ``prefilter.hits`` takes them.
    """
    first, behind = _beginnings()
    some = at[first.take(points.take(at))]
    wanted = behind.take(points.take(some))
    some = some[(wanted == 0) | (wanted == points.take(some + 1))]
    # Nearly all quotes are whole: what follows is their last byte.
    places: Places = some[(points.take(some) != ord(_QUOTE[0])) | _after_quotes().take(points.take(some + 2))]
    return places


@lru_cache(maxsize=1)
def _beginnings() -> tuple[Marks, Points]:
    """For each code point whether such a sign begins with it, and the only one that can follow there, else 0."""
    first, behind = np.zeros(TOP, np.bool_), np.zeros(TOP, np.uint16)
    for sign in _SIGNS:
        first[ord(sign[0])], behind[ord(sign[0])] = sign[0] > "\x7f", ord(sign[1:] or "\0")
    return first, behind


@lru_cache(maxsize=1)
def _after_quotes() -> Marks:
    """For each code point whether it may stand behind a quote that lost its last byte."""
    marks = np.zeros(TOP, np.bool_)
    every = "".join(map(chr, range(ord("\u3000") + 1)))  # the last of the blanks
    marks[[ord(char) for char in _AFTER_QUOTE.findall(every + "\ufffd")]] = True
    return marks


def with_signs(line: str, repairs: Iterable[Repair], votes: Votes) -> list[Repair]:
    """The repairs of a line, and those of signs that they leave open or do not touch."""
    kept = list(repairs)
    for sign in _signs(line, votes):
        touching = [one for one in kept if one.start < sign.end and sign.start < one.end]
        if sign.certainty == "unresolved" and _TORN.match(line, sign.start) is None and touching:
            continue
        if _TORN.match(line, sign.start) is not None or all(one.certainty == "unresolved" for one in touching):
            kept = [one for one in kept if one not in touching]
            kept.append(sign)
    return kept


def _signs(line: str, votes: Votes) -> Iterator[Repair]:
    lost = "?" in line or "\ufffd" in line
    if lost and "Ã" in line:
        for match in _TORN.finditer(line):
            yield left_open(
                match.start(), match[0], "utf-8>cp1252>cp1252", (), "misread more than once, and bytes are gone"
            )
    yield from _wide(line, votes)
    if "â€" in line:
        yield from _quotes(line)
    if "Ì" in line:
        yield from _struck(line)
    blank = "Â " in line
    if blank and (votes.spoken("utf-8>cp1252", "") >= HEARD or votes.spoken("utf-8>latin-1", "") >= HEARD):
        for match in _LOST_SPACE.finditer(line):
            yield read_as(match.start(), "Â ", "\xa0", _BLANK, "constrained")
    for name in ("cp1252", "cp1250", "cp1251", "cp1253") if "\ufffd" in line else ():
        if votes.spoken(f"utf-8>{name}", "") >= HEARD:
            yield from _marked(line, BY_NAME[name])


def _wide(line: str, votes: Votes) -> Iterator[Repair]:
    """Letters whose bytes an East Asian codec could not pair: what they were is gone, so they are only pointed out."""
    for match in _REPLACED_TWICE.finditer(line) if "锟斤" in line else ():
        yield left_open(match.start(), match[0], "utf-8>gbk", (), "U+FFFD itself was read as GBK: the letters are gone")
    marks = _UNPAIRED if "\ufffd" in line else _QUESTIONED if "??" in line else None
    if marks is not None:
        for name in _EAST_ASIAN:
            if votes.spoken(f"utf-8>{name}", "") >= HEARD:
                for match in marks.finditer(line):
                    yield left_open(match.start(), match[0], f"utf-8>{name}", (), "bytes that the codec could not pair")
                return


def _quotes(line: str) -> Iterator[Repair]:
    """Closing quotation marks: their last byte is one that windows-1252 does not define."""
    place = line.find(_QUOTE)
    while place >= 0:
        match = _CLOSING.match(line, place)
        if match is not None and closes(line, place):
            yield read_as(place, match[0], "”", _ENDS, "inferred", alternatives=("\u2010",))
        place = line.find(_QUOTE, place + 1)


def closes(line: str, place: int) -> bool:
    """Whether a closing quotation mark that lost its last byte is at a place: one was opened and not closed yet."""
    if _CLOSING.match(line, place) is None:
        return False
    opened, closed = _quoted(line)
    return bisect_left(opened, place) > bisect_left(closed, place)


@lru_cache(maxsize=8)
def _quoted(line: str) -> tuple[list[int], list[int]]:
    """Where quotations are opened and closed."""
    return [match.start() for match in _OPENED.finditer(line)], [match.start() for match in _CLOSED.finditer(line)]


def _struck(line: str) -> Iterator[Repair]:
    """Letters struck out or underlined by a combining character behind each."""
    for run in _STRUCK.finditer(line):
        for match in _OVERLAY.finditer(run[0]):
            after = match[0].encode("latin-1").decode()
            yield read_as(run.start() + match.start(), match[0], after, _OVERLAID, "exact")


@lru_cache(maxsize=8)
def _shapes(codec: Codec) -> re.Pattern[str]:
    """Sequences in which one byte came out as U+FFFD because the codec does not define it."""

    def of(low: int, high: int) -> str:
        return "[" + "".join(re.escape(codec.table[byte]) for byte in range(low, high)) + "]"

    any_of = of(0x80, 0xC0)[:-1] + "\ufffd]"
    shapes = (of(0xF0, 0xF5) + any_of + "{3}", of(0xE0, 0xF0) + any_of + "{2}")
    return re.compile("|".join(shapes))


def _marked(line: str, codec: Codec) -> Iterator[Repair]:
    """Signs of three or four bytes that lost one: read where only one is possible, else left with what may be."""
    for match in (one for run in _MARKED.finditer(line) for one in _shapes(codec).finditer(line, *run.span())):
        options = tuple(dict.fromkeys(_readings(match[0], codec)))
        lost = "\ufffd" in match[0]
        evidence = f"a byte of it came out as U+FFFD; {len(options)} characters are possible" if lost else _WHOLE
        if len(options) == 1:
            sure = "constrained" if lost else "exact"
            yield read_as(match.start(), match[0], options[0], evidence, sure, codec=codec.name)
        elif lost:
            yield left_open(match.start(), match[0], f"utf-8>{codec.name}", options, evidence)


def _readings(sequence: str, codec: Codec) -> Iterator[str]:
    if sequence.count("\ufffd") > 1:
        return
    for byte in sorted(codec.undefined & set(CONTINUATIONS)) if "\ufffd" in sequence else [0]:
        data = bytes(byte if char == "\ufffd" else codec.bytes_of[ord(char)] for char in sequence)
        text = decode_utf8(data)
        if text is not None and len(text) == 1 and _written(text):
            yield text


def _written(char: str) -> bool:
    """Whether people write this character: the variation selectors but for the two of emoji are nobody's."""
    return char in "\ufe0e\ufe0f" or (shape(char).price < 14 and not "\ufe00" <= char <= "\ufe1f")


def read_as(
    start: int,
    before: str,
    after: str,
    evidence: str,
    sure: str,
    *,
    codec: str = "cp1252",
    alternatives: tuple[str, ...] = (),
) -> Repair:
    """The repair of a sign that is read."""
    channel = f"utf-8>{codec}"
    return Repair(start, start + len(before), before, after, "mojibake", channel, sure, 0.97, alternatives, evidence)


def left_open(start: int, before: str, codec: str, options: Sequence[str], evidence: str) -> Repair:
    """What is said of a sign that is left, of which these are possible."""
    share = 1 / max(2, len(options))
    return Repair(start, start + len(before), before, before, "mojibake", codec, "unresolved", round(share, 4),
                  tuple(options), evidence)  # fmt: skip
