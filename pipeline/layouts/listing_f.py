"""Layout F: the records of layout C (title, authors, abstract) in text wrapped to a width, so that each may run
over several lines.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipeline.layouts import blocks as shape
from pipeline.layouts.alignment import cheapest_roles
from pipeline.layouts.blocks import Block, look_of
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.people import names_likeness
from pipeline.layouts.shapes import are_labelled, ends_sentence, goes_on, is_chrome, is_furniture, width
from pipeline.layouts.wrapping import are_full, wrap_width

_FIELDS: Final = ("title", "authors", "abstract")
_MORE: Final = {field: f"{shape.MORE}{field}" for field in _FIELDS}
# Furniture in the middle of an abstract, which goes on behind it.
_INSIDE: Final = "chrome inside"
_PAGE: Final = frozenset({"page_owner", "chrome", _INSIDE})
_STATES: Final = (*_FIELDS, *_MORE.values(), "page_owner", "chrome", _INSIDE)
_START: Final = {"page_owner": 0.0, "title": 0.5, "chrome": 0.0}
_STEPS: Final = {
    ("title", "authors"): 0.0, ("authors", "abstract"): 0.0, ("abstract", "title"): 0.0,
    ("authors", "title"): 1.5, ("title", "abstract"): 2.5, ("title", "title"): 5.0,
    ("abstract", "abstract"): 1.0, ("abstract", "chrome"): 1.0, ("authors", "chrome"): 2.0,
}  # fmt: skip
_MOVES: Final = {
    ("page_owner", "title"): 0.0, ("chrome", "chrome"): 0.0, ("chrome", "page_owner"): 0.0, ("chrome", "title"): 0.5,
    ("page_owner", "chrome"): 1.0,
    ("abstract", _INSIDE): 0.5, (_MORE["abstract"], _INSIDE): 0.5,
    (_INSIDE, _INSIDE): 0.0, (_INSIDE, _MORE["abstract"]): 0.0,
    **_STEPS,
    **{(_MORE.get(before, before), after): cost for (before, after), cost in _STEPS.items()},
    **{(before, _MORE[field]): 0.0 for field in _FIELDS for before in (field, _MORE[field])},
}  # fmt: skip
_COMMAS: Final = 3  # of a list that is hardly a title
_LONGEST_TITLE: Final = 350
# A full stop behind a word of three letters or more, or a short one that ends sentences and is no abbreviation.
_STOP: Final = re.compile(r"(?:[^\W\d_]{3}|\b(?:it|us|so|do|on|in|up|to|of))\.\s+[^\W\d_]")
# So much of a text shows what it is.
_SEEN: Final = 4000
# What it costs that a line is no continuation although the one before it is full, and that it is one without that.
_COINCIDENCE: Final = 1.2
_UNEXPECTED: Final = 4.0
# So much less of a coincidence it is where a sentence ends.
_ENDED: Final = 0.4
# What it costs an abstract that a line of it is a list of names: less than to break it before, in and behind that line.
_NAMES_INSIDE: Final = 3.0
_MANY_COMMAS: Final = 5
_TORN: Final = 1.0
# What it costs a title that it goes on behind a full stop, be that in a line or at its end.
_STOPPED: Final = 1.5


def score(lines: Sequence[str]) -> float:
    """Share of the lines, those of the page not counted, in records with a title and a list of names, as in layout C.

    Zero for text that is not wrapped, which is layout C's.
    """
    if wrap_width(lines) is None or are_labelled(lines):
        return 0.0
    found, given = _reading(tuple(lines))
    states = [state if state == _MORE["title"] else state.removeprefix(shape.MORE) for state in given]
    groups = shape.by_entry(found, states)
    body = sum(len(part) for group in groups for part in group.values()) + shape.stray_lines(found, given)
    named = [group for group in groups if _is_named(group)]
    if not named:
        return 0.0
    share = sum(len(part) for group in named for part in group.values()) / body
    return share * shape.proof(len(named), (shape.is_abstract(_joined(group, "abstract")) for group in named))


def roles(lines: Sequence[str]) -> list[LineRole]:
    """The series of roles that fits the looks of the lines, and where they were broken, best."""
    return shape.entries(lines, *_reading(tuple(lines)))


@lru_cache(maxsize=1)
def _reading(lines: tuple[str, ...]) -> tuple[Sequence[Block], list[str]]:
    """The blocks of a file and their roles; the file that is scored is then asked for its roles."""
    found = shape.blocks(lines)
    return found, _given(lines, found)


def _given(lines: Sequence[str], found: Sequence[Block]) -> list[str]:
    size = wrap_width(lines)
    full = _bridged(found, are_full(lines, size)) if size else [False] * len(lines)
    pieces = _paragraphs(found, full)

    def cost(index: int, state: str) -> float:
        goes_on = index > 0 and full[found[index - 1].line]
        if state.startswith(shape.MORE):
            stop = _STOPPED * (state == _MORE["title"] and found[index - 1].text.endswith("."))
            # An abstract whose last line stops in the middle of a sentence is none.
            torn = state == _MORE["abstract"] and not full[found[index].line] and not ends_sentence(found[index].text)
            return (0.0 if goes_on else _UNEXPECTED) + stop + torn * _TORN + _odd(found[index].text, state)
        ended = index > 0 and ends_sentence(found[index - 1].text)
        break_cost = (_COINCIDENCE * (_ENDED if ended else 1.0)) if goes_on else 0.0
        if state in _PAGE:
            look = look_of(found[index].text)
            return break_cost + (look.owner if state == "page_owner" else look.chrome)
        return break_cost + _look(pieces[index], state)

    costs = [[cost(index, state) for state in _STATES] for index in range(len(found))]
    given = cheapest_roles(costs, _STATES, _MOVES, _START)
    return ["chrome" if state == _INSIDE else state for state in given]


def _bridged(found: Sequence[Block], full: Sequence[bool]) -> list[bool]:
    """Which lines the next goes on with, also behind furniture that stands in the middle of an open text."""
    bridged = list(full)
    for before, block, after in zip(found, found[1:], found[2:], strict=False):
        if is_chrome(block.text):
            is_open = not ends_sentence(before.text) and not is_chrome(before.text)
            bridged[block.line] = is_open and not after.text[0].isupper() and not is_chrome(after.text)
    return bridged


def _look(text: str, state: str) -> float:
    look = look_of(text)
    if state == "authors":
        return 6 * (1 - look.names)
    if state == "title":
        return look.title + 2.0 * (text.count(",") >= _COMMAS and look.names >= shape.NAMES)
    return look.abstract


def _odd(text: str, state: str) -> float:
    """How little a line looks like one more of its field: a sentence among names, names in an abstract."""
    if is_furniture(text):
        return _UNEXPECTED
    if state == _MORE["authors"]:
        return 2.0 * ends_sentence(text) + 5.0 * (names_likeness(f"{text}, X") <= 0.5)
    if state == _MORE["abstract"]:
        return _NAMES_INSIDE * (text.count(",") >= _MANY_COMMAS and names_likeness(text) == 1.0)
    if state == _MORE["title"]:
        return 3 * max(0.0, names_likeness(text) - 0.6) + _STOPPED * (_STOP.search(text) is not None)
    return 0.0


def _paragraphs(found: Sequence[Block], full: Sequence[bool]) -> list[str]:
    """For each line: its text with the lines that go on with it, as far as they look alike in being names or not."""
    pieces = [block.text for block in found]
    for number in range(len(found) - 2, -1, -1):
        here, after = found[number].text, found[number + 1].text
        alike = (names_likeness(here) >= shape.NAMES) == (names_likeness(after) >= shape.NAMES)
        if full[found[number].line] and (alike or here.endswith((",", ";"))):
            pieces[number] = f"{here} {pieces[number + 1]}"[:_SEEN]
    return pieces


def _is_named(group: dict[str, list[Block]]) -> bool:
    """A list of names behind a title, which is no sentence, nor longer than titles are, and opens no list."""
    title = group["title"] + group.get(_MORE["title"], [])
    said = " ".join(block.text for block in title)
    return (
        "authors" in group
        and names_likeness(_joined(group, "authors")) >= shape.NAMES
        and not said.endswith((".", ":", ",", ";"))
        and not goes_on(said)
        and width(said) <= _LONGEST_TITLE
    )


def _joined(group: dict[str, list[Block]], role: str) -> str:
    return " ".join(block.text for block in group.get(role, ()))


LAYOUT: Final = Layout("listing_f", score, roles)
