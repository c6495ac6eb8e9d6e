"""The tokens of an author list: where the commas are, and what each token can be. How names are made of them is in
``pairing``.
"""

import re
from dataclasses import dataclass
from typing import Final

from pipeline.split.passages import Passage
from schemas.rules import PLACEHOLDERS

_COMMA: Final = re.compile("[,，、]")
_ET_AL: Final = re.compile(r"(?:and\s+)?(?:et\.?\s*al(?:ii)?\.?|others|\.\.\.|…)", re.IGNORECASE)
# Suffixes that are no one's name. "V" and "I" are initials as often, so a token of its own that is one of them stays
# a name.
_SUFFIX: Final = re.compile(r"(?:[JjSs]r\.?|JR\.?|SR\.?|II|III|IV|2nd|3rd|4th)")


@dataclass(frozen=True, slots=True)
class Token:
    """One token: ``number`` counts from 1 in its list, the span counts characters of the passage, white space at the
    ends left out.

    ``kind`` is "name", "suffix", "placeholder", "punctuation" or "et al.".
    """

    number: int
    text: str
    start: int
    end: int
    kind: str


def tokens_of(passage: Passage) -> list[Token]:
    """The tokens between commas; a comma inside of damage that was left as it is may be part of a character and
    separates nothing.
    """
    commas = [comma.start() for comma in _COMMA.finditer(passage.text) if not passage.is_damaged(comma.start())]
    if not passage.text.strip():
        return []
    tokens = []
    for number, (start, end) in enumerate(
        zip([0, *(comma + 1 for comma in commas)], [*commas, len(passage.text)], strict=True), 1
    ):
        raw = passage.text[start:end]
        low = start + len(raw) - len(raw.lstrip())
        text = " ".join(raw.split())
        tokens.append(Token(number, text, low, max(low, start + len(raw.rstrip())), kind_of(text)))
    return tokens


def kind_of(text: str) -> str:
    """What a token can be by its text alone."""
    if text.lower() in PLACEHOLDERS and text != ":":
        return "placeholder"
    if _ET_AL.fullmatch(text):
        return "et al."
    if not any(char.isalnum() for char in text):
        return "punctuation"
    return "suffix" if _SUFFIX.fullmatch(text) else "name"
