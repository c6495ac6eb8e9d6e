"""The words of a file weighed and decided together where prices alone decide, with the same result as one by one.

These are words with ASCII letters of which all that they can have been is Latin: nearly all damaged ones of European
text. What their runs can have been is known by run, so what is left is arithmetic on all ways of all words. Not here:
other words, which are weighed (``invert``) and decided (``decide``) one by one, as are those where nobody can choose.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np

from pipeline.repair.bulk import both_prices
from pipeline.repair.decide import CLEAR, ENOUGH, MOST, QUIET, Votes, agreement, foreign_script
from pipeline.repair.invert import HARDLY, NOT_JOINED, SHORT, fits_latin
from pipeline.repair.languages import Numbers
from pipeline.repair.plausible import shape
from pipeline.repair.prefilter import Marks, Places
from pipeline.repair.undone import Parts
from pipeline.repair.ways import Cut, Outcome, Ways, ways_of

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


_Kind = tuple[int, int, int, float, tuple[int, ...]]  # a plan, outcome and way of it, the confidence, other outcomes

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
    glued = ways.glued  # of others nobody asks
    joins = tuple([glued and _joins(runs, look) for look in looks])
    hardly = tuple([
        glued and all(max(shape(char).price for char in runs[run]) >= HARDLY for run in look.changed) for look in looks
    ])  # fmt: skip
    return _Plan(runs, ways, order, joins, hardly, foreign_script("".join(runs)))


def _joins(runs: Parts, look: Outcome) -> bool:
    few = sum([len(look.parts[place]) for place in look.changed]) <= 2
    return not few or all(fits_latin(runs[place], look.parts[place]) for place in look.changed)


class Together:
    """Distinct words, each with its place among the words of the file; ``rest`` has those that are not taken here."""

    def __init__(self, places: Iterable[int], words: Mapping[str, Cut]) -> None:
        self.rest: list[tuple[int, str]] = []
        self.read: dict[str, str] = {}  # what the settled ones are
        self.places: list[int] = []
        self.cuts: list[Cut] = []
        self.plans: dict[Parts, int] = {}
        self._planned: list[_Plan] = []
        numbers: list[int] = []
        for place, (word, cut) in zip(places, words.items(), strict=True):
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
        self.outcomes: Places = np.array([len(plan.ways.outcomes) for plan in self._planned])
        many = self.outcomes[self.plan] + 1
        self.first: Places = np.cumsum(many) - many  # where each word is in the texts
        lengths: Places = np.array([len(plan.order) for plan in self._planned])
        length, starts = lengths[self.plan], np.cumsum(lengths) - lengths
        self.starts: Places = np.cumsum(length) - length  # of the ways of each word
        self.word: Places = np.repeat(np.arange(len(self.plan)), length)  # of each way
        way = np.repeat(starts[self.plan] - self.starts, length) + np.arange(len(self.word))
        ways = [plan.ways.ways[place] for plan in self._planned for place in plan.order]
        self.outcome: Places = np.array([one.outcome for one in ways])[way]
        self.place: Places = np.array([place for plan in self._planned for place in plan.order])[way]
        kinds = {one.channel: one for one in ways}  # the same channels cost the same
        self.channels = {name: number for number, name in enumerate(kinds)}
        self.channel: Places = np.array([self.channels[one.channel] for one in ways])[way]
        row = self.first[self.word] + 1 + self.outcome
        glued = np.flatnonzero(np.array([one.codec.glued for one in kinds.values()])[self.channel])
        loosely, strictly = both_prices(self.texts, strictly=glued.size > 0)
        prices, costs = loosely[row], np.array([one.cost for one in kinds.values()])
        if glued.size:
            multibyte = np.array([one.codec.multibyte for one in kinds.values()])[self.channel[glued]]
            strict = glued[~self._foreign(glued, multibyte, many)]
            prices[strict] = strictly[row[strict]]
        gain: Numbers = loosely[self.first][self.word] - prices - costs[self.channel]
        apart = glued[~self._told(glued, lambda plan: plan.joins)]
        gain[apart] = np.minimum(0.0, gain[apart] - NOT_JOINED)
        self.gain = gain

    def _told(self, ways: Places, tell: Callable[[_Plan], Sequence[bool]]) -> Marks:
        """What is told of each outcome of each plan, for some ways."""
        every = np.array([told for plan in self._planned for told in tell(plan)], np.bool_)
        first = np.cumsum(self.outcomes) - self.outcomes
        told: Marks = every[first[self.plan[self.word[ways]]] + self.outcome[ways]]
        return told

    def _foreign(self, ways: Places, multibyte: Marks, many: Places) -> Marks:
        """Of ways of codecs that are set beside Latin letters, whether no writer would set there what these yield.

        ``many`` texts there are of each word.
        """
        small = [len(cut) == 3 and cut[0][-1:].islower() and cut[2][:1].islower() for cut in self.cuts]
        between: Marks = np.repeat(np.array(small, np.bool_), many)
        for word in [word for word, cut in enumerate(self.cuts) if len(cut) > 3]:
            cut = self.cuts[word]
            runs = [cut[at - 1][-1:].islower() and cut[at + 1][:1].islower() for at in range(1, len(cut), 2)]
            for place, look in enumerate(self._planned[self.plan[word]].ways.outcomes, self.first[word] + 1):
                between[place] = all(runs[run] for run in look.changed)
        foreign: Marks = between[self.first[self.word[ways]] + 1 + self.outcome[ways]]
        if multibyte.any():
            short: Marks = np.array([sum(map(len, cut)) <= SHORT for cut in self.cuts])[self.word[ways]]
            foreign = np.where(multibyte, self._told(ways, lambda plan: plan.hardly) & short, foreign)
        return foreign

    def vote(self, votes: Votes) -> None:
        """Let the words vote, as ``Votes.add`` lets others."""
        if not self.cuts:
            return
        loud = np.flatnonzero(self.gain >= QUIET)
        channel, amount = self.channel[loud], self.gain[loud] - QUIET
        counts = np.bincount(channel, minlength=len(self.channels)).tolist()
        sums = np.bincount(channel, amount, len(self.channels)).tolist()
        firsts = np.full(len(self.channels), -1)
        firsts[channel[::-1]] = np.arange(len(channel))[::-1]  # of several, what is assigned last stays
        for number, at in [(number, at) for number, at in enumerate(firsts.tolist()) if at >= 0]:
            way = int(loud[at])
            first = (self.places[self.word[way]], -float(self.gain[way]), int(self.place[way]))
            votes.hear(list(self.channels)[number], counts[number], sums[number], first)
        speaks = np.maximum.reduceat(self.gain, self.starts) >= QUIET
        scripts = [plan.script for plan in self._planned]
        for script, many in zip(scripts, np.bincount(self.plan[speaks], minlength=len(scripts)).tolist(), strict=True):
            if many:
                votes.words[script] += many
                votes.decoded[script] += many
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
        confidence = np.minimum(0.999, 1 / (1 + np.exp(-lead)))
        stay = {"".join(self.cuts[place]) for place in np.flatnonzero(top < ENOUGH).tolist()}
        chosen = np.flatnonzero((top >= ENOUGH) & (lead >= CLEAR))
        rivals = self._rivals(others, np.maximum.reduceat(self.gain, rows), word, self.outcome[rows])
        outcome = self.outcome[rows[top_row]]
        kinds = [column[chosen].tolist() for column in (self.plan, outcome, way[top_row], confidence)]
        keys: Iterable[_Kind] = zip(*kinds, [rivals.get(place, ()) for place in chosen.tolist()], strict=True)
        first = self.first[chosen]
        tails: dict[_Kind, list[tuple[int, tuple[Any, ...]]]] = {}
        done: dict[str, Pieces] = {}
        for place, text, key in zip(chosen.tolist(), first.tolist(), keys, strict=True):
            tail = tails.get(key)
            if tail is None:
                tail = tails[key] = self._tail(key, votes)
            cut = self.cuts[place]
            if len(cut) == 3:
                start = len(cut[0])
                done[self.texts[text]] = [(start, start + len(cut[1]), tail[0][1])]
            else:
                done[self.texts[text]] = _placed(cut, tail)
        self.read = dict(
            zip(done, [self.texts[place] for place in (first + 1 + outcome[chosen]).tolist()], strict=True)
        )
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
        at = np.flatnonzero(others > 0)
        at = at[np.lexsort((outcome[at], -own[at], -others[at], word[at]))]
        found: dict[int, tuple[int, ...]] = {}
        for place, number in zip(word[at].tolist(), outcome[at].tolist(), strict=True):
            found[place] = (*found.get(place, ()), number)
        return found

    def _tail(self, kind: _Kind, votes: Votes) -> list[tuple[int, tuple[Any, ...]]]:
        """For each run that changes its place, and all of its repair but the span."""
        number, outcome, way, confidence, rivals = kind
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
    starts = [sum(map(len, cut[: 2 * run + 1])) for run, _ in tail]
    return [(start, start + len(cut[2 * run + 1]), rest) for start, (run, rest) in zip(starts, tail, strict=True)]
