"""Lists of nothing but pairs, `Last, First, Last, First`, which most lists are: read at a glance.

What is here has the same outcome as ``styles``, ``tokens``, ``pairing`` and ``names`` together; a list that is in any
way other than plain is theirs.
"""

import re
import string
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline.split.tokens import are_plain_names

# Letters, and signs that are inside of names; commas with a space behind them are the only separators.
_PLAIN: Final = re.compile(r"(?:[^\W\d_]|[ .'’-])+")
_PLAIN_ASCII: Final = (string.ascii_letters + " .'-").encode()
_HAN: Final = re.compile("[\u3400-\u9fff,. ]+")
# Below that share of family names of one word the pairs are to be proved.
_ONE_WORD: Final = 0.8
_BETWEEN: Final = len(", ")
_KEPT: Final = 1 << 12
_KEPT_SIZE: Final = 4000


class Pairs(NamedTuple):
    """The family names of a list and the given names, in its order."""

    families: tuple[str, ...]
    given: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """How many tokens they are."""
        return 2 * len(self.families)

    @property
    def printed(self) -> list[str]:
        """The names as they stand in the list."""
        return list(map(", ".join, zip(self.families, self.given, strict=True)))

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The span of each name in the list."""
        sizes = [len(name) for name in self.printed]
        starts = accumulate([size + _BETWEEN for size in sizes[:-1]], initial=0)
        return [(start, start + size) for start, size in zip(starts, sizes, strict=True)]


def plain_pairs(text: str) -> Pairs | None:
    """The names of a list that is plain, each there once; None for every other list."""
    return _plain_pairs(text) if len(text) < _KEPT_SIZE else _plain_pairs.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _plain_pairs(text: str) -> Pairs | None:
    bare = text.replace(", ", "")
    if not bare.isalpha() and not _has_plain_signs(text, bare):
        return None
    tokens = text.split(", ")
    families, given = tuple(tokens[::2]), tuple(tokens[1::2])
    if len(families) != len(given) or not are_plain_names(tokens) or _HAN.fullmatch(text):
        return None
    if " " in bare and sum([" " not in name for name in families]) < _ONE_WORD * len(families):
        return None
    if len(set(families)) < len(families) and len(set(zip(families, given, strict=True))) < len(families):
        return None
    return Pairs(families, given)


def _has_plain_signs(text: str, bare: str) -> bool:
    """Has a list no other signs than names have, with single spaces, and with a space behind each comma?"""
    if not bare or "," in bare or "  " in text or " ," in text or text[0] == " " or text[-1] == " ":
        return False
    if bare.isascii():
        return not bare.encode().translate(None, _PLAIN_ASCII)
    return _PLAIN.fullmatch(bare) is not None
