"""What the values of a field look like: evidence for the role of a column, a label or a place in a record."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from statistics import median
from typing import Final

from pipeline.layouts.blocks import is_abstract
from pipeline.layouts.people import people_likeness
from pipeline.layouts.references import PEOPLE, is_reference, usual_order
from pipeline.layouts.shapes import MONTH, ends_sentence, has_venue_word, is_chrome, label_at, width

_DATE: Final = re.compile(
    rf"\W*(?:(?:\d{{1,2}}\.?\s+)?{MONTH},?\s+(?:\d{{1,2}},\s+)?|\d{{1,2}}[./]\d{{1,2}}[./])?(?:1[5-9]|20)\d\d"
    r"(?:-\d\d){0,2}\W*",
    re.IGNORECASE,
)
_AFFILIATION: Final = re.compile(
    r"(?<!\s)\s*+(?:\([^()]{2,120}\)|\[[^\[\]]{1,120}\])|(?<=[^\W\d_])[\d*†‡§¹²³⁴⁵⁶⁷⁸⁹]+(?:,\d+)*"
)
_SEVERAL: Final = re.compile(r"[,;，、；]|\s(?:and|&|und|et|y|e|och|og)\s")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_LINK: Final = re.compile(r"(?:doi:?\s*)?10\.\d{4,}/\S+|https?://\S+|[A-Z]{0,6}[\d\W]+", re.IGNORECASE)
# A title in Latin letters is seldom shorter or longer.
_TITLE: Final = range(4, 301)
# So much of a group of values must look like a role before the group is given it.
_SURE: Final = 0.6
# How many values of a group are looked at.
_SAMPLE: Final = 60


def is_year(text: str) -> bool:
    """A year or a date alone."""
    return _DATE.fullmatch(text.strip()) is not None


@lru_cache(maxsize=4096)
def without_affiliations(text: str) -> str:
    """A list of authors without what stands in brackets behind names, and without the numbers of affiliations."""
    return " ".join(_AFFILIATION.sub("", text).split())


def is_people(text: str) -> bool:
    """A list of people, or one name of two words and more."""
    return not any(char in text for char in "@:：") and people_likeness(without_affiliations(text)) >= PEOPLE


def is_several(text: str) -> bool:
    """More than one name, as far as separators say."""
    return _SEVERAL.search(without_affiliations(text)) is not None


def is_title(text: str) -> bool:
    """Long enough for a title and not too long, of words, and no open list."""
    letters = sum(char.isalpha() or char.isspace() for char in text)
    wordy = letters * 10 >= len(text) * 7
    return wordy and width(text) in _TITLE and not text.endswith((",", ";", ":")) and not is_chrome(text)


def fits(role: str, text: str) -> bool:
    """Does a value look like what its role says?"""
    if role == "abstract":
        return is_abstract(text)
    if role == "authors":
        return is_people(text)
    return is_title(text) if role == "title" else bool(text)


def roles_of(groups: Sequence[Sequence[str]], labels: Sequence[str] = ()) -> tuple[str, ...] | None:
    """A role for each group of values (those of one column, label or place); None where no title or no proof of
    papers (authors) is found.

    A group of references needs none but abstracts beside it. ``labels`` are words that stand before the values.
    """
    groups = [group[:: max(1, len(group) // _SAMPLE)] for group in groups]
    given = ["other"] * len(groups)
    free = [number for number, group in enumerate(groups) if any(group)]
    hints = [_hint(label) for label in labels] or [None] * len(groups)

    def take(role: str, sure: float) -> None:
        scores = {number: _likeness(role, groups[number]) + 0.3 * (hints[number] == role) for number in free}
        best = max(scores, key=lambda number: scores[number], default=None)
        if best is not None and scores[best] >= sure:
            given[best] = role
            free.remove(best)

    references = [number for number in free if _are_references(groups[number])]
    if len(references) > 1:
        return None  # a bibliography, whose every other entry is no abstract
    if references:
        given[references[0]] = "reference"
        free.remove(references[0])
    take("abstract", _SURE)
    if references:
        return tuple(given)
    for role in ("year", "authors", "venue"):
        # The last group that is no abstract, date or list of names is the title and nothing else.
        if role != "venue" or len(free) > 1:
            take(role, _SURE)
    take("title", _SURE)
    return tuple(given) if {"title", "authors"} <= set(given) else None


def _hint(label: str) -> str | None:
    known = label_at(f"{label.rstrip(' :：=-–—').strip()}: x")
    return known.field if known else None


def _likeness(role: str, values: Sequence[str]) -> float:
    """The share of the values that look like a role, from 0 to 1."""
    filled = [value for value in values if value]
    if not filled:
        return 0.0
    if role == "venue":
        often = Counter(filled)
        places = sum(has_venue_word(value) or often[value] > 1 for value in filled) / len(filled)
        return places * (median(map(width, filled)) <= 200 and not _are_links(filled))
    if role == "title":
        said = sum(ends_sentence(value) and value.endswith(".") for value in filled) / len(filled)
        again = len(set(filled)) / len(filled)
        names = sum(is_people(value) and is_several(value) for value in filled) / len(filled)
        words = sum(len(value.split()) > 2 or not value.isascii() for value in filled) / len(filled)
        return _share(is_title, filled) * again * (1 - said / 2) * (1 - names) * (0.5 + words / 2)
    if role == "authors":
        return _share(is_people, filled) * (0.7 + 0.3 * _share(is_several, filled))
    if role == "year":
        return _share(is_year, filled)
    # Of two groups of long texts the longer is the abstracts.
    return _share(is_abstract, filled) + min(median(map(width, filled)), 2000) / 10_000


def _share(test: Callable[[str], bool], values: Sequence[str]) -> float:
    return sum(map(test, values)) / len(values)


def _are_links(values: Sequence[str]) -> bool:
    return sum(_LINK.fullmatch(value) is not None for value in values) * 2 > len(values)


def _are_references(values: Sequence[str]) -> bool:
    filled = [value for value in values if value]
    if sum(_YEAR.search(value) is not None for value in filled) * 2 < len(filled):
        return False
    order = usual_order(filled)
    return len(filled) > 1 and sum(is_reference(value, order) for value in filled) * 5 >= len(filled) * 4
