"""Lines in which all that is damaged is settled, mended all at once; of most damaged lines nothing else is asked.

Their repairs are kept as columns until somebody asks for those of a line. Not here: what words were (``dossier``), and
the other lines (``mend``).
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, compress
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.found import Found
from pipeline.repair.model import Mended, Repair, Repairs
from pipeline.repair.prefilter import Places
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

    ``others`` are lines that must be looked at in any case, as those with torn signs.
    """
    # A word that is genuine is settled nowhere, so that one look at both is enough.
    known = {**dict.fromkeys(genuine, _NONE), **settled}
    pieces = list(map(known.get, found.numbers))
    first = np.flatnonzero(np.diff(found.lines, prepend=-1))
    line = np.repeat(np.arange(len(first)), np.diff(first, append=len(found.texts)))  # of each word
    numbers = found.lines[first]
    taken = np.isin(numbers, np.fromiter(others, np.intp, len(others)), invert=True)
    taken[line[np.array([some is None for some in pieces], np.bool_)[found.words]]] = False
    marked = np.zeros(len(first), np.bool_)  # a mark for a byte may stand beside a word that is genuine by itself
    marked[line[np.array([some is _NONE for some in pieces], np.bool_)[found.words]]] = True
    own = [lines[number] for number in numbers[taken].tolist()]
    kept = [
        "?" not in text or not (ask or "??" in text or "Ã" in text)
        for text, ask in zip(own, marked[taken].tolist(), strict=True)
    ]
    taken[taken] = kept
    words = np.flatnonzero(taken[line])
    columns = _Columns([some or _NONE for some in pieces], found.words[words], found.places[words])
    steps = columns.mended(numbers[taken].tolist(), list(compress(own, kept)), (np.cumsum(taken) - 1)[line[words]])
    return steps, found.only(~taken[line])


class _Columns:
    """The repairs of some words, which have numbers in ``pieces`` and begin at places of their lines."""

    def __init__(self, pieces: Sequence[Pieces], words: Places, places: Places) -> None:
        self._pieces = list(chain.from_iterable(pieces))
        many = np.array(list(map(len, pieces)), np.intp)
        self._many = many[words]
        first = (np.cumsum(many) - many)[words] - (np.cumsum(self._many) - self._many)
        self._piece: Places = np.repeat(first, self._many) + np.arange(self._many.sum())
        places = np.repeat(places, self._many)
        self._starts: Places = places + np.array([piece[0] for piece in self._pieces], np.intp)[self._piece]
        self._ends: Places = places + np.array([piece[1] for piece in self._pieces], np.intp)[self._piece]

    def mended(self, numbers: Sequence[int], lines: Sequence[str], line: Places) -> dict[int, Mended]:
        """Their lines, mended, by number, where they have repairs; ``line`` is that of each word, by its place."""
        line = np.repeat(line, self._many)
        lengths = np.fromiter(map(len, lines), np.intp, len(lines))
        offset = (np.cumsum(lengths) - lengths)[line]
        texts = [piece[2][1] for piece in self._pieces]
        afters = np.fromiter(map(len, texts), np.intp, len(texts))
        grown = afters[self._piece] - (self._ends - self._starts)
        text = self._text("".join(lines), "".join(texts), offset, afters)
        lengths += np.bincount(line, grown, len(lines)).astype(np.intp)
        many = np.bincount(line, minlength=len(lines))
        bounds = [column.tolist() for own in (lengths, many) for column in (np.cumsum(own) - own, np.cumsum(own))]
        new = tuple.__new__
        make = self.repairs
        return {
            number: new(Mended, (text[start:end], Repairs(make, low, high)))
            for number, start, end, low, high in zip(numbers, *bounds, strict=True)
            if low < high
        }

    def _text(self, text: str, others: str, offset: Places, afters: Places) -> str:
        """A text with the repairs, whose lines begin at ``offset``.

        They yield what is in ``others``, one behind another, with lengths that are ``afters``.

        It is taken, as code points, from what stands between them and what they yield, in turn.
        """
        source = _points(text + others)
        starts = np.zeros(2 * len(offset) + 1, np.intp)
        starts[2::2] = self._ends + offset
        starts[1::2] = (len(text) + np.cumsum(afters) - afters)[self._piece]
        lengths = np.empty_like(starts)
        lengths[:-1:2] = self._starts + offset - starts[:-1:2]
        lengths[-1] = len(text) - starts[-1]
        lengths[1::2] = afters[self._piece]
        places: Places = np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        places += np.arange(len(places))
        return source.take(places).tobytes().decode("utf-32-le", "surrogatepass")

    def repairs(self, first: int, last: int) -> tuple[Repair, ...]:
        """Some of the repairs, in their order."""
        columns = (column[first:last].tolist() for column in (self._starts, self._ends, self._piece))
        return tuple([Repair(start, end, *self._pieces[piece][2]) for start, end, piece in zip(*columns, strict=True)])


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
