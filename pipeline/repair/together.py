"""The words of a file weighed and decided together where prices alone decide, with the same result as one by one.

These are words with ASCII letters of which all that they can have been is Latin: nearly all damaged ones of European
text. What their runs can have been is known by run, so what is left is arithmetic on all ways of all words. Not here:
other words, which are weighed (``invert``) and decided (``decide``) one by one, as are those where nobody can choose.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.repair.bulk import both_prices
from pipeline.repair.decide import CLEAR, ENOUGH, MOST, QUIET, Votes, agreement, foreign_script
from pipeline.repair.invert import HARDLY, NOT_JOINED, SHORT, fits_latin
from pipeline.repair.languages import Numbers
from pipeline.repair.plausible import shape
from pipeline.repair.prefilter import Marks, Places
from pipeline.repair.undone import Parts
from pipeline.repair.ways import Outcome, Way, Ways, ways_of

_CUT: Final = re.compile(r"([^\x00-\x7f]+)")
_NAMED: Final = "’s"  # a letter with a possessive or plural s, as where people write about damage itself
_LAST: Final = 1 << 30
_NONE: Final = float("-inf")


class _Plan(NamedTuple):
    """All ways of some runs, and for each outcome whether it joins the letters around it, and is hardly ever met."""

    runs: Parts
    ways: Ways
    order: tuple[int, ...]  # the ways by their outcome
    joins: tuple[bool, ...]
    hardly: tuple[bool, ...]
    script: str


# The repairs of a word: for each its span in the word, and all that follows the span.
Pieces = list[tuple[int, int, tuple[Any, ...]]]


@lru_cache(maxsize=16384)
def _plan(runs: Parts) -> _Plan | None:
    """The plan of some runs; None where more than prices decides."""
    ways = ways_of(runs)
    looks = ways.outcomes
    if not looks or any(not look.latin or look.drawn or look.symbol for look in looks):
        return None
    order = tuple(sorted(range(len(ways.ways)), key=lambda place: ways.ways[place].outcome))
    joins = tuple([_joins(runs, look) for look in looks])
    hardly = tuple([all(max(shape(c).price for c in runs[n]) >= HARDLY for n in look.changed) for look in looks])
    return _Plan(runs, ways, order, joins, hardly, foreign_script("".join(runs)))


def _joins(runs: Parts, look: Outcome) -> bool:
    few = sum([len(look.parts[place]) for place in look.changed]) <= 2
    return not few or all(fits_latin(runs[place], look.parts[place]) for place in look.changed)


class Together:
    """Distinct words, each with its place among the words of the file; ``rest`` has those that are not taken here."""

    def __init__(self, words: Sequence[tuple[int, str]]) -> None:
        self.rest: list[tuple[int, str]] = []
        self.read: list[str] = []  # what the settled ones are
        self.places: list[int] = []
        self.cuts: list[list[str]] = []
        self.plans: dict[Parts, int] = {}
        self._planned: list[_Plan] = []
        numbers: list[int] = []
        for place, word in words:
            cut = _CUT.split(word)
            runs = tuple(cut[1::2])
            number = self.plans.get(runs)
            if number is None:
                number = self._new(runs)
            if number < 0 or (len(cut) == 3 and not cut[0] and not cut[2]) or (len(word) == 3 and word[1:] == _NAMED):
                self.rest.append((place, word))
                continue
            self.places.append(place)
            self.cuts.append(cut)
            numbers.append(number)
        self.plan: Places = np.array(numbers, np.intp)
        if self.cuts:
            self._weigh()

    def _new(self, runs: Parts) -> int:
        plan = _plan(runs)
        if plan is None:
            self.plans[runs] = -1
        else:
            self.plans[runs] = len(self._planned)
            self._planned.append(plan)
        return self.plans[runs]

    def _texts(self) -> list[str]:
        """What must be priced: each word, and behind it its outcomes."""
        parts = [(plan.runs, *[look.parts for look in plan.ways.outcomes]) for plan in self._planned]
        texts: list[str] = []
        for cut, number in zip(self.cuts, self.plan.tolist(), strict=True):
            if len(cut) == 3:
                head, _, tail = cut
                texts += [f"{head}{part}{tail}" for (part,) in parts[number]]
            else:
                texts += [_filled(cut, some) for some in parts[number]]
        return texts

    def _weigh(self) -> None:
        """Lay out all ways of all words, and what each gains."""
        self.texts = self._texts()
        outcomes: Places = np.array([len(plan.ways.outcomes) + 1 for plan in self._planned])[self.plan]
        self.first: Places = np.cumsum(outcomes) - outcomes  # where each word is in the texts
        lengths: Places = np.array([len(plan.order) for plan in self._planned])
        length, starts = lengths[self.plan], np.cumsum(lengths) - lengths
        self.starts: Places = np.cumsum(length) - length  # of the ways of each word
        self.word: Places = np.repeat(np.arange(len(self.plan)), length)  # of each way
        self.way: Places = np.repeat(starts[self.plan] - self.starts, length) + np.arange(len(self.word))
        self.outcome: Places = self._told(lambda _, way: way.outcome)
        self.place: Places = np.array([place for plan in self._planned for place in plan.order], np.intp)[self.way]
        names = [plan.ways.ways[place].channel for plan in self._planned for place in plan.order]
        self.channels = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self.channel: Places = self._told(lambda _, way: self.channels[way.channel])
        row = self.first[self.word] + 1 + self.outcome
        loosely, strictly = both_prices(self.texts)
        glued: Marks = self._told(lambda _, way: way.codec.glued)
        prices = loosely[row]
        if glued.any():
            strict = np.flatnonzero(glued & ~self._foreign(row))
            prices[strict] = strictly[row[strict]]
        gain: Numbers = loosely[self.first][self.word] - prices - self._told(lambda _, way: way.cost)
        if glued.any():
            apart = glued & ~self._told(lambda plan, way: plan.joins[way.outcome])
            gain = np.where(apart, np.minimum(0.0, gain - NOT_JOINED), gain)
        self.gain = gain

    def _told(self, tell: Callable[[_Plan, Way], float]) -> npt.NDArray[Any]:
        """What is told of the ways of each plan, for each way of each word."""
        return np.array([tell(plan, plan.ways.ways[at]) for plan in self._planned for at in plan.order])[self.way]

    def _foreign(self, row: Places) -> Marks:
        """Of each way whether no writer would set there what a codec yields that is set beside Latin letters.

        ``row`` has its outcome among the texts.
        """
        short: Marks = np.array([sum(map(len, cut)) <= SHORT for cut in self.cuts])[self.word]
        between = np.zeros(len(self.texts), np.bool_)
        for first, cut, number in zip(self.first.tolist(), self.cuts, self.plan.tolist(), strict=True):
            small = [cut[at - 1][-1:].islower() and cut[at + 1][:1].islower() for at in range(1, len(cut), 2)]
            if True in small:
                for place, look in enumerate(self._planned[number].ways.outcomes, first + 1):
                    between[place] = all(small[run] for run in look.changed)
        hardly = self._told(lambda plan, way: plan.hardly[way.outcome]) & short
        foreign: Marks = np.where(self._told(lambda _, way: way.codec.multibyte), hardly, between[row])
        return foreign

    def vote(self, votes: Votes) -> None:
        """Let the words vote, as ``Votes.add`` lets others."""
        if not self.cuts:
            return
        loud = np.flatnonzero(self.gain >= QUIET)
        channel, amount = self.channel[loud], self.gain[loud] - QUIET
        counts = np.bincount(channel, minlength=len(self.channels)).tolist()
        sums = np.bincount(channel, amount, len(self.channels)).tolist()
        _, firsts = np.unique(channel, return_index=True)
        for at in firsts.tolist():
            number, way = int(channel[at]), int(loud[at])
            first = (self.places[self.word[way]], -float(self.gain[way]), int(self.place[way]))
            votes.hear(list(self.channels)[number], counts[number], sums[number], first)
        speaks = np.maximum.reduceat(self.gain, self.starts) >= QUIET
        scripts = [plan.script for plan in self._planned]
        for (number, speaking), many in Counter(zip(self.plan.tolist(), speaks.tolist(), strict=True)).items():
            if speaking:
                votes.words[scripts[number]] += many
                votes.decoded[scripts[number]] += many
        for word in np.flatnonzero(~speaks).tolist():
            votes.unread("".join(self.cuts[word]), scripts[self.plan[word]])

    def settled(self, votes: Votes) -> tuple[dict[str, Pieces], set[str]]:
        """The words that are decided, and those that had better stay as they are; others are open."""
        if not self.cuts:
            return {}, set()
        score = self._scores(votes)
        changes = np.diff(self.outcome, prepend=-1) != 0
        changes[self.starts] = True
        rows = np.flatnonzero(changes)  # one for each outcome of each word
        row = np.cumsum(changes) - 1
        best = np.maximum.reduceat(score, rows)
        candidate = score == best[row]
        own = np.where(candidate, self.gain, _NONE)
        candidate &= own == np.maximum.reduceat(own, rows)[row]
        way = np.minimum.reduceat(np.where(candidate, self.place, _LAST), rows)
        word = self.word[rows]
        starts = np.flatnonzero(np.diff(word, prepend=-1))
        top = np.maximum.reduceat(best, starts)
        top_row = np.minimum.reduceat(np.where(best == top[word], np.arange(len(rows)), _LAST), starts)
        others = best.copy()
        others[top_row] = _NONE
        lead = top - np.maximum(0.0, np.maximum.reduceat(others, starts))
        confidence = np.minimum(0.999, 1 / (1 + np.exp(-lead))).tolist()
        rivals = self._rivals(others, np.maximum.reduceat(self.gain, rows), word, self.outcome[rows])
        outcome, ways = self.outcome[rows[top_row]].tolist(), way[top_row].tolist()
        stay = {"".join(self.cuts[place]) for place in np.flatnonzero(top < ENOUGH).tolist()}
        chosen = np.flatnonzero((top >= ENOUGH) & (lead >= CLEAR)).tolist()
        plan, first = self.plan.tolist(), self.first.tolist()
        tails: dict[tuple[Any, ...], list[tuple[int, tuple[Any, ...]]]] = {}
        done: dict[str, Pieces] = {}
        for place in chosen:
            key = (plan[place], outcome[place], ways[place], confidence[place], rivals.get(place, ()))
            tail = tails.get(key)
            if tail is None:
                tail = tails[key] = self._tail(*key, votes)
            done[self.texts[first[place]]] = _placed(self.cuts[place], tail)
        self.read = [self.texts[first[place] + 1 + outcome[place]] for place in chosen]
        return done, stay

    def _scores(self, votes: Votes) -> Numbers:
        """What the ways are worth with the votes; those that no votes make worth a thought are out."""
        hearing = np.array([votes.hearing(name) for name in self.channels])[self.channel]
        heard = hearing[:, 0] - np.where(self.gain >= QUIET, self.gain - QUIET, 0.0)
        spoken = self.gain + (np.clip(heard, 0.0, MOST) - hearing[:, 1])
        muted = np.array([votes.muted(plan.script) for plan in self._planned])[self.plan][self.word]
        return np.where(self.gain <= -MOST, _NONE, np.where(muted, self.gain, spoken))

    @staticmethod
    def _rivals(others: Numbers, own: Numbers, word: Places, outcome: Places) -> dict[int, tuple[int, ...]]:
        """The outcomes that are worth something beside the best, the best of them first, by word."""
        found: dict[int, list[tuple[float, float, int]]] = {}
        for row in np.flatnonzero(others > 0).tolist():
            found.setdefault(int(word[row]), []).append((-float(others[row]), -float(own[row]), int(outcome[row])))
        return {place: tuple([number for _, _, number in sorted(some)]) for place, some in found.items()}

    def _tail(
        self, number: int, outcome: int, way: int, confidence: float, rivals: tuple[int, ...], votes: Votes
    ) -> list[tuple[int, tuple[Any, ...]]]:
        """For each run that changes its place, and all of its repair but the span."""
        plan = self._planned[number]
        look, channel = plan.ways.outcomes[outcome], plan.ways.ways[way].channel
        against = [plan.ways.outcomes[rival] for rival in rivals]
        against = [rival for rival in against if len(rival.changed) == len(look.changed)]
        evidence = agreement(votes, channel)
        return [
            (run, (plan.runs[run], look.parts[run], "mojibake", channel, "exact", round(confidence, 4),
                   _others(look, against, place, plan.runs[run]), evidence))
            for place, run in enumerate(look.changed)
        ]  # fmt: skip


def _others(look: Outcome, rivals: Sequence[Outcome], place: int, before: str) -> tuple[str, ...]:
    after = look.parts[look.changed[place]]
    texts = [rival.parts[rival.changed[place]] for rival in rivals]
    return tuple(dict.fromkeys([text for text in texts if text not in (after, before)]))


def _filled(cut: Sequence[str], parts: Parts) -> str:
    """A word that is cut into runs and what is between, with other runs."""
    return "".join([*chain.from_iterable(zip(cut[::2], parts, strict=False)), cut[-1]])


def _placed(cut: Sequence[str], tail: list[tuple[int, tuple[Any, ...]]]) -> Pieces:
    if len(cut) == 3:
        start = len(cut[0])
        return [(start, start + len(cut[1]), tail[0][1])]
    starts = [sum(map(len, cut[: 2 * run + 1])) for run, _ in tail]
    return [(start, start + len(cut[2 * run + 1]), rest) for start, (run, rest) in zip(starts, tail, strict=True)]
