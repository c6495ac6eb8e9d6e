"""Why two lists of given names may be one person's, and how strong that is. Not here: which names are compared.

Names are folded tokens ("anne", "m").
"""

from functools import lru_cache
from importlib import resources
from typing import Final

# Estimates in the order that trials with curated identities gave; for review, not probabilities.
MIDDLE, INITIAL_INSIDE, INITIAL, SKIPPED, SHORT_FORM, NICKNAME = 0.7, 0.6, 0.4, 0.4, 0.3, 0.3
MIDDLE_MISSING, INITIALS_AGREE = "middle name missing", "initials agree"

_EQUAL, _INITIAL, _SHORT = 3, 2, 1
_NOBODY: Final[frozenset[str]] = frozenset()


def _agreement(one: str, other: str) -> int:
    """How two given names agree: equal, one the other's initial, one the other's beginning (three letters or more)."""
    if one == other:
        return _EQUAL
    shorter, longer = sorted((one, other), key=len)
    if not longer.startswith(shorter):
        return 0
    return _INITIAL if len(shorter) == 1 else _SHORT if len(shorter) >= 3 else 0


def _rest_agreement(shorter: tuple[str, ...], longer: tuple[str, ...]) -> int:
    """The weakest agreement when the shorter list is found in the longer in order; 0 when it is not."""
    weakest, place = _EQUAL, 0
    for name in shorter:
        while place < len(longer) and _agreement(name, longer[place]) < _INITIAL:
            place += 1
        if place == len(longer):
            return 0
        weakest = min(weakest, _agreement(name, longer[place]))
        place += 1
    return weakest


def given_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, float] | None:
    """Why two lists of given names may be one person's, and how strong that is; None when they speak against it."""
    if not one or not other or one == other:
        return None
    shorter, longer = sorted((one, other), key=len)
    first, rest = _agreement(shorter[0], longer[0]), _rest_agreement(shorter[1:], longer[1:])
    if first == _EQUAL and rest == _EQUAL and len(shorter) < len(longer):
        return (MIDDLE_MISSING, MIDDLE) if len(shorter[0]) > 1 else (INITIALS_AGREE, INITIAL)
    if first >= _INITIAL and rest:
        inside = first == _EQUAL and len(shorter[0]) > 1
        return INITIALS_AGREE, INITIAL_INSIDE if inside else INITIAL
    if first == _SHORT and rest:
        return "short form of the given name", SHORT_FORM
    return _unlike_first_names(shorter, longer) if rest or len(shorter) < len(longer) else None


def _unlike_first_names(shorter: tuple[str, ...], longer: tuple[str, ...]) -> tuple[str, float] | None:
    """The same for lists that begin with unlike names."""
    if len(shorter) < len(longer) and max(map(len, shorter)) >= 3 and _rest_agreement(shorter, longer[1:]) == _EQUAL:
        return "first name missing", SKIPPED
    one, other = (nicknames().get(names[0], _NOBODY) for names in (shorter, longer))
    if one & other and _rest_agreement(shorter[1:], longer[1:]):
        return "nickname", NICKNAME
    return None


def compatible(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one person may print both: the same first name in full, and middle names that agree as far as they go."""
    likeness = given_likeness(one, other)
    return one == other or likeness in {(MIDDLE_MISSING, MIDDLE), (INITIALS_AGREE, INITIAL_INSIDE)}


@lru_cache(maxsize=1)
def nicknames() -> dict[str, frozenset[str]]:
    """For a name, in full or short, the names in full that it may stand for; from ``nicknames.txt``."""
    lines = resources.files(__package__).joinpath("nicknames.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, frozenset[str]] = {}
    for name, *short in (line.split() for line in lines if line and not line.startswith("#")):
        for word in (name, *short):
            found[word] = found.get(word, _NOBODY) | {name}
    return found
