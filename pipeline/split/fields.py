"""The text of one field of a record: lines joined, label removed, white space collapsed, words for nothing taken as
missing.
"""

import re
from collections.abc import Iterable
from typing import Final

from pipeline.layouts.shapes import is_placeholder, label_at, may_label
from schemas.rules import PLACEHOLDERS

# A line broken behind a hyphen: the hyphen is part of the word, unless a word follows that joins two halves ("pre- and
# post-war").
_BROKEN: Final = re.compile(r"(?<=[^\W\d_]-)\n\s*(?!(?:and|or|und|oder|et|ou|y|o|to|bis)\b)(?=[^\W\d_])")

_LONGEST_PLACEHOLDER: Final = max(map(len, PLACEHOLDERS))
_PRINTABLE: Final = bytes(range(0x20, 0x7F))


def collapsed(text: str) -> str:
    """A text with white space at its ends taken off and each other run of it made one space."""
    # What can be printed has no white space but spaces; most texts have none that is double.
    return text.strip() if "  " not in text and _is_printable(text) else " ".join(text.split())


def _is_printable(text: str) -> bool:
    return not text.encode().translate(None, _PRINTABLE) if text.isascii() else text.isprintable()


def field_text(lines: Iterable[str], field: str) -> str | None:
    """The value of a field from its lines, or None when they hold nothing or only a word for nothing."""
    text = "\n".join([line.strip() for line in lines])
    return value_of(collapsed(_BROKEN.sub("", text) if "\n" in text else text), field)


def line_text(line: str, field: str) -> str | None:
    """The same of a field that is one short line, as most are."""
    text = line.strip()
    return value_of(text if "  " not in text and text.isprintable() else " ".join(text.split()), field)


def value_of(text: str, field: str) -> str | None:
    """The same of a text whose white space is single spaces, none of them at its ends."""
    if not may_label(text[:3]):  # as nearly always
        return text if len(text) > _LONGEST_PLACEHOLDER or not is_placeholder(text) else None
    label = label_at(text)
    if label is not None and label.field == field:
        text = text[label.end :].strip()
    return None if is_placeholder(text) else text
