"""Names of mentions: spellings that have one key, each name with the spelling that it is shown by.

All mentions at once, or some at a time, with the texts of names on a shelf. Not here: which names are one person
(``people``).
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints
from pipeline.link.mentioned import Mentioned, Places, Said, in_order
from pipeline.link.names import PARTS
from pipeline.link.numbers import Hashes, distinct
from pipeline.link.printed import Held, Listed
from pipeline.link.shelf import Rows
from pipeline.link.shown import best_spellings
from pipeline.link.spellings import Spellings, spellings_of
from schemas.arrow import to_frame

SHOWN: Final = [*PARTS, "kind", "certainty", "folded_family", "folded_given", "damaged", "match_key"]
"""What is known of the spelling that a name is shown by."""
COMPARED: Final = ["family", "given", "kind", "folded_family", "folded_given", "damaged", "suffix"]
"""What of it is compared."""
_NAMES_AT_ONCE: Final = 1 << 16
_DEALT: Final = [*SHOWN, "id", "times"]


@dataclass(frozen=True)
class Named:
    """The names of mentions, in the order of the ``ids`` that names have alone, which are numbers.

    ``shown`` has the columns ``SHOWN`` of the spelling that each is shown by, and ``count`` how often that is printed.
    """

    mentions: Mentioned
    ids: Hashes
    count: Places
    shown: Listed


class Store(Protocol):
    """Where the texts of names are while they are made, and afterwards."""

    def shelf(self) -> AbstractContextManager[Rows]:
        """A new shelf, for a ``with`` block."""

    def listed(self, parts: Iterable[pa.Table]) -> Listed:
        """Rows, of which some come at a time."""


def named(mentions: pd.DataFrame) -> Named:
    """The names in the table ``author_mentions``."""
    spelled = spellings_of(mentions)
    ids, count, shown = _best(spelled.table)
    return Named(in_order([spelled.said()], ids), ids, count, Held(shown))


def named_in_parts(parts: Iterable[pd.DataFrame], size: int, store: Store) -> Named:
    """The same names of ``size`` mentions, of which some come at a time, in the order of their table."""
    bits = max(0, -(-size // _NAMES_AT_ONCE) - 1).bit_length()
    said: list[Said] = []
    ids, counts = [np.empty(0, np.uint64)], [np.empty(0, np.int32)]
    with store.shelf() as shelf:
        start = 0
        for part in parts:
            spelled = spellings_of(part)
            said.append(spelled.said(start))
            start += len(part)
            _deal(spelled, bits, shelf)
        held = (shelf.take(bucket) for bucket in range(1 << bits))
        shown = store.listed(_texts(held, ids, counts))
    every = np.concatenate(ids)
    return Named(in_order(said, every), every, np.concatenate(counts), shown)


def _texts(held: Iterable[pa.Table | None], ids: list[Hashes], counts: list[Places]) -> Iterator[pa.Table]:
    """What is shown of the names that there are spellings of; their ids and counts are added to the lists."""
    for some in held:
        if some is not None:
            own, count, shown = _best(to_frame(some.sort_by([("record", "ascending"), ("position", "ascending")])))
            ids.append(own)
            counts.append(count)
            yield pa.Table.from_pandas(shown, preserve_index=False).replace_schema_metadata(None)


def _best(table: pd.DataFrame) -> tuple[Hashes, Places, pd.DataFrame]:
    """The ids of the names of some spellings, how often the best spelling of each is printed, and those."""
    numbers: Hashes = table["id"].to_numpy(dtype=np.uint64)
    ids = distinct(numbers)
    best, count = best_spellings(table.assign(name=np.searchsorted(ids, numbers)))
    return ids, count.astype(np.int32), table[SHOWN].take(best).reset_index(drop=True)


def _deal(spelled: Spellings, bits: int, shelf: Rows) -> None:
    """Put spellings where their names are, by the upper bits of the ids, with the place where each is first."""
    table = pa.Table.from_pandas(spelled.table[_DEALT], preserve_index=False).replace_schema_metadata(None)
    table = table.append_column("record", pa.array(spelled.record[spelled.first]))
    table = table.append_column("position", pa.array(spelled.position[spelled.first]))
    ids = spelled.table["id"].to_numpy(dtype=np.uint64)
    deal(table, (ids >> np.uint64(64 - bits)).astype(np.int64) if bits else np.zeros(len(ids), np.int64), shelf)


def deal(rows: pa.Table, place: Ints, shelf: Rows) -> None:
    """Put each row where it belongs, in their order."""
    order = np.argsort(place, kind="stable")
    ordered, held = place[order], rows.take(pa.array(order)).combine_chunks()
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    for start, end in zip(starts.tolist(), np.append(starts, len(ordered))[1:].tolist(), strict=True):
        shelf.put(int(ordered[start]), held.slice(start, end - start))
