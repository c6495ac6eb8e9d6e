"""Lists of nothing but pairs, `Last, First, Last, First`, which most lists are: read at a glance.

What is here has the same outcome as ``styles``, ``tokens``, ``pairing`` and ``names`` together; a list that is in any
way other than plain is theirs.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.split.tokens import is_plain_name

# Letters, and signs that are inside of names; commas are the only separators.
_PLAIN: Final = re.compile(r"(?:[^\W\d_]|[ ,.'’-])+")
# Words that join names, and so are more than a part of one.
_JOINING: Final = re.compile(r"(?<![^ ,])(?:and|und|et)(?![^ ,])", re.IGNORECASE)
_HAN: Final = re.compile("[\u3400-\u9fff,. ]+")
# Below that share of family names of one word the pairs are to be proved.
_ONE_WORD: Final = 0.8
_KEPT: Final = 1 << 12
_KEPT_SIZE: Final = 4000


class Pair(NamedTuple):
    """Family and given name, and the span of both in the list."""

    family: str
    given: str
    start: int
    end: int


def plain_pairs(text: str) -> tuple[Pair, ...] | None:
    """The names of a list that is plain, each there once; None for every other list."""
    return _plain_pairs(text) if len(text) < _KEPT_SIZE else _plain_pairs.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _plain_pairs(text: str) -> tuple[Pair, ...] | None:
    if "  " in text or not _PLAIN.fullmatch(text) or _JOINING.search(text) or _HAN.fullmatch(text):
        return None
    pieces = text.split(",")
    tokens = [piece.strip() for piece in pieces]
    families, given = tokens[::2], tokens[1::2]
    if len(families) != len(given) or not all(map(is_plain_name, tokens)):
        return None
    pairs = list(zip(families, given, strict=True))
    if sum(" " not in name for name in families) < _ONE_WORD * len(families) or len(set(pairs)) < len(pairs):
        return None
    found, start = [], 0
    for number, (last, first) in enumerate(pairs):
        behind, before = pieces[2 * number], pieces[2 * number + 1]
        low = start + len(behind) - len(behind.lstrip())
        start += len(behind) + len(before) + 2
        found.append(Pair(last, first, low, start - 1 - len(before) + len(before.rstrip())))
    return tuple(found)
