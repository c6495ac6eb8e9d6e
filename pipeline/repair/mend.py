"""The first step, encoding damage: walk over lines, find damaged words, and record what was decided for each.

Not here: the second step (``tidy``) and both together (``whole``).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pipeline.repair.channels import BY_NAME, Codec
from pipeline.repair.decide import Decision, Votes, decide
from pipeline.repair.gaps import leads_of, manner_of
from pipeline.repair.guess import guess
from pipeline.repair.invert import WORD
from pipeline.repair.lost import Known, explained, spans
from pipeline.repair.model import Mended, Repair, apply_repairs, compose
from pipeline.repair.prefilter import suspicious
from pipeline.repair.signs import with_signs
from pipeline.repair.spaces import widened

_MAX_ROUNDS: Final = 4
_ASCII_WORD: Final = re.compile(r"[A-Za-z]{4,}")


def mend_text(text: str) -> Mended:
    """Mend encoding damage in one string that stands alone.

    Typography, width and composition stay as they are. Idempotent: mending mended text changes nothing.
    """
    return mend_lines([text])[0]


def mend_lines(lines: Sequence[str], *, known: Collection[str] = ()) -> list[Mended]:
    """Mend encoding damage in the lines of one file, whose words vote on the channels; one result a line.

    ``known`` are words that stand undamaged elsewhere in the corpus: a damaged twin is read like them.
    """
    done = [Mended(line) for line in lines]
    looked_at: set[int] = set()
    for _ in range(_MAX_ROUNDS):
        texts = [mended.text for mended in done] if looked_at else lines
        steps = _once(texts, known)
        changed = False
        for number, step in steps.items():
            changed |= step.text != texts[number]
            if step.repairs:
                done[number] = compose(done[number], step)
        looked_at.update(steps)
        if not changed:
            break
    return done


@dataclass
class _File:
    """What the words of a file say about one another: the suspicious ones, and the others."""

    lines: Sequence[str]
    found: dict[int, list[re.Match[str]]]
    corpus: Collection[str]
    votes: Votes = field(default_factory=Votes)
    manners: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.votes.add({match[0] for matches in self.found.values() for match in matches})
        if self.votes.guarded:
            self.votes.count(self.others)

    def decision(self, word: str) -> Decision | None:
        """What to make of a word that lost nothing; each distinct one is decided once."""
        if word not in self.decisions:
            self.decisions[word] = decide(word, self.votes)
        return self.decisions[word]

    @cached_property
    def others(self) -> set[str]:
        """The distinct words with a character outside ASCII that are not suspicious."""
        words = {word for line in self.lines if not line.isascii() for word in WORD.findall(line)}
        return words.difference(match[0] for matches in self.found.values() for match in matches)

    @cached_property
    def codec(self) -> Codec | None:
        """The codec that the file was wrongly read with, as most of its damaged words say."""
        channel = max(self.votes.evidence, key=lambda name: self.votes.evidence[name], default="")
        return BY_NAME.get(channel.rpartition(">")[2])

    def manner(self, span: str) -> str:
        """How the file loses bytes, told by leads that stand alone, of its loudest channel or else of a word's."""
        codec = self.codec or explained(span)[0][0]
        if codec.name not in self.manners:
            self.manners[codec.name] = manner_of((self.lines[number] for number in self.found), codec)
        return self.manners[codec.name]

    @cached_property
    def known(self) -> Known:
        """The undamaged words of file and corpus, and those that were read without a loss."""
        words = {word for line in self.lines for word in _ASCII_WORD.findall(line)}
        words.update(self.others, self.corpus)
        for matches in self.found.values():
            for match in matches:
                decision = self.decision(match[0])
                if decision is not None and decision.reading is not None:
                    words.add(decision.reading.text)
        return Known.of(words)

    def with_leads(self) -> dict[int, list[re.Match[str]]]:
        """The suspicious words, and those with a lead of the codec for which others speak."""
        if self.codec is None or self.codec.multibyte:
            return self.found
        leads, every = leads_of(self.codec), dict(self.found)
        for number, line in enumerate(self.lines):
            if not line.isascii() and leads.search(line):
                every[number] = [match for match in WORD.finditer(line) if leads.search(match[0])]
                every[number] += [match for match in self.found.get(number, ()) if not leads.search(match[0])]
                every[number].sort(key=lambda match: match.start())
        return every


def _once(lines: Sequence[str], known: Collection[str]) -> dict[int, Mended]:
    """One round: the lines that hold suspicious words, mended."""
    found = {number: _words(lines[number], places) for number, places in suspicious(lines).items()}
    if not found:
        return {}
    file = _File(lines, found, known)
    return {number: _mended(lines[number], file, words) for number, words in file.with_leads().items()}


def _words(line: str, places: Sequence[int]) -> list[re.Match[str]]:
    """The words of a line in which, or right before which, one of some ascending places lies."""
    words, next_place = [], 0
    for match in WORD.finditer(line):
        while next_place < len(places) and places[next_place] < match.start() - 1:
            next_place += 1
        if next_place < len(places) and places[next_place] < match.end():
            words.append(match)
    return words


def _mended(line: str, file: _File, words: Sequence[re.Match[str]]) -> Mended:
    repairs: list[Repair] = []
    reach = 0
    wide = widened(line, file.votes)
    for start, word, chosen in wide:
        repairs += _recorded(word, start, chosen, line[start : start + len(word)])
    for match in words:
        if match.start() < reach or any(start < match.end() and match.start() < start + len(w) for start, w, _ in wide):
            continue
        decision = file.decision(match[0])
        if decision is not None and decision.reading is not None:
            repairs += _recorded(match[0], match.start(), decision)
            continue
        ends = [end for end in spans(line, match.start(), match.end()) if explained(line[match.start() : end])]
        guessed: tuple[Repair, ...] = ()
        if ends:
            manner = file.manner(line[match.start() : ends[0]])
            guessed = guess(line, match.start(), ends, file.votes, lambda: file.known, manner)
        if guessed:
            repairs += guessed
            reach = max(repair.end for repair in guessed)
        elif decision is not None:
            repairs += _recorded(match[0], match.start(), decision)
    return apply_repairs(line, with_signs(line, repairs, file.votes))


def _recorded(word: str, offset: int, decision: Decision, standing: str = "") -> Iterator[Repair]:
    """``standing`` is the word as it stands in the line, where spaces of it were read as bytes."""
    chosen = decision.reading or decision.rivals[0]
    for number, piece in enumerate(chosen.pieces):
        before = (standing or word)[piece.start : piece.end]
        others = [rival.pieces[number].after for rival in decision.rivals if len(rival.pieces) == len(chosen.pieces)]
        after = before if decision.reading is None else piece.after
        yield Repair(
            start=offset + piece.start,
            end=offset + piece.end,
            before=before,
            after=after,
            kind="mojibake",
            codec=chosen.channel,
            certainty="unresolved" if decision.reading is None else "constrained" if standing else "exact",
            confidence=round(decision.confidence, 4),
            evidence=decision.evidence,
            alternatives=tuple(dict.fromkeys(other for other in others if other not in (after, before))),
        )
