"""The parts of a reference (`[12] Authors. Title. Venue, year.`) in the common orders, and which of them a file uses.

One reference alone is often open to two readings, so the order is decided for all references of a file together. Where
a reference starts and ends in its file is the layout's to say.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.layouts.people import people_likeness
from pipeline.layouts.shapes import PARTICLES, has_venue_word

Span = tuple[int, int]
# From here a part of a reference is taken for its list of authors.
PEOPLE: Final = 0.75

NUMBER: Final = re.compile(r"\s*(?:\[(?P<bracket>\d{1,4})\]|\((?P<round>\d{1,4})\)|(?P<dot>\d{1,4})(?:\.|\)))\s+(?=\S)")
_STOP: Final = re.compile(r"([.?!])([\"”’)\]]*)\s+(?=\S)")
_YEAR: Final = r"(?:1[5-9]|20)\d\d[a-z]?"
_YEAR_AT_END: Final = re.compile(rf"[\s,.;(]{{0,40}}(?P<year>(?<!\d){_YEAR})\)?[\s.]*$")
_YEAR_INSIDE: Final = re.compile(
    rf"(?:\s{{0,40}}\((?P<round>{_YEAR})[^)]{{0,20}}\)[.,:]?|(?<=\.)\s(?P<plain>{_YEAR})\.)\s+"
)
_QUOTED: Final = re.compile(r"[\s,.:]{0,40}[\"“„«](?P<title>[^\"”“»]{8,600}+)[\"”“»][\s,.]*")
_INITIAL: Final = re.compile(r"(?<![^\W_])[^\W\d_]$")
_KEEPS_POINT: Final = re.compile(r"(?<![^\W_])(?:al|Jr|Sr)$")
# Words that are shortened with a full stop inside of a title, a name or a venue.
_SHORT_WORDS: Final = frozenset({
    "proc", "conf", "int", "intl", "trans", "symp", "lett", "rev", "sci", "am", "natl", "acad", "univ", "dept", "vs",
    "st", "dr", "no", "vol", "pp", "ed", "eds", "e.g", "i.e", "cf", "comput", "assoc", "soc", "phys", "j", "ann",
})  # fmt: skip
_INITIALS: Final = r"(?:[^\W\d_]\.[\s-]*)+"
_FAMILY: Final = r"[^\W\d_][^\s.,;:]*(?:\s[^\W\d_][^\s.,;:]*){0,3}"
_AND: Final = r"(?:and|&|und|et)"
# Families with initials behind them, with stops (which end the list too) or without.
_WITH_STOPS: Final = rf"{_FAMILY},\s+{_INITIALS}(?:(?:[,;]\s*(?:{_AND}\s+)?|{_AND}\s+){_FAMILY},\s+{_INITIALS})*"
_WITHOUT: Final = rf"{_FAMILY}\s[A-Z]{{1,3}}(?:,\s*(?:{_AND}\s+)?{_FAMILY}\s[A-Z]{{1,3}})*(?=[.,:]\s)"
_WITH_INITIALS: Final = re.compile(rf"(?:{_WITH_STOPS}|{_WITHOUT})(?:,?\s*(?:and\s+)?et al\.\s*)?")


@dataclass(frozen=True, slots=True)
class Parts:
    """The spans of the parts of a reference; None for one that it lacks."""

    title: Span
    authors: Span | None
    venue: Span | None
    year: Span | None


def body_start(text: str) -> int:
    """Where a reference starts behind its number."""
    number = NUMBER.match(text)
    return number.end() if number else 0


def parts_of(text: str, order: str) -> Parts:
    """The parts of a reference that has them in an order; what the order does not find is title."""
    start = body_start(text)
    end, year = len(text.rstrip()), None
    if found := _YEAR_AT_END.search(text, start):
        end, year = found.start(), found.span("year")
    parts = ORDERS[order](text, start, end)
    if parts is None:
        first = _segments(text, start, end)[:1] or [(start, end)]
        parts = Parts(first[0], None, _rest(text, first[0][1], end), None)
    return Parts(parts.title, parts.authors, parts.venue, parts.year or year)


def ends_with_year(text: str) -> bool:
    """Does a text end with a year and a full stop or bracket, as most references do?"""
    return text.rstrip().endswith((".", ")")) and _YEAR_AT_END.search(text) is not None


def usual_order(texts: Sequence[str]) -> str:
    """The order that explains most references of a file; of equals the first of ``ORDERS``."""
    return max(ORDERS, key=lambda order: sum(fit(text, order) for text in texts))


def fit(text: str, order: str) -> float:
    """How well an order explains a reference, from 0 to 1: are its authors people, and is its title none?"""
    parts = parts_of(text, order)
    if parts.authors is None:
        return 0.0
    authors, title = _text(text, parts.authors), _text(text, parts.title)
    sure = people_likeness(authors) * (1.0 if _is_list(authors) else 0.7)
    dated = 0.5 if re.match(_YEAR, title) else 0.0
    doubt = dated + 0.6 * people_likeness(title) if _is_list(title) else dated + 0.2 * people_likeness(title)
    venue = 0.1 if parts.venue is None or not has_venue_word(_text(text, parts.venue)) else 0.0
    return max(0.0, sure - doubt - venue)


def is_reference(text: str, order: str) -> bool:
    """Does a text have the authors, the title and the venue or year that a reference has?"""
    parts = parts_of(text, order)
    if parts.authors is None or people_likeness(_text(text, parts.authors)) < PEOPLE:
        return False
    place = parts.year is not None or (parts.venue is not None and has_venue_word(_text(text, parts.venue)))
    return place and parts.title[1] - parts.title[0] >= 8


def _title_first(text: str, start: int, end: int) -> Parts | None:
    segments = _segments(text, start, end)
    for number, (low, high) in enumerate(segments[1:], 1):
        listed = _WITH_INITIALS.match(text, low, end)
        if listed or people_likeness(text[low:high]) >= PEOPLE:
            authors = (low, _trimmed(text, listed.end()) if listed else high)
            return Parts((segments[0][0], segments[number - 1][1]), authors, _rest(text, authors[1], end), None)
    return None


def _authors_first(text: str, start: int, end: int) -> Parts | None:
    listed = _WITH_INITIALS.match(text, start, end)
    segments = _segments(text, start, end)
    authors = (start, _trimmed(text, listed.end())) if listed else segments[0] if segments else None
    return None if authors is None else _title_and_venue(text, authors, _skip(text, authors[1], end), end)


def _quoted(text: str, start: int, end: int) -> Parts | None:
    quote = _QUOTED.search(text, start)
    if quote is None or quote.start() == start:
        return None
    low, high = quote.span("title")
    title = (low, low + len(text[low:high].rstrip(" ,.")))
    return Parts(title, (start, _trimmed(text, quote.start())), _rest(text, quote.end(), end), None)


def _year_between(text: str, start: int, end: int) -> Parts | None:
    year = _YEAR_INSIDE.search(text, start)
    if year is None or year.end() >= end:
        return None
    authors = (start, _trimmed(text, year.start()))
    parts = _title_and_venue(text, authors, year.end(), end)
    return parts and Parts(parts.title, authors, parts.venue, year.span("round" if year["round"] else "plain"))


def _colon(text: str, start: int, end: int) -> Parts | None:
    colon = text.find(": ", start, end)
    if colon < 0:
        return None
    return _title_and_venue(text, (start, _trimmed(text, colon)), colon + 2, end)


ORDERS: Final[Mapping[str, Callable[[str, int, int], Parts | None]]] = {
    "authors, title in quotes": _quoted,
    "authors, year, title": _year_between,
    "title, authors": _title_first,
    "authors, title": _authors_first,
    "authors: title": _colon,
}


def _title_and_venue(text: str, authors: Span, start: int, end: int) -> Parts | None:
    """The title behind the authors, up to the segment that a venue starts with."""
    segments = _segments(text, start, end)
    if not segments:
        return None
    named = (
        number
        for number, (low, high) in enumerate(segments[1:], 1)
        if text.startswith("In ", low) or has_venue_word(text[low:high])
    )
    venue = next(named, 1)
    title = (segments[0][0], segments[venue - 1][1] if len(segments) > 1 else segments[0][1])
    return Parts(title, authors, _rest(text, segments[venue][0], end) if len(segments) > venue else None, None)


def _segments(text: str, start: int, end: int) -> list[Span]:
    """The pieces between full stops that end something; question and exclamation marks belong to what they end."""
    found, low = [], start
    for stop in _STOP.finditer(text, start, end):
        if not _ends(text, stop):
            continue
        high = stop.end(2) if stop[1] != "." or stop[2] else stop.start()
        found.append((low, high))
        low = stop.end()
    if low < end:
        found.append((low, _trimmed(text, end)))
    return found


def _ends(text: str, stop: re.Match[str]) -> bool:
    """Does a stop end a part, and no initial or shortened word? Small letters follow only as particles of names."""
    before, behind = text[: stop.start()], text[stop.end() :].split(maxsplit=1)
    if behind and behind[0][0].islower() and behind[0] not in PARTICLES and not has_venue_word(behind[0]):
        return False
    if stop[1] != ".":
        return True
    word = before.rsplit(maxsplit=1)[-1].lower().lstrip("(") if before.split() else ""
    return _INITIAL.search(before) is None and word not in _SHORT_WORDS


def _rest(text: str, start: int, end: int) -> Span | None:
    """What is left of a reference, without marks and "In" at its ends, as venue."""
    low = _skip(text, start, end)
    if found := re.compile(r"[Ii]n:?\s+").match(text, low, end):
        low = found.end()
    high = _trimmed(text, end)
    return (low, high) if low < high else None


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in " .,;:":
        start += 1
    return start


def _trimmed(text: str, end: int) -> int:
    """An end without marks and spaces before it; the point of an initial stays."""
    while end and text[end - 1] in " .,;:":
        if text[end - 1] == "." and (_INITIAL.search(text[: end - 1]) or _KEEPS_POINT.search(text[: end - 1])):
            break
        end -= 1
    return end


def _text(text: str, span: Span) -> str:
    return text[span[0] : span[1]]


def _is_list(text: str) -> bool:
    return re.search(r"[,;]|\s(?:and|&|und|et)\s", text) is not None
