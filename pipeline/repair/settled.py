"""Words that are settled, and their repairs, as columns: of most words none of them is asked for by itself.

Not here: how they were settled (``together``, ``dossier``), and the lines they stand in (``at_once``).
"""

from collections.abc import Collection, Iterator, KeysView, Mapping, MutableMapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Final

import numpy as np

from pipeline.repair.places import sums
from pipeline.repair.prefilter import Places

Rest = tuple[Any, ...]  # all of a repair but its span
Pieces = list[tuple[int, int, Rest]]  # the repairs of a word: for each its span in the word, and the rest
GENUINE: Final = -1  # the row of a word that is no damage
OPEN: Final = -2  # and of one of which nothing is known yet


class Settled(MutableMapping[str, Pieces]):
    """The repairs of words.

    The pieces of the word in a row are those from ``bounds`` of the row to the next: where each starts and ends in the
    word, and the place of its rest in ``rests``, which many words share.
    """

    def __init__(self) -> None:
        self.rests: list[Rest] = []
        self.bounds: Places = np.zeros(1, np.intp)
        self.starts: Places = np.zeros(0, np.intp)
        self.ends: Places = np.zeros(0, np.intp)
        self.rest: Places = np.zeros(0, np.intp)
        self._rows: dict[str, int] = {}
        self._more: list[Pieces] = []  # of the words behind the rows

    @classmethod
    def of(
        cls, words: Sequence[str], many: Places, columns: tuple[Places, Places, Places], rests: list[Rest]
    ) -> "Settled":
        """Words with so many pieces each; ``columns`` are starts, ends and rests of all these."""
        made = cls()
        made.rests, made.bounds = rests, sums(many)
        made.starts, made.ends, made.rest = columns
        made._rows = dict(zip(words, range(len(words)), strict=True))
        return made

    def __getitem__(self, word: str) -> Pieces:
        row = self._rows[word]
        if row >= len(self.bounds) - 1:
            return self._more[row - len(self.bounds) + 1]
        starts, ends, rests, bounds = self._listed
        return [(starts[place], ends[place], self.rests[rests[place]]) for place in range(bounds[row], bounds[row + 1])]

    @cached_property
    def _listed(self) -> list[list[int]]:
        """Starts, ends, rests and bounds as lists, of which one is asked for sooner."""
        return [column.tolist() for column in (self.starts, self.ends, self.rest, self.bounds)]

    def __setitem__(self, word: str, pieces: Pieces) -> None:
        self._rows[word] = len(self.bounds) - 1 + len(self._more)
        self._more.append(pieces)

    def __delitem__(self, word: str) -> None:
        del self._rows[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, word: object) -> bool:
        return word in self._rows

    def keys(self) -> KeysView[str]:
        """The words."""
        return self._rows.keys()

    def through(self, channels: Collection[str]) -> list[str]:
        """The words that were read by some channels, as their first repairs say."""
        self._lay_out()
        alike = np.array([rest[3] in channels for rest in self.rests], np.bool_)
        first = self.bounds[:-1]
        found = alike[self.rest[first]] if len(first) else first
        return [word for word, row in self._rows.items() if found[row]]

    def rows(self, words: Mapping[str, int], genuine: Collection[str]) -> Places:
        """The rows of some words; of those that are ``genuine``, ``GENUINE``, and of others ``OPEN``."""
        self._lay_out()
        known = {**dict.fromkeys(genuine, GENUINE), **self._rows}
        return np.array(list(map(known.get, words, repeat(OPEN))), np.intp)

    def _lay_out(self) -> None:
        """Put the words that came later into the columns."""
        pieces = [piece for some in self._more for piece in some]
        many = np.array([len(some) for some in self._more], np.intp)
        self.bounds = np.append(self.bounds, self.bounds[-1] + many.cumsum())
        self.starts = np.append(self.starts, np.array([start for start, _, _ in pieces], np.intp))
        self.ends = np.append(self.ends, np.array([end for _, end, _ in pieces], np.intp))
        self.rest = np.append(self.rest, len(self.rests) + np.arange(len(pieces)))
        self.rests += [rest for _, _, rest in pieces]
        self._more = []
        self.__dict__.pop("_listed", None)
