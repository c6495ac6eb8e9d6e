"""The first step, encoding damage: walk over lines, find damaged words, and record what was decided for each.

Not here: the second step (``tidy``) and both together (``whole``).
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from typing import Final, NamedTuple
from unicodedata import category

from pipeline.repair.channels import BY_NAME, Codec
from pipeline.repair.decide import Decision, Votes, decide
from pipeline.repair.gaps import leads_of, manner_of
from pipeline.repair.guess import guess
from pipeline.repair.letters import lowered
from pipeline.repair.lost import Known, explained, hopeless, opened, spans
from pipeline.repair.model import Mended, Repair, applied, apply_repairs, compose, moved, untouched
from pipeline.repair.page import SHORTEST_PLAIN, Page, Word, Words
from pipeline.repair.signs import with_signs
from pipeline.repair.spaces import widened

_MAX_ROUNDS: Final = 4
_ASCII_LETTERS: Final = re.compile("[A-Za-z]+")
_FRAGMENT: Final = 3  # letters that few words share
_SEARCHES: Final = 24  # after so many, an index of all words pays


def mend_text(text: str) -> Mended:
    """Mend encoding damage in one string that stands alone.

    Typography, width and composition stay as they are. Idempotent: mending mended text changes nothing.
    """
    return mend_lines([text])[0]


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


@dataclass
class _File:
    """What the words of a file say about one another: the suspicious ones, and the others."""

    page: Page
    corpus: Mapping[str, str]
    votes: Votes = field(default_factory=Votes)
    manners: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision | None] = field(default_factory=dict)
    records: dict[str, tuple[Repair, ...]] = field(default_factory=dict)
    searches: int = 0

    def __post_init__(self) -> None:
        self.votes.add(self.suspects)
        if self.votes.guarded:
            self.votes.count(self.others)

    @cached_property
    def suspects(self) -> dict[str, None]:
        """The distinct suspicious words, in the order of the file."""
        return dict.fromkeys([word for words in self.page.suspicious.values() for _, word in words])

    def decision(self, word: str) -> Decision | None:
        """What to make of a word that lost nothing; each distinct one is decided once."""
        if word not in self.decisions:
            self.decisions[word] = decide(word, self.votes)
        return self.decisions[word]

    def recorded(self, word: str, decision: Decision) -> tuple[Repair, ...]:
        """The repairs of a word that is decided, with spans in the word."""
        if word not in self.records:
            self.records[word] = tuple(_recorded(word, decision))
        return self.records[word]

    @cached_property
    def others(self) -> set[str]:
        """The distinct words with a character outside ASCII that are not suspicious."""
        return self.page.foreign_words.difference(self.suspects)

    @cached_property
    def codec(self) -> Codec | None:
        """The codec that the file was wrongly read with, as most of its damaged words say."""
        channel = max(self.votes.evidence, key=lambda name: self.votes.evidence[name], default="")
        return BY_NAME.get(channel.rpartition(">")[2])

    def manner(self, span: str) -> str:
        """How the file loses bytes, told by leads that stand alone, of its loudest channel or else of a word's."""
        codec = self.codec or explained(span)[0][0]
        if codec.name not in self.manners:
            damaged = (self.page.lines[number] for number in self.page.suspicious)
            self.manners[codec.name] = manner_of(damaged, codec)
        return self.manners[codec.name]

    @cached_property
    def undamaged(self) -> set[str]:
        """The words with a character outside ASCII that are undamaged or were read without a loss."""
        words = set(self.others)
        for word in self.suspects:
            decision = self.decision(word)
            if decision is not None and decision.reading is not None:
                words.add(decision.reading.text)
        return words

    @cached_property
    def letters(self) -> frozenset[str]:
        """The characters of undamaged words with one outside ASCII, in small letters."""
        return frozenset(map(lowered, set("".join(self.undamaged))))

    @cached_property
    def every_known(self) -> Known:
        """All undamaged words of file and corpus."""
        known = self.foreign_known
        return replace(known, plain=self.page.plain_words.union(known.plain))

    @cached_property
    def foreign_known(self) -> Known:
        """The same without those of the file that are in ASCII."""
        text, odd = self.small
        return _index(odd.union(text.split("\n")), frozenset(), self.corpus)

    @cached_property
    def small(self) -> tuple[str, frozenset[str]]:
        """The undamaged words in small letters: between line feeds, and those that must be made small one by one."""
        odd = frozenset([word for word in self.undamaged if "İ" in word or "Σ" in word])
        text = "\n".join(("", *self.undamaged.difference(odd), "")).lower()
        return text, frozenset(map(lowered, odd))

    def known(self, span: str, length: int) -> Known:
        """The undamaged words of file and corpus, as far as they can be readings of a span that lost bytes.

        ASCII letters are never damaged, so a reading has those of the span: of the shortest of all that begin at one
        place, of which the longest has ``length`` characters.
        """
        fragment = max(_ASCII_LETTERS.findall(span), key=len, default="").lower()
        self.searches += 1
        if self.searches > _SEARCHES or len(fragment) < _FRAGMENT:
            # Words in ASCII are no evidence where a reading is too short to tell something.
            return self.every_known if length >= SHORTEST_PLAIN else self.foreign_known
        text, odd = self.small
        found, place = set(odd), text.find(fragment)
        while place >= 0:
            end = text.find("\n", place)
            found.add(text[text.rfind("\n", 0, place) + 1 : end])
            place = text.find(fragment, end)
        return _index(found, self.page.plain_words_with(fragment), self.corpus)

    def with_leads(self) -> Words:
        """The suspicious words, and those with a lead of the codec for which others speak."""
        if self.codec is None or self.codec.multibyte:
            return self.page.suspicious
        # A sign with no letter beside it, as × between two numbers, is none where no damage has it in it.
        damaged = "".join(self.suspects)
        leads = [lead for lead in leads_of(self.codec) if category(lead)[0] not in "PS" or lead in damaged]
        further = self.page.further_words(leads)
        if not further:
            return self.page.suspicious
        every = dict(self.page.suspicious)
        for number, words in further.items():
            every[number] = sorted([*words, *every.get(number, ())])
        return every


def _index(words: Collection[str], plain: frozenset[str], corpus: Mapping[str, str]) -> Known:
    """Words in small letters as known ones, with those in ASCII of the page, and the corpus'."""
    ascii_ones = [word for word in chain(words, corpus) if word.isascii()]
    return Known(frozenset([word for word in words if not word.isascii()]), plain.union(ascii_ones), corpus)


def _once(page: Page, known: Mapping[str, str]) -> dict[int, Mended]:
    """One round: the lines that hold suspicious words, mended, where they have repairs."""
    if not page.suspicious:
        return {}
    file = _File(page, known)
    steps: dict[int, Mended] = {}
    for number, words in file.with_leads().items():
        line = page.lines[number]
        wide = widened(line, file.votes)
        repairs = _repairs(line, file, words, [(start, start + len(word)) for start, word, _ in wide])
        for start, word, chosen in wide:
            repairs += moved(_recorded(word, chosen, line[start : start + len(word)]), start)
        with_all = with_signs(line, repairs, file.votes)
        if with_all:
            steps[number] = apply_repairs(line, with_all) if wide or with_all != repairs else applied(line, with_all)
    return steps


def _repairs(line: str, file: _File, words: Sequence[Word], taken: Sequence[tuple[int, int]]) -> list[Repair]:
    """The repairs of some words of a line, but for those that touch a span that is taken."""
    repairs: list[Repair] = []
    reach = 0
    for start, word in words:
        if start < reach or (taken and _touches(taken, start, start + len(word))):
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
    line: str, file: _File, word: tuple[int, int], reach: int, taken: Sequence[tuple[int, int]]
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


def _recorded(word: str, decision: Decision, standing: str = "") -> Iterator[Repair]:
    """``standing`` is the word as it stands in the line, where spaces of it were read as bytes."""
    chosen = decision.reading or decision.rivals[0]
    left = decision.reading is None
    certainty = "unresolved" if left else "constrained" if standing else "exact"
    confidence = round(decision.confidence, 4)
    rivals = [rival.pieces for rival in decision.rivals if len(rival.pieces) == len(chosen.pieces)]
    for number, (start, end, read) in enumerate(chosen.pieces):
        before = (standing or word)[start:end]
        after = before if left else read
        others = tuple(dict.fromkeys([o[number].after for o in rivals if o[number].after not in (after, before)]))
        yield Repair(
            start, end, before, after, "mojibake", chosen.channel, certainty, confidence, others, decision.evidence
        )
