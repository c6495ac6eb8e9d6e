"""XML and HTML as one light tree with the place of every element, attribute and text.

Nothing outside the text is ever loaded and no entity is defined by a document, so that none can grow. What is not
closed is closed where its parent is, and marked; lxml recovers as well, but keeps line numbers only, of start tags
only. Not here: which elements are records (``xml_records``, ``html_pages``).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

_MARKUP: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|<![A-Za-z][^<>\[]*+>"
    r"|<!(?i:doctype)[^<>\[]*+\[(?:[^\]<]|<!(?=ENTITY|ELEMENT|ATTLIST|NOTATION|--)|<\?)*+\]\s*+>"
    r"|<(?P<close>/?)(?P<tag>[A-Za-z_][\w:.-]*+)(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+)>"
    r"|<(?P<close_>/?)(?P<tag_>[A-Za-z_][\w:.-]*+)(?P<attributes_>[^<>]*+)>",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"(?P<name>[^\s=\"'/<>]+)(?:\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s\"'<>]+)))?"
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_VOID: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_RAW: Final = frozenset({"script", "style", "template", "noscript", "svg"})
# Elements of HTML that the start of another one closes (HTML standard, "optional tags").
_CLOSES: Final = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "p": ({"p"}, {"div", "td", "li", "body", "section", "article", "dd", "blockquote"}),
    "div": ({"p"}, {"div", "td", "li", "body", "section", "article", "dd", "blockquote"}),
}
MAX_DEPTH: Final = 400


@dataclass(slots=True, eq=False)
class Text:
    """A stretch of text as written; ``literal`` when nothing in it is escaped."""

    start: int
    end: int
    literal: bool = False


@dataclass(slots=True, eq=False)
class Element:
    """An element with the span of itself (``start``, ``end``) and of what is in it; ``closed`` by its own end tag."""

    tag: str
    start: int
    inner_start: int
    parent: "Element | None" = None
    attributes: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    children: "list[Element | Text]" = field(default_factory=list)
    inner_end: int = 0
    end: int = 0
    closed: bool = False
    known: "dict[str, str | None]" = field(default_factory=dict)  # what was found out about it once

    @property
    def elements(self) -> "list[Element]":
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Element)]

    def get(self, name: str) -> str:
        """An attribute's text, or ""."""
        return self.attributes.get(name, ("", 0, 0))[0]

    def walk(self) -> "Iterator[Element]":
        """The element and all below it, in the order of the text."""
        todo = [self]
        while todo:
            element = todo.pop()
            yield element
            todo.extend(reversed(element.elements))


def parse(text: str, *, html_rules: bool = False, again: frozenset[str] = frozenset()) -> Element:
    """The tree of a text below one root that is the whole text; nothing raises.

    ``again`` are tags that are never inside themselves: where one starts inside its like, that one has ended.
    """
    root = Element("", 0, 0)
    stack, place = [root], 0
    while match := _MARKUP.search(text, place):
        _add_text(stack[-1], place, match.start())
        place = match.end()
        tag = match["tag"] or match["tag_"]
        if match["cdata"] is not None:
            stack[-1].children.append(Text(*match.span("cdata"), literal=True))
        if not tag:
            continue
        tag = tag.lower() if html_rules else tag
        if match["close"] or match["close_"]:
            _close(stack, tag, match.start(), match.end())
            continue
        _end_open(stack, tag, match.start(), html_rules=html_rules, again=again)
        group = "attributes" if match["tag"] else "attributes_"
        element = Element(tag, match.start(), match.end(), stack[-1], _attributes(match, group, lower=html_rules))
        stack[-1].children.append(element)
        if (tag in _VOID) if html_rules else match[group].rstrip().endswith("/"):
            element.inner_end = element.end = match.end()
            element.closed = True
        elif html_rules and tag in _RAW:
            place = _raw(text, element)
        elif len(stack) < MAX_DEPTH:
            stack.append(element)
        else:
            element.inner_end = element.end = match.end()
    _add_text(stack[-1], place, len(text))
    for element in stack:
        element.inner_end = element.end = len(text)
    return root


def text_of(
    text: str, element: Element, *, leave: frozenset[int] = frozenset(), spaced: frozenset[str] = frozenset()
) -> str:
    """What an element says: no tags, entities decoded once. Around the tags ``spaced`` stands a space.

    Elements whose ``id`` is in ``leave`` are left out.
    """
    pieces: list[str] = []
    for child in element.children:
        if isinstance(child, Text):
            raw = text[child.start : child.end]
            pieces.append(raw if child.literal else unescape(raw))
        elif id(child) not in leave:
            inner = text_of(text, child, leave=leave, spaced=spaced)
            pieces.append(f" {inner} " if child.tag.rpartition(":")[2].lower() in spaced else inner)
    return "".join(pieces)


def unescape(text: str) -> str:
    """Entities decoded, once; one without its semicolon, or that means nothing, stays."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]) or match[0], text) if "&" in text else text


def _add_text(element: Element, start: int, end: int) -> None:
    if start < end:
        element.children.append(Text(start, end))


def _attributes(match: re.Match[str], group: str, *, lower: bool) -> dict[str, tuple[str, int, int]]:
    found: dict[str, tuple[str, int, int]] = {}
    offset = match.start(group)
    for one in _ATTRIBUTE.finditer(match[group]):
        value = next((name for name in "abc" if one[name] is not None), None)
        start, end = one.span(value) if value else (one.end(), one.end())
        name = one["name"].lower() if lower else one["name"]
        found.setdefault(name, (unescape(one[value]) if value else "", offset + start, offset + end))
    return found


def _close(stack: list[Element], tag: str, start: int, end: int) -> None:
    """An end tag closes the innermost open element of its name with all that is open in it; else it is nothing."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].tag == tag:
            for element in stack[depth + 1 :]:
                element.inner_end = element.end = start
            stack[depth].inner_end, stack[depth].end, stack[depth].closed = start, end, True
            del stack[depth:]
            return


def _end_open(stack: list[Element], tag: str, start: int, *, html_rules: bool, again: frozenset[str]) -> None:
    """End what the start of ``tag`` ends though nothing closed it."""
    closed, walls = _CLOSES.get(tag, (set(), set())) if html_rules else ({tag} if tag in again else set(), set())
    depth = len(stack) - 1 if closed else 0
    lowest = None
    while depth > 0 and stack[depth].tag not in walls:
        if stack[depth].tag in closed:
            lowest = depth
            break
        depth -= 1
    if lowest is not None:
        for element in stack[lowest:]:
            element.inner_end = element.end = start
        stack[lowest].closed = True
        del stack[lowest:]


def _raw(text: str, element: Element) -> int:
    """Skip what is no markup: everything up to the end tag is one literal text."""
    found = re.compile(rf"</{element.tag}\s*>", re.IGNORECASE).search(text, element.inner_start)
    element.inner_end, element.end = found.span() if found else (len(text), len(text))
    element.closed = found is not None
    if element.inner_start < element.inner_end:
        element.children.append(Text(element.inner_start, element.inner_end, literal=True))
    return element.end
