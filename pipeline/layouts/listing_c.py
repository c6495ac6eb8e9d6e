"""Layout C: the name of a profile, then for each paper a line with the title, one with the authors, one with the
abstract.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from pipeline.layouts import blocks as shape
from pipeline.layouts.alignment import cheapest_roles
from pipeline.layouts.blocks import Block, look_of
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.people import names_likeness
from pipeline.layouts.shapes import are_labelled, width

_STATES: Final = ("title", "authors", "abstract", "page_owner", "chrome")
_START: Final = {"page_owner": 0.0, "title": 0.5, "chrome": 0.0}
# The regular way costs nothing; what sometimes lacks (abstract, authors) or is doubled (a wrapped list, a second
# paragraph) costs more than a line that looks a little odd, and less than a line that looks like something else.
_MOVES: Final = {
    ("page_owner", "title"): 0.0, ("chrome", "chrome"): 0.0, ("chrome", "page_owner"): 0.0, ("chrome", "title"): 0.5,
    ("page_owner", "chrome"): 1.0,
    ("title", "authors"): 0.0, ("authors", "abstract"): 0.0, ("abstract", "title"): 0.0,
    ("authors", "title"): 1.5, ("title", "abstract"): 2.5, ("title", "title"): 5.0,
    ("abstract", "abstract"): 1.0, ("authors", "authors"): 1.5, ("abstract", "chrome"): 1.0, ("authors", "chrome"): 2.0,
}  # fmt: skip

# Longer titles end without a full stop.
_LONG_TITLE: Final = 150


def score(lines: Sequence[str]) -> float:
    """Share of the lines, those of the page not counted, in records with a title and a list of names.

    Abstracts are proof that the lists are authors' and no table of people: where fewer than half of the records have
    one, the score falls.
    """
    if are_labelled(lines) or not any(names_likeness(line.strip()) >= shape.NAMES for line in lines):
        return 0.0
    found, given = _reading(tuple(lines))
    groups = shape.by_entry(found, given)
    body = sum([role not in shape.PAGE for role in given]) + shape.stray_lines(found, given)
    named = [group for group in groups if "authors" in group and _is_named(group)]
    if not named:
        return 0.0
    proven = (any(shape.is_abstract(block.text) for block in group.get("abstract", ())) for group in named)
    share = sum([len(blocks) for group in named for blocks in group.values()]) / body
    return share * shape.proof(len(named), proven)


def _is_named(group: Mapping[str, Sequence[Block]]) -> bool:
    """Are all lists of a record, which has but one title, names, and is the title none of running text?"""
    likeness = [look_of(block.text).names for block in group["authors"]]
    return min(likeness) >= shape.NAMES and not _is_passage(group["title"][0].text)


def _is_passage(text: str) -> bool:
    """A piece of running text: long, and it ends like a sentence or goes on."""
    return text.endswith((".", ":", ",", ";")) and width(text) > _LONG_TITLE


def roles(lines: Sequence[str]) -> list[LineRole]:
    """The series of roles that fits the looks of the lines best."""
    return shape.entries(lines, *_reading(tuple(lines)))


@lru_cache(maxsize=1)
def _reading(lines: tuple[str, ...]) -> tuple[Sequence[Block], list[str]]:
    """The blocks of a file and their roles; the file that is scored is then asked for its roles."""
    found = shape.blocks(lines)
    return found, _given(found)


def _given(found: Sequence[Block]) -> list[str]:
    looks = map(look_of, [block.text for block in found])
    costs = [(title, 6 * (1 - names), abstract, owner, page) for _, names, abstract, title, owner, page in looks]
    return cheapest_roles(costs, _STATES, _MOVES, _START)


LAYOUT: Final = Layout("listing_c", score, roles)
