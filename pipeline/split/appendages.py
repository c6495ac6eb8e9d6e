"""What is printed with a name and is no part of it: degrees, mail addresses, ORCIDs behind it, "Prof. Dr." before it.

Some degrees are written like initials ("Doe, MD" is a name in a list of pairs): these count only beside one that is
not, or where the same stands behind several whole names.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final

_SURE: Final = (
    r"[Pp][Hh]\.?\s?[Dd]\.?|D\.?\s?Phil\.?|(?:Pharm|Ed|Psy)\.?\s?D\.?|Sc\.?D\.?|D\.?Sc\.?|[MB]\.?Sc\.?|M\.?Phil\.?"
    r"|[MB]\.?Eng\.?|M\.?Ed\.?|MBBS|MBChB|MRCP|FRCP|FRCS|FRCPC|FACS|FACP|FACC|FAAN|Dr\.?\s(?:rer|med|phil|sc)\.(?:\s?nat\.)?"
    r"|Dr\.-Ing\.|Dipl\.-[A-Z][a-z]+\.|CSc\.|DrSc\."
)
_LIKE_INITIALS: Final = (
    r"M\.?D\.?|MPH|M\.P\.H\.|RN|BSN|MSN|DNP|DVM|DDS|DMD|MBA|LL\.?[MB]\.?|J\.?D\.?|[MB]\.?[AS]\.?|MHS|MHA|M\.?B\.?|FRS"
)
_MAIL: Final = r"[<({\[]?[\w.+-]++@[\w-]++(?:\.[\w-]++)++[>)}\]]?"
_ORCID: Final = r"[(\[]?(?:ORCID:?\s?)?(?:https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX][)\]]?"
_BEFORE: Final = r"(?:(?<!\s)\s*+[,，]\s*+|(?<!\s)\s++)"
_BEHIND: Final = r"(?=\s*+(?:[,，;；&|·•/]|\Z|(?:and|und|et)\s))"
_APPENDAGE: Final = re.compile(rf"{_BEFORE}(?:(?P<sure>{_SURE})|(?P<like>{_LIKE_INITIALS})|{_MAIL}|{_ORCID}){_BEHIND}")
_ANY: Final = re.compile(rf"[\s,，](?:{_SURE}|{_LIKE_INITIALS})(?![\w.])|@|\d{{4}}-\d{{4}}-")
_TITLE: Final = r"(?:(?:Univ\.-)?Prof(?:essor)?|Dr|Mr|Mrs|Ms|PD)\.?|(?:Priv\.-Doz|Doc|Ing|Dipl\.-Ing|Dr\.-Ing)\."
_ADDRESS: Final = re.compile(
    rf"(?:[Bb]y\s+(?=[^\W\d_a-z]\S*\s+\S)|(?:{_TITLE})\s+)"
    rf"(?:(?:{_TITLE}|(?:med|h\. ?c|rer\. ?nat)\.)\s+)*+(?=[^\W\d_a-z])"
)
_KEPT: Final = 16  # lists are asked of again and again while they are read, and not afterwards
_LONGEST_NAME: Final = 100


@lru_cache(maxsize=_KEPT)
def appendages(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of degrees, mail addresses and ORCIDs in an author list, each with the comma or the space before it."""
    if not _ANY.search(text):
        return ()
    found = list(_APPENDAGE.finditer(text))
    sure = any(match["sure"] for match in found)
    often = {said for said, count in Counter(match["like"] for match in found).items() if said and count > 1}
    spans: list[tuple[int, int]] = []
    for match in found:
        behind_name = _ends_with_name(text[max(0, match.start() - _LONGEST_NAME) : match.start()])
        behind_degree = bool(spans) and spans[-1][1] == match.start()
        counts = not match["like"] or ((sure or match["like"] in often) and (behind_name or behind_degree))
        if counts and match.start() > 0:
            spans.append(match.span())
    return tuple(spans)


def is_inside(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Does a place lie in one of some spans, which are in the order of their starts?"""
    before = bisect_right(spans, place, key=itemgetter(0)) - 1
    return before >= 0 and place < spans[before][1]


def _ends_with_name(text: str) -> bool:
    """Does a text end with a whole name: two words or, in a list with semicolons, two parts?"""
    _, semicolon, name = text.rpartition(";")
    return len(name.rpartition(",")[2].split()) > 1 or (bool(semicolon) and name.count(",") == 1)


def without_appendages(text: str, start: int = 0, end: int | None = None) -> str:
    """An author list, or a span of it, without what is attached to its names."""
    end = len(text) if end is None else end
    said = appendages(text)
    kept = []
    for low, high in said[max(0, bisect_right(said, (start, 0)) - 1) : bisect_right(said, (end, 0))]:
        kept.append(text[start:low] if start < low else "")
        start = max(start, high)
    return "".join([*kept, text[start:end]])


def without_address(name: str) -> str:
    """A name without the form of address before it ("Prof. Dr.")."""
    found = _ADDRESS.match(name)
    return name[found.end() :] if found else name


def may_be_titled(token: str) -> bool:
    """May a token of an author list be attached to a name, or have something attached?"""
    return _ANY.search(f" {token}") is not None or _ADDRESS.match(token) is not None
