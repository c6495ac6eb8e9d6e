"""How much a text looks like a list of people, in any of the styles that such lists are written in."""

import re
from functools import lru_cache
from typing import Final

from pipeline.layouts.shapes import could_be_name, names_likeness

_BETWEEN: Final = re.compile(r"[,，、;；]\s*(?:and\s+|&\s*|und\s+|et\s+)?|\s+(?:and|&|und|et)\s+", re.IGNORECASE)
_ET_AL: Final = re.compile(r"(?:,?\s*(?:and|&))?\s*(?:et\.?\s*al\b\.?|others)\s*\.?$", re.IGNORECASE)
# A name of one word and no partner says nothing.
_LEAST_WORDS: Final = 2


@lru_cache(maxsize=4096)
def people_likeness(text: str) -> float:
    """How much a text looks like `Last, First, Last, First` or `First Last, First Last and First Last`, from 0 to 1."""
    return max(names_likeness(text), given_first_likeness(text))


@lru_cache(maxsize=4096)
def given_first_likeness(text: str) -> float:
    """The share of the pieces between commas and conjunctions that could be whole names, of two words at least."""
    pieces = [piece.strip() for piece in _BETWEEN.split(_ET_AL.sub("", text.strip())) if piece.strip()]
    if not pieces:
        return 0.0
    whole = sum(could_be_name(piece) and len(piece.split()) >= _LEAST_WORDS for piece in pieces)
    return whole / len(pieces)
