"""All that some runs can have been: the chains of channels that end in just these characters, and what they began with.

Many words share their runs, and what is said here needs no word: each distinct run is solved once. Most words have
runs that no channel yields, which one look at all of them together tells (``sieve``). Not here: what a reading is worth
in its word (``invert``).
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from pipeline.repair.channels import BY_NAME, CODECS, Codec
from pipeline.repair.columns import Cuts
from pipeline.repair.plausible import shape
from pipeline.repair.sieve import FEW, sifted
from pipeline.repair.undone import TYPOGRAPHIC, Parts, once_more, one_undone, undone

RUN: Final = re.compile(r"[^\x00-\x7f]+")
STEP_PENALTY: Final = 2.0  # what a second or third misreading costs beforehand, in nats
_MOST_SIFTED: Final = 1 << 17
_LATIN: Final = frozenset({"LATIN", ""})
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Co", "Cs"})
_RARE_LETTER: Final = 9.0  # the price of a letter that is in no alphabet of today
_PENALTY: Final = {codec.name: codec.penalty for codec in CODECS}
_GREEK_THROUGH_LATIN: Final = re.compile("[ÎÏ][^\\w\\s]|[ÎÏ][\xaa\xb2-\xb5\xb9\xba\xbc-\xbe]")


class Outcome(NamedTuple):
    """What the channels that read some runs alike make of them, and what can be said of that without their word."""

    parts: tuple[str, ...]
    changed: tuple[int, ...]  # the runs that change
    lone: bool  # one character is all that changes
    latin: bool  # nothing but Latin letters and signs, so that no scripts are glued
    symbol: bool  # each change makes a small Greek letter, as in names of genes and units
    drawn: bool  # the runs are art made of signs


class Way(NamedTuple):
    """One chain of channels through which runs can have come, what it costs beforehand, and the outcome's number."""

    chain: tuple[str, ...]
    cost: float
    codec: Codec
    channel: str
    outcome: int


class Ways(NamedTuple):
    """All that some runs can have been.

    ``glued``: some codec's script is set beside Latin letters. ``plain``: in a word with ASCII letters prices alone
    decide.
    """

    outcomes: tuple[Outcome, ...]
    ways: tuple[Way, ...]
    glued: bool
    plain: bool


def sift(words: Collection[str]) -> Cuts:
    """The words that can have readings at all, by one look at all of them; the others are not asked again."""
    _sift(words)
    known = _sifted()
    cuts = Cuts.of([word for word in words if known.get(word, -1)])
    last = np.zeros(len(cuts.runs), np.intp)
    last[cuts.number] = np.arange(len(cuts.words))  # of the words with the same runs, which the sieve judges alike
    codecs = [known.get(cuts.words[word], -1) for word in last.tolist()]
    for runs, some in zip(cuts.runs, codecs, strict=True):
        known.setdefault(_joined(runs), some)
    found = [one_undone(runs, some, first=True) for runs, some in zip(cuts.runs, codecs, strict=True)]
    _sift(dict.fromkeys([_joined(parts) for one in found for _, parts in once_more(one)]))
    return cuts


def _sift(words: Collection[str]) -> None:
    known = _sifted()
    new = [word for word in words if word not in known]
    if len(new) >= FEW:
        if len(known) + len(new) > _MOST_SIFTED:
            known.clear()
        known.update(zip(new, sifted(new).tolist(), strict=True))


@lru_cache(maxsize=1)
def _sifted() -> dict[str, int]:
    """The codecs that can have yielded each word which was sifted so far, one bit a codec."""
    return {}


def _joined(runs: Parts) -> str:
    """Runs as one word for the sieve, which judges all runs of a word for themselves."""
    return runs[0] if len(runs) == 1 else "a".join(runs)


@lru_cache(maxsize=16384)
def ways_of(runs: Parts) -> Ways:
    """The chains of channels through which runs can have come; many words share their runs."""
    outcomes: dict[Parts, int] = {}
    looks: list[Outcome] = []
    ways: list[Way] = []
    known = _sifted()
    for chain, parts in undone(runs, (), lambda runs: known.get(_joined(runs), -1)):
        number = outcomes.get(parts)
        if number is None:
            look = _outcome(runs, parts)
            number = outcomes[parts] = -1 if look is None else len(looks)
            looks += [] if look is None else [look]
        if number >= 0:
            ways.append(_way(chain, number))
    glued = any(way.codec.glued for way in ways)
    plain = not glued and all(look.latin and not look.drawn and not look.symbol for look in looks)
    return Ways(tuple(looks), tuple(ways), glued, plain)


@lru_cache(maxsize=4096)
def _way(chain: tuple[str, ...], outcome: int) -> Way:
    """A chain of codecs as one way, the same for all runs of which it gives the outcome with the same number."""
    cost = sum(_PENALTY[name] for name in chain) + STEP_PENALTY * (len(chain) - 1)
    return Way(chain, cost, BY_NAME[chain[-1]], ">".join(("utf-8", *chain)), outcome)


def _outcome(runs: Parts, parts: Parts) -> Outcome | None:
    """An outcome of some runs; None where it is no text."""
    written, alike = zip(*map(_written, parts), strict=True)
    if not all(written):
        return None
    latin = all(alike)
    changed = tuple([place for place, part in enumerate(parts) if part != runs[place]])
    afters = [parts[place] for place in changed]
    symbol = not latin and all(
        len(after) == 1 and "α" <= after <= "ω" and _GREEK_THROUGH_LATIN.fullmatch(runs[place]) is not None
        for place, after in zip(changed, afters, strict=True)
    )
    return Outcome(parts, changed, len(afters) == 1 and len(afters[0]) == 1, latin, symbol, _drawn(afters))


@lru_cache(maxsize=16384)
def _written(part: str) -> tuple[bool, bool]:
    """Whether what a run can have been is text, and whether it is nothing but Latin letters and signs."""
    kinds = set(map(unicodedata.category, TYPOGRAPHIC.sub("", part)))
    return _NO_TEXT.isdisjoint(kinds), _LATIN.issuperset([shape(char).script for char in part])


def _drawn(afters: list[str]) -> bool:
    """Whether the word is art made of signs: one change, to a letter hardly met, again and again."""
    often = [after for after in set(afters) if afters.count(after) > 2] if len(afters) > 2 else []
    return any(min(shape(char).price for char in after) >= _RARE_LETTER for after in often)
