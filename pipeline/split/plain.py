"""Lists of nothing but pairs, `Last, First, Last, First`, which most lists are: read at a glance.

What is here has the same outcome as ``styles``, ``tokens``, ``pairing`` and ``names`` together; a list that is in any
way other than plain is theirs.
"""

import re
import string
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline.split.tokens import is_plain_name

# Letters, and signs that are inside of names; commas with a space behind them are the only separators.
_PLAIN: Final = re.compile(r"(?:[^\W\d_]|[ ,.'’-])+")
_PLAIN_ASCII: Final = (string.ascii_letters + " ,.'-").encode()
# Words that join names, and so are more than a part of one.
_JOINING: Final = re.compile(r"(?<![^ ,])(?:and|und|et)(?![^ ,])", re.IGNORECASE)
_HAN: Final = re.compile("[\u3400-\u9fff,. ]+")
# Below that share of family names of one word the pairs are to be proved.
_ONE_WORD: Final = 0.8
_BETWEEN: Final = len(", ")
_KEPT: Final = 1 << 12
_KEPT_SIZE: Final = 4000


class Pair(NamedTuple):
    """Family and given name, and the span of both in the list."""

    family: str
    given: str
    start: int
    end: int


_PAIR: Final = partial(tuple.__new__, Pair)


def plain_pairs(text: str) -> tuple[Pair, ...] | None:
    """The names of a list that is plain, each there once; None for every other list."""
    return _plain_pairs(text) if len(text) < _KEPT_SIZE else _plain_pairs.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _plain_pairs(text: str) -> tuple[Pair, ...] | None:
    if "  " in text or not _has_plain_signs(text) or _may_join(text) or _HAN.fullmatch(text):
        return None
    tokens = text.split(", ")
    if text.count(",") >= len(tokens) or " ," in text or text[0] == " " or text[-1] == " ":
        return None
    families, given = tokens[::2], tokens[1::2]
    if len(families) != len(given) or not all(map(is_plain_name, tokens)):
        return None
    if sum([" " not in name for name in families]) < _ONE_WORD * len(families):
        return None
    if len(families) > 1 and len(set(zip(families, given, strict=True))) < len(families):
        return None
    places = list(accumulate([len(token) + _BETWEEN for token in tokens], initial=0))
    ends = [place - _BETWEEN for place in places[2::2]]
    return tuple(map(_PAIR, zip(families, given, places[:-1:2], ends, strict=True)))


def _has_plain_signs(text: str) -> bool:
    if text.isascii():
        return text != "" and not text.encode().translate(None, _PLAIN_ASCII)
    return _PLAIN.fullmatch(text) is not None


def _may_join(text: str) -> bool:
    small = text.lower()
    return ("and" in small or "und" in small or "et" in small) and _JOINING.search(text) is not None
