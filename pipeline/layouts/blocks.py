"""What the layouts without labels share: lines without blanks, costs of looks, and entries counted from a series of
roles.
"""

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from pipeline.layouts.layout import LineRole
from pipeline.layouts.people import names_likeness
from pipeline.layouts.shapes import ends_sentence, is_chrome, width
from pipeline.layouts.wrapping import broken_before

# An abstract is seldom shorter than this and a title seldom longer, in Latin letters.
LONG: Final = 250
# What is shorter than this is no abstract that a layout may count as proof.
LEAST_ABSTRACT: Final = 80
# More lines than that before the first record are no head of a page.
MAX_HEAD: Final = 5
# From here a line is taken for a list of names when layouts count proof.
NAMES: Final = 0.8
# Stands before the field that a line goes on with.
MORE: Final = "more of "
PAGE: Final = frozenset({"chrome", "page_owner"})


@dataclass(frozen=True, slots=True)
class Block:
    """One line that is not blank, or several that were one before they were wrapped: the index of the first in the
    file, the text, how many blank lines are before it, and of how many lines it is.
    """

    index: int
    text: str
    gap: int
    size: int = 1


def blocks(lines: Sequence[str]) -> list[Block]:
    """The lines that are not blank, trimmed."""
    found, last = [], -1
    for index, line in enumerate(lines):
        if text := line.strip():
            found.append(Block(index, text, index - last - 1))
            last = index
    return found


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """The blocks, those that were wrapped joined again."""
    broken = broken_before(lines)
    joined: list[Block] = []
    for block in blocks(lines):
        if joined and broken[block.index]:
            last = joined[-1]
            joined[-1] = Block(last.index, f"{last.text} {block.text}", last.gap, last.size + 1)
        else:
            joined.append(block)
    return joined


class Look(NamedTuple):
    """What the costs of a line are made of: its text and width, how much it looks like names, whether it is a part of
    the page.
    """

    text: str
    width: int
    names: float
    is_chrome: bool


@lru_cache(maxsize=4096)
def look_of(text: str) -> Look:
    """The look of a line, which one layout after the other asks for."""
    return Look(text, width(text), names_likeness(text), is_chrome(text))


def abstract_cost(look: Look) -> float:
    """How little a line looks like an abstract: short, a list of names, no sentence."""
    short = max(0.0, (LONG - look.width) / 100) + 1.5 * (look.width < LEAST_ABSTRACT)
    return short + 5 * max(0.0, look.names - 0.6) + (0.0 if ends_sentence(look.text) else 0.3)


def title_cost(look: Look) -> float:
    """How little a line looks like a title: long, a list of names, a sentence, furniture of a page."""
    long = max(0.0, (look.width - LONG) / 50)
    return long + 3 * max(0.0, look.names - 0.6) + 0.7 * look.text.endswith(".") + 2.0 * look.is_chrome


def owner_cost(look: Look) -> float:
    """How little a line looks like the one name that heads a profile: `Last, First`."""
    size = len(look.text)
    one = size <= 60 and look.text.count(",") in (1, 2)
    return 3 * (1 - look.names) if one else 3.0 + max(0.0, (size - 60) / 20)


def chrome_cost(look: Look) -> float:
    """How little a line looks like furniture of a page."""
    return 0.0 if look.is_chrome else 3.0 + max(0.0, (look.width - 60) / 20)


def entries(lines: Sequence[str], found: Sequence[Block], given: Sequence[str]) -> list[LineRole]:
    """The roles of all lines of a file from those of its blocks; each title starts an entry, "more of" goes on with a
    field.
    """
    result = [LineRole("blank", None, "nothing on the line")] * len(lines)
    rules = {role: (role.removeprefix(MORE), f"{role} by look and place") for role in set(given)}
    entry = -1
    for block, role in zip(found, given, strict=True):
        entry += role == "title"
        if role in PAGE:
            given_role = LineRole(role, None, "name of the page" if role == "page_owner" else "furniture of the page")
        else:
            field, rule = rules[role]
            given_role = LineRole(field, entry, rule)
        if block.size == 1:
            result[block.index] = given_role
        else:
            result[block.index : block.index + block.size] = [given_role] * block.size
    return result


def stray_lines(found: Sequence[Block], given: Sequence[str]) -> int:
    """Lines that were called parts of the page for want of a better role: neither at its head nor known furniture."""
    first = next((number for number, role in enumerate(given) if role not in PAGE), len(given))
    return sum(
        role in PAGE and not is_chrome(block.text) and (number > first or number >= MAX_HEAD)
        for number, (block, role) in enumerate(zip(found, given, strict=True))
    )


_PLAIN: Final = (string.ascii_letters + " ").encode()


def is_abstract(text: str) -> bool:
    """Long enough for an abstract and made of words, as proof needs."""
    return (len(text) >= LEAST_ABSTRACT or width(text) >= LEAST_ABSTRACT) and is_wordy(text)


def proof(total: int, proven: Iterable[bool]) -> float:
    """What a score counts for by how many of so many records are proven: in full from half on, where asking ends."""
    found = sum(islice(filter(None, proven), -(-total // 2)))
    return min(1.0, 2 * found / total) if total else 0.0


def is_wordy(text: str) -> bool:
    """Are four of five characters letters or spaces?"""
    others = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    signs = [char for char in set(others) if not (char.isalpha() or char.isspace())]
    return sum(map(others.count, signs)) * 10 <= len(text) * 2


def by_entry(found: Sequence[Block], given: Sequence[str]) -> list[dict[str, list[Block]]]:
    """The blocks of each entry, by role; blocks of the page are left out."""
    groups: list[dict[str, list[Block]]] = []
    for block, role in zip(found, given, strict=True):
        if role == "title":
            groups.append({})
        if role not in PAGE:
            groups[-1].setdefault(role, []).append(block)
    return groups
