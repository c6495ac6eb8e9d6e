"""Ids that are functions of content alone, for works and for authors. Not here: what belongs together."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints
from pipeline.link.decisions import Decision
from pipeline.link.fingerprint import record_fingerprint

_TEXT = pd.ArrowDtype(pa.string())


def group_ids(members: pd.DataFrame) -> pd.DataFrame:
    """For each ``group`` (0 to n-1) the smallest ``id`` of its members, and the others as ``superseded_ids``.

    ``members`` has ``group``, ``id``, and ``own``: false for ids that a member had once and that cannot be the group's.
    """
    members = members.dropna()
    group = members["group"].to_numpy(dtype=np.int64)
    alone = np.bincount(group)[group] == 1  # as most are, so that few texts are sorted
    distinct = members[~alone].sort_values(["group", "own", "id"], ascending=[True, False, True])
    distinct = distinct.drop_duplicates(["group", "id"])
    first = ~distinct["group"].duplicated().to_numpy()
    chosen = pd.concat([members.loc[alone, ["group", "id"]], distinct.loc[first, ["group", "id"]]])
    ids = chosen.iloc[np.argsort(chosen["group"].to_numpy())]["id"]
    others = distinct.loc[~first, ["group", "id"]].sort_values(["group", "id"])
    counts = np.bincount(others["group"].to_numpy(), minlength=len(ids))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    lists = pa.ListArray.from_arrays(offsets, pa.array(others["id"], pa.string()))
    return pd.DataFrame({"id": ids.array, "superseded_ids": pd.arrays.ArrowExtensionArray(lists)})


def ids_alone(known: pd.DataFrame, titled: pd.Series) -> pd.DataFrame:
    """For each record ``own``, the id of a work of it alone, and ``former``.

    ``titled`` are title fingerprints of the records that no abstract speaks for. Where an abstract is boilerplate the
    record was a work by that abstract before it was found out, so that id is kept as ``former``; it then stands in
    several works, which is what it was.
    """
    by_abstract = "w" + known["abstract_key"].str[:16]
    own = by_abstract.astype(_TEXT)
    own[titled.index] = "w" + titled.str[:16]
    former = by_abstract.where(pd.Series(known.index.isin(titled.index), index=known.index)).astype(_TEXT)
    return pd.DataFrame({"record_id": known["record_id"], "own": own, "former": former})


def numbers_of(alone: pd.DataFrame, decisions: Sequence[Decision]) -> dict[str, list[int]]:
    """The records that each id in the decisions stands for, as positions: a record's own id, or its work's if alone."""
    wanted = {name for row in decisions for name in (row.one, row.other)}
    found: dict[str, list[int]] = {}
    if not wanted:
        return found
    lonely = alone["record_id"].map(lambda record: work_id(record_fingerprint(record))).astype(_TEXT)
    for column in (alone["record_id"], alone["own"], alone["former"], lonely):
        hits = column[column.isin(wanted)]
        for position, name in zip(hits.index.tolist(), hits.tolist(), strict=True):
            found.setdefault(name, []).append(position)
    return found


def work_id(fingerprint: str) -> str:
    """The id that a fingerprint gives a work."""
    return "w" + fingerprint[:16]


def work_ids(alone: pd.DataFrame, group: Ints) -> tuple[pd.DataFrame, Ints]:
    """For each group ``work_id`` and ``superseded_ids``, in the order of the ids; and the place of each record's group.

    Records that people keep apart may have one id when alone: each then has one made of its record's.
    """
    numbers = np.unique(group, return_inverse=True)[1].astype(np.int64)
    own = alone["own"]
    pairs = pd.DataFrame({"own": own, "group": numbers}).drop_duplicates()
    shared = own.isin(pairs.loc[pairs["own"].duplicated(), "own"])
    lonely = alone.loc[shared, "record_id"].map(lambda record: work_id(record_fingerprint(record))).astype(_TEXT)
    chosen = own.where(~shared, lonely.reindex(own.index))
    members = pd.concat(
        [
            pd.DataFrame({"group": numbers, "id": chosen, "own": True}),
            pd.DataFrame({"group": numbers, "id": alone["former"], "own": False}).dropna(),
            pd.DataFrame({"group": numbers, "id": own, "own": False})[shared],
        ]
    )
    ids = group_ids(members).rename(columns={"id": "work_id"})
    order = np.asarray(ids["work_id"].argsort(), dtype=np.int64)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return ids.take(order).reset_index(drop=True), place[numbers]
