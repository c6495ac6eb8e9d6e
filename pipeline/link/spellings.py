"""Each spelling of a name once, so that no text is carried along with mentions.

Not here: what a spelling's key is made of (``names``) and which spellings are one name (``naming``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array
from pipeline.link.mentioned import Places, Said, certainty_codes
from pipeline.link.names import PARTS, UNRESOLVED, flagged, match_keys
from pipeline.link.numbers import Hashes, coded, codes_together, id_numbers

_AT_ONCE: Final = 1 << 16
COLUMNS: Final = ["record_id", "position", *PARTS, "kind", "certainty", "flags"]
"""What of mentions says who they name."""


@dataclass(frozen=True)
class Spellings:
    """What some mentions say by themselves, whatever their records are, in the order of record and position.

    ``order`` has their positions in the order in which they came, and in that order there are ``record``, its id as a
    number, and ``position``. ``spelling`` is a position in ``table``, which has in the order in which each is there
    first what is printed (``family``, ``given``, ``suffix``, ``kind``, ``certainty``) with its ``match_keys``, how
    often (``times``), and ``id``, the digits of its ``author_id`` as a number. ``first`` is the first mention of each.
    """

    order: Ints
    record: Hashes
    position: Ints
    spelling: Ints
    first: Ints
    table: pd.DataFrame

    def said(self, start: int = 0) -> Said:
        """The same as numbers; ``start`` is the row of the first mention in the table."""
        table, at = self.table, self.spelling
        letters: Places = np.asarray(table["folded_given"].str.len(), dtype=np.int32)
        return Said(
            (self.order + start).astype(np.int32),
            self.position.astype(np.int32),
            self.record,
            table["id"].to_numpy(dtype=np.uint64)[at],
            certainty_codes(table["certainty"])[at],
            table["damaged"].to_numpy(dtype=bool)[at],
            letters[at],
        )


def spellings_of(mentions: pd.DataFrame) -> Spellings:
    """The spellings in the table ``author_mentions``, or in some of its rows."""
    record, position = id_numbers(mentions["record_id"]), mentions["position"].to_numpy(dtype=np.int64)
    order = np.lexsort([position, record])
    printed = [coded(mentions[name])[0] + 1 for name in ("kind", "certainty", "suffix", "family", "given")]
    unresolved = flagged(mentions, UNRESOLVED).to_numpy(dtype=np.int64)
    first, spelling = _by_appearance(codes_together(unresolved, *printed)[order])
    table = _keyed(mentions, order[first])
    alone = table["alone"].to_numpy()[spelling]  # each such mention is a name of its own
    alone[first] = False
    others = np.flatnonzero(alone)
    if len(others):
        spelling[others] = len(table) + np.arange(len(others))
        table = pd.concat([table, _keyed(mentions, order[others])], ignore_index=True)
    table["id"] = id_numbers(table.pop("author_id"))
    table["times"] = np.bincount(spelling, minlength=len(table))
    first = np.concatenate([first, others])
    return Spellings(order, record[order], position[order], spelling, first, table)


def _by_appearance(codes: Ints) -> tuple[Ints, Ints]:
    """Where each distinct code is first, in order, and for each code which of these is its own."""
    first, number = np.unique(codes, return_index=True, return_inverse=True)[1:]
    appearance = np.argsort(first)
    place = np.empty(len(first), dtype=np.int64)
    place[appearance] = np.arange(len(first))
    return first[appearance], place[number]


def _keyed(mentions: pd.DataFrame, rows: Ints) -> pd.DataFrame:
    """What is printed by some mentions, with its keys; of many a part at a time, as making keys takes memory."""
    parts = [_keyed_part(mentions, rows[start : start + _AT_ONCE]) for start in range(0, max(1, len(rows)), _AT_ONCE)]
    if len(parts) == 1:
        return parts[0]
    return pd.DataFrame({name: _together([part.pop(name) for part in parts]) for name in [*map(str, parts[0])]})


def _together(columns: list[pd.Series]) -> pd.Series:
    """One column of all; one column after the other, as all together would be there twice."""
    whole = pd.concat(columns, ignore_index=True)
    if not isinstance(whole.dtype, pd.ArrowDtype):
        return whole
    return pd.Series(pd.arrays.ArrowExtensionArray(arrow_array(whole, whole.dtype.pyarrow_dtype)))


def _keyed_part(mentions: pd.DataFrame, rows: Ints) -> pd.DataFrame:
    table = mentions[COLUMNS].take(rows).reset_index(drop=True)
    return table.drop(columns=["record_id", "position", "flags"]).join(match_keys(table))
