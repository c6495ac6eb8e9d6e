"""What a layout is. The layouts themselves are one module each; which one gets a file is decided in ``choice``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class LineRole(NamedTuple):
    """The part that one line plays: ``role`` as in ``schemas.rules.ROLES``, and the rule that says so.

    ``entry`` counts the records of the file from 0; it is None for lines that are part of the page or of nothing.
    ``parts`` are the spans of the line that hold fields, each with the field's role, where the line is not one field
    from end to end; a span is of the line with its white space.
    """

    role: str
    entry: int | None
    rule: str
    parts: tuple[tuple[str, int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of listing.

    ``score`` says how sure it is that lines of text are such a listing, from 0 (certainly not) to 1. ``roles`` gives
    every line, in order, its role, and may be asked for any lines, also of other kinds. Lines are mended text without
    line ends.
    """

    name: str
    score: Callable[[Sequence[str]], float]
    roles: Callable[[Sequence[str]], list[LineRole]]
