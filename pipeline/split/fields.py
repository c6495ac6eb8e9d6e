"""The text of one field of a record: lines joined, label removed, white space collapsed, words for nothing taken as
missing.
"""

import re
from collections.abc import Iterable
from typing import Final

from pipeline.layouts.shapes import is_placeholder, label_of

# A line broken behind a hyphen: the hyphen is part of the word, unless a word follows that joins two halves ("pre- and
# post-war").
_BROKEN: Final = re.compile(r"(?<=[^\W\d_]-)\n\s*(?!(?:and|or|und|oder|et|ou|y|o|to|bis)\b)(?=[^\W\d_])")


def collapsed(text: str) -> str:
    """A text with white space at its ends taken off and each other run of it made one space."""
    # What can be printed has no white space but spaces; most texts have none that is double.
    return text.strip() if "  " not in text and text.isprintable() else " ".join(text.split())


def field_text(lines: Iterable[str], field: str) -> str | None:
    """The value of a field from its lines, or None when they hold nothing or only a word for nothing."""
    text = "\n".join([line.strip() for line in lines])
    text = collapsed(_BROKEN.sub("", text) if "\n" in text else text)
    label = label_of(text)
    if label is not None and label[0] == field:
        text = text[label[1] :].strip()
    return None if is_placeholder(text) else text
