"""Text in one legacy codec that was read as another: Cyrillic windows-1251 read as Latin-1, GBK as windows-1252.

Here no rule of UTF-8 tells damage from text, so a word alone proves nothing and only a whole file does: nearly all of
its distinct words outside ASCII must be odd as they stand and plausible when read back, by far more than when read
back in any other way. Not here: bytes of UTF-8 (``mend``), of which a file with many is left alone.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pipeline.repair.automaton import hopeful
from pipeline.repair.bulk import learn
from pipeline.repair.channels import Codec
from pipeline.repair.doubled import doubled
from pipeline.repair.invert import prepare, readings
from pipeline.repair.lost import explained
from pipeline.repair.model import Mended, Repair, apply_repairs
from pipeline.repair.oddity import monotonous, odd_ones
from pipeline.repair.page import Page
from pipeline.repair.plausible import price

_READ: Final = ("cp1252", "latin-1", "cp1251", "koi8-r", "cp1250", "iso8859-2", "mac-roman", "cp437", "cp850", "cp866")
_TRUE: Final = (
    "cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic", "cp1250", "iso8859-2", "mac-latin2", "cp852",
    "cp1253", "iso8859-7",
    "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "mac-roman", "cp437", "cp850", "gbk", "big5",
    "cp932", "euc-jp", "cp949",
)  # fmt: skip
_WIDE: Final = frozenset({"gbk", "big5", "cp932", "euc-jp", "cp949"})
# A word with something outside ASCII; it begins behind a space, or with such a space as ASCII does not have.
_WORD: Final = re.compile(r"(?:(?<!\S)\S*)?[^\x00-\x7f]\S*")
_MARK: Final = re.compile("[?\ufffd]")
_EDGES: Final = ".,;:!?()[]\"'"
_SAMPLE: Final = 400  # distinct words that are judged
_FEWEST_WORDS: Final = 12
_FEWEST_LETTERS: Final = 30  # outside ASCII, of all distinct words
_GLANCE: Final = 4  # one word of so many is looked at first
_WORTH_A_LOOK: Final = 0.28  # share of odd words that a file must have
_CHANGED: Final = 0.4  # share of words that a pair must change
_STILL_ODD: Final = 0.2  # share of changed words that may look like none even then
_NEARLY_ALL: Final = 0.93  # share of words that must gain, and that the codec must explain
_GAIN: Final = 0.9  # nats that a letter must gain on average
_LEAD: Final = 0.12  # nats a letter by which the best pair must be ahead of one that reads otherwise
_FEW: Final = 0.05
_MANY: Final = 0.3
_FEW_FIRST: Final = 12  # words that are enough to give up most pairs
_AHEAD: Final = 5  # so many more of the first words lose than gain, and the others are not asked
_FIRST, _MOST_OF_FIRST = 40, 0.7  # the place up to which this share of the words that change must have gained
# Points of text in any language; no codec has all letters of a language there. A word with no others says nothing.
# Controls, characters of private use, and what stands for a byte that no codec reads.
_NO_TEXT: Final = re.compile("[\x80-\x9f\ue000-\uf8ff\ufffd]")
_SAYING: Final = re.compile("[^\x00-\x7f“”‘’„‚«»‹›–—…•\u00a0]")

Coded = tuple[bytes | None, ...]  # words as the bytes that a codec reads so; None for one that it cannot


@dataclass(frozen=True, slots=True)
class Pair:
    """A codec that text was in, the one it was read as, and what speaks for that."""

    true: str
    read: str
    words: int
    share: float
    gain: float

    @property
    def evidence(self) -> str:
        """The evidence in words."""
        return (
            f"{self.share:.0%} of {self.words} distinct words of this file are odd as they stand and plausible as "
            f"{self.true} that was read as {self.read}"
        )


def mend_legacy(page: Page) -> dict[int, Mended]:
    """The lines of one file that change when they are read back, by number; none where the file does not show it."""
    pair = legacy_pair(page)
    if pair is None:
        return {}
    read = {number: line_read_back(line, pair) for number, line in enumerate(page.lines) if not line.isascii()}
    return {number: mended for number, mended in read.items() if mended.repairs}


def line_read_back(line: str, pair: Pair) -> Mended:
    """One line with every span that the pair explains read back; the others stay."""
    codec = _codec(pair.read)
    repairs = []
    for match in _WORD.finditer(line):
        data = codec.encode(match[0])
        for start, end, after in () if data is None else _back(data, pair.true) or ():
            before = match[0][start:end]
            if before != after:
                begin = match.start() + start
                repairs.append(
                    Repair(begin, begin + len(before), before, after, "mojibake", f"{pair.true}>{pair.read}", "exact",
                           0.99, (), pair.evidence)
                )  # fmt: skip
    return apply_repairs(line, repairs)


def legacy_pair(page: Page) -> Pair | None:
    """The pair that explains a file; None where it is text as it stands, or too little to tell."""
    words = _words(page)
    text = "".join(words)
    if len(words) < _FEWEST_WORDS or len(text) - len(text.encode("ascii", "ignore")) < _FEWEST_LETTERS:
        return None
    chars = frozenset(text)
    if not any(_explains(words, chars, read) for read in _READ) or not _odd(words):
        return None
    if _utf8_ones(words) > _FEW * len(words) or _torn_ones(words) > _MANY * len(words):
        return None
    able = [read for read in _READ if _explains(words, chars, read)]
    pairs = sorted(_judged(words, able), key=lambda pair: -pair.gain)
    if not pairs:
        return None
    best = pairs[0]
    for rival in pairs[1:]:
        if best.gain - rival.gain < _LEAD and not _same(words, best, rival):
            return None
    return best


def _words(page: Page) -> list[str]:
    found: dict[str, None] = {}
    for word in page.spaced_words():
        found[word.strip(_EDGES)] = None
        if len(found) > 2 * _SAMPLE:
            break
    words = [word for word in found if len(word) > 1 and _SAYING.search(word) is not None]
    return words[:: max(1, -(-len(words) // _SAMPLE))]


def _odd(words: Sequence[str]) -> bool:
    """Whether enough words look like none; where few of every fourth do, the others are not asked."""
    some = words[::_GLANCE]
    if len(words) > _SAMPLE // 2 and odd_ones(some) < _WORTH_A_LOOK / 2 * len(some):
        return False
    return odd_ones(words) >= _WORTH_A_LOOK * len(words)


def _utf8_ones(words: Sequence[str]) -> int:
    """How many words are bytes of UTF-8 that were read wrongly."""
    return sum(bool(found) and found[0].gain > 0 for found in map(readings, prepare(words)))


def _explains(words: Sequence[str], chars: Set[str], read: str) -> bool:
    """Whether text read with a codec can be nearly all words, whose characters are some."""
    covers, unexplained = _codec(read).covers, (1 - _NEARLY_ALL) * len(words)
    if covers >= chars:
        return True
    for word in words:
        if not covers.issuperset(word):
            unexplained -= 1
            if unexplained < 0:
                return False
    return True


def _torn_ones(words: Sequence[str]) -> int:
    """How many words can be bytes of UTF-8 of which some were lost and others were not."""
    able = hopeful(words).tolist()
    asked = [word for word, codecs in zip(words, able, strict=True) if codecs or _MARK.search(word) or doubled(word)]
    return sum(any(not one.lost for _, cut in explained(word) for one in cut) for word in asked)


def _judged(words: Sequence[str], able: Sequence[str]) -> list[Pair]:
    """The pairs of codecs that text was read as which explain nearly all words, if these gain by it.

    All pairs are asked about the first few words, those that are left about some more, and the last about all.
    """
    coded: dict[Coded, list[str]] = {}
    trues = [true for true in _TRUE if true in _WIDE] if monotonous(words) else _TRUE
    for read in able:
        coded.setdefault(tuple(map(_codec(read).encode, words)), []).append(read)
    trials = [_Trial(true, reads, data) for data, reads in coded.items() for true in trues if true not in reads]
    for low, high in ((0, _FEW_FIRST), (_FEW_FIRST, _FIRST + 1), (_FIRST + 1, len(words))):
        some = words[low:high]
        read_back = [_decoded(trial.coded[low:high], trial.true) for trial in trials]
        changed = {both for afters in read_back for both in zip(some, afters, strict=True) if both[0] != both[1]}
        learn([(text, False) for word, after in changed if after is not None for text in (word, after)])
        both = zip(trials, read_back, strict=True)
        trials = [trial for trial, afters in both if trial.goes_on(low, some, afters, len(words))]
    return [pair for trial in trials for pair in trial.pairs(len(words))]


@dataclass
class _Trial:
    """A pair while words are read back with it, and what they gained so far; words that it leaves say nothing.

    ``reads`` are codecs that read the same bytes as these words, ``coded``.
    """

    true: str
    reads: Sequence[str]
    coded: Coded
    unexplained: int = 0
    lost: int = 0
    gain: float = 0.0
    letters: int = 0
    afters: list[str] = field(default_factory=list)

    def goes_on(self, first: int, words: Sequence[str], afters: Sequence[str | None], total: int) -> bool:
        """Take some words, the first of them with a place, of so many in total; whether the others are worth it."""
        for place, (word, after) in enumerate(zip(words, afters, strict=True), first):
            if after is None:
                self.unexplained += 1
            elif after != word:
                more = price(word) - price(after)
                self.afters.append(after)
                self.lost += more <= 0
                self.gain += more
                self.letters += len(word) - len(word.encode("ascii", "ignore"))
            if place <= _FIRST and not self._begins_well(place):
                return False
            if max(self.unexplained, self.lost) > (1 - _NEARLY_ALL) * total:
                return False  # whatever the others say
        return True

    def _begins_well(self, place: int) -> bool:
        """Whether not too many of the words up to a place lose."""
        changed = len(self.afters) if place == _FIRST else _FIRST + 1
        if 2 * self.lost - len(self.afters) > _AHEAD:
            return False
        return self.lost <= (1 - _MOST_OF_FIRST) * changed

    def pairs(self, total: int) -> Iterator[Pair]:
        """The pair, if words gain by it."""
        changed = len(self.afters)
        if changed < max(_FEWEST_WORDS, _CHANGED * total) or changed - self.lost < _NEARLY_ALL * changed:
            return
        if self.gain >= _GAIN * self.letters and odd_ones(self.afters) <= _STILL_ODD * changed:
            share = (changed - self.lost) / changed
            for read in self.reads:
                yield Pair(self.true, read, changed, share, self.gain / self.letters)


def _same(words: Sequence[str], best: Pair, rival: Pair) -> bool:
    """Whether two pairs read nearly all words alike, so that either will do."""
    own, other = (_decoded(tuple(map(_codec(pair.read).encode, words)), pair.true) for pair in (best, rival))
    return sum(one != another for one, another in zip(own, other, strict=True)) <= _FEW * len(words)


def _decoded(words: Coded, true: str) -> list[str | None]:
    """Words by their bytes as a codec reads them; None for one that cannot have been in it, or that has no bytes."""
    if true in _WIDE:
        return [None if data is None else _by_spans(data, true) for data in words]
    text = b"\n".join([data or b"" for data in words]).decode(true, "replace")
    odd = _NO_TEXT.search(text) is not None
    return [
        None if data is None or (odd and _NO_TEXT.search(after) is not None) else after
        for data, after in zip(words, text.split("\n"), strict=False)
    ]


def _by_spans(data: bytes, true: str) -> str | None:
    """A word whose letters outside ASCII can be two bytes wide, while its ASCII letters are its own."""
    spans = _back(data, true)
    if spans is None:
        return None
    parts, position = [], 0
    for start, end, after in spans:
        parts += [data[position:start].decode("ascii"), after]
        position = end
    return "".join([*parts, data[position:].decode("ascii")])


def _back(data: bytes, true: str) -> list[tuple[int, int, str]] | None:
    """The spans of a word outside ASCII with what they were; None where it cannot have been in the codec."""
    spans: list[tuple[int, int, str]] = []
    place = 0
    while place < len(data):
        if data[place] < 0x80:
            place += 1
            continue
        width = 2 if true in _WIDE and not (true == "cp932" and 0xA1 <= data[place] <= 0xDF) else 1
        try:
            after = data[place : place + width].decode(true)
        except UnicodeDecodeError:
            return None
        if _NO_TEXT.search(after):
            return None
        if spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + width, spans[-1][2] + after)
        else:
            spans.append((place, place + width, after))
        place += width
    return spans


@lru_cache(maxsize=32)
def _codec(name: str) -> Codec:
    return Codec(name, 0.0)
