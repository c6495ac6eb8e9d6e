"""How much a text looks like a list of people, in any of the styles that such lists are written in."""

import re
from functools import lru_cache
from typing import Final

from pipeline.layouts.shapes import FUNCTION_WORDS, PARTICLES, is_placeholder, label_of
from schemas.rules import PLACEHOLDERS

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
_INNER_STOP: Final = re.compile(r"[^\W\d_]{3}[.!?;]\s++\S")
_HEADED: Final = re.compile(r"[^\W\d_]{3,}:\s")
_LONGEST_NAME: Final = 60
_MOST_WORDS: Final = 6
_NO_NAMES: Final = frozenset("$=<>_#%@[]|")  # signs that are in no name
_KEYED: Final = re.compile(r"\"[^\"]*\"\s*:")  # a member of JSON
_CLAIMS: Final = frozenset({"copyright", "(c)", "©"})  # of rights, which firms and people have
_PLACEHOLDERS: Final = frozenset(PLACEHOLDERS)
# Names come again and again.
_KEPT: Final = 1 << 14


def names_likeness(text: str) -> float:
    """How much a line looks like `Last, First, Last, First`, from 0 to 1: the share of comma-separated tokens that
    could be names.

    Less when there is one token only, when the number is odd and small, or when sentences go on behind a full stop.
    """
    return _names_likeness(text) if "," in text else 0.0


@lru_cache(maxsize=4096)
def _names_likeness(text: str) -> float:
    is_plain = _are_capitalised(text)
    tokens = text.split(", ") if is_plain else [token.strip() for token in text.split(",")]
    if not tokens[-1]:
        tokens.pop()
    if len(tokens) < 2:
        return 0.0
    if is_plain and max(map(len, tokens)) <= _LONGEST_NAME:
        share = 1.0
    else:
        share = sum([len(token) <= _LONGEST_NAME and _could_be_name(token) for token in tokens]) / len(tokens)
    if not share:
        return 0.0
    if len(tokens) % 2 and len(tokens) < 6:
        share *= 0.7
    return share if is_plain or not (_has_inner_stop(text) or _is_headed(text)) else share * 0.5


def _are_capitalised(text: str) -> bool:
    """Are all tokens of a list, with nothing but a comma and a space between them, words of letters with a capital, as
    names are in most lists?
    """
    return text.istitle() and text.replace(", ", "").isalpha() and "Copyright" not in text


def _has_inner_stop(text: str) -> bool:
    return ("." in text or "!" in text or "?" in text or ";" in text) and _INNER_STOP.search(text) is not None


def _is_headed(text: str) -> bool:
    """Does a word with a colon that is no label of authors stand before the first name ("Present: ...")?"""
    return ":" in text and _HEADED.match(text) is not None and (label_of(text) or ("",))[0] != "authors"


def could_be_name(token: str) -> bool:
    """Few words, as a rule with capitals, and none that only sentences or formulas have."""
    return _could_be_name(token) if len(token) <= _LONGEST_NAME else is_placeholder(token)


@lru_cache(maxsize=_KEPT)
def _could_be_name(token: str) -> bool:
    if token.isalpha():
        return _is_one_name(token)
    if _is_in_title_case(token) or is_placeholder(token):
        return True
    words = token.split()
    if not words or len(words) > _MOST_WORDS or not (token.replace(" ", "").isalpha() or _has_signs_of_names(token)):
        return False
    small = [word.lower() for word in words]
    if not FUNCTION_WORDS.isdisjoint(words) or not _CLAIMS.isdisjoint(small):
        return False
    if len(words) > 1 and token.isupper() and any(word in FUNCTION_WORDS for word in small if len(word) > 2):
        return False
    capitals = [not word[0].islower() or low in PARTICLES for word, low in zip(words, small, strict=True)]
    return sum(capitals) * 2 > len(words)


def _is_in_title_case(token: str) -> bool:
    """Few words of letters, each with one capital, or initials, as most names of more words than one are."""
    if not token.istitle() or token.count(" ") >= _MOST_WORDS or "Copyright" in token:
        return False
    return token.replace(" ", "").replace(".", "").replace("-", "").replace("'", "").isalpha()


def _is_one_name(word: str) -> bool:
    """The same of one word of letters, as most tokens are."""
    low = word.lower()
    if low in _PLACEHOLDERS or word in FUNCTION_WORDS or low in _CLAIMS:
        return low in _PLACEHOLDERS
    return not word[0].islower() or low in PARTICLES


def _has_signs_of_names(token: str) -> bool:
    """Are there letters beside the signs of a token, none of which names cannot have?"""
    if not _NO_NAMES.isdisjoint(token) or any(map(str.isdigit, token)) or not any(map(str.isalpha, token)):
        return False
    return _KEYED.match(token) is None


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
