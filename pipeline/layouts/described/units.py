"""Reading records whose lines have no labels: where they start, and which line is which field by its place and look."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.layouts.alignment import cheapest_roles
from pipeline.layouts.blocks import MAX_HEAD, Block, blocks, look_of
from pipeline.layouts.described.labels import RULE
from pipeline.layouts.described.looks import is_people, is_several, is_year, without_affiliations
from pipeline.layouts.described.spec import Units
from pipeline.layouts.layout import LineRole
from pipeline.layouts.people import people_likeness
from pipeline.layouts.references import NUMBER, fit
from pipeline.layouts.shapes import has_venue_word, is_chrome, is_furniture, width
from pipeline.layouts.wrapping import broken_before

_BULLET: Final = re.compile(r"\s{0,40}[-*+•‣▪◦·–—o»>]\s+(?=\S)")
_MORE: Final = "more of abstract"
# What it costs that a record lacks a field, and that an abstract has one more paragraph.
_LACK: Final = 1.5
_PARAGRAPH: Final = 0.8


def roles_by_units(shape: Units, lines: Sequence[str]) -> list[LineRole]:
    """A role for each line: units are grouped into records, and in each the cheapest series of roles is taken."""
    found = units_of(lines)
    groups = records_of(found, shape)
    given = [LineRole("blank", None, "nothing on the line")] * len(lines)
    entry = -1
    for is_record, group in groups:
        if not is_record:
            for block in group:
                _put(given, block, [LineRole("chrome", None, "part of the page")] * block.size)
            continue
        states = _states(group, shape)
        for block, state in zip(group, states, strict=True):
            starts = block is group[0] if shape.between != "line" else state == shape.roles[0]
            entry += starts
            role = state if state != _MORE else "abstract"
            low = prefix(lines[block.line], shape.between) if starts else 0
            _put(given, block, _of_block(lines, block, role, max(0, entry), low))
    return given


def units_of(lines: Sequence[str]) -> list[Block]:
    """The lines that are not blank, those that were wrapped joined again, but for a list of names that is as wide as
    the text and ends there.
    """
    broken = broken_before(lines)
    joined: list[Block] = []
    for block in blocks(lines):
        goes_on = joined and broken[block.line] and not is_furniture(block.text)
        if goes_on and not _ends_list(joined[-1].text, block.text):
            last = joined[-1]
            joined[-1] = Block(last.line, f"{last.text} {block.text}", last.gap, last.size + 1)
        else:
            joined.append(block)
    return joined


def _ends_list(text: str, after: str) -> bool:
    return is_several(text) and is_people(text) and not text.endswith((",", ";", "and", "&")) and not is_people(after)


def records_of(found: Sequence[Block], shape: Units) -> list[tuple[bool, list[Block]]]:
    """The units in groups, each a record or a part of the page.

    Before the first mark everything is of the page; where blank lines set records apart, one unit alone at the head is.
    """
    groups: list[tuple[bool, list[Block]]] = []
    if shape.between == "line":
        head = _head(found, shape.roles)
        is_page = [
            n < head or RULE.fullmatch(block.text) is not None or is_furniture(block.text)
            for n, block in enumerate(found)
        ]
        return [(kind, [b for b, page in zip(found, is_page, strict=True) if page != kind]) for kind in (False, True)]
    far = 2 if shape.between == "blank lines" else 1
    for block in found:
        if RULE.fullmatch(block.text) or (is_chrome(block.text) and not is_year(block.text)):
            groups.append((False, [block]))
        elif _starts(block, shape.between, far, groups):
            groups.append((True, [block]))
        else:
            groups[-1][1].append(block)
    if shape.between in {"blank line", "blank lines", "rule"} and len(groups) > 1:
        first = groups[0][1]
        if len(first) == 1 and first[0].line < MAX_HEAD:
            groups[0] = (False, first)
    if shape.between in {"number", "bullet"}:
        groups = [(is_record and prefix(group[0].text, shape.between) > 0, group) for is_record, group in groups]
    return groups


def _head(found: Sequence[Block], roles: Sequence[str]) -> int:
    """How many units are before the first record: it starts with its first field, and its second follows."""
    starts = [n for n, block in enumerate(found[: MAX_HEAD + 1]) if _look(block.text, roles[0]) < 1]
    sure = [n for n in starts if n + 1 < len(found) and len(roles) > 1 and _look(found[n + 1].text, roles[1]) < 1]
    return next(iter([*sure, *starts]), 0)


def _starts(block: Block, between: str, far: int, groups: Sequence[tuple[bool, list[Block]]]) -> bool:
    if not groups or not groups[-1][0]:
        return True
    if between in {"number", "bullet"}:
        return prefix(block.text, between) > 0
    return between != "rule" and block.gap >= far


def prefix(line: str, between: str) -> int:
    """Where a unit starts behind its number or bullet."""
    pattern = {"number": NUMBER, "bullet": _BULLET}.get(between)
    found = pattern.match(line) if pattern else None
    return found.end() if found else 0


def _states(group: Sequence[Block], shape: Units) -> list[str]:
    """The series of roles that fits the looks best: each role once and in order, an abstract in several paragraphs."""
    roles = shape.roles
    states = [*dict.fromkeys(roles), *([_MORE] if "abstract" in roles else [])]
    texts = [
        block.text[prefix(block.text, shape.between) if number == 0 else 0 :] for number, block in enumerate(group)
    ]
    moves = _moves(roles, cyclic=shape.between == "line")
    start = {role: _LACK * number for number, role in enumerate(roles)}

    if "other" in roles:  # several places may have no column: nothing tells them apart but their number
        fitting = len(roles) == len(group)
        return list(roles) if fitting else ["other"] * len(group)
    looks = ["abstract" if state == _MORE else state for state in states]
    return cheapest_roles([[_look(text, look) for look in looks] for text in texts], states, moves, start)


def _moves(roles: Sequence[str], *, cyclic: bool) -> Mapping[tuple[str, str], float]:
    size = len(roles)
    moves = {}
    for here, role in enumerate(roles):
        for step in range(1, size + 1):
            there = here + step
            if there < size:
                moves[role, roles[there]] = _LACK * (step - 1)
            elif cyclic:
                moves[role, roles[there - size]] = _LACK * (step - 1)
            elif step == 1:
                moves[role, role] = 6.0
    if "abstract" in roles:
        moves |= {(_MORE, after): cost for (before, after), cost in moves.items() if before == "abstract"}
        moves["abstract", _MORE] = moves[_MORE, _MORE] = _PARAGRAPH
    return moves


def _look(text: str, role: str) -> float:
    """How little a unit looks like a field."""
    if role == "year":
        return 0.0 if is_year(text) else 5.0
    if role == "authors":
        return 0.0 if is_people(text) else 6 * (1 - people_likeness(without_affiliations(text)))
    if role == "abstract":
        return look_of(text).abstract
    if role == "title":
        return look_of(text).title + 3.0 * is_year(text)
    if role == "reference":
        return 2.0 * (1 - max(fit(text, order) for order in ("title, authors", "authors, title")))
    return 2.0 * (not has_venue_word(text)) + max(0.0, (width(text) - 200) / 40)


def _of_block(lines: Sequence[str], block: Block, role: str, entry: int, low: int) -> list[LineRole]:
    """The roles of the lines of a unit; ``low`` is where its value starts in the first."""
    rule = f"{role} by place and look"
    if role == "other":
        return [LineRole("unclaimed", entry, rule)] * block.size
    line = lines[block.line]
    parts = ((role, low, len(line.rstrip())),) if low else None
    return [LineRole(role, entry, rule, parts), *[LineRole(role, entry, rule)] * (block.size - 1)]


def _put(given: list[LineRole], block: Block, roles: Sequence[LineRole]) -> None:
    given[block.line : block.line + block.size] = roles
