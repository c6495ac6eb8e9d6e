"""Text of others as it may stand on a page: escaped, cut, and with what cannot be seen made visible."""

import html
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LONGEST: Final = 160


class Piece(NamedTuple):
    """A stretch of text; ``mended`` when it is the place that the reader should look at."""

    text: str
    mended: bool = False


def shown(text: str, longest: int = _LONGEST) -> str:
    """Plain text that can be read: cut in length, its characters without a shape written as ``‹U+00AD›``."""
    cut = text if len(text) <= longest else f"{text[: longest - 1]}…"
    return "".join(f"‹{_point(c)}›" if _unseen(c) else c for c in cut)


def escaped(text: str, longest: int = _LONGEST) -> str:
    """The same, ready to stand in HTML."""
    return html.escape(shown(text, longest))


def marked(pieces: Sequence[Piece]) -> str:
    """Pieces as HTML in a direction of their own, the mended ones marked; a mended one without text is ``∅``."""
    inner = "".join(f"<mark>{escaped(p.text) or '∅'}</mark>" if p.mended else escaped(p.text) for p in pieces)
    return f"<bdi>{inner}</bdi>"


def code_points(text: str, most: int = 8) -> str:
    """``U+00E9 U+0301``, at most so many; ``nothing`` for an empty text."""
    points = [_point(c) for c in text[:most]]
    return " ".join([*points, "…"] if len(text) > most else points) or "nothing"


def look_alike(one: str, other: str) -> bool:
    """Whether a reader could take the two for the same: they differ in width, composition or what cannot be seen."""
    return _looks(one) == _looks(other)


def _looks(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text)
    return "".join(c for c in composed if not _unseen(c) and not c.isspace())


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN or (character.isspace() and character != " ")


def _point(character: str) -> str:
    return f"U+{ord(character):04X}"
