"""Places in columns, by the steps of numpy that cost least where few are asked for.

Its functions for the same take several times as long there as the work itself, and most files have little damage.
"""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

_Marks = npt.NDArray[np.bool_]
_Places = npt.NDArray[np.intp]


def marked(marks: npt.NDArray[np.generic]) -> _Places:
    """The places that are marked, or not 0."""
    return marks.nonzero()[0]


def changes(column: npt.NDArray[np.generic]) -> _Marks:
    """Which values of a column are others than those before them; the first is one."""
    new = np.empty(len(column), np.bool_)
    new[:1] = True
    np.not_equal(column[1:], column[:-1], out=new[1:])
    return new


def heads(column: npt.NDArray[np.generic]) -> _Places:
    """The places at which a column goes on with another value."""
    return changes(column).nonzero()[0]


def widths(starts: _Places, end: int) -> _Places:
    """How long those are that begin at some places, one behind another, of which the last ends at ``end``."""
    found = np.empty(len(starts), np.intp)
    found[:-1] = starts[1:]
    found[-1:] = end
    found -= starts
    return found


def sums(column: _Places | _Marks) -> _Places:
    """What a column comes to up to each place, and at its end."""
    found = np.zeros(len(column) + 1, np.intp)
    column.cumsum(out=found[1:])
    return found


def outside(numbers: _Places, others: Collection[int]) -> _Marks:
    """Which of some ascending numbers, none below 0, are not among others."""
    last = int(numbers[-1]) if len(numbers) else -1
    kept = np.ones(last + 1, np.bool_)
    kept[[number for number in others if number <= last]] = False
    return kept.take(numbers)


def ranges(firsts: _Places, many: _Places) -> _Places:
    """All places from each of some on, so many of each."""
    found: _Places = (firsts - many.cumsum() + many).repeat(many)
    found += np.arange(len(found))
    return found
