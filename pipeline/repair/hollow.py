"""Punctuation of which only the first byte is left, as in "donât" for "don’t".

Quotation marks, apostrophes and dashes are the byte E2 and two more. Latin-1 and its like read these two as control
characters, which scrapers drop or turn to spaces: what is left is â. Which sign it was is told by what stands beside
it, or not at all; then it is pointed out where the file shows that its bytes were lost so. Not here: letters that
lost bytes (``lost``), and signs that lost one (``signs``).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.channels import BY_NAME, CODECS
from pipeline.repair.decide import ENOUGH, Votes, decide
from pipeline.repair.dossier import recorded
from pipeline.repair.invert import readings
from pipeline.repair.letters import letter_model, lowered
from pipeline.repair.model import Repair, moved
from pipeline.repair.places import marked
from pipeline.repair.plausible import shape
from pipeline.repair.prefilter import TOP, Kinds, Marks, Places, Points
from pipeline.repair.signs import HEARD, left_open, read_as

_LEAD: Final = "â"
_AGREE: Final = 2  # distinct words with an apostrophe that are as good as that
_BESIDE: Final = 64  # characters on each side that are looked at, more than a word has
_LONG: Final = 3  # letters of a word that tells something
_TRIED: Final = 8  # readings of a word, the best first, among which channels that are alike stand
_KEPT: Final = {"¦": "…", "¬": "€", "°": "‰", "²": "′", "³": "″"}  # signs of which the last byte is left, too
_NEVER_BEHIND: Final = "¦¬"  # of these no writer sets one behind â
# What may follow the lead where its sign is not empty.
_BYTES: Final = frozenset(BY_NAME["latin-1"].table[0x80:0xC0] + BY_NAME["cp1252"].table[0x80:0xA0])
_NO_BYTE: Final = f"(?![{re.escape(''.join(sorted(_BYTES)))}])"
_EMPTY: Final = re.compile(rf"{_LEAD}(?:([{''.join(_KEPT)}])|{_NO_BYTE} {{1,2}}(?=[^\W\d_]))?{_NO_BYTE}")
_WORD: Final = re.compile(rf"(?<!\S)[^\s{_LEAD}]*+{_LEAD}\S*")  # one that has the lead in it
_PART: Final = re.compile(f"(?:(?!{_EMPTY.pattern}).)+")
_LETTERS: Final = re.compile(r"(?:[A-Za-z]|[^\x00-\x7f])+")
# English words that are written together: what stands before the apostrophe, and what behind it.
_TOGETHER: Final = (
    (re.compile(r"(?:do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|should|must|need|ai)n", re.I), {"t"}),
    (re.compile(r"(?:I|you|we|they|he|she|it|that|there|who|what|how|could|would|should|might)", re.I),
     {"ve", "re", "ll", "d"}),
    (re.compile(r"I"), {"m"}),
    (re.compile(r"(?:it|that|there|he|she|what|who|let|here|where|how)", re.I), {"s"}),
)  # fmt: skip
# Words that lose their last vowel before another: French, Catalan and Italian.
_ELIDED: Final = re.compile(
    r"(?:qu|jusqu|lorsqu|puisqu|quelqu|presqu|aujourd|(?:de|a|ne|su|da|co|que)ll|un|quest|sant|gl|dov)", re.I
)
_VOWEL: Final = re.compile(r"[aeiouyhà-ÿÀ-Ý]", re.I)
_ELIDED_LETTER: Final = re.compile(r"[cdjlmnst]", re.I)
_ONSET: Final = re.compile(r"(?!in)[aeiouyhà-ÿÀ-Ý]", re.I)  # in Romanian and others â stands before "in" as a letter
_SHORT: Final = re.compile(r"(?:ai|as|on|en|un|il|ils|or|os|au|eau|et)", re.I)
# What Turkish sets behind names: of the cases, the plural, and both.
_SUFFIX: Final = re.compile(r"(?:l[ae]r)?(?:[dt][ae]n?|n?[ıiuü]n|[yn]?[aeıiuü]|l[ae])")
_NAMES: Final = re.compile(r"(?:[A-Z]|Mc|Mac)")
_OPENS: Final = re.compile(r"(?:^|[\s(\[])$")
_CLOSES: Final = re.compile(r"$|[\s.,;:!?)\]]")
# Where a sign may stand that shows by itself which it was: nothing else is looked at where no other word says that
# bytes were lost so. Most letters are ruled out by it.
_MAY_SHOW: Final = re.compile(
    "â(?:[¦¬A-ZÀ-ÞĀ-ɏ]| {0,2}(?:[stdm]|ve|re|ll)(?![A-Za-z])|(?<=[cdjlmnstugvCDJLMNSTUGV]â) {0,2}[aeiouyhAEIOUYHÀ-ÿ])"
)
# The same for characters in ASCII, one bit each.
_ELIDES, _OPENS_WORD, _ENDING, _FIRST_OF_TWO, _SECOND_OF_TWO, _CAPITAL, _ASCII, _SPACE = (1 << bit for bit in range(8))
_KINDS: Final = {
    _ELIDES: "[cdjlmnstugvCDJLMNSTUGV]",
    _OPENS_WORD: "[aeiouyhAEIOUYH]",
    _ENDING: "[stdm]",
    _FIRST_OF_TWO: "[vrl]",
    _SECOND_OF_TWO: "[el]",
    _CAPITAL: "[A-Z]",
    _ASCII: "[A-Za-z]",
    _SPACE: r"\s",
}
_LEFT_OF_IT: Final = "only the first of its three bytes is left"


class _Sign(NamedTuple):
    """What an empty sign can have been: the only one, or several; ``word`` is that which shows it by itself."""

    options: tuple[str, ...]
    word: str = ""


def empty_signs(points: Points, at: Places) -> Places:
    """The places, among ``at``, at which such a sign may stand, told code points and places outside ASCII."""
    lead = at[points.take(at) == ord(_LEAD)]
    places: Places = lead[~_follow().take(points.take(lead + 1))]
    return places


def telling_signs(points: Points, at: Places) -> Places:
    """The places, among ``at``, of leads that may show what they were, or in words with more outside ASCII.

    In lines with empty signs, without one of these all signs are left as they are where no other word tells something.
    """
    lead = at[points.take(at) == ord(_LEAD)]
    before, behind, third = (_kinds().take(points.take(lead + shift)) for shift in (-1, 1, 2))
    elided = (before & _ELIDES) != 0
    told = elided & ((behind & _OPENS_WORD) != 0)
    told |= ((behind & _ENDING) != 0) & ((third & _ASCII) == 0)
    told |= ((behind & _FIRST_OF_TWO) != 0) & ((third & _SECOND_OF_TWO) != 0)
    told |= (behind & _CAPITAL) != 0
    spaced = (third & (_SPACE | _ENDING | _FIRST_OF_TWO)) != 0
    told |= ((behind & _SPACE) != 0) & (spaced | (elided & ((third & _OPENS_WORD) != 0)))
    # From there outwards to the ends of the words, of which most are near.
    for step in (-1, 1):
        left, shift = marked(~told), 0
        while left.size and abs(shift) < _BESIDE:
            shift += step
            here = points.take(lead[left] + shift)
            told[left[here > 0x7F]] = True
            left = left[(here <= 0x7F) & ((_kinds().take(here) & _SPACE) == 0)]
        told[left] = True
    places: Places = lead[told]
    return places


@lru_cache(maxsize=1)
def _kinds() -> Kinds:
    """What ``_MAY_SHOW`` asks of characters, one bit each; of those outside ASCII more than it asks."""
    kinds = np.full(TOP, _OPENS_WORD, np.uint8)
    kinds[:0x80] = 0
    for bit, pattern in _KINDS.items():
        kinds[[point for point in range(0x80) if re.match(pattern, chr(point))]] |= bit
    return kinds


@lru_cache(maxsize=1)
def _follow() -> Marks:
    marks = np.zeros(TOP, np.bool_)
    marks[[ord(char) for char in _BYTES.difference(_KEPT)]] = True
    return marks


@lru_cache(maxsize=1)
def _channels() -> tuple[str, ...]:
    """Of single codecs those that read the lead as â and the other two bytes as controls."""
    alike = (codec for codec in CODECS if not codec.multibyte and codec.table[0xE2] == _LEAD)
    return tuple(f"utf-8>{codec.name}" for codec in alike if codec.table[0x80] + codec.table[0x99] == "\x80\x99")


class Hollow:
    """The empty signs in lines of a page, and what the other words of the file say about them.

    ``heard``: they say that bytes were lost so; else only lines tell something in which ``telling_signs`` finds a sign.
    """

    def __init__(self, telling: Iterable[str], votes: Votes) -> None:
        self._votes = votes
        channel = max(_channels(), key=lambda channel: votes.spoken(channel, ""))
        self._codec = channel.rpartition(">")[2]
        self.heard = votes.spoken(channel, "") >= HEARD or _agree(filter(_MAY_SHOW.search, telling))

    def repairs(self, line: str, done: Sequence[Repair]) -> list[Repair]:
        """What can be said of the signs in a line and of the words at them, besides what else is done to it."""
        parts = [(at, part) for at, part in _parts(line) if not _touched(done, at, at + len(part))]
        heard = self.heard or any(_as_latin(part) for _, part in parts)
        found = [repair for at, part in parts for repair in moved(self._read(part), at)]
        if not heard and _MAY_SHOW.search(line) is None:
            return found
        for start, end, sign in _signs(line):
            if (heard or sign.word) and not _touched(done, start, end):
                found.append(self._filled(start, line[start:end], sign, sure=heard and len(sign.options) == 1))
        return found

    def _read(self, part: str) -> Iterator[Repair]:
        decision = decide(part, self._votes)
        alike = decision is not None and decision.reading is not None and decision.reading.text in _as_latin(part)
        return recorded(part, decision) if decision is not None and alike else iter(())

    def _filled(self, start: int, before: str, sign: _Sign, *, sure: bool) -> Repair:
        if sure:
            evidence = f"{_LEFT_OF_IT}; what stands beside it leaves no other sign"
            return read_as(start, before, sign.options[0], evidence, "inferred", codec=self._codec)
        return left_open(start, before, f"utf-8>{self._codec}", sign.options, _LEFT_OF_IT)


def _agree(lines: Iterable[str]) -> bool:
    """Whether several signs in some lines show by themselves which they were."""
    return len({sign.word for line in lines for *_, sign in _signs(line) if sign.word}) >= _AGREE


def _touched(done: Sequence[Repair], start: int, end: int) -> bool:
    """Whether one of some repairs, which are in order, touches a span."""
    behind = bisect_right(done, start, key=attrgetter("end"))
    return behind < len(done) and done[behind].start < end


def _parts(line: str) -> Iterator[tuple[int, str]]:
    """The parts of words that empty signs hold together, which are damaged themselves, and where they begin."""
    if not any(_LEAD in word and not word.replace(_LEAD, "").isascii() for word in line.split()):
        return  # as in most lines
    for word in _WORD.finditer(line):
        # In most words nothing else is outside ASCII.
        if not word[0].replace(_LEAD, "").isascii() and _EMPTY.search(word[0]) is not None:
            yield from ((word.start() + one.start(), one[0]) for one in _PART.finditer(word[0]) if not one[0].isascii())


def _as_latin(word: str) -> list[str]:
    """What a word can be as UTF-8 in Latin letters that was read as Latin-1 or its like."""
    alike = [one for one in readings(word)[:_TRIED] if one.gain >= ENOUGH and one.channel in _channels()]
    return [
        one.text for one in alike if {shape(char).script for piece in one.pieces for char in piece.after} == {"LATIN"}
    ]


def _signs(line: str) -> Iterator[tuple[int, int, _Sign]]:
    """The empty signs of a line, where each begins and ends, and what it can have been."""
    for match in _EMPTY.finditer(line):
        (start, end), kept = match.span(), match[1]
        if kept:
            yield start, end, _Sign((_KEPT[kept],), match[0] if kept in _NEVER_BEHIND else "")
            continue
        left, right = line[max(0, start - _BESIDE) : start], line[end : end + _BESIDE]
        before, behind = _letters(left[::-1])[::-1], _letters(right)
        sign = _inside(before, behind, spaced=end - start > 1) if before and behind else None
        if sign is None:
            if end > start + 1:
                end, right = start + 1, line[start + 1 : start + 1 + _BESIDE]
                behind = _letters(right)
            sign = _outside(left, right, before, behind)
        if sign is not None:
            yield start, end, sign


def _inside(before: str, behind: str, *, spaced: bool) -> _Sign | None:
    """What the sign between letters can have been; None where â may be a letter itself."""
    before = before.lstrip(_LEAD)  # before it another sign may stand
    if not before or (not spaced and letter_model().known(lowered(before + _LEAD + behind))):
        return None
    named = _NAMES.fullmatch(before) and behind[0].isupper() and behind[1:2].islower() and not spaced
    if named or _elided(before, behind) or any(one.fullmatch(before) and behind in rest for one, rest in _TOGETHER):
        return _Sign(("’",), f"{before}’{behind}")
    if (behind == "s" and len(before) > 1) or (_ELIDED_LETTER.fullmatch(before) and _SHORT.fullmatch(behind)):
        return _Sign(("’",))
    if before[0].isupper() and len(before) >= _LONG and _SUFFIX.fullmatch(behind):
        return _Sign(("’",))
    words = not spaced and min(len(before), len(behind)) >= _LONG and (before + behind).isascii()
    return _Sign(("—", "–", "’")) if words else None


def _letters(text: str) -> str:
    """The letters with which a text begins."""
    found = _LETTERS.match(text)
    return found[0] if found else ""


def _elided(before: str, behind: str) -> bool:
    """Whether two words are set with an apostrophe since the first lost its vowel, and are no word with an â."""
    if _ELIDED.fullmatch(before):
        return len(behind) > 1 and _VOWEL.match(behind) is not None
    return _ELIDED_LETTER.fullmatch(before) is not None and len(behind) >= _LONG and _ONSET.match(behind) is not None


def _outside(left: str, right: str, before: str, behind: str) -> _Sign | None:
    """The same as one that is not between letters, of which ``before`` and ``behind`` may stand beside it."""
    if left[-1:].isdigit() and right[:1].isdigit():
        return _Sign(("–",))
    if left[-1:] == " " == right[:1]:
        return _Sign(("–", "—"))
    word = before + _LEAD + behind
    if (before and behind) or (len(word) > 1 and letter_model().known(lowered(word))):
        return None
    if _OPENS.search(left) and right[:1].strip():
        return _Sign(("“", "‘"))
    return _Sign(("”", "’")) if left[-1:].strip() and _CLOSES.match(right) else None
