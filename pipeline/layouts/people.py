"""How much a text looks like a list of people, in any of the styles that such lists are written in."""

import re
from functools import lru_cache
from typing import Final

from pipeline.layouts.shapes import could_be_name, names_likeness

_BETWEEN: Final = re.compile(
    r"[,，、;；]\s*+(?:and\s+|&\s*|und\s+|et\s+)?|(?<!\s)\s++(?:and|&|und|et)\s++", re.IGNORECASE
)
_GROUPS: Final = re.compile(r"[;；]\s*+(?:and\s+|&\s*)?|(?<!\s)\s++(?:and|&|und|et)\s++", re.IGNORECASE)
# Family, given names, and a suffix.
_GROUPED: Final = range(2, 4)
_ET_AL: Final = re.compile(
    r"(?:(?:,|(?<!\s))\s*+(?:and|&)\s*+|(?<!\s)\s*+)(?:et\.?\s*+al\b\.?|others)\s*+\.?$", re.IGNORECASE
)
# A name of one word and no partner says nothing.
_LEAST_WORDS: Final = 2


@lru_cache(maxsize=4096)
def people_likeness(text: str) -> float:
    """How much a text looks like `Last, First, Last, First`, `First Last, First Last and First Last` or
    `Last, First; Last, First`, from 0 to 1.
    """
    return max(names_likeness(text), given_first_likeness(text), grouped_likeness(text))


@lru_cache(maxsize=4096)
def given_first_likeness(text: str) -> float:
    """The share of the pieces between commas and conjunctions that could be whole names, of two words at least."""
    pieces = [piece.strip() for piece in _BETWEEN.split(_ET_AL.sub("", text.strip())) if piece.strip()]
    if not pieces:
        return 0.0
    whole = sum(could_be_name(piece) and len(piece.split()) >= _LEAST_WORDS for piece in pieces)
    return whole / len(pieces)


@lru_cache(maxsize=4096)
def grouped_likeness(text: str) -> float:
    """The share of the pieces between semicolons or conjunctions that could be `Last, First`."""
    pieces = [piece.strip() for piece in _GROUPS.split(_ET_AL.sub("", text.strip())) if piece.strip()]
    if not pieces:
        return 0.0
    named = (piece.split(",") for piece in pieces)
    whole = sum(len(parts) in _GROUPED and all(could_be_name(part.strip()) for part in parts) for parts in named)
    return whole / len(pieces)
