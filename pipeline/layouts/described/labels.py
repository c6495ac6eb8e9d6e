"""Reading records whose lines start with labels, or have them on the line above."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipeline.layouts.described.spec import Labels
from pipeline.layouts.layout import LineRole
from pipeline.layouts.shapes import is_chrome

RULE: Final = re.compile(r"\s*([-=_*~#+.])(?:\s?\1){2,}\s*")


def roles_by_labels(shape: Labels, lines: Sequence[str]) -> list[LineRole]:
    """A role for each line: the first label, or one that the record has already, starts a record; lines without a label
    go on with the field before them, an abstract also behind blank lines.
    """
    known = sorted(shape.roles, key=lambda item: -len(item[0]))
    starter = shape.roles[0][0]
    often = Counter(line.strip() for line in lines)
    entry, goes_on, gap, given = -1, None, False, []
    seen: set[str] = set()
    for line in lines:
        text = line.strip()
        label = next((item for item in known if starts_with(text, item[0])), None)
        if not text:
            given.append(LineRole("blank", None, "nothing on the line"))
            gap = True
            continue
        if label is not None:
            if entry < 0 or label[0] == starter or label[0] in seen:
                entry, seen = entry + 1, set()
            seen.add(label[0])
            goes_on = label[1]
            given.append(_labelled(line, label[0], goes_on, entry))
        elif goes_on is None or RULE.fullmatch(text) or _is_page(text, often[text]):
            given.append(LineRole("chrome", None, "no label, and goes on with nothing"))
        elif gap and goes_on != "abstract":
            given.append(LineRole("unclaimed", None, "behind a blank line, without a label"))
        else:
            given.append(LineRole(_role(goes_on), entry, "goes on with its field"))
        gap = False
    return given


def starts_with(text: str, label: str) -> bool:
    """Does a text start with a label as a whole word?"""
    behind = text[len(label) : len(label) + 1]
    return text.startswith(label) and not (label[-1].isalnum() and behind.isalnum())


def _labelled(line: str, label: str, role: str, entry: int) -> LineRole:
    low = len(line) - len(line.lstrip()) + len(label)
    low += len(line[low:]) - len(line[low:].lstrip())
    high = len(line.rstrip())
    parts = ((role, low, high),) if role != "other" and low < high else ()
    return LineRole(_role(role), entry, f"label {label}", parts)


def _role(field: str) -> str:
    return "unclaimed" if field == "other" else field


def _is_page(text: str, times: int) -> bool:
    """Furniture of a page; a line of digits or the like is it only where the file repeats it."""
    return is_chrome(text) and (times > 1 or any(char.isalpha() for char in text))
