"""Is a name that stands alone an organisation or a person? Evidence with weights; the words are data.

A person taken for an organisation is lost to everybody who counts people, so two points of evidence are needed, and a
decision without a word or a colon is flagged.
"""

import re
from functools import cache
from importlib import resources
from typing import Final

ORGANISATION_FROM: Final = 2
# A capital inside of a word, but for the prefixes that names have it behind: McKay, MacKay, DeVito, LeRoy, DiCaprio,
# VanDyke, LaRue, O'Neil.
_INNER_CAPITAL: Final = re.compile(
    r"(?<![A-Za-z])(?!(?:Mc|Mac|De|Del|Le|La|Di|Da|Du|Van|Von|O'|Fitz|St)[A-Z])[A-Z]?[a-z]+[A-Z]"
)
_ACRONYM: Final = re.compile(r"[A-Z][A-Z0-9&-]{2,}")


def has_organisation_word(text: str) -> bool:
    """Does a name hold a word for a kind of organisation ("Consortium", "University")?"""
    words = text.replace("/", " ").replace("-", " ").split()
    return not _words().isdisjoint([word.strip("().&'’").casefold() for word in words])


def evidence(text: str, *, first: bool, marked: bool, shouted: bool) -> int:
    """Points for an organisation.

    ``text`` is a name without a partner; ``first``: it is the first of several names; ``marked``: a colon follows, as
    between organisation and people; ``shouted``: the list is in capitals throughout, so that they say nothing.
    """
    points = (
        3 * marked
        + 3 * has_organisation_word(text)
        + 2 * text.startswith("The ")
        + any(char.isdigit() for char in text)
    )
    if not shouted and any(_ACRONYM.fullmatch(word) for word in text.split()):
        points += 2
    return points + (_INNER_CAPITAL.search(text) is not None) + first


def is_certain(text: str, *, marked: bool) -> bool:
    """Evidence that nobody doubts: the colon or a word."""
    return marked or has_organisation_word(text)


@cache
def _words() -> frozenset[str]:
    lines = (
        resources.files("pipeline.split").joinpath("organisation_words.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))
