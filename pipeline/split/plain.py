"""Lists of names with commas between and little else, as most lists are: read at a glance.

What is here has the same outcome as ``tokens`` and, for lists of nothing but pairs (`Last, First, Last, First`), as
``styles``, ``tokens``, ``pairing`` and ``names`` together; a list that is in any way other than plain is theirs.
"""

import re
import string
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline.split.tokens import plain_kind

# Letters, and signs that are inside of names; commas with a space behind them are the only separators.
_PLAIN: Final = re.compile(r"(?:[^\W\d_¹²³⁴⁵⁶⁷⁸⁹⁰]|[ .:'’-])+")
_PLAIN_ASCII: Final = (string.ascii_letters + " .:'-").encode()
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
        return printed_pairs(self.families, self.given)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The span of each name in the list."""
        return _spans(self.printed)


class Plain(NamedTuple):
    """The tokens of a list that has commas for separators, and letters, points and the like between them: names,
    suffixes, placeholders and colons, each of its kind. And its ``pairs``, where it is nothing but pairs, each there
    once.
    """

    tokens: tuple[str, ...]
    kinds: tuple[str, ...]
    pairs: Pairs | None

    @property
    def names(self) -> list[str]:
        """The tokens but for suffixes."""
        return [token for token, kind in zip(self.tokens, self.kinds, strict=True) if kind != "suffix"]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The span of each token in the list."""
        return _spans(self.tokens)


def printed_pairs(families: Sequence[str], given: Sequence[str]) -> list[str]:
    """Names as they stand in lists of pairs."""
    return [f"{family}, {first}" for family, first in zip(families, given, strict=True)]


def _spans(parts: Sequence[str]) -> list[tuple[int, int]]:
    """Where the parts of a list start and end that are joined by a comma and a space."""
    sizes = list(map(len, parts))
    starts = accumulate([size + _BETWEEN for size in sizes[:-1]], initial=0)
    return [(start, start + size) for start, size in zip(starts, sizes, strict=True)]


def plain_pairs(text: str) -> Pairs | None:
    """The names of a list that is nothing but pairs; None for every other list."""
    plain = plain_list(text)
    return plain.pairs if plain else None


def plain_list(text: str) -> Plain | None:
    """A list that is plain; None for every other list."""
    return _plain_list(text) if len(text) < _KEPT_SIZE else _plain_list.__wrapped__(text)


@lru_cache(maxsize=_KEPT)
def _plain_list(text: str) -> Plain | None:
    bare = text.replace(", ", "")
    if not bare.isalpha() and not _has_plain_signs(text, bare):
        return None
    tokens = tuple(text.split(", "))
    kinds = [kind for token in tokens if (kind := plain_kind(token))]
    if len(kinds) < len(tokens):
        return None
    return Plain(tokens, tuple(kinds), _pairs(text, bare, tokens) if kinds.count("name") == len(kinds) else None)


def _pairs(text: str, bare: str, tokens: Sequence[str]) -> Pairs | None:
    families, given = tuple(tokens[::2]), tuple(tokens[1::2])
    if len(families) != len(given) or (not text.isascii() and _HAN.fullmatch(text)):
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
    letters = bare.replace(" ", "").replace(".", "").replace("-", "").replace("'", "")
    return letters.isalpha() or _PLAIN.fullmatch(bare) is not None
