"""The values of a web page: each stretch of its text, with what its element is classed as.

Not here: what an element is (``page_roles``), and which values are one record (``html_pages``).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from pipeline.exports.markup import Element, Text, text_of, unescape
from pipeline.exports.page_roles import BLOCKS, SKIPPED, is_label, role_by_class, words_of
from pipeline.exports.value import Value, one_line, trimmed

_SPACED: Final = frozenset({"br", "p", "div", "li", "td", "th", "tr", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"})
_BYLINE: Final = re.compile(r"(?<!\s)(?<!&nbsp;)(?:\s|&nbsp;)++[-–—](?:\s|&nbsp;)++")
_TAGS: Final = re.compile(r"<[^<>]*>")
_YEAR: Final = re.compile(r"\d{4}")
_SEPARATORS: Final = re.compile(r"[\s,;|·•&]*+(?:and[\s,;|·•&]*+)?(?:et al\.?|\.\.\.|…)?\s*+", re.IGNORECASE)


@dataclass(slots=True)
class Found:
    """A value of the page and the element that it is of."""

    value: Value
    element: Element


def page_values(text: str, element: Element) -> Iterator[Found]:
    """The values of an element, in the order of the page: classed ones as what they are, the rest as text."""
    if element.tag in SKIPPED and role_by_class(element) != "author":
        if element.tag == "title":
            yield from one_value(text, element, "page title")
        elif element.inner_start < element.inner_end:
            yield from one_value(text, element, element.tag)
        return
    role = _own_role(text, element)
    if role is not None:
        yield from _READ_AS.get(role, one_value)(text, element, role)
        return
    if not _holds_its_own(element):
        yield from one_value(text, element, "text")
        return
    for child in element.children:
        if isinstance(child, Element):
            yield from page_values(text, child)
        elif text[child.start : child.end].strip():
            yield from _stretch(text, child, element)


def _own_role(text: str, element: Element) -> str | None:
    role = role_by_class(element)
    if role is not None and is_label(text, element):
        return "label"
    holds = role not in {None, "authors", "author"} and _holds_others(text, element, role or "")
    return None if holds else role


def _holds_its_own(element: Element) -> bool:
    """Is there anything below an element that is a value of its own?"""
    if "block" not in element.known:
        held = any(_is_of_its_own(child) or _holds_its_own(child) for child in element.elements)
        element.known["block"] = "yes" if held else None
    return element.known["block"] is not None


def _is_of_its_own(element: Element) -> bool:
    return element.tag in BLOCKS or element.tag in SKIPPED or role_by_class(element) is not None


def _holds_others(text: str, element: Element, role: str) -> bool:
    """Does what is classed as one field hold other fields too, so that it is the record, or the field in full?"""
    others = {"title", "authors", "author", "abstract", "byline"} - {role}
    for below in element.walk():
        inner = role_by_class(below) if below is not element else None
        if inner in others and not is_label(text, below):
            return True
        if inner == role == "abstract" and "full" in words_of(below):
            return True
    return False


def one_value(text: str, element: Element, field: str) -> Iterator[Found]:
    """An element as one value; labels in it are values of their own."""
    leave = frozenset(id(below) for below in element.walk() if below is not element and is_label(text, below))
    raw = text_of(text, element, leave=leave, spaced=_SPACED)
    said = re.sub(" {2,}", " ", one_line(raw))
    for child in element.elements:
        if id(child) in leave:
            yield from one_value(text, child, "label")
    if said.strip():
        start, end = _trimmed(text, element, leave)
        yield Found(Value(field, said, start, end), element)


def _trimmed(text: str, element: Element, leave: frozenset[int]) -> tuple[int, int]:
    """The span of what is in an element, without labels and white space at its ends."""
    start = element.inner_start
    for child in element.children:
        if isinstance(child, Element) and id(child) in leave:
            start = child.end
        elif isinstance(child, Element) or text[child.start : child.end].strip():
            break
    low, high = trimmed(text, start, element.inner_end)
    for child in element.elements:  # the one element that is all of it has the value inside
        if (child.start, child.end) == (low, high) and child.inner_start < child.inner_end:
            return _trimmed(text, child, leave)
    return low, high


def _stretch(text: str, piece: Text, element: Element) -> Iterator[Found]:
    low, high = trimmed(text, piece.start, piece.end)
    yield Found(Value("text", one_line(unescape(text[low:high])), low, high), element)


def _authors(text: str, element: Element, _: str) -> Iterator[Found]:
    """A list of authors: an author an element where nothing but separators is between them, else one value."""
    links: list[Element] = []
    for below in element.walk():
        is_one = below is not element and (below.tag == "a" or "author" in words_of(below))
        if is_one and not (links and below.start < links[-1].end):
            links.append(below)
    rest = text_of(text, element, leave=frozenset(id(below) for below in [*links, *_labels(text, element)]))
    if links and _SEPARATORS.fullmatch(rest.strip()):
        for label in _labels(text, element):
            yield from one_value(text, label, "label")
        for link in links:
            yield from one_value(text, link, "author")
    else:
        yield from one_value(text, element, "authors")


def _labels(text: str, element: Element) -> list[Element]:
    return [below for below in element.walk() if below is not element and is_label(text, below)]


def _byline(text: str, element: Element, _: str) -> Iterator[Found]:
    """`A Author, B Author - Venue, 2020 - publisher`, as search engines print it."""
    place = element.inner_start
    for field in ("authors", "venue", "text"):
        dash = _BYLINE.search(text, place, element.inner_end) if field != "text" else None
        end = dash.start() if dash else element.inner_end
        raw = text[place:end].rstrip("…. \t\n") if field == "authors" else text[place:end]
        said = one_line(unescape(_TAGS.sub("", raw)))
        if said.strip():
            kind = "year" if field == "venue" and _YEAR.fullmatch(said.strip()) else field
            yield Found(Value(kind, said, *trimmed(text, place, place + len(raw))), element)
        if dash is None:
            return
        place = dash.end()


_READ_AS: Final[dict[str, Callable[[str, Element, str], Iterator[Found]]]] = {"authors": _authors, "byline": _byline}
