"""The text of one field of a record: lines joined, label removed, white space collapsed, words for nothing taken as
missing.
"""

from collections.abc import Iterable

from pipeline.layouts.shapes import is_placeholder, label_of


def field_text(lines: Iterable[str], field: str) -> str | None:
    """The value of a field from its lines, or None when they hold nothing or only a word for nothing."""
    text = " ".join(" ".join(lines).split())
    label = label_of(text)
    if label is not None and label[0] == field:
        text = text[label[1] :].strip()
    return None if is_placeholder(text) else text
