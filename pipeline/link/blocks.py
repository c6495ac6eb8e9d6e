"""Names as numbers, and pairs of them that meet in blocks: nothing is compared with everything.

A pair is one number, ``left * size + right`` of two positions among ``size`` names, ``left`` the smaller. Not here:
which blocks there are (``candidates``).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.components import Ints
from pipeline.link.names import tokens
from pipeline.link.numbers import coded, codes_together, distinct, firsts, spread

# Thirty people of one family name that begin alike: any two of them being one is no longer news.
LARGEST_BLOCK: Final = 30


def pairs_in_blocks(row: Ints, key: Ints, size: int, largest: int = LARGEST_BLOCK) -> Ints:
    """All pairs of rows, numbers below ``size``, that have a key in common which at most ``largest`` rows have, sorted.

    A key below 0 is none.
    """
    entries = distinct(key[key >= 0] * size + row[key >= 0])
    keys = entries // size
    starts = np.flatnonzero(firsts(keys))
    sizes = np.diff(np.append(starts, len(keys)))
    kept = np.repeat((sizes > 1) & (sizes <= largest), sizes)
    keys, rows = keys[kept], entries[kept] % size
    met = [np.empty(0, dtype=np.int64)]
    at = np.arange(len(keys))
    for step in range(1, largest):
        at = at[at + step < len(keys)]
        at = at[keys[at] == keys[at + step]]
        if not len(at):
            break
        met.append(rows[at] * size + rows[at + step])
    return distinct(np.concatenate(met))


class Given:
    """Given names as they are printed: ``code`` of each person, and of each code ``lists`` of the names one by one.

    ``names`` are all of those; of each code there are ``sizes`` numbers of them in ``flat``, from ``starts`` on.
    """

    def __init__(self, given: pd.Series) -> None:
        self.code, texts = coded(given.fillna(""))
        known: dict[str, str] = {}  # so that each name is there once, however many have it
        self.lists = [tuple(known.setdefault(name, name) for name in tokens(text)) for text in texts.to_pylist()]
        self.sizes = np.array([len(names) for names in self.lists], dtype=np.int64)
        self.starts = np.cumsum(self.sizes) - self.sizes
        encoded = pa.array([name for names in self.lists for name in names], pa.string()).dictionary_encode()
        self.flat, self.names = np.asarray(encoded.indices, dtype=np.int64), encoded.dictionary

    @cached_property
    def first(self) -> Ints:
        """The first name of each person, -1 where there is none."""
        found = np.full(len(self.sizes), -1)
        found[self.sizes > 0] = self.flat[self.starts[self.sizes > 0]]
        return found[self.code]

    def begins(self, letters: int) -> Ints:
        """Numbers of how the first name of each person begins, -1 where there is none."""
        beginnings = pc.utf8_slice_codeunits(self.names, 0, letters).dictionary_encode().indices
        return np.append(np.asarray(beginnings, dtype=np.int64), -1)[self.first]

    def every(self, rows: Ints) -> tuple[Ints, Ints]:
        """All given names of some people: the person and the name of each."""
        owner, at = spread(self.starts[self.code[rows]], self.sizes[self.code[rows]])
        return rows[owner], self.flat[at]


@dataclass(frozen=True)
class People:
    """Names of people as numbers: ``family`` and ``given`` are folded, and positions in ``texts``; 0 is no suffix.

    ``sound`` are the positions of the undamaged names of persons.
    """

    frame: pd.DataFrame
    sound: Ints
    family: Ints
    given: Ints
    texts: pa.Array
    suffix: Ints

    @classmethod
    def of(cls, people: pd.DataFrame) -> "People":
        """Of a frame as ``candidates`` wants it."""
        sound = ((people["kind"] == "person") & ~people["damaged"]).to_numpy(dtype=bool)
        numbers, texts = coded(pd.concat([people["folded_family"], people["folded_given"]]))
        family, given = np.split(numbers, 2)
        suffix = coded(people["suffix"].where(people["suffix"] != ""))[0] + 1
        return cls(people, np.flatnonzero(sound), family, given, texts, suffix)

    @property
    def size(self) -> int:
        """How many names there are."""
        return len(self.family)

    @cached_property
    def printed(self) -> Given:
        """The given names as they are printed."""
        return Given(self.frame["given"])

    @cached_property
    def letters(self) -> Ints:
        """How long each text is."""
        return np.asarray(pc.utf8_length(self.texts), dtype=np.int64)

    def name(self, rows: Ints) -> Ints:
        """Numbers that are equal where family and given names are."""
        return codes_together(self.family[rows], self.given[rows])

    def meeting(self, rows: Ints, *codes: Ints, largest: int = LARGEST_BLOCK) -> Ints:
        """The pairs among rows in blocks by all of the codes."""
        return pairs_in_blocks(rows, codes_together(*codes), self.size, largest)
