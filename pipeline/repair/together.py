"""The words of a file weighed and decided together where prices alone decide, with the same result as one by one.

These are words with ASCII letters of which all that they can have been is Latin: nearly all damaged ones of European
text. What their runs can have been is known by run, so what is left is arithmetic on all ways of all words. Not here:
other words, which are weighed (``invert``) and decided (``decide``) one by one, as are those where nobody can choose.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.repair.bulk import Numbers, learn
from pipeline.repair.decide import CLEAR, ENOUGH, MOST, QUIET, Votes, agreement, foreign_script
from pipeline.repair.invert import HARDLY, NOT_JOINED, SHORT
from pipeline.repair.plausible import known_prices, price, shape
from pipeline.repair.prefilter import Marks, Places
from pipeline.repair.undone import Parts
from pipeline.repair.ways import Outcome, Ways, ways_of

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


class Settled(NamedTuple):
    """What a word was, and its repairs: for each the span in the word, and all that follows the span."""

    text: str
    pieces: list[tuple[int, int, tuple[Any, ...]]]


@lru_cache(maxsize=65536)
def _plan(runs: Parts) -> _Plan | None:
    """The plan of some runs; None where more than prices decides."""
    ways = ways_of(runs)
    looks = ways.outcomes
    if not looks or any(not look.latin or look.drawn or look.symbol for look in looks):
        return None
    order = tuple(sorted(range(len(ways.ways)), key=lambda place: ways.ways[place].outcome))
    joins = tuple([_joins([look.parts[place] for place in look.changed]) for look in looks])
    hardly = tuple([all(max(shape(c).price for c in runs[n]) >= HARDLY for n in look.changed) for look in looks])
    return _Plan(runs, ways, order, joins, hardly, foreign_script("".join(runs)))


def _joins(afters: Sequence[str]) -> bool:
    return sum(map(len, afters)) > 2 or all(shape(char).script == "LATIN" for after in afters for char in after)


class Together:
    """Distinct words, each with its place among the words of the file; ``rest`` has those that are not taken here."""

    def __init__(self, words: Sequence[tuple[int, str]]) -> None:
        self.rest: list[tuple[int, str]] = []
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

    def _texts(self) -> tuple[list[tuple[str, bool]], list[int], list[int]]:
        """What must be priced: each word, its outcomes, and these strictly; where each word is, and exceptions.

        The exceptions are where an outcome is priced loosely though a codec is set beside Latin letters.
        """
        wanted: list[tuple[str, bool]] = []
        first: list[int] = []
        loose: list[int] = []
        for cut, number in zip(self.cuts, self.plan.tolist(), strict=True):
            plan = self._planned[number]
            first.append(len(wanted))
            wanted.append(("".join(cut), False))
            if len(cut) == 3:
                texts = [f"{cut[0]}{look.parts[0]}{cut[2]}" for look in plan.ways.outcomes]
            else:
                texts = [_filled(cut, look.parts) for look in plan.ways.outcomes]
            wanted += [(text, False) for text in texts]
            if plan.ways.glued:
                start = len(wanted)
                wanted += [(text, True) for text in texts]
                small = [cut[at - 1][-1:].islower() and cut[at + 1][:1].islower() for at in range(1, len(cut), 2)]
                looks = enumerate(plan.ways.outcomes, start)
                loose += [row for row, look in looks if all(small[run] for run in look.changed)]
        return wanted, first, loose

    def _weigh(self) -> None:
        self.wanted, first, loose = self._texts()
        learn(self.wanted)
        known = known_prices()
        found = [known.get(key) for key in self.wanted]
        prices: Numbers = np.array(
            [
                price(key[0], strict=key[1]) if cost is None else cost
                for key, cost in zip(self.wanted, found, strict=True)
            ]
        )
        self.first: Places = np.array(first, np.intp)
        plans = self._planned
        ways = [[plan.ways.ways[place] for place in plan.order] for plan in plans]
        lengths: Places = np.array(list(map(len, ways)))
        every = list(chain.from_iterable(ways))
        self.channels = {name: number for number, name in enumerate(dict.fromkeys([way.channel for way in every]))}
        length = lengths[self.plan]
        self.starts: Places = np.cumsum(length) - length  # of the ways of each word
        self.word: Places = np.repeat(np.arange(len(self.plan)), length)  # of each way
        starts: Places = np.cumsum(lengths) - lengths
        way = np.repeat(starts[self.plan] - self.starts, length) + np.arange(len(self.word))
        self.outcome: Places = np.array([one.outcome for one in every], np.intp)[way]
        self.channel: Places = np.array([self.channels[one.channel] for one in every], np.intp)[way]
        self.place: Places = np.array([place for plan in plans for place in plan.order], np.intp)[way]
        outcomes: Places = np.array([len(plan.ways.outcomes) for plan in plans])
        row = self.first[self.word] + 1 + self.outcome
        glued: Marks = np.array([one.codec.glued for one in every])[way]
        if glued.any():
            wide: Marks = np.array([one.codec.multibyte for one in every])[way]
            strict_row = row + outcomes[self.plan][self.word]
            lengths_of = np.array([sum(map(len, cut)) for cut in self.cuts])
            hardly: Marks = np.array(
                [plan.hardly[one.outcome] for plan, own in zip(plans, ways, strict=True) for one in own]
            )[way]
            is_loose: Marks = np.zeros(len(self.wanted) + 1, np.bool_)
            is_loose[loose] = True
            foreign = np.where(
                wide, hardly & (lengths_of <= SHORT)[self.word], is_loose[np.where(glued, strict_row, -1)]
            )
            row = np.where(glued & ~foreign, strict_row, row)
        cost: Numbers = np.array([one.cost for one in every])[way]
        self.gain: Numbers = prices[self.first][self.word] - prices[row] - cost
        if glued.any():
            joins: Marks = np.array(
                [plan.joins[one.outcome] for plan, own in zip(plans, ways, strict=True) for one in own]
            )[way]
            self.gain = np.where(glued & ~joins, np.minimum(0.0, self.gain - NOT_JOINED), self.gain)

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

    def settled(self, votes: Votes) -> tuple[dict[str, Settled], set[str]]:
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
        plan, first = self.plan.tolist(), self.first.tolist()
        tails: dict[tuple[Any, ...], list[tuple[int, tuple[Any, ...]]]] = {}
        done: dict[str, Settled] = {}
        for place in np.flatnonzero((top >= ENOUGH) & (lead >= CLEAR)).tolist():
            key = (plan[place], outcome[place], ways[place], confidence[place], rivals.get(place, ()))
            tail = tails.get(key)
            if tail is None:
                tail = tails[key] = self._tail(*key, votes)
            text, start = self.wanted[first[place] + 1 + outcome[place]][0], first[place]
            done[self.wanted[start][0]] = Settled(text, _placed(self.cuts[place], tail))
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


def _placed(cut: Sequence[str], tail: list[tuple[int, tuple[Any, ...]]]) -> list[tuple[int, int, tuple[Any, ...]]]:
    if len(cut) == 3:
        start = len(cut[0])
        return [(start, start + len(cut[1]), tail[0][1])]
    starts = [sum(map(len, cut[: 2 * run + 1])) for run, _ in tail]
    return [(start, start + len(cut[2 * run + 1]), rest) for start, (run, rest) in zip(starts, tail, strict=True)]
