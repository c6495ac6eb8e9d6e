"""Decide words that lost bytes: how likely each letter is, and whether that is enough to write it down.

Not here: the candidates and their prices (``lost``), and words that lost nothing (``decide``).
"""

import math
import re
from collections.abc import Callable, Collection
from collections.abc import Sequence as Several
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from pipeline.repair.channels import begins_alike, read_alike
from pipeline.repair.decide import Votes, foreign_script
from pipeline.repair.gaps import Sequence
from pipeline.repair.known import TWIN, Known
from pipeline.repair.letters import letter_model, lowered
from pipeline.repair.lost import Candidate, Filled, fill
from pipeline.repair.model import Repair
from pipeline.repair.nearby import Nearby
from pipeline.repair.odds import ranked
from pipeline.repair.plausible import odd_capitals, odd_word
from pipeline.repair.seams import behind, seam

ENOUGH: Final = 3.0  # nats that the best candidate must gain over the word as it stands
_ALONE: Final = 12.0  # nats more where a lone letter of another alphabet is all the evidence
_SPOKEN: Final = 2.0
_ALPHABETS: Final = frozenset({"CYRILLIC", "GREEK", "HEBREW", "ARABIC"})
SUSPECT: Final = 1.5  # nats that it must gain to be recorded as unresolved
SUSPECT_FOREIGN: Final = -9.0  # the same for a letter of another script
_ROUNDED: Final = 1e-6  # sums in another order
_ANY: Final = -30.0
_WHOLE_WORD: Final = 4  # letters of a word that is surely meant where the lexicon has it
BOUND: Final = 0.8  # how likely a letter must be to be written down
_TEMPER: Final = 1.3  # prices are surer of themselves than they should be
_NEAR: Final = 50  # characters on either side in which neighbouring words are looked for
_NEIGHBOURS: Final = 3
_MOST_ALTERNATIVES: Final = 32
_FIRST_WORD: Final = 1.6  # what a small initial costs at least where a line or a sentence begins
_BEFORE_FIRST: Final = frozenset({"", ".", "!", "?"})
_MODELLED: Final = frozenset({"LATIN", ""})  # of other scripts there is no letter model to guess with
_AS_USUAL: Final = 2.5  # nats between the usual ways to lose a byte and the others
# A word right behind a damaged one and a space may be the rest of it, and letters behind a sign are a piece of one.
# What stands before the damage in a word says something for its language, too.
_WORD: Final = re.compile(r"(?<![^\x00-\x7f] )(?<![^\x00-\x7f])(?<![^\W\d_])[^\W\d_]{2,}(?![^\x00-\x7f])")
# Initials, a damaged word's among them where it is none of the damage; a sentence begins with a capital anyway.
_INITIAL: Final = re.compile(
    r"(?<![^\x00-\x7f] )(?<![^\x00-\x7f])(?<![^\W\d_])(?<![.!?] )"
    r"(?:[^\W\d_](?=[^\W\d_]+(?![^\x00-\x7f]))|[A-Za-z](?=[^\W\d_]|[^\x00-\x7f]))"
)


def guess(
    line: str,
    start: int,
    ends: Several[int],
    votes: Votes,
    known: Callable[[Collection[str]], Known],
    manner: str,
    written_with: Callable[[str], bool],
) -> tuple[Repair, ...]:
    """Repairs of the damaged word that begins at ``start`` and may end at any of ``ends``; empty for no damage.

    ``known`` gives the undamaged words among some readings of it, perhaps with others; ``written_with`` tells whether
    undamaged words have a small letter.
    """
    if in_lexicon(line[start : ends[0]]):
        return ()  # a word as it stands
    around = _around(line[max(0, start - _NEAR) : start], line[max(ends) : max(ends) + _NEAR])
    if line[:start].rstrip()[-1:] in _BEFORE_FIRST:
        around = replace(around, capitals=max(_FIRST_WORD, around.capitals))
    spans = [line[start:end] for end in ends]
    speak = [partial(votes.spoken, script=foreign_script(span)) for span in spans]
    # Collecting the known words is dear, so it waits until a word is nearly sure to be damaged.
    behind_it = [line[end : end + 1] for end in ends]
    parts = list(zip(spans, speak, behind_it, strict=True))
    first = [fill(span, around, Known(), speaks, manner, behind=char) for span, speaks, char in parts]
    suspect = _suspect(first, votes)
    if all(one is None or one.gain < suspect - TWIN for one in first):
        return ()
    would_do = _would_do(first, suspect)
    if would_do is not None and not any(map(known(would_do).has, would_do)):
        return ()
    twins = known(set().union(*(one.words() for one in first if one is not None)))
    again = [
        fill(span, around, twins, speaks, manner, behind=char) if one is not None and one.has_twin(twins) else one
        for one, (span, speaks, char) in zip(first, parts, strict=True)
    ]
    gains = [
        (one.gain + seam(line, end, ends, one.ways[0][2], around, _rest(line, end, ends, around, speaks)), one)
        for one, end, speaks in zip(again, ends, speak, strict=True)
        if one is not None
    ]
    open_end = manner != "spaces" and len(gains) > 1 and _open_end(gains[0][1])
    gain, best = gains[0] if open_end else max(gains, key=lambda entry: entry[0])
    if gain < suspect:
        return ()
    share = 1.0 if open_end else 1 / sum(math.exp((other - gain) / _TEMPER) for other, _ in gains)
    open_ = gain - best.foreign < _needed(best, votes, written_with)
    return tuple(_repairs(best, start, share, open_=open_, open_end=open_end))


def in_lexicon(word: str) -> bool:
    """Whether a word is surely meant as it stands, since the lexicon has it."""
    return len(word) >= _WHOLE_WORD and letter_model().known(lowered(word)) > 0 and not odd_capitals(word)


def _would_do(filled: Several[Filled | None], suspect: float) -> Collection[str] | None:
    """The readings that would be worth enough if they stood undamaged elsewhere; None where all matter."""
    if len(filled) > 1 or filled[0] is None or filled[0].gain >= suspect:
        return None
    return filled[0].words(suspect - TWIN - _ROUNDED)


def _rest(line: str, end: int, ends: Several[int], around: Nearby, bonus: Callable[[str], float]) -> float:
    """What the word behind a space gains as one that lost bytes of its own, when a span ends before it."""
    word = behind(line, end, ends)
    filled = fill(word, around, Known(), bonus) if word and not word.isascii() else None
    return 0.0 if filled is None else max(0.0, filled.gain)


def _suspect(filled: Several[Filled | None], votes: Votes) -> float:
    """Nats that a guess must gain for the word to be recorded as damaged at all.

    A letter of another script glued to a Latin word is hardly ever meant, least of all where other words were damaged.
    """
    for one in filled:
        script = foreign_script(one.word) if one is not None else "LATIN"
        if one is not None and script not in _MODELLED:
            spoken = votes.spoken(f"utf-8>{one.ways[0][0]}", script) >= _SPOKEN
            return _ANY if spoken else SUSPECT_FOREIGN
    return SUSPECT


def _needed(filled: Filled, votes: Votes, written_with: Callable[[str], bool]) -> float:
    """Nats that a guess must gain: more where no other word speaks for the channel and little else does.

    So where the lead is a letter that intact words here are written with, as Vietnamese and Portuguese are with ã.
    """
    script = foreign_script(filled.word)
    best = filled.candidates[0]
    if votes.spoken(f"utf-8>{best.codec}", script) >= _SPOKEN:
        return ENOUGH
    # Of what was misread twice enough is left to tell it from text, and a mark for the rest tells the channel.
    told = ">" in best.codec and "\ufffd" in filled.word
    bare = not told and all(sequence.lost for sequence in filled.sequences[best.codec])
    if bare and not any(char.isascii() and char.isalpha() for char in filled.word):
        return math.inf
    leads = {filled.word[sequence.start].lower() for sequence in filled.sequences[best.codec]}
    doubtful = bare and (script in _ALPHABETS or any(map(written_with, leads)))
    return ENOUGH + _ALONE if doubtful else ENOUGH


@lru_cache(maxsize=4096)
def _around(before: str, after: str) -> Nearby:
    words = (*_WORD.findall(before)[-_NEIGHBOURS:], *_WORD.findall(after)[:_NEIGHBOURS])
    initials = (*_INITIAL.findall(before)[-_NEIGHBOURS:], *_INITIAL.findall(after)[:_NEIGHBOURS])
    return Nearby.of([word for word in words if word.isascii() or foreign_script(word) == "LATIN"], initials)


def _open_end(filled: Filled) -> bool:
    """Whether a word that may go on behind a space ends in a letter that nothing can tell.

    So of scripts whose letters are not weighed: more letters end it, but only one or two go on.
    """
    last = filled.sequences[filled.ways[0][0]][-1]
    return (
        foreign_script(filled.ways[0][2]) not in _MODELLED
        and last.lost
        and last.end == len(filled.word)
        and len(_as_usual(last)) > 1
    )


def _repairs(filled: Filled, offset: int, share: float, *, open_: bool, open_end: bool) -> list[Repair]:
    cut = filled.sequences[filled.candidates[0].codec]
    spans = [(sequence.start, sequence.end) for sequence in cut]
    rivals = [one for one in filled.candidates if [(s.start, s.end) for s in filled.sequences[one.codec]] == spans]
    readings = ranked(filled, rivals, cut)
    best = readings[0][0]
    cut = filled.sequences[best.codec]
    every = [_odds(readings, place) for place in range(len(cut))]
    options = [_fitting(best, sequence, place) for place, sequence in enumerate(cut)]
    unsure = {
        place
        for place, odds in enumerate(every)
        if next(iter(odds.values())) * share < BOUND
        or (next(iter(odds))[:1].isupper() and odd_capitals(best.word))  # nobody writes so
        or (len(options[place]) > 1 and foreign_script(next(iter(odds))) not in _MODELLED)
        or (open_end and place == len(cut) - 1)
    }
    while stuck := {
        place
        for place in range(len(cut))
        if place not in unsure and _sticks(filled.word, cut, place, unsure, next(iter(every[place])))
    }:
        unsure |= stuck
    repairs = []
    for place, sequence in enumerate(cut):
        before = filled.word[sequence.start : sequence.end]
        odds = every[place]
        after, likely = next(iter(odds.items()))
        likely *= share
        sure = "exact" if not sequence.lost else "constrained" if len(options[place]) <= 2 else "inferred"
        left = open_ or place in unsure
        repairs.append(
            Repair(
                start=offset + sequence.start,
                end=offset + sequence.end,
                before=before,
                after=before if left else after,
                kind="mojibake",
                codec=f"utf-8>{best.codec}",
                certainty="unresolved" if left else sure,
                confidence=round(min(likely, 0.999), 4),
                alternatives=_others(odds, left=left),
                evidence=_evidence(filled, sequence.lost, len(options[place]), known_word=best),
            )
        )
    return repairs


def _sticks(word: str, cut: tuple[Sequence, ...], place: int, left: Collection[int], after: str) -> bool:
    """Whether a letter, once it is mended, would be read anew together with something that is left in its word."""
    own = cut[place]
    for other in [cut[number] for number in left]:
        text = word[other.start : other.end]
        if own.start == other.end or own.end == other.start:
            if read_alike(text + (after[:1] if own.start == other.end else after[-1:])):
                return True
        elif begins_alike(after[-1:], text):
            return True
    return False


def _odds(readings: Several[tuple[Candidate, float]], place: int) -> dict[str, float]:
    """The texts that one sequence may have been, the likeliest first, with their probabilities."""
    odds: dict[str, float] = {}
    for reading, likely in readings:
        odds[reading.texts[place]] = odds.get(reading.texts[place], 0.0) + likely
    return dict(sorted(odds.items(), key=lambda item: -item[1]))


def _fitting(best: Candidate, sequence: Sequence, place: int) -> set[str]:
    """The letters that are lost as usual and make a word: neither a capital inside nor a sign among letters."""
    likely = _as_usual(sequence)
    return {text for text in likely if text.isalpha() and not odd_word(_with(best, place, text))} or likely


def _as_usual(sequence: Sequence) -> set[str]:
    """What a sequence can have been if its bytes were lost in the usual way."""
    cheapest = min(option.cost for option in sequence.options)
    return {option.text for option in sequence.options if option.cost <= cheapest + _AS_USUAL}


def _with(best: Candidate, place: int, text: str) -> str:
    """The best word with another text for one of its sequences."""
    position = 0
    for number, own in enumerate(best.texts):
        position = best.word.index(own, position)
        if number == place:
            return best.word[:position] + text + best.word[position + len(own) :]
        position += len(own)
    return best.word


def _others(odds: dict[str, float], *, left: bool) -> tuple[str, ...]:
    texts = list(odds)
    return tuple(texts[:_MOST_ALTERNATIVES] if left else texts[1:4])


def _evidence(filled: Filled, lost: bool, options: int, known_word: Candidate) -> str:
    if not lost:
        return "its bytes are UTF-8 without a flaw, in a word that lost others"
    twin = filled.known.where(lowered(known_word.word))
    seen = f", and {twin}" if twin else ""
    could = "1 letter" if options == 1 else f"{options} letters"
    return f"a byte of it is gone; {could} could stand there, {known_word.word} is the likeliest word{seen}"
