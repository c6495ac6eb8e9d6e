"""Lines in which all that is damaged is settled, mended all at once; of most damaged lines nothing else is asked.

Not here: what words were (``dossier``), and the other lines (``mend``).
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, compress, pairwise
from typing import Final

import numpy as np

from pipeline.repair.found import Found
from pipeline.repair.model import Mended, Repair
from pipeline.repair.prefilter import Marks, Places
from pipeline.repair.signs import may_have_signs
from pipeline.repair.together import Pieces

_NONE: Final[Pieces] = []  # of words that are no damage


def mended_at_once(
    lines: Sequence[str],
    found: Found,
    settled: Mapping[str, Pieces],
    genuine: Collection[str],
    others: Collection[int],
) -> tuple[dict[int, Mended], Found]:
    """The lines in which all suspicious words are settled or genuine, where these have repairs, and all other words.

    ``others`` are lines that must be looked at in any case.
    """
    distinct = {word: number for number, word in enumerate(dict.fromkeys(found.texts))}
    word = np.fromiter(map(distinct.__getitem__, found.texts), np.intp, len(found.texts))
    pieces = [settled.get(word, _NONE if word in genuine else None) for word in distinct]
    is_open = np.array([some is None for some in pieces], np.bool_)[word]
    is_genuine = np.array([some is _NONE for some in pieces], np.bool_)[word]
    first = np.flatnonzero(np.diff(found.lines, prepend=-1))
    numbers = found.lines[first]
    line = np.repeat(np.arange(len(first)), np.diff(first, append=len(word)))  # of each word
    taken = np.ones(len(first), np.bool_)
    taken[line[is_open]] = False
    taken[np.isin(numbers, np.fromiter(others, np.intp, len(others)))] = False
    own = [lines[number] for number in numbers[taken].tolist()]
    asked = np.zeros(len(first), np.bool_)  # a mark for a byte may stand beside a word that is genuine by itself
    asked[line[is_genuine]] = True
    kept = _unsigned(own, asked[taken])
    taken[taken] = kept
    own = list(compress(own, kept.tolist()))
    rest, words = found.only(~taken[line]), np.flatnonzero(taken[line])
    line = (np.cumsum(taken) - 1)[line[words]]
    steps = _mended(own, line, found.places[words], word[words], [some or _NONE for some in pieces])
    return {number: step for number, step in zip(numbers[taken].tolist(), steps, strict=True) if step.repairs}, rest


def _unsigned(lines: Sequence[str], asked: Marks) -> Marks:
    """Which lines have no signs that are damaged, nor question marks where that is ``asked``."""
    if not may_have_signs("\n".join(lines)) and not asked.any():
        return np.ones(len(lines), np.bool_)
    marked = [may_have_signs(line) or (ask and "?" in line) for line, ask in zip(lines, asked.tolist(), strict=True)]
    return ~np.array(marked, np.bool_)


def _mended(lines: Sequence[str], line: Places, place: Places, word: Places, pieces: Sequence[Pieces]) -> list[Mended]:
    """Some lines, mended; of their words the line of each, where it begins there, and its number in ``pieces``."""
    many = np.array(list(map(len, pieces)), np.intp)
    flat = list(chain.from_iterable(pieces))
    here = many[word]
    piece = np.repeat((np.cumsum(many) - many)[word] - (np.cumsum(here) - here), here) + np.arange(here.sum())
    line, place = np.repeat(line, here), np.repeat(place, here)
    starts, ends = (place + np.array([one[side] for one in flat], np.intp)[piece] for side in (0, 1))
    rests = [flat[number][2] for number in piece.tolist()]
    new = tuple.__new__
    repairs = [
        new(Repair, (start, end, *rest)) for start, end, rest in zip(starts.tolist(), ends.tolist(), rests, strict=True)
    ]
    lengths = np.fromiter(map(len, lines), np.intp, len(lines))
    offset = (np.cumsum(lengths) - lengths)[line]
    text = "".join(lines)
    low, high = [0, *(ends + offset).tolist()], [*(starts + offset).tolist(), len(text)]
    parts = [""] * (2 * len(repairs) + 1)
    parts[::2] = [text[start:end] for start, end in zip(low, high, strict=True)]
    parts[1::2] = [rest[1] for rest in rests]
    mended = "".join(parts)
    grown = np.array([len(rest[1]) - (end - start) for start, end, rest in flat], np.intp)[piece]
    lengths += np.bincount(line, grown, len(lines)).astype(np.intp)
    bounds = pairwise([0, *np.cumsum(lengths).tolist()])
    own = pairwise([0, *np.cumsum(np.bincount(line, minlength=len(lines))).tolist()])
    return [
        Mended(mended[start:end], tuple(repairs[first:last]))
        for (start, end), (first, last) in zip(bounds, own, strict=True)
    ]
