"""The first step, encoding damage: walk over lines, find damaged words, and record what was decided for each.

Not here: the second step (``tidy``) and both together (``whole``).
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Final, NamedTuple

from pipeline.repair.at_once import mended_at_once
from pipeline.repair.collector import uncollected
from pipeline.repair.decide import Decision, Votes, foreign_script
from pipeline.repair.dossier import Dossier, recorded
from pipeline.repair.found import Word
from pipeline.repair.guess import guess, in_lexicon
from pipeline.repair.hollow import Hollow, empty_signs, telling_signs
from pipeline.repair.letters import lowered
from pipeline.repair.lost import anticipate, explained, hopeless, opened, spans
from pipeline.repair.model import Mended, Repair, applied, apply_repairs, compose, moved, untouched
from pipeline.repair.page import Page
from pipeline.repair.settled import Pieces
from pipeline.repair.signs import may_have_signs, torn_signs, with_signs
from pipeline.repair.spaces import Widened, cut_places
from pipeline.repair.wreck import pointed_out, touched

_MAX_ROUNDS: Final = 4
_FEW: Final = 50  # lines that are sooner looked at one by one


def mend_text(text: str) -> Mended:
    """Mend encoding damage in one string that stands alone.

    Typography, width and composition stay as they are. Idempotent: mending mended text changes nothing.
    """
    return mend_lines([text])[0]


@uncollected()
def mend_lines(lines: Sequence[str], *, known: Collection[str] = ()) -> list[Mended]:
    """Mend encoding damage in the lines of one file, whose words vote on the channels; one result a line.

    ``known`` are words that stand undamaged elsewhere in the corpus: a damaged twin is read like them. As the keys of a
    mapping they come with the file where they stand, which the evidence then names.
    """
    done = untouched(lines)
    for number, mended in mend_page(Page(lines), known=known).lines.items():
        done[number] = mended
    return done


class Settled(NamedTuple):
    """What mending made of a page: its lines that have repairs, by number, the page then, and what it says of itself.

    ``last`` has what mending that page once more would give; None where that is not known.
    """

    lines: dict[int, Mended]
    page: Page
    last: dict[int, Mended] | None


@uncollected()
def mend_page(page: Page, *, known: Collection[str] = ()) -> Settled:
    """Mend encoding damage on a page, until nothing changes any more."""
    places = known if isinstance(known, Mapping) else dict.fromkeys(known, "")
    corpus = {lowered(word): place for word, place in places.items()}
    done: dict[int, Mended] = {}
    last = None
    for _ in range(_MAX_ROUNDS):
        steps = _once(page, corpus)
        changed = {number: step.text for number, step in steps.items() if step.text != page.lines[number]}
        for number, step in steps.items():
            done[number] = compose(done[number], step) if number in done else step
        if not changed:
            last = _with_repairs(steps)
            break
        page = page.changed(changed)
    return Settled(_with_repairs(done), page, last)


def _with_repairs(lines: dict[int, Mended]) -> dict[int, Mended]:
    return {number: mended for number, mended in lines.items() if mended.repairs}


def _once(page: Page, corpus: Mapping[str, str]) -> dict[int, Mended]:
    """One round: the lines that hold suspicious words, mended, where they have repairs."""
    hollow = page.lines_where(empty_signs)
    if not page.found.texts and not hollow:
        return {}
    file = Dossier(page, corpus)
    votes, settled, further = file.votes, file.settled, file.with_leads()
    looked_at = further.keys() | set(page.found.lines.tolist())
    cut = page.lines_where(cut_places, looked_at)
    others = cut.union(further, page.lines_where(torn_signs, looked_at))
    steps, left = mended_at_once(page.lines, page.found, settled, file.genuine, others)
    words_of = left.by_line()
    for number, more in further.items():
        words_of[number] = sorted([*more, *words_of.get(number, ())])
    lines: list[_Line] = []
    widened = Widened(votes)
    for number, words in words_of.items():
        text = page.lines[number]
        wide = widened.words(text) if number in cut else []
        doubtful = file.doubtful(text, words)
        if wide or not all(word in settled for _, word in doubtful):
            lines.append(_looked_at(number, text, file, doubtful, wide))
        else:
            _mend(steps, number, text, list(_all_settled(doubtful, settled)), votes)
    anticipate(_asked(lines, file))
    for line in lines:
        _mend(steps, line.number, line.text, _repairs(line, file), votes, line.words)
    if hollow:
        _fill(steps, page, hollow, votes)
    return steps


def _fill(steps: dict[int, Mended], page: Page, hollow: set[int], votes: Votes) -> None:
    """Add what can be said of signs of which only the first byte is left, in lines that may have some."""
    telling = sorted(hollow if len(hollow) < _FEW else page.lines_where(telling_signs, hollow))
    signs = Hollow([page.lines[number] for number in telling], votes)
    for number in sorted(hollow) if signs.heard else telling:
        text = page.lines[number]
        done = steps[number].repairs if number in steps else ()
        found = signs.repairs(text, done)
        if found:
            steps[number] = apply_repairs(text, [*done, *found])


def _all_settled(words: Sequence[Word], settled: Mapping[str, Pieces]) -> Iterator[Repair]:
    """The repairs of words that are all settled."""
    for start, word in words:
        for low, high, rest in settled[word]:
            yield Repair(start + low, start + high, *rest)


def _mend(
    steps: dict[int, Mended], number: int, text: str, repairs: list[Repair], votes: Votes, left: Sequence[Word] = ()
) -> None:
    """Apply the repairs of a line, and those of signs; point out what of some words is damage that nobody can read."""
    with_all = with_signs(text, repairs, votes) if may_have_signs(text) else repairs
    wrecks = [one for start, word in left for one in pointed_out(word, start) if not touched(with_all, one)]
    if with_all or wrecks:
        alike = with_all == repairs and not wrecks
        steps[number] = applied(text, with_all) if alike else apply_repairs(text, [*with_all, *wrecks])


class _Line(NamedTuple):
    """A line that is mended: words that spaces cut, the words to decide and, by their starts, ends of torn ones."""

    number: int
    text: str
    wide: list[tuple[int, str, Decision]]
    words: Sequence[Word]
    torn: dict[int, list[int]]

    def taken(self, start: int, end: int) -> bool:
        """Whether a span touches one of a word that spaces cut; these stand in order and apart."""
        before = bisect_left(self.wide, end, key=itemgetter(0))
        return before > 0 and start < self.wide[before - 1][0] + len(self.wide[before - 1][1])

    def ends(self, start: int, end: int, first: int) -> list[int]:
        """The ends that the word from ``start`` to ``end`` may have as one that lost bytes and begins at ``first``."""
        every = [end for end in spans(self.text, start, end) if not self.taken(start, end)]
        return [end for end in every if explained(self.text[first:end])]


def _looked_at(
    number: int, text: str, file: Dossier, words: Sequence[Word], wide: list[tuple[int, str, Decision]]
) -> _Line:
    line = _Line(number, text, wide, words, {})
    for start, word in line.words:
        if word not in file.settled:
            decision, end = file.decision(word), start + len(word)
            left = decision is None or decision.reading is None
            if left and not hopeless(text, start, end) and not file.meant(word):
                line.torn[start] = line.ends(start, end, start)
    return line


def _asked(lines: Sequence[_Line], file: Dossier) -> Iterator[tuple[str, Callable[[str], float], str, bool]]:
    """The spans that will be filled."""
    for line in lines:
        for start, ends in line.torn.items():
            if ends and not in_lexicon(line.text[start : ends[0]]):
                manner = file.manner(line.text[start : ends[0]])
                for end in ends:
                    span = line.text[start:end]
                    bonus = partial(file.votes.spoken, script=foreign_script(span))
                    yield span, bonus, manner, line.text[end : end + 1] == " "


def _repairs(line: _Line, file: Dossier) -> list[Repair]:
    """The repairs of the words of a line, the words that spaces cut among them."""
    repairs: list[Repair] = []
    reach = 0
    for start, word in line.words:
        if start < reach or (line.wide and line.taken(start, start + len(word))):
            continue
        if word in file.settled:
            repairs += [Repair(start + low, start + high, *rest) for low, high, rest in file.settled[word]]
            continue
        decision = file.decision(word)
        if decision is not None and decision.reading is not None:
            repairs += moved(file.recorded(word, decision), start)
            continue
        guessed = _guessed(line, file, (start, start + len(word)), reach) if start in line.torn else ()
        if guessed:
            repairs += guessed
            reach = max(repair.end for repair in guessed)
        elif decision is not None:
            repairs += moved(file.recorded(word, decision), start)
    for start, word, chosen in line.wide:
        repairs += moved(recorded(word, chosen, line.text[start : start + len(word)]), start)
    return sorted(repairs, key=itemgetter(0)) if line.wide else repairs


def _guessed(line: _Line, file: Dossier, word: tuple[int, int], reach: int) -> tuple[Repair, ...]:
    """The repairs of a word (start and end) that lost bytes; it cannot begin before ``reach``."""
    start, end = word
    first = opened(line.text, start, reach)
    found = line.ends(start, end, first) if first != start else line.torn[start]
    if not found and first != start:
        first, found = start, line.torn[start]
    if not found:
        return ()
    manner = file.manner(line.text[first : found[0]])
    known = partial(file.known, line.text[first : found[0]], found[-1] - first)
    return guess(line.text, first, found, file.votes, known, manner, file.written_with)
