"""The tokens of an author list: where the separators are, and what each token can be. How names are made of them is in
``pairing`` and ``given_first``.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.layouts.shapes import PARTICLES
from pipeline.split.appendages import appendages, is_inside, may_be_titled, without_address, without_appendages
from pipeline.split.organisations import has_organisation_word
from pipeline.split.passages import Passage
from schemas.rules import PLACEHOLDERS

COMMA: Final = re.compile("[,，、]")
# "et al." in its forms, with or without how many it stands for.
_ET_AL: Final = re.compile(
    r"\(?(?:and\s+)?(?:et\.?\s*al(?:ii)?\.?|others|\.\.\.|…"
    r"|(?:\+\s*)?\d+\s+(?:(?:more|other|additional)\s+)?(?:authors?|others|more)(?:\s+not shown)?)\)?",
    re.IGNORECASE,
)
# Suffixes that are no one's name. "V" and "I" are initials as often, so a token of its own that is one of them stays
# a name.
_SUFFIX: Final = re.compile(r"(?:[JjSs]r\.?|JR\.?|SR\.?|II|III|IV|2nd|3rd|4th)")

# No degree, suffix or placeholder, nor a word for the others, is one word of more letters.
_LONGEST_MARK: Final = 6

_BESIDE: Final = frozenset({"suffix", "placeholder"})
# Words that join names, and words that are written like one and are none.
_JOINING: Final = frozenset({"and", "und", "et", "et."})
_NO_NAMES: Final = _JOINING | {*PLACEHOLDERS, "others", "etal", "etalii", "jr", "sr", "phd"}
# What degrees, suffixes, forms of address and the words above have in them that is written like a name.
_OF_MARKS: Final = frozenset({
    *(word.title() for word in _NO_NAMES), "Ph", "Phil", "Pharm", "Psy", "Ed", "Dr", "Mr", "Mrs", "Ms", "Prof",
    "Professor", "By",
})  # fmt: skip

# Names come again and again; long tokens are none, and not kept.
_KEPT: Final = 1 << 15
_KEPT_SIZE: Final = 100
# What stands in brackets behind a name is where somebody works.
_BRACKETS: Final = re.compile(r"\([^()]{1,160}\)|\[[^\[\]]{1,160}\]")
# Marks of footnotes and affiliations behind a name.
_MARKS: Final = re.compile(
    r"(?<![*†‡§¶#¹²³⁴⁵⁶⁷⁸⁹⁰])(?:[*†‡§¶#¹²³⁴⁵⁶⁷⁸⁹⁰]|(?<=[^\W\d_])\^?\d{1,2}(?:,\s?\d{1,2})*|(?<=[^\W\d_])[,;]\d{1,2})++$"
)
# The number of a person in a database ("Quellmalz, Otto (7004212771)").
_NUMBERED: Final = re.compile(r"(?<!\s)\s*+\((?:\d{5,}|(?:\d{4}-){3}\d{3}[\dX])\)\s*+$")


class Token(NamedTuple):
    """One token: ``number`` counts from 1 in its list, the span counts characters of the passage, white space at the
    ends left out.

    ``kind`` is "name", "suffix", "placeholder", "punctuation" or "et al.".
    """

    number: int
    text: str
    start: int
    end: int
    kind: str


def separators(passage: Passage, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """The spans of the separators. One inside of damage that was left as it is may be part of a character, one in
    brackets is of an affiliation, and one before a degree or the like of the name before it: they separate nothing.
    """
    text = passage.text
    spans = [found.span() for found in pattern.finditer(text)]
    if not passage.is_sound:
        spans = [span for span in spans if not passage.is_damaged(span[0])]
    # "Nakaharu1,2": numbers of affiliations.
    spans = [(low, high) for low, high in spans if not (low and text[low - 1].isdigit() and text[high:][:1].isdigit())]
    brackets = [found.span() for found in _BRACKETS.finditer(text)] if "(" in text or "[" in text else []
    whole = sorted([*brackets, *appendages(text)]) if brackets else appendages(text)
    return [span for span in spans if not is_inside(whole, span[0])] if whole else spans


def commas(passage: Passage, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the commas in a part of a list that set the parts of one name apart."""
    found = [one.span() for one in COMMA.finditer(passage.text, start, end) if not passage.is_damaged(one.start())]
    said = appendages(passage.text)
    return [span for span in found if not is_inside(said, span[0])]


def bare_list(text: str) -> str:
    """An author list without degrees and what stands in brackets, and the space before it."""
    text = without_appendages(text)
    return " ".join(_BRACKETS.sub(" ", text).split()) if "(" in text or "[" in text else text


def is_marked(text: str) -> bool:
    """Does a whole name stand here with an affiliation in brackets or the mark of a footnote behind it?"""
    bare = bare_name(text)
    return bare != text and " " in bare


def bare_name(text: str) -> str:
    """A name given first without its affiliation in brackets and the marks of footnotes behind it."""
    bare = _MARKS.sub("", text)
    if bare.endswith((")", "]")):
        found = [*_BRACKETS.finditer(bare)]
        if found and found[-1].end() == len(bare) and len(bare[: found[-1].start()].split()) > 1:
            bare = bare[: found[-1].start()].rstrip()
            bare = _MARKS.sub("", bare)
    return bare or text


def tokens_of(passage: Passage, between: Sequence[tuple[int, int]]) -> list[Token]:
    """The tokens of a list, which are what stands between its ``separators``."""
    if not passage.text.strip():
        return []
    tokens = []
    has_more = bool(appendages(passage.text))
    for number, (start, end) in enumerate(
        zip([0, *(end for _, end in between)], [*(start for start, _ in between), len(passage.text)], strict=True), 1
    ):
        raw = passage.text[start:end]
        low = start + len(raw) - len(raw.lstrip())
        text = " ".join(_NUMBERED.sub("", without_appendages(passage.text, start, end) if has_more else raw).split())
        named = without_address(text)
        text = text if named != text and has_organisation_word(text) else named
        tokens.append(Token(number, text, low, max(low, start + len(raw.rstrip())), kind_of(text)))
    return tokens


def plain_kind(text: str) -> str | None:
    """The kind of a token of a plain list: a name or a part of one without a degree, a form of address, or a word that
    joins; a suffix, a word for nothing, a colon. None for all others.
    """
    if _is_word_of_names(text) or _is_plain_name(text):
        return "name"
    if ":" in text:
        return "punctuation" if text == ":" else None
    kind = kind_of(text)
    return kind if text and kind in _BESIDE and not may_be_titled(text) else None


def _is_word_of_names(text: str) -> bool:
    """Is a token one word, and none of those that are no name? They are short and, but for few, mostly in capitals."""
    return text.isalpha() and (len(text) > _LONGEST_MARK or (text.istitle() and text.casefold() not in _NO_NAMES))


def _are_words_of_names(text: str) -> bool:
    """Is a token of words with one capital, initials and particles, none of which belongs to a degree or an address?"""
    for word in text.split(" "):
        if word in PARTICLES or (len(word) == 2 and word[0].isalpha() and word[1] == "."):
            continue
        of_letters = word.isalpha() or word.replace("-", "").replace("'", "").isalpha()
        if not (of_letters and len(word) > 1 and word.istitle()) or word.partition("-")[0] in _OF_MARKS:
            return False
    return True


def _is_plain_name(text: str) -> bool:
    return _is_plain(text) if len(text) < _KEPT_SIZE else _is_plain.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _is_plain(text: str) -> bool:
    if _are_words_of_names(text):
        return True
    joins = not _JOINING.isdisjoint(text.lower().split(" "))
    return not joins and ":" not in text and kind_of(text) == "name" and not may_be_titled(text)


def kind_of(text: str) -> str:
    """What a token can be by its text alone."""
    return _kind_of(text) if len(text) < _KEPT_SIZE else _kind_of.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _kind_of(text: str) -> str:
    if len(text) <= _LONGEST_MARK and text.lower() in PLACEHOLDERS and text != ":":
        return "placeholder"
    if _ET_AL.fullmatch(text):
        return "et al."
    if not (text[:1].isalnum() or any(char.isalnum() for char in text)):
        return "punctuation"
    return "suffix" if _SUFFIX.fullmatch(text) else "name"
