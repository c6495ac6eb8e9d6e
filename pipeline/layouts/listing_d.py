"""Layout D: labelled fields (`Title:`, `Authors:`, `Abstract:` and others), in any order that the file keeps, with
parts of the page between the records.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import Final

from pipeline.layouts.blocks import is_abstract, proof
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.shapes import LABELS, Label, count_headers, ends_sentence, is_chrome, labels_of, width
from pipeline.layouts.wrapping import broken_before

# A label that stands at fewer records than one in five is a word of the text.
_RARE: Final = 5
# Fields that a record has once; of the others (a journal beside a conference) each word may come once.
_SINGLE: Final = frozenset({"title", "authors", "abstract"})
# Abstracts whose labelled line is longer are not wrapped.
_UNWRAPPED: Final = 200
# What is shorter and ends no sentence is no line of a wrapped text but its last, or furniture.
_SHORT: Final = 50
_ROLES: Final = {"other": "unclaimed"}
_RULES: Final = {name: f"label of {name}" for name in LABELS}
_BLANK: Final = LineRole("blank", None, "nothing on the line")


@dataclass
class _Reading:
    """Where the reading of a file is: the record, the fields that it has, and the field that may go on."""

    entry: int = -1
    seen: set[str] = field(default_factory=set)
    goes_on: str | None = None
    is_open: bool = False
    after_chrome: bool = False
    room: int = 0


def score(lines: Sequence[str]) -> float:
    """Share of the lines with text that are part of records with a title, furniture of pages not counted.

    Lists of authors and abstracts prove that the labels are those of papers and not of a letter, a package or a form:
    half of the records must have an abstract, and all of a file of one record.
    """
    if not any(label and label.field == "title" for label in labels_of(lines)):
        return 0.0
    given = roles(lines)
    groups: dict[int, dict[str, list[str]]] = {}
    for line, role in zip(lines, given, strict=True):
        if role.entry is not None:
            groups.setdefault(role.entry, {}).setdefault(role.role, []).append(line)
    told = {entry for entry, parts in groups.items() if "title" in parts and parts.keys() & {"authors", "abstract"}}
    proven = proof(
        len(told),
        ("authors" in groups[entry] and is_abstract(" ".join(groups[entry].get("abstract", ()))) for entry in told),
    )
    if not proven or (len(told) == 1 and len(groups) > 1) or count_headers(lines) > 2 * len(told):
        return 0.0
    again = Counter(line.strip() for line, role in zip(lines, given, strict=True) if role.role == "chrome")
    body = sum(
        not (role.role == "blank" or (role.role == "chrome" and (again[line.strip()] > 1 or is_chrome(line))))
        for line, role in zip(lines, given, strict=True)
    )
    share = sum(role.entry in told for role in given) / body
    return share * proven


def roles(lines: Sequence[str]) -> list[LineRole]:
    """A role for each line: labels start fields, the starting label or a repeated one a record; what goes on with a
    field has its role.
    """
    return list(_reading(tuple(lines)))


@lru_cache(maxsize=1)
def _reading(lines: tuple[str, ...]) -> tuple[LineRole, ...]:
    texts = [line.strip() for line in lines]
    labels = _common(labels_of(lines))
    starter = _starter(texts, labels)
    often = Counter(texts)
    opening = [width(text) for text, label in zip(texts, labels, strict=True) if label and label.field == "abstract"]
    wrapped = not opening or median(opening) <= _UNWRAPPED
    state = _Reading()
    given: list[LineRole] = []
    for text, label, broken in zip(texts, labels, broken_before(lines), strict=True):
        if not text:
            given.append(_BLANK)
            state.goes_on = state.goes_on if state.goes_on == "abstract" else None
        elif label:
            given.append(_labelled(state, label, text, starter))
        elif state.goes_on and _goes_on(state, text, often[text], wrapped=wrapped, broken=broken):
            given.append(LineRole(_ROLES.get(state.goes_on, state.goes_on), state.entry, "goes on with its field"))
            state.is_open, state.room = not ends_sentence(text), max(state.room, width(text))
        else:
            given.append(LineRole("chrome", None, "no label, and goes on with nothing"))
            state.after_chrome = True
    return tuple(given)


def _labelled(state: _Reading, label: Label, text: str, starter: str | None) -> LineRole:
    key = label.field if label.field in _SINGLE else label.word
    if state.entry < 0 or key in state.seen or label.field == starter:
        state.entry += 1
        state.seen = set()
    state.seen.add(key)
    state.goes_on, state.after_chrome = label.field, False
    state.is_open, state.room = not ends_sentence(text), width(text)
    return LineRole(_ROLES.get(label.field, label.field), state.entry, _RULES[label.field])


def _goes_on(state: _Reading, text: str, times: int, *, wrapped: bool, broken: bool) -> bool:
    """Does a line without a label go on with the field before it? Lines that the file repeats are its page's."""
    if is_chrome(text) or (times > 1 and not (broken and state.is_open)):
        return False
    if broken and not state.after_chrome:
        return True
    if state.goes_on != "abstract":
        return not state.after_chrome
    if state.is_open:
        return wrapped or ends_sentence(text) or width(text) > _SHORT
    if state.after_chrome:
        return False
    return ends_sentence(text) if width(text) * 2 > min(state.room, 2 * _SHORT) else False


def _common(labels: Sequence[Label | None]) -> list[Label | None]:
    """The label of each line, but for words that label too few records."""
    words = Counter(label.word for label in labels if label)
    most = max((times for word, times in words.items()), default=0)
    of_field = {label.field: 0 for label in labels if label}
    for label in labels:
        if label:
            of_field[label.field] = max(of_field[label.field], words[label.word])
    return [
        label
        if label and words[label.word] * _RARE >= max(of_field[label.field], 0 if label.field in _SINGLE else most)
        else None
        for label in labels
    ]


def _starter(texts: Sequence[str], labels: Sequence[Label | None]) -> str | None:
    """The field that starts records: the one most often behind a blank line, another part of the page or nothing; of
    equals the first of the file.
    """
    behind: Counter[str] = Counter()
    free = True
    for text, label in zip(texts, labels, strict=True):
        if label:
            behind[label.field] += free
            free = False
        elif not text or is_chrome(text):
            free = True
    first = next((label.field for label in labels if label), None)
    if not behind or first is None:
        return first
    most = max(behind.values())
    return first if behind[first] == most else next(name for name, times in behind.items() if times == most)


LAYOUT: Final = Layout("listing_d", score, roles)
