"""Decide what a word should read: its own evidence, then the votes of the line and the file, else leave it.

Not here: making readings (``invert``), words that lost bytes (``lost``), and walking over lines (``mend``).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.repair.invert import Entry, Reading, Weighed, price_readings, weigh
from pipeline.repair.lost import explained
from pipeline.repair.plausible import shape, strange
from pipeline.repair.prefilter import chars_of

ENOUGH: Final = 4.0  # nats that a reading must gain over the word as it stands
CLEAR: Final = 0.75  # nats that it must be ahead of any other reading
_AT_HOME: Final = 2.0  # nats by which a word of a language of the tables may be dearer there than in an unknown one
_SURELY: Final = 2.5  # nats that it must then be ahead
_TEMPER: Final = 2.0  # by which letters are surer of themselves than they should be
QUIET: Final = 3.0  # nats of its gain that a word keeps to itself when it votes; with less it does not vote
EVERYWHERE: Final = frozenset({"LATIN", ""})  # genuine text of these never decodes, so it need not be counted
_HUSHED: Final = 3.0  # the most that a channel loses because another is heard more
_RARER: Final = 1.5  # and more by the logarithm of how much rarer it is heard, so that of two faint ones one is louder
_MOST_RARER: Final = 4.0
MOST: Final = 7.0  # the most that votes can add
UNANIMOUS: Final = 13.0  # the same where all other words of the file speak for one channel
_TORN: Final = 4  # words that lost bytes beside one of their script that decodes; more may be genuine text
_ASCII_LETTER: Final = re.compile("[A-Za-z]")


@dataclass(slots=True)
class Votes:
    """Which channels the words of a line or a file speak for, and how many words of each script decode at all."""

    channels: Counter[str] = field(default_factory=Counter)
    evidence: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    decoded: Counter[str] = field(default_factory=Counter)
    loudest: float = 0.0
    words: Counter[str] = field(default_factory=Counter)
    torn: Counter[str] = field(default_factory=Counter)
    heard: dict[str, tuple[float, float]] = field(default_factory=dict)
    firsts: dict[str, tuple[int, float, int]] = field(default_factory=dict)

    def add(self, words: Sequence[tuple[int, str]]) -> None:
        """Let distinct words vote, of those that can have readings, each with its place among all words of the file."""
        price_readings([word for _, word in words])
        for place, word in words:
            entries = weigh(word).entries
            script = foreign_script(word)
            if not entries or entries[0][0] < QUIET:
                self.unread(word, script)
                continue
            self.words[script] += 1
            self.decoded[script] += 1
            for rank, (gain, way) in enumerate(entries):
                if gain < QUIET:
                    break
                self.hear(way.channel, 1, gain - QUIET, (place, -gain, rank))

    def hear(self, channel: str, words: int, evidence: float, first: tuple[int, float, int]) -> None:
        """Words speak for a channel; ``first`` tells which channel was heard earlier, of two that are equally loud."""
        self.channels[channel] += words
        self.evidence[channel] += evidence
        self.firsts[channel] = min(self.firsts.get(channel, first), first)
        self.loudest = max(self.loudest, self.evidence[channel])
        self.heard.clear()

    def unreadable(self, words: Collection[str]) -> None:
        """Count words of scripts whose genuine words can decode, of words that have no reading at all."""
        scripts = {char: shape(char).script for char in chars_of(words) if char > "\x7f"}
        if EVERYWHERE.issuperset(scripts.values()):
            return
        for word in words:
            script = next(filter(None, map(scripts.get, word)), "")
            if script not in EVERYWHERE:
                self.unread(word, script)

    def unread(self, word: str, script: str) -> None:
        """Count a word that has no reading which is worth something."""
        torn = script not in EVERYWHERE and _ASCII_LETTER.search(word) and explained(word)
        (self.torn if torn else self.words)[script] += 1

    @property
    def channel(self) -> str:
        """The channel for which most is said; empty where nothing is."""
        return min(self.evidence, key=lambda name: (-self.evidence[name], self.firsts[name]), default="")

    @property
    def guarded(self) -> bool:
        """Whether a script voted whose genuine words must be counted too."""
        return any(script not in EVERYWHERE for script in self.decoded)

    def count(self, words: Collection[str]) -> None:
        """Count distinct words that have no reading among the words of their script."""
        foreign = set(filter(in_foreign_script, chars_of(words)))
        for word in words if foreign else ():
            if not foreign.isdisjoint(word):
                self.words[foreign_script(word)] += 1

    def muted(self, script: str) -> bool:
        """Whether words of a script are not listened to, since most of them do not decode."""
        if script in EVERYWHERE:
            return False
        # Words that lost bytes do not decode, and stand beside others that do.
        decoded = self.decoded[script]
        return 2 * decoded < self.words[script] + max(0, self.torn[script] - _TORN * decoded)

    def hearing(self, channel: str) -> tuple[float, float]:
        """What all words together say for a channel, and what it loses because another is heard more, in nats."""
        found = self.heard.get(channel)
        if found is None:
            heard = self.evidence.get(channel, 0.0)
            found = self.heard[channel] = heard, self._hush(heard)
        return found

    def _hush(self, heard: float) -> float:
        """What a channel that is heard so much loses because another is heard more, in nats."""
        rarer = _RARER * math.log(self.loudest / heard) if heard > 0 else 0.0
        return min(_HUSHED, 0.3 * (self.loudest - heard)) + min(_MOST_RARER, rarer, max(0.0, heard))

    def spoken(self, channel: str, script: str, own: float = 0.0) -> float:
        """Nats that words add to a channel, the word itself (``own``) left out; a channel heard less is worth less."""
        if self.muted(script):
            return 0.0
        heard = self.evidence.get(channel, 0.0)
        return max(0.0, min(MOST, heard - own)) - self._hush(heard)


def in_foreign_script(char: str) -> bool:
    """Whether a character is of a script whose genuine words can decode."""
    return shape(char).script not in EVERYWHERE


@lru_cache(maxsize=65536)
def foreign_script(word: str) -> str:
    """The script of the first letter outside ASCII (empty where there is none): whose words must mostly decode."""
    return next((shape(char).script for char in word if char > "\x7f" and shape(char).script), "")


class Decision(NamedTuple):
    """What to make of a word: the reading chosen, or the rivals between which nobody can choose (``reading`` None)."""

    reading: Reading | None
    confidence: float
    rivals: tuple[Reading, ...]
    evidence: str


def _by_total(ranked: tuple[float, Entry]) -> float:
    return -ranked[0]


def decide(word: str, votes: Votes, most: float = MOST) -> Decision | None:
    """The reading of a word; None where the word had better stay as it is. Votes add ``most`` nats at the most."""
    weighed = weigh(word)
    if not weighed.entries:
        return None
    best: dict[str, tuple[float, Entry]] = {}
    muted, texts = votes.muted(foreign_script(word)), weighed.texts
    for entry in weighed.entries:
        total, way = entry
        if total <= -most:
            break  # no votes make it worth a thought, nor those behind it
        text = texts[way.outcome]
        if not muted:
            heard, hush = votes.hearing(way.channel)
            others = heard - (total - QUIET) if total >= QUIET else heard
            total += (0.0 if others < 0 else most if others > most else others) - hush
        if text not in best or total > best[text][0]:
            best[text] = total, entry
    ranked = sorted(best.values(), key=_by_total)
    if not ranked or ranked[0][0] < ENOUGH:
        return None
    return _decided(weighed, ranked, votes)


def _lead(ranked: list[tuple[float, Entry]]) -> float:
    """Nats by which the first of some readings is ahead of the others and of the word as it stands."""
    return ranked[0][0] - (max(0.0, ranked[1][0]) if len(ranked) > 1 else 0.0)


def _dearer(weighed: Weighed, entry: Entry) -> float:
    return strange(weighed.texts[entry[1].outcome])


def _decided(weighed: Weighed, ranked: list[tuple[float, Entry]], votes: Votes) -> Decision:
    """The decision on a word of which something is worth enough."""
    lead = _lead(ranked)
    if lead < CLEAR:
        # That a word may be of any language makes all letters alike. Where one is a word of a language of the tables,
        # these know how much rather that is meant than the others.
        known = sorted([(score - _dearer(weighed, entry), entry) for score, entry in ranked], key=_by_total)
        if _dearer(weighed, known[0][1]) <= _AT_HOME and known[0][0] >= ENOUGH and _lead(known) >= _SURELY:
            ranked, lead = known, _lead(known) / _TEMPER
    total = ranked[0][0]
    if lead < CLEAR:
        close = tuple(weighed.reading(entry) for score, entry in ranked if total - score < CLEAR)
        return Decision(None, 1 / (1 + math.exp(-lead)), close, "several channels explain it equally well")
    reading = weighed.reading(ranked[0][1])
    rivals = tuple([weighed.reading(entry) for score, entry in ranked[1:] if score > 0])
    confidence = min(0.999, 1 / (1 + math.exp(-lead)))
    return Decision(reading, confidence, rivals, agreement(votes, reading.channel))


def agreement(votes: Votes, channel: str) -> str:
    """The evidence for a reading by a channel, in words."""
    alike = votes.channels[channel]
    agree = f"; {alike} distinct words here were read the same way" if alike > 1 else ""
    return f"its bytes are UTF-8 without a flaw{agree}"
