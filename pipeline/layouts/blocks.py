"""What the layouts without labels share: lines without blanks, costs of looks, and entries counted from a series of
roles.
"""

import string
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Final, NamedTuple

from pipeline.layouts.layout import LineRole
from pipeline.layouts.people import names_likeness
from pipeline.layouts.shapes import ends_sentence, is_blank, is_chrome, width
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
_LONGEST_OWNER: Final = 60


class Block(NamedTuple):
    """One line that is not blank, or several that were one before they were wrapped: the index of the first ``line``
    in the file, the text, how many blank lines are before it, and of how many lines it is.
    """

    line: int
    text: str
    gap: int
    size: int = 1


_BLOCK: Final = partial(tuple.__new__, Block)
_ROLE: Final = partial(tuple.__new__, LineRole)


def blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """The lines that are not blank, trimmed."""
    return _blocks(tuple(lines))


@lru_cache(maxsize=1)
def _blocks(lines: tuple[str, ...]) -> tuple[Block, ...]:
    """Several layouts, one after the other, ask it of a file."""
    trimmed = [(index, text) for index, line in enumerate(lines) if (text := line.strip())]
    ends = [-1, *(index for index, _ in trimmed)]
    return tuple([_BLOCK((index, text, index - end - 1, 1)) for (index, text), end in zip(trimmed, ends, strict=False)])


def are_set_off(lines: Sequence[str]) -> bool:
    """Are there blank lines between lines that are none?"""
    kept = [index for index, line in enumerate(lines) if not is_blank(line)]
    return bool(kept) and kept[-1] - kept[0] >= len(kept)


def paragraphs(lines: Sequence[str]) -> list[Block]:
    """The blocks, those that were wrapped joined again."""
    broken = broken_before(lines)
    joined: list[Block] = []
    for block in blocks(lines):
        if joined and broken[block.line]:
            last = joined[-1]
            joined[-1] = Block(last.line, f"{last.text} {block.text}", last.gap, last.size + 1)
        else:
            joined.append(block)
    return joined


class Look(NamedTuple):
    """What a line looks like: its width, how much it looks like names, and what it costs to call it an abstract, a
    title, the name that heads a profile, or furniture of a page.
    """

    width: int
    names: float
    abstract: float
    title: float
    owner: float
    chrome: float


_LOOK: Final = partial(tuple.__new__, Look)


@lru_cache(maxsize=4096)
def look_of(text: str) -> Look:
    """The look of a line, which one layout after the other asks for."""
    size, wide, names = len(text), width(text), names_likeness(text)
    abstract = title = chrome = 0.0
    # An abstract is not short, no list of names, and ends like a sentence. A title is not long, no list of names, no
    # sentence, and no furniture.
    if wide < LONG:
        abstract = (LONG - wide) / 100 + 1.5 * (wide < LEAST_ABSTRACT)
    else:
        title = (wide - LONG) / 50
    if names > 0.6:
        abstract, title = abstract + 5 * (names - 0.6), title + 3 * (names - 0.6)
    if not ends_sentence(text):
        abstract += 0.3
    elif text.endswith("."):
        title += 0.7
    if is_chrome(text):
        title += 2.0
    else:
        chrome = 3.0 if wide <= 60 else 3.0 + (wide - 60) / 20
    # The head of a profile is one name, `Last, First`.
    if size > _LONGEST_OWNER:
        owner = 3.0 + (size - _LONGEST_OWNER) / 20
    else:
        owner = 3 * (1 - names) if text.count(",") in (1, 2) else 3.0
    return _LOOK((wide, names, abstract, title, owner, chrome))


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
            given_role = _ROLE((field, entry, rule, None))
        if block.size == 1:
            result[block.line] = given_role
        else:
            result[block.line : block.line + block.size] = [given_role] * block.size
    return result


def stray_lines(found: Sequence[Block], given: Sequence[str]) -> int:
    """Lines that were called parts of the page for want of a better role: neither at its head nor known furniture."""
    first = next((number for number, role in enumerate(given) if role not in PAGE), len(given))
    page = [number for number, role in enumerate(given) if role in PAGE]
    return sum((number > first or number >= MAX_HEAD) and not is_chrome(found[number].text) for number in page)


_PLAIN: Final = (string.ascii_letters + " ").encode()
_ASCII: Final = bytes(range(128))


def is_abstract(text: str) -> bool:
    """Long enough for an abstract and made of words, as proof needs."""
    return (len(text) >= LEAST_ABSTRACT or width(text) >= LEAST_ABSTRACT) and is_wordy(text)


def proof(total: int, proven: Iterable[bool]) -> float:
    """What a score counts for by how many of so many records are proven: in full from half on, where asking ends."""
    found = sum(islice(filter(None, proven), -(-total // 2)))
    return min(1.0, 2 * found / total) if total else 0.0


def is_wordy(text: str) -> bool:
    """Are four of five characters letters or spaces?"""
    least = len(text) * 2
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if len(rest) * 10 <= least:
        return True  # no sign is less than a byte
    foreign = rest.translate(None, _ASCII)
    if (len(rest) - len(foreign)) * 10 <= least and foreign.decode("utf-8", "surrogatepass").isalpha():
        return True  # as nearly all text in other scripts
    others = rest.decode("utf-8", "surrogatepass")
    signs = [char for char in set(others) if not (char.isalpha() or char.isspace())]
    return sum(map(others.count, signs)) * 10 <= least


def by_entry(found: Sequence[Block], given: Sequence[str]) -> list[dict[str, list[Block]]]:
    """The blocks of each entry, by role; blocks of the page are left out."""
    groups: list[dict[str, list[Block]]] = []
    for block, role in zip(found, given, strict=True):
        if role == "title":
            groups.append({role: [block]})
        elif role not in PAGE:
            groups[-1].setdefault(role, []).append(block)
    return groups
