"""The text of a field of an export as a reader has it: without the marks that the format puts into values."""

import re
from collections.abc import Iterable
from typing import Final

from pipeline.split.export_roles import TAGGED
from pipeline.split.fields import field_text

_BREAKING: Final = r"p|br|sec|title|list|list-item|li|ul|ol|div|h[1-6]"
_MARKS: Final = r"i|b|em|strong|sub|sup|sc|tt|u|span|italic|bold|inline-formula|tex-math|a|xref|ext-link|underline"
# JATS in Crossref's abstracts, and the tags of HTML that stand in titles.
_HEADING: Final = re.compile(r"<(jats:)?title>\s*(?:abstract|summary)\W{0,2}\s*</(jats:)?title>", re.IGNORECASE)
_BLOCK: Final = re.compile(rf"</?(?:jats:)?(?:{_BREAKING})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_INLINE: Final = re.compile(rf"</?(?:(?:jats:)?(?:{_MARKS})|(?:jats|mml):[\w-]+)(?:\s[^<>]*)?/?>", re.IGNORECASE)
# What reference managers make of signs, also of those that are in a formula or around it.
_SIGN: Final = re.compile(r"(?<!\\)\{([$_^&%#])\}")
_MATH: Final = re.compile(r"(?<!\\)\$[^$]*\$")
_COMMAND: Final = re.compile(r"\\[A-Za-z]+\*?\s*$")
_LONGEST: Final = 40  # characters of a command
_MARKED_UP: Final = TAGGED | {"csv", "tsv", "json", "jsonl", "xml"}


def value_text(texts: Iterable[str], role: str, file_format: str) -> str | None:
    """The value of a field from its pieces, or None when they say nothing.

    LaTeX and typography stay as printed; in BibTeX braces that only protect capitals go.
    """
    pieces = [_unbraced(text) for text in texts] if file_format == "bibtex" else list(texts)
    if file_format in _MARKED_UP:
        pieces = [_untagged(text) for text in pieces]
    return field_text(pieces, role)


def _untagged(text: str) -> str:
    if "<" not in text:
        return text
    return _INLINE.sub("", _BLOCK.sub(" ", _HEADING.sub("", text)))


def _unbraced(text: str) -> str:
    """Without the braces that belong to no command and no formula."""
    if "{" not in text and "}" not in text:
        return text
    text = _SIGN.sub(r"\1", text)
    formulas = [match.span() for match in _MATH.finditer(text)]
    kept, opened = [], []
    for place, char in enumerate(text):
        if char not in "{}" or any(start <= place < end for start, end in formulas):
            kept.append(char)
        elif char == "{":
            before = text[place - 1 : place]
            of_command = before in {"\\", "_", "^"} or text[place + 1 : place + 2] == "\\"
            of_command |= _COMMAND.search(text[max(0, place - _LONGEST) : place]) is not None or (
                before == "}" and kept[-1] == "}"
            )
            opened.append(of_command)
            kept.append(char if of_command else "")
        else:
            kept.append(char if opened and opened.pop() else "")
    return "".join(kept)
