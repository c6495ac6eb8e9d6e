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
from pipeline.repair.places import heads, marked, outside, ranges, sums, widths
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
    first = heads(found.lines)
    line = np.arange(len(first)).repeat(widths(first, len(found.texts)))  # of each word
    numbers = found.lines[first]
    taken = outside(numbers, others)
    taken[line[row == OPEN]] = False
    asked = np.zeros(len(first), np.bool_)  # a mark for a byte may stand beside a word that is genuine by itself
    asked[line[row == GENUINE]] = True
    own = [lines[number] for number in numbers[taken].tolist()]
    kept = [
        "?" not in text or not (ask or "??" in text or "Ã" in text)
        for text, ask in zip(own, asked[taken].tolist(), strict=True)
    ]
    taken[taken] = kept
    words = marked(taken[line] & (row >= 0))
    columns = _Columns(settled, row[words], found.places[words])
    steps = columns.mended(numbers[taken].tolist(), list(compress(own, kept)), (taken.cumsum() - 1)[line[words]])
    return steps, found.only(~taken[line])


class _Columns:
    """The repairs of some words, which have rows in ``settled`` and begin at places of their lines."""

    def __init__(self, settled: Settled, rows: Places, places: Places) -> None:
        self._rests = settled.rests
        self._many: Places = settled.bounds[rows + 1] - settled.bounds[rows]
        piece = ranges(settled.bounds[rows], self._many)
        places = places.repeat(self._many)
        self._starts: Places = places + settled.starts[piece]
        self._ends: Places = places + settled.ends[piece]
        self._rest: Places = settled.rest[piece]

    def mended(self, numbers: Sequence[int], lines: Sequence[str], line: Places) -> dict[int, Mended]:
        """Their lines, mended, by number, where they have repairs; ``line`` is that of each word, by its place."""
        line = line.repeat(self._many)
        last = line.searchsorted(np.arange(len(lines)), "right")  # the repairs of each line end there
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
        offset = (lengths.cumsum() - lengths).repeat(many)
        repairs = slice(first, last[-1])
        starts, ends, rest = self._starts[repairs], self._ends[repairs], self._rest[repairs]
        text = _filled("".join(lines), starts + offset, ends + offset, rest, *afters)
        grown = sums(afters[1][rest] - (ends - starts))
        until = lengths.cumsum() + grown[last - first]
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
    first: Places = np.zeros(2 * len(starts) + 1, np.intp)
    first[2::2] = ends
    first[1::2] = (len(text) + lengths.cumsum() - lengths)[rest]
    many: Places = np.empty_like(first)
    many[:-1:2] = starts - first[:-1:2]
    many[-1] = len(text) - first[-1]
    many[1::2] = lengths[rest]
    return source.take(ranges(first, many)).tobytes().decode("utf-32-le", "surrogatepass")


def _points(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
