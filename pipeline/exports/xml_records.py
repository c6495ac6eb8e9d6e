"""Records in XML: which elements are entries, and their leaves as values with their paths."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from pipeline.exports.fields import TITLES, is_elsewhere, is_of_venue, plain, role_of
from pipeline.exports.markup import Element, Text, parse, text_of
from pipeline.exports.value import BROKEN, OUTSIDE, Export, Value, one_line, outside, trimmed

# Elements that are one record wherever they stand: ACL Anthology, PubMed, DBLP, OAI, Atom, MODS, DataCite and the like.
_ENTRIES: Final = frozenset({
    "paper", "PubmedArticle", "PubmedBookArticle", "article", "inproceedings", "proceedings", "book", "incollection",
    "phdthesis", "mastersthesis", "www", "record", "entry", "hit", "mods", "publication", "REC", "doc", "item",
    "work", "Publication", "Record", "Paper", "Article", "Entry", "Item", "resource",
})  # fmt: skip
_NEVER_NESTED: Final = frozenset({
    "paper", "PubmedArticle", "PubmedBookArticle", "inproceedings", "incollection", "phdthesis", "mastersthesis", "hit",
    "publication", "entry", "mods",
})  # fmt: skip
# Marks inside of running text.
_INLINE: Final = frozenset({
    "i", "b", "em", "strong", "sub", "sup", "tt", "u", "a", "span", "br", "p", "italic", "bold", "sc", "ref", "url",
    "fixed-case", "tex-math", "math", "inline-formula", "title", "sec", "list", "list-item", "label", "q", "small",
    "underline", "monospace", "xref", "ext-link", "named-content", "styled-content", "disp-formula", "mi", "mo", "mn",
    "mrow", "msub", "msup", "alternatives", "inf", "cite", "dispformula", "style", "strike", "bi",
})  # fmt: skip
_PARAGRAPHS: Final = frozenset({"p", "sec", "title", "list-item", "br", "list"})
# Titles below these are headings, or parts of a text.
_RECURSIVE: Final = frozenset({
    "abstract", "title", "summary", "AbstractText", "ArticleTitle", "description", "body", "back", "sec",
})  # fmt: skip
# Elements whose attribute, or element of a role, says what they are: MODS, JATS, DataCite, PubMed and Crossref.
_TYPES: Final = {
    "namePart": "type",
    "contrib": "contrib-type",
    "contrib-group": "content-type",
    "note": "type",
    "AuthorList": "Type",
    "person_name": "contributor_role",
    "organization": "contributor_role",
}
_ROLE: Final = "roleTerm"
_RELATORS: Final = {"aut": "author", "cre": "author", "edt": "editor"}  # MARC's codes
_PARTS_OF_NAMES: Final = frozenset({"namePart", "persName"})
_HOMEPAGES: Final = "homepages/"  # what DBLP says of people
_HEADING: Final = re.compile(r"\W*(?:abstract|summary)\W*", re.IGNORECASE)


def read_xml(text: str) -> Export:
    """The entries of an XML text; every leaf element and attribute is a value, named by its path in the entry."""
    root = parse(text, again=_NEVER_NESTED)
    found = _entries(root)
    entries = [element for element in found if element.closed]
    values: list[Value] = []
    for number, element in enumerate(entries):
        values += (Value(v.field, v.text, v.start, v.end, number) for v in _leaves(text, element, "", frozenset()))
    broken = [element for element in found if not element.closed]
    for element in broken:
        values += outside(text, element.start, element.end, BROKEN)
    taken = frozenset(id(element) for element in found)
    for element in root.elements:
        values += _leaves(text, element, element.tag, taken)
    for child in root.children:
        if isinstance(child, Text):
            values += outside(text, child.start, child.end, OUTSIDE)
    ordered = sorted(values, key=lambda value: (value.start, value.end))
    cut = any(element.end == len(text) for element in broken)
    return Export(tuple(ordered), tuple(trimmed(text, e.start, e.end) for e in entries), cut)


def _entries(root: Element) -> list[Element]:
    """The elements that are a record each: known ones, or else those that hold one title each."""
    titles = [element for element in root.walk() if _is_title(element)]
    titles = [one for one, before in zip(titles, [None, *titles], strict=False) if not _are_fellows(one, before)]
    counts = Counter(id(above) for title in titles for above in _above(title))
    kinds: Counter[tuple[str, str]] = Counter()
    for title in titles:
        entry = _known(title, counts) or _only_title(title, counts)
        if entry is not None and entry.parent is not None:
            kinds[entry.tag, entry.parent.tag] += 1
    found: list[Element] = []
    todo = list(reversed(root.elements))
    while todo:
        element = todo.pop()
        if element.parent is not None and (element.tag, element.parent.tag) in kinds:
            found += [] if element.get("key").startswith(_HOMEPAGES) else [element]
        else:
            todo.extend(reversed(element.elements))
    if any(element.tag == "item" and element.parent and element.parent.tag == "channel" for element in found):
        found = [element for element in found if any(map(_is_of_paper, element.elements))]
    return found if any(_is_of_publication(below) for element in found for below in element.walk()) else []


def _is_of_paper(element: Element) -> bool:
    """A field that feeds of journals and preprints have and feeds of news have not."""
    return element.tag.startswith(("arxiv:", "prism:")) or plain(element.tag).startswith("abstract")


def _is_of_publication(element: Element) -> bool:
    """A field that publications have and feeds, settings and schemas do not: authors, or an abstract by that name."""
    return element.tag in _PARTS_OF_NAMES or _is_of_people(element) or plain(element.tag).startswith("abstract")


def _is_of_place(above: Element) -> bool:
    """Is what stands in an element, or in one that wraps titles and stands in it, about a place of publication?"""
    if plain(above.tag) in TITLES and above.parent is not None:
        above = above.parent
    return is_of_venue(above.tag) and not any(map(_is_of_people, above.elements))


def _is_of_people(element: Element) -> bool:
    return (role_of(element.tag) or ("",))[0] == "authors"


def _is_title(element: Element) -> bool:
    return (
        _is_of_title(element.tag)
        and not any(_is_of_title(below.tag) for below in element.elements)
        and element.parent is not None
        and not _is_of_place(element.parent)
        and not any(is_elsewhere(above.tag) or above.tag in _RECURSIVE for above in _above(element))
    )


def _is_of_title(tag: str) -> bool:
    return (role_of(tag) or ("",))[0] == "title"


def _are_fellows(title: Element, before: Element | None) -> bool:
    """Do two titles stand in one element without anything between them, as those in two languages do?"""
    if before is None or title.parent is not before.parent or title.parent is None:
        return False
    fellows = title.parent.elements
    return fellows.index(title) == fellows.index(before) + 1


def _above(element: Element) -> Iterator[Element]:
    while element.parent is not None:
        element = element.parent
        yield element


def _known(title: Element, counts: Counter[int]) -> Element | None:
    """The outermost element around a title that is known to be a record and holds no other title."""
    known = [a for a in _above(title) if a.tag.rpartition(":")[2] in _ENTRIES and counts[id(a)] == 1]
    within = [above for above in known if above.parent is not None and above.parent.tag]
    return within[-1] if within else known[-1] if known else None


def _only_title(title: Element, counts: Counter[int]) -> Element | None:
    """The largest element, below the document's own, that has this title and no other."""
    best = None
    for above in _above(title):
        if counts[id(above)] > 1 or above.parent is None or not above.parent.tag:
            break
        best = above
    return best


def _leaves(text: str, element: Element, path: str, taken: frozenset[int]) -> Iterator[Value]:
    """The leaves of an element and its attributes; what is in ``taken`` is left out."""
    if id(element) in taken:
        return
    for name, (said, start, end) in element.attributes.items():
        if said.strip() and not name.startswith("xmlns"):
            yield Value(f"{path}/@{name}" if path else f"@{name}", one_line(said), start, end)
    if path and _is_leaf(element, text) and not taken.intersection(id(below) for below in element.walk()):
        leave = frozenset(id(one) for one in element.elements if _HEADING.fullmatch(text_of(text, one)))
        said = one_line(text_of(text, element, leave=leave, spaced=_PARAGRAPHS)) if element.children else ""
        if said.strip():
            low, high = trimmed(text, element.inner_start, element.inner_end)
            yield Value(path, said, low, high)
        return
    several = Counter(child.tag for child in element.elements)
    seen: Counter[str] = Counter()
    for child in element.children:
        if isinstance(child, Text):
            yield from outside(text, child.start, child.end, path or OUTSIDE)
            continue
        seen[child.tag] += 1
        name = _step(text, child) if several[child.tag] == 1 else f"{_step(text, child)}[{seen[child.tag]}]"
        yield from _leaves(text, child, f"{path}/{name}" if path else name, taken)


def _step(text: str, element: Element) -> str:
    """The tag of an element, with what it is of a kind behind it where the tag alone leaves that open."""
    kind = element.get(_TYPES.get(element.tag, ""))
    if element.tag == "name" and not kind:
        roles = [below for below in element.walk() if below.tag.rpartition(":")[2] == _ROLE]
        kind = text_of(text, roles[0]).strip() if roles else ""
    kind = _RELATORS.get(kind, kind)
    return f"{element.tag}:{kind}" if kind.isalpha() else element.tag


def _is_leaf(element: Element, text: str) -> bool:
    """Text, perhaps with marks inside. An element that was never closed, and took fields along, is none."""
    below = element.elements
    if not below:
        return True
    if all(_is_of_title(child.tag) for child in [element, *below]):
        return False
    if not all(child.tag.rpartition(":")[2] in _INLINE for child in below):
        own = any(isinstance(c, Text) and text[c.start : c.end].strip() for c in element.children)
        return own and element.closed and not any(role_of(child.tag) for child in below)
    return role_of(element.tag) is not None or any(
        isinstance(child, Text) and text[child.start : child.end].strip() for child in element.children
    )
