"""Lines in which all that is damaged is settled, mended all at once; of most damaged lines nothing else is asked.

Their repairs are kept as columns until somebody asks for those of a line. Not here: what words were (``dossier``), and
the other lines (``mend``).
"""

from collections.abc import Collection, Sequence
from itertools import compress
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.found import Found
from pipeline.repair.model import Mended, Repair, Repairs
from pipeline.repair.prefilter import Places
from pipeline.repair.settled import GENUINE, OPEN, Settled

_AT_ONCE: Final = 1024  # lines whose arrays stay near the processor


def mended_at_once(
    lines: Sequence[str],
    found: Found,
    settled: Settled,
    genuine: Collection[str],
    others: Collection[int],
) -> tuple[dict[int, Mended], Found]:
    """The lines in which all suspicious words are settled or genuine, where these have repairs, and all other words.

    ``others`` are lines that must be looked at in any case, as those with torn signs.
    """
    row = settled.rows(found.numbers, genuine)[found.words]
    first = np.flatnonzero(np.diff(found.lines, prepend=-1))
    line = np.repeat(np.arange(len(first)), np.diff(first, append=len(found.texts)))  # of each word
    numbers = found.lines[first]
    taken = np.isin(numbers, np.fromiter(others, np.intp, len(others)), invert=True)
    taken[line[row == OPEN]] = False
    marked = np.zeros(len(first), np.bool_)  # a mark for a byte may stand beside a word that is genuine by itself
    marked[line[row == GENUINE]] = True
    own = [lines[number] for number in numbers[taken].tolist()]
    kept = [
        "?" not in text or not (ask or "??" in text or "Ã" in text)
        for text, ask in zip(own, marked[taken].tolist(), strict=True)
    ]
    taken[taken] = kept
    words = np.flatnonzero(taken[line] & (row >= 0))
    columns = _Columns(settled, row[words], found.places[words])
    steps = columns.mended(numbers[taken].tolist(), list(compress(own, kept)), (np.cumsum(taken) - 1)[line[words]])
    return steps, found.only(~taken[line])


class _Columns:
    """The repairs of some words, which have rows in ``settled`` and begin at places of their lines."""

    def __init__(self, settled: Settled, rows: Places, places: Places) -> None:
        self._rests = settled.rests
        self._many: Places = np.diff(settled.bounds)[rows]
        piece = np.repeat(settled.bounds[rows] - (np.cumsum(self._many) - self._many), self._many)
        piece += np.arange(len(piece))
        places = np.repeat(places, self._many)
        self._starts: Places = places + settled.starts[piece]
        self._ends: Places = places + settled.ends[piece]
        self._rest: Places = settled.rest[piece]

    def mended(self, numbers: Sequence[int], lines: Sequence[str], line: Places) -> dict[int, Mended]:
        """Their lines, mended, by number, where they have repairs; ``line`` is that of each word, by its place."""
        line = np.repeat(line, self._many)
        last = np.searchsorted(line, np.arange(len(lines)), "right")  # the repairs of each line end there
        texts = [rest[1] for rest in self._rests]
        afters = "".join(texts), np.fromiter(map(len, texts), np.intp, len(texts))
        done: dict[int, Mended] = {}
        for first in range(0, len(lines), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            done.update(self._some(numbers[some], lines[some], last[first - 1] if first else 0, last[some], afters))
        return done

    def _some(
        self, numbers: Sequence[int], lines: Sequence[str], first: int, last: Places, afters: tuple[str, Places]
    ) -> dict[int, Mended]:
        """Some of the lines, whose repairs are those from the first on."""
        many = np.diff(last, prepend=first)
        lengths = np.fromiter(map(len, lines), np.intp, len(lines))
        offset = np.repeat(np.cumsum(lengths) - lengths, many)
        repairs = slice(first, last[-1])
        starts, ends, rest = self._starts[repairs], self._ends[repairs], self._rest[repairs]
        text = _filled("".join(lines), starts + offset, ends + offset, rest, *afters)
        grown = np.append(0, np.cumsum(afters[1][rest] - (ends - starts)))
        until = np.cumsum(lengths) + grown[last - first]
        bounds = (np.append(0, until[:-1]), until, last - many, last)
        new, make = tuple.__new__, self.repairs
        return {
            number: new(Mended, (text[start:end], Repairs(make, low, high)))
            for number, start, end, low, high in zip(numbers, *[bound.tolist() for bound in bounds], strict=True)
            if low < high
        }

    def repairs(self, first: int, last: int) -> tuple[Repair, ...]:
        """Some of the repairs, in their order."""
        columns = (column[first:last].tolist() for column in (self._starts, self._ends, self._rest))
        return tuple([Repair(start, end, *self._rests[rest]) for start, end, rest in zip(*columns, strict=True)])


def _filled(text: str, starts: Places, ends: Places, rest: Places, others: str, lengths: Places) -> str:
    """A text with repairs, which yield what is in ``others``, one behind another, with some ``lengths``.

    It is taken, as code points, from what stands between them and what they yield, in turn.
    """
    source = _points(text + others)
    first = np.zeros(2 * len(starts) + 1, np.intp)
    first[2::2] = ends
    first[1::2] = (len(text) + np.cumsum(lengths) - lengths)[rest]
    many = np.empty_like(first)
    many[:-1:2] = starts - first[:-1:2]
    many[-1] = len(text) - first[-1]
    many[1::2] = lengths[rest]
    places: Places = np.repeat(first - (np.cumsum(many) - many), many)
    places += np.arange(len(places))
    return source.take(places).tobytes().decode("utf-32-le", "surrogatepass")


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
