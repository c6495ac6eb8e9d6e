"""The words of a file weighed and decided together where prices alone decide, with the same result as one by one.

These are words with ASCII letters of which all that they can have been is Latin: nearly all damaged ones of European
text. What their runs can have been is known by run, so what is left is arithmetic on all ways of all words. Not here:
other words, which are weighed (``invert``) and decided (``decide``) one by one, as are those where nobody can choose.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.bulk import both_prices
from pipeline.repair.columns import Cuts, Texts
from pipeline.repair.decide import CLEAR, ENOUGH, MOST, QUIET, Votes, agreement, foreign_script
from pipeline.repair.invert import HARDLY, NOT_JOINED, SHORT, fits_latin
from pipeline.repair.languages import Numbers
from pipeline.repair.places import changes, heads, marked, ranges
from pipeline.repair.plausible import shape
from pipeline.repair.prefilter import Marks, Places
from pipeline.repair.settled import Rest, Settled
from pipeline.repair.undone import Parts
from pipeline.repair.ways import Outcome, Ways, ways_of

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


@lru_cache(maxsize=16384)
def _plan(runs: Parts) -> _Plan | None:
    """The plan of some runs; None where more than prices decides."""
    ways = ways_of(runs)
    looks = ways.outcomes
    if not looks or any(not look.latin or look.drawn or look.symbol for look in looks):
        return None
    order = tuple(sorted(range(len(ways.ways)), key=[way.outcome for way in ways.ways].__getitem__))
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

    def __init__(self, places: Sequence[int], cuts: Cuts) -> None:
        self._cuts = cuts
        self._planned: list[_Plan] = []
        numbers = []
        for plan in map(_plan, cuts.runs):
            numbers.append(-1 if plan is None else len(self._planned))
            self._planned += [] if plan is None else [plan]
        number: Places = np.array(numbers, np.intp)[cuts.number]
        alike = marked(cuts.texts.lengths == len(_NAMED) + 1).tolist()
        taken = (number >= 0) & ~cuts.whole
        taken[[at for at in alike if cuts.words[at][1:] == _NAMED]] = False
        self.rest = [(places[at], cuts.words[at]) for at in marked(~taken).tolist()]
        self._taken: Places = marked(taken)
        self._places: Places = np.array(places, np.intp)[self._taken]
        self._plan: Places = number[self._taken]
        self._words: list[str] = []  # the settled ones
        self._rows: Places = np.zeros(0, np.intp)  # and what they are, by their places in the texts
        self._otherwise: set[str] = set()  # those of them that are read otherwise
        if self._taken.size:
            self._weigh()

    def _weigh(self) -> None:
        """Lay out all ways of all words, and what each gains."""
        outcomes: Places = np.array([len(plan.ways.outcomes) for plan in self._planned])
        self._firsts: Places = outcomes.cumsum() - outcomes  # the first outcome of each plan
        many = outcomes[self._plan] + 1
        self.first: Places = many.cumsum() - many  # where each word is in the texts: behind it are its outcomes
        self.texts = self._texts(many)
        lengths: Places = np.array([len(plan.order) for plan in self._planned])
        length, starts = lengths[self._plan], lengths.cumsum() - lengths
        self.starts: Places = length.cumsum() - length  # of the ways of each word
        self.word: Places = np.arange(len(self._plan)).repeat(length)  # of each way
        way = (starts[self._plan] - self.starts).repeat(length) + np.arange(len(self.word))
        ways = [plan.ways.ways[place] for plan in self._planned for place in plan.order]
        self.outcome: Places = np.array([one.outcome for one in ways])[way]
        self.place: Places = np.array([place for plan in self._planned for place in plan.order])[way]
        kinds = {one.channel: one for one in ways}  # the same channels cost the same
        self.channels = {name: number for number, name in enumerate(kinds)}
        self.channel: Places = np.array([self.channels[one.channel] for one in ways])[way]
        row = self.first[self.word] + 1 + self.outcome
        glued = marked(np.array([one.codec.glued for one in kinds.values()])[self.channel])
        loosely, strictly = both_prices(self.texts, strictly=glued.size > 0)
        prices, costs = loosely[row], np.array([one.cost for one in kinds.values()])
        if glued.size:
            multibyte = np.array([one.codec.multibyte for one in kinds.values()])[self.channel[glued]]
            strict = glued[~self._foreign(glued, multibyte)]
            prices[strict] = strictly[row[strict]]
        gain: Numbers = loosely[self.first][self.word] - prices - costs[self.channel]
        apart = glued[~self._told(glued, lambda plan: plan.joins)]
        gain[apart] = np.minimum(0.0, gain[apart] - NOT_JOINED)
        self.gain = gain

    def _texts(self, many: Places) -> Texts:
        """What must be priced: each word, and behind it its outcomes, ``many`` in all."""
        looks = [look for plan in self._planned for look in plan.ways.outcomes]
        parts = np.array([len(look.parts) for look in looks])
        self._parts: Places = parts.cumsum() - parts  # where those of each outcome begin
        word = np.arange(len(many)).repeat(many)
        number = np.arange(len(word)) - self.first[word] - 1
        part = np.where(number < 0, -1, self._parts[self._firsts[self._plan[word]] + number])
        return self._cuts.filled(self._taken[word], part, [part for look in looks for part in look.parts])

    def _told(self, ways: Places, tell: Callable[[_Plan], Sequence[bool]]) -> Marks:
        """What is told of each outcome of each plan, for some ways."""
        every = np.array([told for plan in self._planned for told in tell(plan)], np.bool_)
        told: Marks = every[self._firsts[self._plan[self.word[ways]]] + self.outcome[ways]]
        return told

    def _foreign(self, ways: Places, multibyte: Marks) -> Marks:
        """Of ways of codecs that are set beside Latin letters, whether no writer would set there what these yield."""
        cuts, words = self._cuts, self._taken[self.word[ways]]
        many = cuts.many[words]
        owner = np.arange(len(ways)).repeat(many)
        run = np.arange(len(owner)) - (many.cumsum() - many)[owner]
        part = self._parts[self._firsts[self._plan[self.word[ways]]] + self.outcome[ways]][owner] + run
        changed = np.array([
            part != run
            for plan in self._planned
            for look in plan.ways.outcomes
            for part, run in zip(look.parts, plan.runs, strict=True)
        ])[part]  # fmt: skip
        open_ones = changed & ~cuts.within(cuts.first[words][owner] + 1 + 2 * run)
        foreign: Marks = np.bincount(owner, open_ones, len(ways)) == 0
        if multibyte.any():
            short = cuts.texts.lengths[words] <= SHORT
            foreign = np.where(multibyte, self._told(ways, lambda plan: plan.hardly) & short, foreign)
        return foreign

    def vote(self, votes: Votes) -> None:
        """Let the words vote, as ``Votes.add`` lets others."""
        if not self._taken.size:
            return
        loud = marked(self.gain >= QUIET)
        channel, amount = self.channel[loud], self.gain[loud] - QUIET
        counts = np.bincount(channel, minlength=len(self.channels)).tolist()
        sums = np.bincount(channel, amount, len(self.channels)).tolist()
        firsts = np.full(len(self.channels), -1)
        firsts[channel[::-1]] = np.arange(len(channel))[::-1]  # of several, what is assigned last stays
        for number, at in [(number, at) for number, at in enumerate(firsts.tolist()) if at >= 0]:
            way = int(loud[at])
            first = (int(self._places[self.word[way]]), -float(self.gain[way]), int(self.place[way]))
            votes.hear(list(self.channels)[number], counts[number], sums[number], first)
        speaks = np.maximum.reduceat(self.gain, self.starts) >= QUIET
        scripts = [plan.script for plan in self._planned]
        for script, many in zip(scripts, np.bincount(self._plan[speaks], minlength=len(scripts)).tolist(), strict=True):
            if many:
                votes.words[script] += many
                votes.decoded[script] += many
        for word in marked(~speaks).tolist():
            votes.unread(self._cuts.words[self._taken[word]], scripts[self._plan[word]])

    def settled(self, votes: Votes) -> tuple[Settled, set[str]]:
        """The words that are decided, and those that had better stay as they are; others are open."""
        if not self._taken.size:
            return Settled(), set()
        score = self._scores(votes)
        new = changes(self.outcome)
        new[self.starts] = True
        rows = marked(new)  # one for each outcome of each word
        row = new.cumsum() - 1
        best = np.maximum.reduceat(score, rows)
        candidate = score == best[row]
        own = np.where(candidate, self.gain, _NONE)
        candidate &= own == np.maximum.reduceat(own, rows)[row]
        way = np.minimum.reduceat(np.where(candidate, self.place, _LAST), rows)
        word = self.word[rows]
        starts = heads(word)
        top = np.maximum.reduceat(best, starts)
        top_row = np.minimum.reduceat(np.where(best == top[word], np.arange(len(rows)), _LAST), starts)
        others = best.copy()
        others[top_row] = _NONE
        lead = top - np.maximum(0.0, np.maximum.reduceat(others, starts))
        confidence = np.minimum(0.999, 1 / (1 + np.exp(-lead)))
        stay = {self._cuts.words[word] for word in self._taken[top < ENOUGH].tolist()}
        chosen = marked((top >= ENOUGH) & (lead >= CLEAR))
        rivals = self._rivals(others, np.maximum.reduceat(self.gain, rows), word, self.outcome[rows])
        outcome = self.outcome[rows[top_row]]
        kinds = [column[chosen].tolist() for column in (self._plan, outcome, way[top_row], confidence)]
        keys: Iterable[_Kind] = zip(*kinds, [rivals.get(place, ()) for place in chosen.tolist()], strict=True)
        self._words = [self._cuts.words[word] for word in self._taken[chosen].tolist()]
        self._rows = self.first[chosen] + 1 + outcome[chosen]
        return self._columns(chosen, keys, votes), stay

    def _columns(self, chosen: Places, kinds: Iterable[_Kind], votes: Votes) -> Settled:
        """The repairs of some words, by what kind each is of."""
        cuts = self._cuts
        numbers: defaultdict[_Kind, int] = defaultdict()
        numbers.default_factory = numbers.__len__  # what is new gets the next number, without a step of Python
        kind: Places = np.array(list(map(numbers.__getitem__, kinds)), np.intp)
        tails = [self._tail(kind, votes) for kind in numbers]
        length: Places = np.array([len(tail) for tail in tails], np.intp)
        many = length[kind]
        rest = ranges((length.cumsum() - length)[kind], many)
        run: Places = np.array([run for tail in tails for run, _ in tail], np.intp)[rest]
        word = cuts.first[self._taken[chosen]].repeat(many)
        start, end = (cuts.edges[word + 2 * run + side] - cuts.edges[word] for side in (1, 2))
        return Settled.of(self._words, many, (start, end, rest), [one for tail in tails for _, one in tail])

    def unsettled(self, word: str) -> None:
        """A word is read otherwise after all."""
        self._otherwise.add(word)

    def readings(self) -> list[str]:
        """What the words are that were settled here."""
        kept = np.array([word not in self._otherwise for word in self._words], np.bool_)
        return self.texts.strings(self._rows[kept]) if self._words else []

    def _scores(self, votes: Votes) -> Numbers:
        """What the ways are worth with the votes; those that no votes make worth a thought are out."""
        hearing = np.array([votes.hearing(name) for name in self.channels])[self.channel]
        heard = hearing[:, 0] - np.where(self.gain >= QUIET, self.gain - QUIET, 0.0)
        spoken = self.gain + (np.clip(heard, 0.0, MOST) - hearing[:, 1])
        muted = np.array([votes.muted(plan.script) for plan in self._planned])[self._plan][self.word]
        return np.where(self.gain <= -MOST, _NONE, np.where(muted, self.gain, spoken))

    @staticmethod
    def _rivals(others: Numbers, own: Numbers, word: Places, outcome: Places) -> dict[int, tuple[int, ...]]:
        """The outcomes that are worth something beside the best, the best of them first, by word."""
        at = marked(others > 0)
        at = at[np.lexsort((outcome[at], -own[at], -others[at], word[at]))]
        found: dict[int, tuple[int, ...]] = {}
        for place, number in zip(word[at].tolist(), outcome[at].tolist(), strict=True):
            found[place] = (*found.get(place, ()), number)
        return found

    def _tail(self, kind: _Kind, votes: Votes) -> list[tuple[int, Rest]]:
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
