"""Words of other scripts and signs that a plain space cut in two: the no-break space was a byte of a letter.

The byte 0xA0 is a no-break space in most codecs, and programs turn that into a plain one. In Latin words the letter
is then guessed (``guess``), since a space may have been another byte; inside a word of another script, whose letters on
both sides are read without a flaw, nothing else fits. Not here: the decision on the word that results (``decide``).
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import Final

import numpy as np

from pipeline.repair.channels import BY_NAME, Codec
from pipeline.repair.decide import Decision, Votes, decide, foreign_script
from pipeline.repair.places import marked
from pipeline.repair.plausible import likely, shape
from pipeline.repair.prefilter import TOP, Marks, Places, Points
from pipeline.repair.signs import closes

_CODECS: Final = ("cp1252", "latin-1", "cp1251", "cp1250", "cp1253", "cp1254")
_NBSP: Final = "\xa0"
_STRETCH: Final = re.compile("[^\x00-\x1f!-\x7f]*")
_PLAIN: Final = re.compile(".*[\x00-\x1f!-\x7f]", re.DOTALL)  # up to the last other character
_RARE: Final = 10.0  # nats that a sign costs which is hardly ever met
_PAIR: Final = 2  # bytes of most letters
_FEW: Final = 8  # characters of a stretch that may be met again
_NO_LETTERS: Final = (0xCF, 0xD1)  # of Greek and Cyrillic; most letters with these leads end in controls
_BYTES: Final = ((0xCB, 0xE0), (0xE0, 0xF0), (0xF0, 0xF5), (0x80, 0xC0))  # leads of two, three, four; continuations
_MOST: Final = 6  # letters of one word whose byte was lost so


def _class(codec: Codec, low: int, high: int) -> str:
    """Some bytes as the codec reads them, as a class of characters."""
    return "[" + "".join(re.escape(codec.table[byte]) for byte in range(low, high)) + "]"


@lru_cache(maxsize=16)
def _cut(name: str) -> re.Pattern[str]:
    """A sequence with a space in it that can be of another script than Latin: of those each word here has one."""
    codec = BY_NAME[name]
    return _with_a_space(*[_class(codec, low, high) for low, high in _BYTES])


@lru_cache(maxsize=1)
def _perhaps() -> re.Pattern[str]:
    """Where any of the codecs might have such a sequence: one class of characters is found much faster than many."""

    def any_of(low: int, high: int) -> str:
        chars = {BY_NAME[name].table[byte] for name in _CODECS for byte in range(low, high)}
        return "[" + "".join(map(re.escape, sorted(chars))) + "]"

    return _with_a_space(*[any_of(low, high) for low, high in _BYTES])


def _with_a_space(two: str, three: str, four: str, rest: str) -> re.Pattern[str]:
    """A lead and what follows it, with a space among that; behind a lead of more bytes a space alone is none."""
    return re.compile(f"{two} |(?:{three}|{four})(?: {rest[:-1]} ]|{rest} )|{four}{rest}{{2}} ")


@lru_cache(maxsize=16)
def _shape(name: str) -> re.Pattern[str]:
    """A run of whole sequences in which spaces stand for the no-break space, and no damage right behind it."""
    codec = BY_NAME[name]
    of = partial(_class, codec)
    rest = of(0x80, 0xC0)[:-1] + " ]"
    one = f"{of(0xC3, 0xE0)}{rest}|{of(0xE0, 0xF0)}{rest}{{2}}|{of(0xF0, 0xF5)}{rest}{{3}}"
    selector = re.escape(codec.table[0xEF] + codec.table[0xB8])  # which follows signs that may be emoji
    return re.compile(f"(?<![^\\x00-\\x7f])(?:{one})+(?:(?![^\\x00-\\x7f])|(?={selector}))")


@lru_cache(maxsize=1)
def _roles() -> tuple[Marks, Marks, Marks, Marks]:
    """For each code point whether any of the codecs reads so a lead of two, three or four bytes, a continuation."""
    roles = tuple(np.zeros(TOP, np.bool_) for _ in _BYTES)
    for marks, (low, high) in zip(roles, _BYTES, strict=True):
        marks[[ord(BY_NAME[name].table[byte]) for name in _CODECS for byte in range(low, high)]] = True
    two, three, four, rest = roles
    return two, three, four, rest


def cut_places(points: Points, at: Places) -> Places:
    """The places, among ``at``, at which a sequence with a space in it can begin, as ``_perhaps`` finds them.

    ``points`` and ``at`` are as ``prefilter.hits`` takes them. In lines without such a place nothing is widened.
    """
    two, three, four, rest = _roles()
    blank = ord(" ")
    here, behind = points.take(at), points.take(at + 1)
    found = two.take(here) & (behind == blank)
    longer = marked((three.take(here) | four.take(here)) & (rest.take(behind) | (behind == blank)))
    start, whole = at[longer], rest.take(behind[longer])
    third = points.take(start + 2)
    follows = rest.take(third)
    told = (third == blank) | (~whole & follows)
    deep = marked(whole & follows & four.take(here[longer]))
    told[deep] = points.take(start[deep] + 3) == blank
    found[longer] |= told
    places: Places = at[found]
    return places


class Widened:
    """Words whose spaces were bytes, in the lines of a file, whose other words vote."""

    def __init__(self, votes: Votes) -> None:
        self._votes = votes
        self._decided: dict[str, Decision | None] = {}
        self._hopeful: dict[str, bool] = {}

    def words(self, line: str) -> list[tuple[int, str, Decision]]:
        """Those of a line: where each begins, the word with those bytes, and the decision.

        Only what is all of one script other than Latin, or a sign.
        """
        stretches = _stretches(line)
        # Most lines have but a few that are met again and again, as the end of a word in ß is.
        if all(high - low <= _FEW and not self._may_have_some(line[low:high]) for low, high in stretches):
            return []
        return list(self._in_stretches(line, stretches))

    def _may_have_some(self, stretch: str) -> bool:
        """Whether something in a stretch is decided that way, wherever it stands."""
        if stretch not in self._hopeful:
            self._hopeful[stretch] = any(
                self._read(match[0], name) is not None
                for name in _CODECS
                if _cut(name).search(stretch) is not None
                for match in _shape(name).finditer(stretch)
            )
        return self._hopeful[stretch]

    def _in_stretches(self, line: str, stretches: list[tuple[int, int]]) -> Iterator[tuple[int, str, Decision]]:
        reach = 0
        for name in _CODECS:
            some = [(low, high) for low, high in stretches if _cut(name).search(line, low, high) is not None]
            matches = [match for low, high in some for match in _shape(name).finditer(line, low, high)]
            if not matches or any(map(line.__contains__, _others_lost(name))):
                continue
            for match in matches:
                if match.start() < reach or closes(line, match.start()):
                    continue
                read = self._read(match[0], name)
                if read is None:
                    continue
                word, decision, text = read
                if any(map(_unwritten, text)):
                    return  # here other bytes became spaces, too
                if _fits(text, self._votes, f"utf-8>{name}"):
                    yield match.start(), word, decision
                    reach = match.end()

    def _read(self, run: str, name: str) -> tuple[str, Decision, str] | None:
        """A run as a word with those bytes, the decision on it, and the text; None where it is not read by a codec."""
        empty = len(run) > _PAIR and run[1:].isspace()  # of which nothing but the lead is left
        if not 0 < run.count(" ") <= _MOST or empty:
            return None
        word = run.replace(" ", _NBSP)
        decision = self._decision(word)
        if decision is None or decision.reading is None or decision.reading.chain != (name,):
            return None
        return word, decision, decision.reading.text

    def _decision(self, word: str) -> Decision | None:
        if word not in self._decided:
            self._decided[word] = decide(word, self._votes)
        return self._decided[word]


def _stretches(line: str) -> list[tuple[int, int]]:
    """Where such words can stand: characters outside ASCII and spaces, with such a sequence among them."""
    found: list[tuple[int, int]] = []
    end, match = 0, _perhaps().search(line)
    while match is not None:
        before, behind = _PLAIN.match(line, end, match.start()), _STRETCH.match(line, match.start())
        start, end = before.end() if before else end, behind.end() if behind else end
        found.append((start, end))
        match = _perhaps().search(line, end)
    return found


@lru_cache(maxsize=16)
def _others_lost(name: str) -> tuple[str, ...]:
    """What shows in a line that other bytes than the no-break space are gone before a space.

    So where one stands behind a lead with which the no-break space makes a letter of no alphabet of today.
    """
    return tuple([BY_NAME[name].table[lead] + " " for lead in _NO_LETTERS])


def _unwritten(char: str) -> bool:
    """Whether a letter is in no alphabet of today, as those are that a no-break space ends in Cyrillic and Greek."""
    return shape(char).script in {"CYRILLIC", "GREEK"} and not likely(char)


def _fits(text: str, votes: Votes, channel: str) -> bool:
    scripts = {foreign_script(char) for char in text}
    if len(scripts) != 1 or "LATIN" in scripts:
        return False
    # One character alone is chance, unless other words were read the same way.
    if scripts != {""}:
        return len(text) > 1
    rare = any(shape(char).price > _RARE for char in text)  # as Braille is
    return votes.spoken(channel, "") > 0 and not text.isspace() and not rare
