"""Records in saved web pages: meta tags of one paper, linked data, listings of classed elements, tables with headings.

The fields of a page are named by what they are ("title", "authors", "author", "abstract", "venue", "year"), since a
page has no names of its own but classes; meta tags keep theirs. Words that only name the field beside them are
"label", all other text is "text".
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from pipeline.exports.fields import role_of
from pipeline.exports.linked_data import is_linked_data, read_linked_data
from pipeline.exports.markup import Element, parse, text_of
from pipeline.exports.page_roles import mark_named, role_by_class, words_of
from pipeline.exports.page_values import Found, one_value, page_values
from pipeline.exports.value import Export, Value, one_line

# Elements that are more than one record.
_WHOLES: Final = frozenset({"", "body", "html", "main", "ul", "ol", "dl", "table", "tbody", "section"})
_ITEMS: Final = frozenset({"li", "dd", "tr", "article"})
_NO_FIELDS: Final = frozenset({"text", "label", "nav", "script", "style", "page title", "other"})
_SEVERAL: Final = re.compile(r"[,;，、]|\s(?:and|und|et|&)\s")
_DESCRIBING: Final = frozenset({"summary", "snippet", "description"})  # words for abstracts and for much else
_META: Final = re.compile(r"(?:citation|dc|dcterms|eprints|bepress_citation|prism)[._:]", re.IGNORECASE)


def read_html(text: str) -> Export:
    """The records of a saved page, if it is one that says so; every stretch of its text is a value."""
    root = parse(text, html_rules=True)
    meta = [one for element in root.walk() if element.tag == "meta" for one in _meta(element)]
    mark_named(text, root)
    found = list(page_values(text, root))
    said = {(role_of(value.field) or ("",))[0] for value in meta if _META.match(value.field)}
    if "title" in said and ("authors" in said or any(value.field.startswith("citation_") for value in meta)):
        return _single(text, meta, found)
    linked, spans = read_linked_data(text, root)
    if spans:
        rest = [one.value for one in found if not is_linked_data(one.element)]
        return Export(_ordered([*meta, *rest, *linked]), tuple(spans))
    tables = _tables(text, root)
    if tables is not None:
        return tables
    entries = _entries(found, root)
    cut = bool(entries) and not root.elements[-1].closed and entries[-1][1] >= len(text.rstrip())
    values = [*meta]
    starts = [start for start, _ in entries]
    for one in found:
        number = bisect_right(starts, one.value.start) - 1
        inside = number >= 0 and one.value.start < entries[number][1]
        values.append(_numbered(one.value, number if inside else None))
    return Export(_ordered(values), tuple(entries), cut)


def _single(text: str, meta: list[Value], found: list[Found]) -> Export:
    """A page about one paper: its meta tags, and the abstract of its body where they have none."""
    has_abstract = any(
        (role_of(value.field) or ("",))[0] == "abstract" and "description" not in value.field for value in meta
    )
    own = [value for value in meta if _META.match(value.field)]
    if not has_abstract:
        own += [one.value for one in found if one.value.field == "abstract"][:1]
    span = min(value.start for value in own), max(value.end for value in own)
    start = text.rfind("<", 0, span[0])
    end = text.find(">", span[1])
    rest = [value for value in [*meta, *(one.value for one in found)] if value not in own]
    values = [*(_numbered(value, 0) for value in own), *rest]
    return Export(_ordered(values), ((start, end + 1 if end >= 0 else len(text)),))


def _meta(element: Element) -> Iterator[Value]:
    name = element.get("name") or element.get("property")
    said, start, end = element.attributes.get("content", ("", 0, 0))
    if name and said.strip():
        yield Value(name, one_line(said), start, end)


def _entries(found: list[Found], root: Element) -> list[tuple[int, int]]:
    """A span for each title: the largest element that holds it and no other title, and on to the last value of it."""
    titles = [one for one in found if one.value.field == "title"]
    if not titles or not _is_of_papers(found):
        return []
    counts: dict[int, int] = {}
    for one in titles:
        for above in _lineage(one.element):
            counts[id(above)] = counts.get(id(above), 0) + 1
    holders = []
    for one in titles:
        best = one.element
        for above in _lineage(one.element):
            if counts[id(above)] > 1 or above.tag in _WHOLES or not above.closed:
                break
            best = above
        holders.append(best if len(titles) > 1 else _smallest(one.element, best, found))
    spans = _stretched(holders, found, root.end)
    people = [one.value.start for one in found if one.value.field in {"authors", "author"}]
    people += [one.value.start for one in found if one.value.field == "abstract"]
    bare = [not any(start <= place < end for place in people) for start, end in spans]
    like = {(one.element.tag, one.element.get("class")) for one, alone in zip(titles, bare, strict=True) if not alone}
    kept = [
        span
        for span, one, alone in zip(spans, titles, bare, strict=True)
        if not alone or (one.element.tag, one.element.get("class")) in like
    ]
    return kept if len(kept) > 1 or any(_is_told(found, *span) for span in kept) else []


def _is_told(found: list[Found], start: int, end: int) -> bool:
    """Has the only title of a page what that of a manual has not: a place of print, or more than a description?"""
    inside = [one for one in found if start <= one.value.start < end]
    fields = {one.value.field for one in inside}
    return "venue" in fields or any(
        not words_of(one.element) & _DESCRIBING for one in inside if one.value.field == "abstract"
    )


def _is_of_papers(found: list[Found]) -> bool:
    """Has the page what blogs and shops have not: an abstract by that name, or people with a venue or in company?"""
    if any("abstract" in words_of(one.element) for one in found if one.value.field == "abstract"):
        return True
    people = [one for one in found if one.value.field in {"authors", "author"}]
    joint = any(one.value.field == "authors" and _SEVERAL.search(one.value.text) for one in people)
    beside = any(before.element.parent is one.element.parent for before, one in pairwise(people))
    return bool(people) and (joint or beside or any(one.value.field == "venue" for one in found))


def _smallest(title: Element, best: Element, found: list[Found]) -> Element:
    """The smallest element around the only title of a page that holds all values that the largest one does."""
    held = [x.value for x in found if best.start <= x.value.start < best.end and x.value.field not in _NO_FIELDS]
    lineage = list(_lineage(title))
    within = lineage[: next(n for n, above in enumerate(lineage) if above is best) + 1]
    smallest = next((a for a in within if all(a.start <= value.start < a.end for value in held)), best)
    items = [above for above in within if above.tag in _ITEMS and above.start <= smallest.start]
    return items[0] if items else smallest


def _lineage(element: Element) -> Iterator[Element]:
    above: Element | None = element
    while above is not None:
        yield above
        above = above.parent


def _with_term(element: Element, fellows: list[Element]) -> tuple[int, int]:
    """The span of an element; a definition has its term before it, and a term its definitions behind it."""
    place = bisect_left(fellows, element.start, key=lambda fellow: fellow.start)
    if element.tag == "dd" and place and fellows[place - 1].tag == "dt":
        return fellows[place - 1].start, element.end
    end = element.end
    for fellow in fellows[place + 1 :] if element.tag == "dt" else ():
        if fellow.tag != "dd":
            break
        end = fellow.end
    return element.start, end


def _stretched(holders: list[Element], found: list[Found], end: int) -> list[tuple[int, int]]:
    """The spans of records, which go on to an abstract that stands behind, before the next record or what looks so."""
    fellows: dict[int, list[Element]] = {}
    for holder in holders:
        if holder.parent is not None and id(holder.parent) not in fellows:
            fellows[id(holder.parent)] = holder.parent.elements
    spans = [_with_term(holder, fellows.get(id(holder.parent), [])) for holder in holders]
    abstracts = [(one.value.start, one.element.end) for one in found if one.value.field == "abstract"]
    stretched = []
    for number, (holder, (start, own_end)) in enumerate(zip(holders, spans, strict=True)):
        beside = fellows.get(id(holder.parent), [])
        behind = beside[bisect_left(beside, own_end, key=lambda element: element.start) :]
        like = next((e.start for e in behind if (e.tag, e.get("class")) == (holder.tag, holder.get("class"))), end)
        limit = min([like, *(following for following, _ in spans[number + 1 : number + 2])])
        first = bisect_left(abstracts, (own_end, 0))
        reach = max((last for place, last in abstracts[first : first + 1] if place < limit), default=own_end)
        stretched.append((start, min(max(own_end, reach), max(limit, own_end))))
    return stretched


def _tables(text: str, root: Element) -> Export | None:
    """Tables whose headings are names of fields: a row is an entry."""
    values: list[Value] = []
    spans: list[tuple[int, int]] = []
    for table in (element for element in root.walk() if element.tag == "table"):
        rows = [element for element in table.walk() if element.tag == "tr"]
        heads = [text_of(text, cell).strip() for cell in rows[0].elements] if rows else []
        roles = [(role_of(head) or ("text",))[0] for head in heads]
        if "title" not in roles or len(set(roles) & {"authors", "abstract", "year", "venue"}) < 1:
            continue
        if any(
            role_by_class(below) == "title" for row in rows[1:2] for cell in row.elements for below in cell.elements
        ):
            continue  # a column holds more than its heading says
        for row in rows[1:]:
            cells = [cell for cell in row.elements if cell.tag in {"td", "th"}]
            if len(cells) == len(heads):
                for cell, role in zip(cells, roles, strict=True):
                    values += (_numbered(one.value, len(spans)) for one in one_value(text, cell, role))
                spans.append((row.start, row.end))
    if not spans:
        return None
    taken = {(value.start, value.end) for value in values}
    rest = [one.value for one in page_values(text, root) if (one.value.start, one.value.end) not in taken]
    inside = [value for value in rest if not any(start <= value.start < end for start, end in spans)]
    return Export(_ordered([*values, *inside]), tuple(spans))


def _numbered(value: Value, entry: int | None) -> Value:
    return Value(value.field, value.text, value.start, value.end, entry)


def _ordered(values: list[Value]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda value: (value.start, value.end)))
