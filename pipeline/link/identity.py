"""Ids that are functions of content alone, for works and for authors. Not here: what belongs together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints, Mask
from pipeline.link.decisions import Decision
from pipeline.link.fingerprint import lone_numbers
from pipeline.link.numbers import Hashes, distinct, ids_of


def group_ids(members: pd.DataFrame) -> tuple[Hashes, pa.Array]:
    """For each ``group`` (0 to n-1) the smallest ``id`` of its members, and lists of the others.

    ``members`` has ``group``, ``id``, a number, and ``own``: false for ids that a member had once and that cannot be
    the group's.
    """
    group = members["group"].to_numpy(dtype=np.int64)
    alone = np.bincount(group)[group] == 1  # as most are, so that few are sorted
    distinct = members[~alone].sort_values(["group", "own", "id"], ascending=[True, False, True])
    distinct = distinct.drop_duplicates(["group", "id"])
    first = ~distinct["group"].duplicated().to_numpy()
    ids = np.zeros(int(group.max(initial=-1)) + 1, np.uint64)
    for chosen in (members[alone], distinct[first]):
        ids[chosen["group"].to_numpy()] = chosen["id"].to_numpy(dtype=np.uint64)
    others = distinct.loc[~first, ["group", "id"]].sort_values(["group", "id"])
    counts = np.bincount(others["group"].to_numpy(), minlength=len(ids))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    return ids, pa.ListArray.from_arrays(offsets, pa.array(others["id"].to_numpy(dtype=np.uint64)))


def lists_of_ids(letter: str, numbers: pa.Array) -> pa.Array:
    """Lists of ids from lists of their numbers."""
    sizes = np.asarray(numbers.value_lengths(), dtype=np.int32)
    offsets = pa.array(np.concatenate([np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)]))
    return pa.ListArray.from_arrays(offsets, ids_of(letter, numbers.flatten().to_numpy(zero_copy_only=False)))


@dataclass(frozen=True)
class Alone:
    """Ids as numbers, for each record: its ``own``, of a work of it alone, and ``former``, where ``was`` says so.

    Where an abstract is boilerplate the record was a work by that abstract before it was found out, so that id is kept
    as ``former``; it then stands in several works, which is what it was.
    """

    record: Hashes
    own: Hashes
    former: Hashes
    was: Mask


def ids_alone(known: pd.DataFrame, rows: Ints, titled: Hashes) -> Alone:
    """The ids of works of one record; ``titled`` are fingerprints of the ``rows`` that no abstract speaks for."""
    by_abstract = known["abstract_key"].fillna(0).to_numpy(dtype=np.uint64)
    own = by_abstract.copy()
    own[rows] = titled
    was = np.zeros(len(own), dtype=bool)
    was[rows] = known["abstract_key"].notna().to_numpy(dtype=bool)[rows]
    return Alone(known["record"].to_numpy(), own, by_abstract, was)


def numbers_of(alone: Alone, decisions: Sequence[Decision]) -> dict[str, list[int]]:
    """The records that each id in the decisions stands for, as positions: a record's own id, or its work's if alone."""
    wanted = {name for row in decisions for name in (row.one, row.other)}
    found: dict[str, list[int]] = {}
    if not wanted:
        return found
    every = np.arange(len(alone.record))
    kinds = (
        ("r", alone.record, every),
        ("w", alone.own, every),
        ("w", alone.former[alone.was], np.flatnonzero(alone.was)),
        ("w", lone_numbers(alone.record), every),
    )
    for letter, numbers, rows in kinds:
        asked = np.array([int(name[1:], 16) for name in wanted if name[0] == letter], np.uint64)
        hits = np.flatnonzero(np.isin(numbers, asked))
        for name, row in zip(ids_of(letter, numbers[hits]).to_pylist(), rows[hits].tolist(), strict=True):
            found.setdefault(name, []).append(row)
    return found


def work_ids(alone: Alone, group: Ints) -> tuple[Hashes, pa.Array, Ints]:
    """The id of each group, as a number, in order, its superseded ids, and the place of each record's group.

    Records that people keep apart may have one id when alone: each then has one made of its record's.
    """
    numbers = np.searchsorted(distinct(group), group)
    pairs = pd.DataFrame({"own": alone.own, "group": numbers}).drop_duplicates()
    shared = np.isin(alone.own, pairs.loc[pairs["own"].duplicated(), "own"].to_numpy())
    chosen = alone.own.copy()
    chosen[shared] = lone_numbers(alone.record[shared])
    members = pd.concat(
        [
            pd.DataFrame({"group": numbers, "id": chosen, "own": True}),
            pd.DataFrame({"group": numbers[alone.was], "id": alone.former[alone.was], "own": False}),
            pd.DataFrame({"group": numbers[shared], "id": alone.own[shared], "own": False}),
        ]
    )
    ids, others = group_ids(members)
    order = np.argsort(ids)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return ids[order], others.take(pa.array(order)), place[numbers]
