"""What an element of a web page is, by its tag, classes and links. Data and pure measures; the reading is elsewhere."""

import re
from functools import lru_cache
from typing import Final

from pipeline.exports.markup import Element, text_of

BLOCKS: Final = frozenset({
    "div", "p", "li", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tr", "td", "th", "h1", "h2", "h3", "h4",
    "h5", "h6", "section", "article", "main", "aside", "blockquote", "pre", "body", "html", "head", "figure", "br",
})  # fmt: skip
SKIPPED: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "title", "nav", "button", "select", "form"}
)
# Whole classes or ids of sites that many save pages of.
_EXACT: Final = {
    "gs_rt": "title", "gsc_a_at": "title", "gs_a": "byline", "gs_rs": "abstract", "gsc_a_y": "year", "gsc_a_h": "other",
    "gs_fl": "other", "abstract-short": "other", "abstract-full": "abstract", "list-title": "title",
    "list-authors": "authors", "list-comments": "other", "list-subjects": "other", "list-journal-ref": "venue",
    "acl-abstract": "abstract", "abstract-collapse": "abstract", "gs_gray": "gray", "ptitle": "title",
    "authsearch": "author", "bibref": "other", "CEURTITLE": "title", "CEURAUTHOR": "author",
}  # fmt: skip
_WORDS: Final = {
    "title": {"title", "headline", "papertitle"},
    "authors": {"authors", "byline", "contributors", "creators", "authorlist"},
    "author": {"author", "creator"},
    "abstract": {"abstract", "summary", "snippet", "description"},
    "venue": {"venue", "journal", "conference", "booktitle", "publication", "proceedings", "source", "container"},
    "year": {"year", "date", "published", "pubdate", "pubdates", "datepublished"},
}
# With one of these beside it, a word is about the page or a button.
_NOT: Final = frozenset({
    "btn", "button", "links", "toggle", "icon", "nav", "menu", "page", "site", "header", "footer", "sub", "subtitle",
    "sidebar", "search", "filter", "sort", "widget", "logo", "navbar", "badge", "label", "count", "form", "modal",
    "tooltip", "breadcrumb", "affiliation", "affiliations", "descriptor", "tldr", "section",
})  # fmt: skip
# Titles of these are those of places of publication.
_PLACES: Final = frozenset({"source", "journal", "container", "book", "publication", "series", "conference", "venue"})
_NEVER: Final = frozenset({"html", "body", "head", "main", "meta", "link", "input", "ul", "ol", "table", "img"})
_LABEL: Final = re.compile(
    r"\W*(?:abstract|title|authors?|summary|journal ref|journal|venue|year|date|published(?: in)?|comments|subjects|by)"
    r"\W*|\[(?:pdf|html|book|b|c|citation|cited)\]|[△▽].*",
    re.IGNORECASE,
)
# Words that name the field of the element behind them, and the tags that hold such words.
_NAMED: Final = {
    "title": "title", "paper title": "title", "author": "authors", "authors": "authors", "author(s)": "authors",
    "abstract": "abstract", "summary": "abstract", "journal": "venue", "venue": "venue", "published in": "venue",
    "conference": "venue", "booktitle": "venue", "year": "year", "date": "year",
}  # fmt: skip
_NAMING: Final = frozenset(
    {"b", "strong", "span", "dt", "th", "td", "label", "h1", "h2", "h3", "h4", "h5", "h6", "div"}
)
_NOT_NAMED: Final = frozenset({"ul", "ol", "nav", "button", "form", "script", "style", "table", "br", "hr", "img"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LONGEST_LABEL: Final = 300
_LONGEST_NAME: Final = 60  # characters of an element that names a field, tags included


@lru_cache(maxsize=4096)
def _words(names: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return frozenset(word for word in re.split(r"[^a-z]+", spaced.lower()) if word)


def words_of(element: Element) -> frozenset[str]:
    """The words of the classes, the id and the role for machines (itemprop) of an element.

    An id of several words at a heading is an address made of what it says, and none of its own.
    """
    name = element.get("id")
    name = "" if element.tag in _HEADINGS and len(_words(name)) > 1 else name
    return _words(f"{element.get('class')} {name} {element.get('itemprop')}")


def role_by_class(element: Element) -> str | None:
    """The role of an element: title, authors, author, byline, abstract, venue, year, other; None where nothing says."""
    if "role" not in element.known:
        element.known["role"] = _role(element)
    return element.known["role"]


def _role(element: Element) -> str | None:
    for name in f"{element.get('class')} {element.get('id')}".split():
        role = _EXACT.get(name)
        if name == "list-title" and element.tag != "div":  # in results of a search it is the number
            return "other"
        if role == "gray":
            return _gray(element)
        if role is not None:
            return role
    if element.tag in _NEVER:
        return None
    return _by_place(element) or _by_words(element)


def _by_place(element: Element) -> str | None:
    """What pages of the ACL Anthology and arXiv mark by links and tags alone."""
    if element.tag == "a":
        if element.get("title") == "paper title" or (
            _is_heading(element.parent) and "forum?id=" in element.get("href")
        ):
            return "title"
        return "author" if "/people/" in element.get("href") else None
    if element.tag == "i" and (before := _before(element)) is not None and before.get("title") == "paper title":
        return "authors"
    if element.get("itemprop") == "isPartOf":
        return "venue"
    if element.tag in {"strong", "h5", "h4"} and any(
        "align-middle" in a.get("class").split() for a in element.elements
    ):
        return "title"
    return "abstract" if element.tag == "p" and element.get("class") == "mathjax" else None


def _is_heading(element: Element | None) -> bool:
    return element is not None and element.tag in {"h2", "h3", "h4", "h5"}


def _before(element: Element) -> Element | None:
    fellows = element.parent.elements if element.parent else []
    place = fellows.index(element) if fellows else 0
    return fellows[place - 1] if place else None


def mark_named(text: str, root: Element) -> None:
    """Elements behind one that names their field (``Authors:``), and are of no class themselves, are of that field."""
    for element in root.walk():
        if element.tag not in _NAMING or element.end - element.inner_start > _LONGEST_NAME or element.parent is None:
            continue
        named = _NAMED.get(text_of(text, element).strip().rstrip(":").rstrip().lower())
        if named is None or (element.tag == "div" and element.elements):
            continue
        behind = _behind(text, element)
        if behind is not None and role_by_class(behind) is None and not is_label(text, behind):
            behind.known["role"] = named
            element.known["role"] = None


def _behind(text: str, element: Element) -> Element | None:
    """The next element that says something, if nothing but a colon is between."""
    fellows = element.parent.children if element.parent else []
    for fellow in fellows[fellows.index(element) + 1 :]:
        if isinstance(fellow, Element) and text_of(text, fellow).strip():
            return (
                fellow
                if fellow.tag not in _NOT_NAMED and _NAMED.get(text_of(text, fellow).strip().lower()) is None
                else None
            )
        if not isinstance(fellow, Element) and text[fellow.start : fellow.end].strip() not in {"", ":"}:
            return None
    return None


def _by_words(element: Element) -> str | None:
    words = words_of(element)
    if "short" in words:  # the same once more, cut
        return "other"
    if "title" in words and words & _PLACES and not words & _NOT:
        return "venue"
    for role, wanted in _WORDS.items():
        hit = words & wanted
        if hit and not words & _NOT and not (element.tag == "div" and _has_several(element, wanted)):
            if role == "author" and any(
                "author" in words_of(below) for below in element.walk() if below is not element
            ):
                return "authors"
            return role
    return None


def _has_several(element: Element, wanted: set[str]) -> bool:
    """Is it a list of such elements and none itself?"""
    return (
        sum(bool(words_of(below) & wanted) for below in element.walk() if below is not element and below.tag != "span")
        > 1
    )


def _gray(element: Element) -> str:
    """On profile pages two gray lines follow a title: people, then place."""
    fellows = [e for e in element.parent.elements if "gs_gray" in e.get("class").split()] if element.parent else []
    return "authors" if not fellows or fellows[0] is element else "venue"


def is_label(text: str, element: Element) -> bool:
    """Is an element only the name of the field beside it, or a mark like [PDF]?"""
    if "label" not in element.known:
        element.known["label"] = "yes" if _says_label(text, element) else None
    return element.known["label"] is not None


def _says_label(text: str, element: Element) -> bool:
    if element.end - element.inner_start > _LONGEST_LABEL:
        return False
    said = text_of(text, element).strip()
    if element.tag in {"a", "p", "div"} and "descriptor" not in words_of(element):
        return element.tag == "a" and said[:1] in {"[", "△", "▽"} and _LABEL.fullmatch(said) is not None
    return bool(said) and len(said) < 30 and _LABEL.fullmatch(said) is not None
