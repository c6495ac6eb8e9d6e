"""The first step, encoding damage: walk over lines, find damaged words, and record what was decided for each.

Not here: the second step (``tidy``) and both together (``whole``).
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final, NamedTuple

from pipeline.repair.dossier import Dossier, recorded
from pipeline.repair.guess import guess
from pipeline.repair.lost import explained, hopeless, opened, spans
from pipeline.repair.model import Mended, Repair, applied, apply_repairs, compose, moved, untouched
from pipeline.repair.page import Page, Word
from pipeline.repair.signs import with_signs
from pipeline.repair.spaces import widened

_MAX_ROUNDS: Final = 4


def mend_text(text: str) -> Mended:
    """Mend encoding damage in one string that stands alone.

    Typography, width and composition stay as they are. Idempotent: mending mended text changes nothing.
    """
    return mend_lines([text])[0]


def mend_lines(lines: Sequence[str], *, known: Collection[str] = ()) -> list[Mended]:
    """Mend encoding damage in the lines of one file, whose words vote on the channels; one result a line.

    ``known`` are words that stand undamaged elsewhere in the corpus: a damaged twin is read like them.
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


def mend_page(page: Page, *, known: Collection[str] = ()) -> Settled:
    """Mend encoding damage on a page, until nothing changes any more."""
    done: dict[int, Mended] = {}
    last = None
    for _ in range(_MAX_ROUNDS):
        steps = _once(page, known)
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


def _once(page: Page, known: Collection[str]) -> dict[int, Mended]:
    """One round: the lines that hold suspicious words, mended, where they have repairs."""
    if not page.suspicious:
        return {}
    file = Dossier(page, known)
    steps: dict[int, Mended] = {}
    for number, words in file.with_leads().items():
        line = page.lines[number]
        wide = widened(line, file.votes)
        taken = [(start, start + len(word)) for start, word, _ in wide]
        repairs = _repairs(line, file, file.doubtful(line, words), taken)
        for start, word, chosen in wide:
            repairs += moved(recorded(word, chosen, line[start : start + len(word)]), start)
        with_all = with_signs(line, repairs, file.votes)
        if with_all:
            steps[number] = apply_repairs(line, with_all) if wide or with_all != repairs else applied(line, with_all)
    return steps


def _repairs(line: str, file: Dossier, words: Sequence[Word], taken: Sequence[tuple[int, int]]) -> list[Repair]:
    """The repairs of some words of a line, but for those that touch a span that is taken."""
    repairs: list[Repair] = []
    reach = 0
    for start, word in words:
        if start < reach or (taken and _touches(taken, start, start + len(word))):
            continue
        settled = file.settled.get(word)
        if settled is not None:
            repairs += [tuple.__new__(Repair, (start + low, start + high, *rest)) for low, high, rest in settled.pieces]
            continue
        decision = file.decision(word)
        if decision is not None and decision.reading is not None:
            repairs += moved(file.recorded(word, decision), start)
            continue
        hidden = hopeless(line, start, start + len(word))
        guessed = () if hidden else _guessed(line, file, (start, start + len(word)), reach, taken)
        if guessed:
            repairs += guessed
            reach = max(repair.end for repair in guessed)
        elif decision is not None:
            repairs += moved(file.recorded(word, decision), start)
    return repairs


def _guessed(
    line: str, file: Dossier, word: tuple[int, int], reach: int, taken: Sequence[tuple[int, int]]
) -> tuple[Repair, ...]:
    """The repairs of a word (start and end) that lost bytes; it cannot begin before ``reach``."""
    start, end = word
    ends = [end for end in spans(line, start, end) if not _touches(taken, start, end)]
    first = opened(line, start, reach)
    found = [end for end in ends if explained(line[first:end])]
    if not found and first != start:
        first = start
        found = [end for end in ends if explained(line[first:end])]
    if not found:
        return ()
    manner = file.manner(line[first : found[0]])
    known = partial(file.known, line[first : found[0]], found[-1] - first)
    return guess(line, first, found, file.votes, known, manner, lambda: file.letters)


def _touches(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(low < end and start < high for low, high in taken)
