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
    "acl-abstract": "abstract", "abstract-collapse": "abstract", "gs_gray": "gray",
}  # fmt: skip
_WORDS: Final = {
    "title": {"title", "headline", "papertitle"},
    "authors": {"authors", "byline", "contributors", "creators", "authorlist"},
    "author": {"author", "creator"},
    "abstract": {"abstract", "summary", "snippet", "description"},
    "venue": {"venue", "journal", "conference", "booktitle", "publication", "proceedings", "source", "container"},
    "year": {"year", "date", "published", "pubdate", "datepublished"},
}
# With one of these beside it, a word is about the page or a button.
_NOT: Final = frozenset({
    "btn", "button", "links", "toggle", "icon", "nav", "menu", "page", "site", "header", "footer", "sub", "subtitle",
    "sidebar", "search", "filter", "sort", "widget", "logo", "navbar", "badge", "label", "count", "form", "modal",
    "tooltip", "breadcrumb", "affiliation", "affiliations", "descriptor",
})  # fmt: skip
_NEVER: Final = frozenset({"html", "body", "head", "main", "meta", "link", "input", "ul", "ol", "table", "img"})
_LABEL: Final = re.compile(
    r"\W*(?:abstract|title|authors?|summary|journal ref|journal|venue|year|date|published(?: in)?|comments|subjects|by)"
    r"\W*|\[(?:pdf|html|book|b|c|citation|cited)\]|[△▽].*",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _words(names: str) -> frozenset[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", names)
    return frozenset(word for word in re.split(r"[^a-z]+", spaced.lower()) if word)


def words_of(element: Element) -> frozenset[str]:
    """The words of the classes, the id and the role for machines (itemprop) of an element."""
    return _words(f"{element.get('class')} {element.get('id')} {element.get('itemprop')}")


def role_by_class(element: Element) -> str | None:
    """The role of an element: title, authors, author, byline, abstract, venue, year, other; None where nothing says."""
    if "role" not in element.known:
        element.known["role"] = _role(element)
    return element.known["role"]


def _role(element: Element) -> str | None:
    for name in f"{element.get('class')} {element.get('id')}".split():
        role = _EXACT.get(name)
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
        return "author" if "/people/" in element.get("href") else None
    if element.tag in {"strong", "h5", "h4"} and any(
        "align-middle" in a.get("class").split() for a in element.elements
    ):
        return "title"
    return "abstract" if element.tag == "p" and element.get("class") == "mathjax" else None


def _by_words(element: Element) -> str | None:
    words = words_of(element)
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
    if element.tag in {"a", "p", "div"} and "descriptor" not in words_of(element):
        return (
            element.tag == "a"
            and _LABEL.fullmatch(text_of(text, element).strip()) is not None
            and "[" in text_of(text, element)
        )
    said = text_of(text, element).strip()
    return bool(said) and len(said) < 30 and _LABEL.fullmatch(said) is not None
