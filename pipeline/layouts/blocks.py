"""What the layouts without labels share: lines without blanks, costs of looks, and entries counted from a series of
roles.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.layouts.layout import LineRole
from pipeline.layouts.shapes import ends_sentence, is_chrome, names_likeness, width
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


def abstract_cost(text: str) -> float:
    """How little a line looks like an abstract: short, a list of names, no sentence."""
    size = width(text)
    short = max(0.0, (LONG - size) / 100) + 1.5 * (size < LEAST_ABSTRACT)
    return short + 5 * max(0.0, names_likeness(text) - 0.6) + (0.0 if ends_sentence(text) else 0.3)


def title_cost(text: str) -> float:
    """How little a line looks like a title: long, a list of names, a sentence, furniture of a page."""
    long = max(0.0, (width(text) - LONG) / 50)
    return long + 3 * max(0.0, names_likeness(text) - 0.6) + 0.7 * text.endswith(".") + 2.0 * is_chrome(text)


def owner_cost(text: str) -> float:
    """How little a line looks like the one name that heads a profile: `Last, First`."""
    one = text.count(",") in (1, 2) and len(text) <= 60
    return 3 * (1 - names_likeness(text)) if one else 3.0 + max(0.0, (len(text) - 60) / 20)


def chrome_cost(text: str) -> float:
    """How little a line looks like furniture of a page."""
    return 0.0 if is_chrome(text) else 3.0 + max(0.0, (width(text) - 60) / 20)


def entries(lines: Sequence[str], found: Sequence[Block], given: Sequence[str]) -> list[LineRole]:
    """The roles of all lines of a file from those of its blocks; each title starts an entry, "more of" goes on with a
    field.
    """
    result = [LineRole("blank", None, "nothing on the line")] * len(lines)
    entry = -1
    for block, role in zip(found, given, strict=True):
        entry += role == "title"
        if role in PAGE:
            given_role = LineRole(role, None, "name of the page" if role == "page_owner" else "furniture of the page")
        else:
            given_role = LineRole(role.removeprefix(MORE), entry, f"{role} by look and place")
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
    return width(text) >= LEAST_ABSTRACT and is_wordy(text)


def is_wordy(text: str) -> bool:
    """Are four of five characters letters or spaces?"""
    others = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    others = "".join(others.split())
    return (len(others) - sum(map(str.isalpha, others))) * 10 <= len(text) * 2


def by_entry(found: Sequence[Block], given: Sequence[str]) -> list[dict[str, list[Block]]]:
    """The blocks of each entry, by role; blocks of the page are left out."""
    groups: list[dict[str, list[Block]]] = []
    for block, role in zip(found, given, strict=True):
        if role == "title":
            groups.append({})
        if role not in PAGE:
            groups[-1].setdefault(role, []).append(block)
    return groups
