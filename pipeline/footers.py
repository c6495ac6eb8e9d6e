"""What the footer of a Parquet file says: which row groups hold the rows of which files, and where nothing stands.

Not here: the tables themselves (``tables``).
"""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

BATCHES: Final = b"palimpsest.batches"
"""The key of the batches in the footer."""


class Part(NamedTuple):
    """The row groups, from ``start`` up to ``end``, in which the rows of a batch of files are."""

    first: str
    last: str
    start: int
    end: int
    key: str


def groups_of(parquet: Any, paths: Sequence[str]) -> list[int]:
    """The row groups that hold rows of the paths (sorted), as the footer says; all where it says nothing."""
    known = parts_of(parquet)
    if known is None:
        return list(range(parquet.num_row_groups))
    if not paths:
        return []
    touched = [part for part in known if part.first <= paths[-1] and paths[0] <= part.last]
    return [group for part in touched for group in range(part.start, part.end)]


def said_nulls(group: Any) -> dict[str, int]:
    """How many nulls there are in each plain column of a row group, where its footer says it."""
    columns = map(group.column, range(group.num_columns))
    told = ((column.path_in_schema, column.statistics) for column in columns)
    return {name: said.null_count for name, said in told if said is not None and said.has_null_count}


def may_have(group: Any, at: pd.DataFrame) -> bool:
    """Whether a row group can have a row that agrees with one of ``at`` in all columns, as its footer says."""
    columns = map(group.column, range(group.num_columns))
    told = {column.path_in_schema: column.statistics for column in columns}
    fits = np.ones(len(at), bool)
    for name in at:
        said = told.get(str(name))
        if said is not None and said.has_min_max:
            inside = [value is not None and said.min <= value <= said.max for value in at[name].to_list()]
            fits &= np.array(inside, bool)
    return bool(fits.any())


def parts_of(parquet: Any) -> list[Part] | None:
    """The batches of files that a table was written in; None where the footer says nothing."""
    held = (parquet.metadata.metadata or {}).get(BATCHES)
    return None if held is None else [Part(*part) for part in json.loads(held)]
