"""Where the family name starts in a name that is printed as people say it: `First Last`, `A. B. Last`, `LAST First`.

The end of the name and the particles say it. A compound family name without a particle looks like a second given name:
nobody can tell the two apart from the name alone, so such a name is split before its last word and flagged.
"""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.layouts.shapes import PARTICLES
from pipeline.split.organisations import has_organisation_word

DOUBTFUL_FAMILY: Final = "doubtful_family"
# Particles that are written with a capital too; others with a capital are given names more often.
_CAPITAL_PARTICLES: Final = frozenset({
    "De", "Del", "Della", "Dello", "Der", "Den", "Di", "Da", "Dal", "Dos", "Das", "Du", "Le", "La", "Las", "Los", "Van",
    "Von", "Vom", "Zu", "Ter", "Ten", "El", "Al", "Ben", "Bin", "Ibn", "Abu", "San", "Santa", "St.", "Mac", "Mc", "Ní",
    "Ó", "Nic", "Ui", "Uí", "Bint", "Ould", "Lo", "Degli",
})  # fmt: skip
_SUFFIX: Final = re.compile(r"(?:[JjSs]r\.?|JR\.?|SR\.?|II|III|IV|2nd|3rd|4th)")
_INITIALS: Final = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)*")
# Initials without points, as behind the family name ("Quellmalz OT").
_BARE_INITIALS: Final = re.compile(r"[A-Z]{1,3}")
_POINTED: Final = re.compile(r"\b([A-Z]{2,3})\.$")  # the point ends the list
# Joins the two halves of a Spanish, Catalan or Portuguese family name.
_JOINS: Final = frozenset({"y", "e", "i"})


def family_first(names: Sequence[str]) -> bool:
    """Are the names of a list printed `Last AB` or `Last A. B.`: most end with initials, and none starts with one?"""
    split = [_unsuffixed(name.split()) for name in names if not has_organisation_word(name)]
    words = [name for name in split if len(name) > 1]
    behind = sum(_is_initials(name[-1]) or bool(_BARE_INITIALS.fullmatch(name[-1])) for name in words)
    return behind * 2 > len(words) and not any(_is_initials(name[0]) for name in words)


def family_and_given(text: str, *, family_leads: bool = False) -> tuple[str, str | None, bool]:
    """Family name, given names (None for a single name), and whether it is in doubt where the one ends."""
    words = text.split()
    if len(words) < 2:
        return text, None, False
    if family_leads:
        initials = _unsuffixed(words)
        cut = next((n for n in range(1, len(initials)) if _leads_initials(initials[n:])), 1)
        return " ".join(words[:cut]), _POINTED.sub(r"\1", " ".join(words[cut:])), False
    last = len(words) - 1
    while last > 1 and _SUFFIX.fullmatch(words[last]):
        last -= 1
    shouted = _shouted(words[: last + 1])
    if shouted is not None:
        return _parts(words, *shouted)
    start = _start(words, last)
    plain = sum(not _is_initials(word) for word in words[:start])
    doubtful = start == last and plain > 1
    return " ".join(words[start:]), " ".join(words[:start]), doubtful


def _unsuffixed(words: Sequence[str]) -> Sequence[str]:
    return words[:-1] if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else words


def _start(words: Sequence[str], last: int) -> int:
    """Index of the first word of the family name: that of a particle with a word behind it, else the last."""
    for index in range(1, last):
        word = words[index]
        if word in _JOINS and index >= 2:
            return index - 1
        if word.islower() and (word in PARTICLES or word.strip("'’.") in PARTICLES):
            return index
        if word in _CAPITAL_PARTICLES:
            return index
    return last


def _shouted(words: Sequence[str]) -> tuple[int, int] | None:
    """The span of a family name in capitals beside given names that are not; None when capitals tell nothing."""
    loud = [len(word) > 1 and word.isupper() and word.replace("-", "").isalpha() for word in words]
    if not any(loud) or all(loud) or sum(len(word) for word, is_loud in zip(words, loud, strict=True) if is_loud) < 4:
        return None
    first, count = loud.index(True), sum(loud)
    together = all(loud[first : first + count])
    if not together or (first and first + count < len(words)):
        return None
    return first, first + count


def _parts(words: Sequence[str], first: int, end: int) -> tuple[str, str | None, bool]:
    rest = [*words[:first], *words[end:]] if first == 0 else list(words[:first])
    family = words[first:end] if first == 0 else words[first:]
    return " ".join(family), " ".join(rest) or None, False


def _leads_initials(words: Sequence[str]) -> bool:
    return all(_is_initials(word) or bool(_BARE_INITIALS.fullmatch(word)) for word in words)


def _is_initials(word: str) -> bool:
    return (len(word) == 1 or word.endswith(".")) and _INITIALS.fullmatch(word) is not None
