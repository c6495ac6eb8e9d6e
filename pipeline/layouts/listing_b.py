"""Layout B: furniture of a page with a name, then for each paper title, venue and abstract as blocks with blank
lines between.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import Final

from pipeline.layouts import blocks as shape
from pipeline.layouts.alignment import cheapest_roles
from pipeline.layouts.blocks import Block, Look, look_of
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.people import names_likeness, people_likeness
from pipeline.layouts.references import NUMBER
from pipeline.layouts.shapes import are_labelled, has_venue_word, is_coded, is_furniture, width

_STATES: Final = ("title", "venue", "abstract", "page_owner", "chrome")
_START: Final = {"chrome": 0.0, "page_owner": 0.0, "title": 0.5}
_MOVES: Final = {
    ("chrome", "chrome"): 0.0, ("chrome", "page_owner"): 0.0, ("chrome", "title"): 0.5, ("page_owner", "title"): 0.0,
    ("page_owner", "chrome"): 1.0,
    ("title", "venue"): 0.0, ("venue", "abstract"): 0.0, ("abstract", "title"): 0.0,
    ("title", "abstract"): 0.8, ("venue", "title"): 1.2, ("title", "title"): 2.5, ("abstract", "abstract"): 1.5,
    ("abstract", "chrome"): 1.0, ("venue", "chrome"): 2.0,
}  # fmt: skip
# Without a venue or furniture the shape is that of any text with headings, which is no listing.
_WITHOUT_PROOF: Final = 0.4
_SEVERAL: Final = re.compile(r"[,;] | (?:and|&|und|et) ")


def score(lines: Sequence[str]) -> float:
    """Share of the lines, those of the page not counted, in records with a title and an abstract or a venue, set off
    by blank lines.

    Only where furniture of a page, or venues in a third of the records, prove that this is a listing and no text with
    headings.
    """
    if are_labelled(lines) or not shape.are_set_off(lines):
        return 0.0  # the parts of a record are set off from one another
    found, given = _reading(tuple(lines))
    places = _places(found)
    groups = shape.by_entry(found, given)
    told = [group for group in groups if _is_told(group, places)]
    if sum(NUMBER.match(block.text) is not None for block in found) * 5 > 2 * len(found):
        return 0.0  # numbers start references
    if _is_manual(found, given) or _has_people_for_titles(told):
        return 0.0
    lengths = [width(block.text) for group in told for block in group.get("abstract", ())]
    if not lengths or median(lengths) < shape.LONG / 2:
        return 0.0
    share = sum(map(_size, told)) / (sum(map(_size, groups)) + shape.stray_lines(found, given))
    # A text that repeats as a whole repeats no venue: that stands below different titles.
    often = Counter(venue for _, venue in {_under_title(group) for group in told if "venue" in group})
    venues = sum(times for text, times in often.items() if times > 1 or has_venue_word(text))
    furniture = any(role == "chrome" and is_furniture(block.text) for block, role in zip(found, given, strict=True))
    several = len({group["title"][0].text for group in told})
    return share if furniture or venues * 3 >= several else min(share, _WITHOUT_PROOF)


def roles(lines: Sequence[str]) -> list[LineRole]:
    """The series of roles that fits the looks of the lines and the blank lines between them best."""
    return shape.entries(lines, *_reading(tuple(lines)))


@lru_cache(maxsize=1)
def _reading(lines: tuple[str, ...]) -> tuple[list[Block], list[str]]:
    """The blocks of a file and their roles; the file that is scored is then asked for its roles."""
    found = shape.paragraphs(lines)
    return found, _given(found)


def _given(found: Sequence[Block]) -> list[str]:
    places = _places(found)
    return cheapest_roles([_costs(block, places) for block in found], _STATES, _MOVES, _START)


def _costs(block: Block, places: frozenset[str]) -> tuple[float, ...]:
    """What a line costs in each of the states. Blank lines are evidence: records are as a rule further apart than their
    parts.
    """
    look, part, is_place = look_of(block.text), 0.3 * max(0, block.gap - 1), block.text in places
    return (
        look.title + (1.5 if block.gap < 2 and block.line else 0.0) + 1.5 * is_place,
        _venue_cost(block.text, look, is_place=is_place) + part,
        look.abstract + part,
        look.owner,
        look.chrome,
    )


def _places(found: Sequence[Block]) -> frozenset[str]:
    """Lines that name a place of publication: by a word for it, or because the file repeats them."""
    often = Counter(block.text for block in found)
    return frozenset(
        text for text, times in often.items() if has_venue_word(text) or (times > 1 and 4 < width(text) < shape.LONG)
    )


def _venue_cost(text: str, look: Look, *, is_place: bool) -> float:
    long = max(0.0, (look.width - 200) / 40)
    return long + (0.0 if is_place else 2.5) + 0.5 * text.endswith(".")


def _is_told(group: Mapping[str, Sequence[Block]], places: frozenset[str]) -> bool:
    """A title with an abstract or a known venue, each set off by blank lines, and no list of names, which is of
    another layout.
    """
    parts = [block for role, part in group.items() for block in part if role != "title"]
    if any(block.gap == 0 for block in parts):
        return False
    names = any(
        block.text.count(",") >= 3 and names_likeness(block.text) >= shape.NAMES for block in group.get("venue", ())
    )
    abstract = any(shape.is_abstract(block.text) for block in group.get("abstract", ()))
    return not names and (abstract or any(block.text in places for block in group.get("venue", ())))


def _is_manual(found: Sequence[Block], given: Sequence[str]) -> bool:
    """Are a third of the lines, or of those that are no titles, written as manuals and code are?

    Titles that all start with the same sign are a list of papers with bullets.
    """
    coded = [(role, block.text[0]) for block, role in zip(found, given, strict=True) if is_coded(block.text)]
    below = sum(role != "title" for role, _ in coded)
    signs = Counter(sign for role, sign in coded if role == "title")
    titles = sum(role == "title" for role in given)
    bulleted = max(signs.values(), default=0) * 10 > titles * 9
    return below * 3 > len(found) - titles or (not bulleted and len(coded) * 3 > len(found))


def _has_people_for_titles(told: Sequence[Mapping[str, Sequence[Block]]]) -> bool:
    """Are most titles lists of people? Then the titles are before them, and the listing is of another layout."""
    titles = [group["title"][0].text for group in told]
    return sum(_SEVERAL.search(title) is not None and people_likeness(title) == 1 for title in titles) * 2 > len(titles)


def _under_title(group: Mapping[str, Sequence[Block]]) -> tuple[str, str]:
    return group["title"][0].text, group["venue"][0].text


def _size(group: Mapping[str, Sequence[Block]]) -> int:
    return sum(map(len, group.values()))


LAYOUT: Final = Layout("listing_b", score, roles)
