"""What the words of a file say about one another: the suspicious ones, and the others.

Not here: walking over lines (``mend``), and what one word says of itself (``invert``, ``lost``).
"""

import operator
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, compress, pairwise
from typing import Final
from unicodedata import category

from pipeline.repair.automaton import hopeful
from pipeline.repair.channels import BY_NAME, Codec
from pipeline.repair.decide import UNANIMOUS, Decision, Votes, decide, in_foreign_script
from pipeline.repair.found import Word, Words
from pipeline.repair.gaps import leads_of, manner_of
from pipeline.repair.invert import prepare, weigh
from pipeline.repair.known import Known, plain
from pipeline.repair.letters import lowered
from pipeline.repair.lost import explained
from pipeline.repair.majority import faint_channels, outvoted, swayed, unanimous
from pipeline.repair.model import Repair
from pipeline.repair.page import SHORTEST_PLAIN, Page
from pipeline.repair.plausible import shape
from pipeline.repair.settled import Settled
from pipeline.repair.together import Together
from pipeline.repair.ways import sift
from pipeline.repair.wreck import wrecked

_MARKS: Final = frozenset("?\ufffd")  # what may stand for a byte
_ASCII_LETTERS: Final = re.compile("[A-Za-z]+")
_FRAGMENT: Final = 3  # letters that few words share
_WORDS: Final = 64  # that are looked for one by one
_SEARCHES: Final = 24  # after so many, an index of all words pays


@dataclass
class Dossier:
    """What the words of a file say about one another: the suspicious ones, and the others."""

    page: Page
    corpus: Mapping[str, str]
    votes: Votes = field(default_factory=Votes)
    manners: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Decision | None] = field(default_factory=dict)
    records: dict[str, tuple[Repair, ...]] = field(default_factory=dict)
    letters: dict[str, bool] = field(default_factory=dict)
    small_letters: dict[str, bool] = field(default_factory=dict)
    searches: int = 0
    unreadable: set[str] = field(default_factory=set)
    settled: Settled = field(default_factory=Settled)
    decided: set[str] = field(default_factory=set)  # what those were that are settled one by one

    def __post_init__(self) -> None:
        readable = sift(self.suspects)
        self.unreadable = self.suspects.keys() - set(readable.words)
        self.votes.unreadable(self.unreadable)
        together = Together(list(map(self.suspects.__getitem__, readable.words)), readable)
        together.vote(self.votes)
        self.votes.add(together.rest)
        if self.votes.guarded:
            self.votes.count(self.page.foreign_words_with(in_foreign_script).difference(self.suspects))
        self.settled, stay = together.settled(self.votes)
        faint = self._faint
        for word in self.settled.through(faint) if faint else ():
            if outvoted(word, self.settled[word][0][2][3], self.votes):
                self.decisions[word] = None
                del self.settled[word]
                together.unsettled(word)
        self.together = together
        self.decisions.update(dict.fromkeys(stay))
        for _, word in together.rest:
            decision = self.decision(word)
            if decision is not None and decision.reading is not None:
                self.settled[word] = [(r.start, r.end, r[2:]) for r in recorded(word, decision)]
                self.decided.add(decision.reading.text)

    @property
    def suspects(self) -> dict[str, int]:
        """The distinct suspicious words, numbered in the order of the file."""
        return self.page.found.numbers

    def decision(self, word: str) -> Decision | None:
        """What to make of a word that lost nothing; each distinct one is decided once."""
        if word in self.unreadable:
            return None
        if word not in self.decisions:
            decided = decide(word, self.votes)
            if decided is None and swayed(word, self.votes) and self._unanimous:
                decided = decide(word, self.votes, UNANIMOUS)
            reading = None if decided is None else decided.reading
            channel = reading.channel if reading else ""
            self.decisions[word] = None if channel in self._faint and outvoted(word, channel, self.votes) else decided
        return self.decisions[word]

    @cached_property
    def _faint(self) -> frozenset[str]:
        return faint_channels(self.votes)

    @cached_property
    def _unanimous(self) -> bool:
        """Whether every word here that is not in ASCII was read wrongly by one channel."""
        return not self.others and unanimous(self.suspects.keys() - self.settled.keys(), self.votes)

    @cached_property
    def genuine(self) -> set[str]:
        """The words that have no reading and cannot begin one that lost bytes, unless a mark for a byte is at them."""
        words = [word for word in self.unreadable if "\ufffd" not in word and not wrecked(word)]
        return set(compress(words, map(operator.not_, hopeful(words).tolist()))) if words else set()

    def recorded(self, word: str, decision: Decision) -> tuple[Repair, ...]:
        """The repairs of a word that is decided, with spans in the word."""
        if word not in self.records:
            self.records[word] = tuple(recorded(word, decision))
        return self.records[word]

    @cached_property
    def others(self) -> set[str]:
        """The distinct words with a character outside ASCII that are not suspicious."""
        return self.page.other_words

    @cached_property
    def codec(self) -> Codec | None:
        """The codec that the file was wrongly read with, as most of its damaged words say."""
        return BY_NAME.get(self.votes.channel.rpartition(">")[2])

    def manner(self, span: str) -> str:
        """How the file loses bytes, told by leads that stand alone, of its loudest channel or else of a word's."""
        codec = self.codec or explained(span)[0][0]
        if codec.name not in self.manners:
            lines, suspicious = self.page.lines, self.page.suspicious
            # Of other words the leads may be letters of their own, as in Greek or Thai.
            damaged = (lines[n][at : at + len(word) + 1] for n, words in suspicious.items() for at, word in words)
            self.manners[codec.name] = manner_of(damaged, codec)
        return self.manners[codec.name]

    def doubtful(self, line: str, words: Sequence[Word]) -> Sequence[Word]:
        """Some words of a line without the genuine ones."""
        genuine = self.genuine
        if "?" in line or "\ufffd" in line:
            return [
                (start, word)
                for start, word in words
                if word not in genuine
                or line[start + len(word) : start + len(word) + 1] in _MARKS
                or (start > 0 and line[start - 1] in _MARKS)
            ]
        return [place for place in words if place[1] not in genuine]

    @cached_property
    def undamaged(self) -> set[str]:
        """The words with a character outside ASCII that are undamaged or were read without a loss."""
        return self.others.union(self.read)

    @cached_property
    def read(self) -> set[str]:
        """The suspicious words that were read without a loss, as they were read."""
        words = self.decided.union(self.together.readings())
        for word in self.suspects.keys() - self.unreadable - self.settled.keys():
            decision = self.decision(word)
            if decision is not None and decision.reading is not None:
                words.add(decision.reading.text)
        return words

    def written_with(self, letter: str) -> bool:
        """Whether undamaged words are written with a small letter outside ASCII."""
        if letter not in self.letters:
            found = len(letter) == 1 and self.page.word_with(letter, self.suspects) is not None
            self.letters[letter] = found or any(letter in lowered(word) for word in self.read)
        return self.letters[letter]

    def meant(self, word: str) -> bool:
        """Whether a word is taken as it stands though a byte behind its first letter may be gone, as of "Ètefan".

        So where the file writes that letter small as well, and none of its words must have lost a byte.
        """
        first = word[:1]
        if not (first.isupper() and first > "\x7f" and word[1:].isascii() and word[1:].islower()) or self.lossy:
            return False
        return self.written_small(first.lower())

    @cached_property
    def lossy(self) -> bool:
        """Whether a word here has what no writer sets: a capital inside or a foreign letter, which lost a byte."""
        left = [word for word in self.suspects if word not in self.settled and word not in self.genuine]
        doubtful = [word for word in left if _unwritten(word) and self.decision(word) is None]
        return any((word in self.unreadable or not weigh(word).entries) and explained(word) for word in doubtful)

    def written_small(self, letter: str) -> bool:
        """Whether undamaged words have a small letter as it is, and not only its capital."""
        if letter not in self.small_letters:
            self.small_letters[letter] = self.page.word_with(letter, self.suspects, capital=False) is not None
        return self.small_letters[letter]

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

    def known(self, span: str, length: int, words: Collection[str]) -> Known:
        """The undamaged words of file and corpus, as far as they can be readings of a span that lost bytes.

        ASCII letters are never damaged, so a reading has those of the span: of the shortest of all that begin at one
        place, of which the longest has ``length`` characters. ``words`` are those that are asked for.
        """
        fragment = max(_ASCII_LETTERS.findall(span), key=len, default="").lower()
        if len(fragment) < _FRAGMENT and len(words) < _WORDS:
            return self._standing(words)
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

    def _standing(self, words: Collection[str]) -> Known:
        """Those of some words, in small letters, that stand undamaged in file or corpus, and their plain forms."""
        read, page = self._read_known, self.page
        small = set(map(lowered, words))
        plains = {plain(word) for word in small if len(word) >= SHORTEST_PLAIN}
        return Known(
            {word for word in small if word in read.words or not self.suspects.keys() >= page.standing(word)},
            {word for word in plains if word in read.plain or word in self.corpus or page.speaks(word)},
            self.corpus,
        )

    @cached_property
    def _read_known(self) -> Known:
        """The words that were read without a loss."""
        return Known.of(self.read)

    def with_leads(self) -> Words:
        """Words with a lead of the codec for which others speak, by their lines, as far as they are not suspicious."""
        if self.codec is None or self.codec.multibyte:
            return {}
        # A sign with no letter beside it, as × between two numbers, is none where no damage has it in it.
        damaged = "".join(self.suspects)
        leads = [lead for lead in leads_of(self.codec) if category(lead)[0] not in "PS" or lead in damaged]
        if self.codec.table[0xE1] in damaged:  # that of letters with two accents, as in Vietnamese
            leads.append(self.codec.table[0xE1])
        further = self.page.further_words(leads)
        distinct = dict.fromkeys([word for words in further.values() for _, word in words])
        self.unreadable.update(distinct.keys() - set(prepare(distinct)))
        meant = {word for word in distinct if word in self.unreadable and self.meant(word)}
        asked = {number: [place for place in words if place[1] not in meant] for number, words in further.items()}
        return {number: words for number, words in asked.items() if words}


def _unwritten(word: str) -> bool:
    """Whether a word in which bytes may be gone has a capital inside, or something else than Latin beside Latin."""
    inside = any(left.islower() and right > "\x7f" and right.isupper() for left, right in pairwise(word))
    return inside or (
        _ASCII_LETTERS.search(word) is not None
        and any(char > "\x7f" and shape(char).script != "LATIN" for char in word)
    )


def _index(words: Collection[str], plain: frozenset[str], corpus: Mapping[str, str]) -> Known:
    """Words in small letters as known ones, with those in ASCII of the page, and the corpus'."""
    ascii_ones = [word for word in chain(words, corpus) if word.isascii()]
    return Known(frozenset([word for word in words if not word.isascii()]), plain.union(ascii_ones), corpus)


def recorded(word: str, decision: Decision, standing: str = "") -> Iterator[Repair]:
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
