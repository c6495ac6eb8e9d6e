"""Mentions as numbers: each spelling of a name once, so that no text is carried along with mentions.

Not here: what a spelling's key is made of (``names``) and which names are one author's (``authors``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array
from pipeline.link.names import PARTS, UNRESOLVED, flagged, match_keys
from pipeline.link.numbers import coded, codes_together, distinct, id_numbers

_AT_ONCE: Final = 1 << 16
COLUMNS: Final = ["record_id", "position", *PARTS, "kind", "certainty", "flags"]
"""What of mentions says who they name."""


@dataclass(frozen=True)
class Spellings:
    """What mentions say by themselves, whatever their records are.

    ``order`` has the positions of the mentions in the order of record and position. In that order ``record`` has for
    each a position in ``records``, the ids of the records that have mentions, sorted, and ``spelling`` one in
    ``table``: what is printed (``family``, ``given``, ``suffix``, ``kind``, ``certainty``) with its ``match_keys``, how
    often (``times``), and ``name``, the number of its ``author_id`` in the order of all of them.
    """

    order: Ints
    record: Ints
    records: pd.Series
    spelling: Ints
    table: pd.DataFrame


def spellings_of(mentions: pd.DataFrame) -> Spellings:
    """The spellings in the table ``author_mentions``, in the order in which records and positions have them first."""
    record, records = coded(mentions["record_id"], sort=True)
    order = np.lexsort([mentions["position"].to_numpy(dtype=np.int64), record])
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
    ids = id_numbers(table["author_id"])
    table["name"] = np.searchsorted(distinct(ids), ids)
    table["times"] = np.bincount(spelling, minlength=len(table))
    with_lists = pd.Series(pd.arrays.ArrowExtensionArray(records))
    return Spellings(order, record[order], with_lists, spelling, table)


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
