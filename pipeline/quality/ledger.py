"""The ledger: for every stage and file, what came in must equal what was used, set aside and rejected.

Each count is taken from the table that says it independently (lines from ``sources``, records from ``raw_files``,
tokens from ``records``), so that a stage that loses something cannot hide it.
"""

import json
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import TABLES
from schemas.masks import Frames, Mask

Counts = npt.NDArray[np.int64]

# The tables that the ledger is made of.
INPUTS = (
    "sources", "text_lines", "records", "line_roles", "author_mentions", "unused_tokens", "raw_files",
    "work_records", "mention_authors",
)  # fmt: skip


_COUNTS = ["received", "used", "set_aside", "rejected"]


def balance(tables: Frames, rejects: pd.DataFrame) -> pd.DataFrame:
    """The ledger of a run from the tables named in ``INPUTS`` and its rejects; one row a stage, file and unit."""
    return balanced([counted_entries([tables], rejects)])


def counted_entries(parts: Iterable[Frames], rejects: pd.DataFrame | None = None) -> pd.DataFrame:
    """What parts of the tables, and the rejects, count for in the ledger: ``place``, ``path`` and the counts.

    Rows that name no file come with those of their records, or with the files of these.
    """
    none = {name: TABLES[name].empty() for name in INPUTS}
    no_rejects = TABLES["rejects"].empty()
    some = iter(parts)
    counted = _counted({**none, **next(some, {})}, no_rejects if rejects is None else rejects)
    counted += [entry for part in some for entry in _counted({**none, **part}, no_rejects) if len(entry)]
    return _summed(counted)


def balanced(entries: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The ledger, from the ``counted_entries`` of all tables and of the rejects, each in one of them."""
    sums = _summed(entries)
    sums["difference"] = sums["received"] - sums["used"] - sums["set_aside"] - sums["rejected"]
    for column, names in zip(("stage", "unit"), zip(*_ENTRIES, strict=True), strict=True):
        sums[column] = np.array(names, dtype=object)[sums["place"]]
    return TABLES["ledger"].typed(sums.drop(columns="place"))


def _summed(entries: Iterable[pd.DataFrame]) -> pd.DataFrame:
    sums: pd.DataFrame = pd.concat(entries, ignore_index=True).groupby(["place", "path"], as_index=False)[_COUNTS].sum()
    return sums


_ENTRIES = (
    ("ingest", "files"), ("repair", "lines"), ("split", "lines"), ("split", "records"), ("split", "author tokens"),
    ("link", "records"), ("link", "names"),
)  # fmt: skip


def _counted(tables: Frames, rejects: pd.DataFrame) -> list[pd.DataFrame]:
    sources, roles = tables["sources"], tables["line_roles"]
    path_of = tables["records"].set_index("record_id")["path"]
    claimed, refused = roles["record_id"].notna().to_numpy(dtype=bool), _is(roles, "role", "rejected")
    return [
        _entry("ingest", "files", _rows(sources), _rows(sources, _is(sources, "status", "read")),
               set_aside=_rows(sources, _is(sources, "status", "empty")),
               rejected=_rows(sources, _is(sources, "status", "rejected"))),
        _entry("repair", "lines", _rows_to_come(sources), _rows(tables["text_lines"]),
               rejected=_rejected_lines(rejects, "text_lines")),
        _entry("split", "lines", _rows(tables["text_lines"]), _rows(roles, claimed),
               set_aside=_rows(roles, ~claimed & ~refused),
               rejected=_rows(roles, refused).add(_rejected(rejects, "line_roles"), fill_value=0)),
        _entry("split", "records", _sum(tables["raw_files"], "record_count"), _rows(tables["records"]),
               rejected=_rejected(rejects, "records")),
        _entry("split", "author tokens", _sum(tables["records"], "author_tokens"),
               _sum(tables["author_mentions"], "tokens", path_of),
               set_aside=_rows(tables["unused_tokens"], path_of=path_of),
               rejected=_rejected_tokens(rejects).add(_rejected(rejects, "unused_tokens"), fill_value=0)),
        _entry("link", "records", _rows(tables["records"]), _rows(tables["work_records"]),
               rejected=_rejected(rejects, "work_records")),
        _entry("link", "names", _rows(tables["author_mentions"], path_of=path_of),
               _rows(tables["mention_authors"], path_of=path_of),
               rejected=_rejected(rejects, "mention_authors")),
    ]  # fmt: skip


def _rows_to_come(sources: pd.DataFrame) -> pd.Series:
    """The rows that each file that is read must yield: the lines of plain text, the values of an export."""
    read = sources[sources["status"] == "read"]
    return _sum(read.assign(rows=read["value_count"].fillna(read["line_count"])), "rows")


def _entry(
    stage: str,
    unit: str,
    received: pd.Series,
    used: pd.Series,
    *,
    rejected: pd.Series,
    set_aside: pd.Series | None = None,
) -> pd.DataFrame:
    columns = {"received": received, "used": used, "set_aside": set_aside, "rejected": rejected}
    counts = pd.DataFrame({name: s for name, s in columns.items() if s is not None})
    counts = counts.reindex(columns=list(columns)).fillna(0).astype("int64")
    return counts.rename_axis("path").reset_index().assign(place=_ENTRIES.index((stage, unit)))


def _is(frame: pd.DataFrame, column: str, value: str) -> Mask:
    """Which rows have a value."""
    return (frame[column] == value).fillna(value=False).to_numpy(dtype=bool)


def _rows(frame: pd.DataFrame, where: Mask | None = None, path_of: pd.Series | None = None) -> pd.Series:
    """How many rows each file has, or of those that are meant, where it has any."""
    counted = np.ones(len(frame), np.int64) if where is None else where.astype(np.int64)
    found = _added(frame, counted, path_of)
    return found[found > 0]


def _sum(frame: pd.DataFrame, column: str, path_of: pd.Series | None = None) -> pd.Series:
    return _added(frame, frame[column].fillna(0).to_numpy(dtype=np.int64), path_of)


def _added(frame: pd.DataFrame, amounts: Counts, path_of: pd.Series | None) -> pd.Series:
    """What the rows of each file come to; where these do not name it, ``path_of`` has the file of their record.

    Rows of one file or record stand one after the other, and are added up before anything is looked up for them.
    """
    by_record = path_of is not None and "path" not in frame
    of = frame["record_id" if by_record else "path"]
    starts = _starts(of)
    sums = np.add.reduceat(amounts, starts) if len(starts) else amounts
    first = of.take(starts).reset_index(drop=True)
    paths = first if path_of is None or not by_record else first.map(path_of)
    return pd.Series(sums).groupby(paths).sum()


def _starts(values: pd.Series) -> Counts:
    """Where a value stands that is not the one before it."""
    held = pa.array(values, pa.string(), from_pandas=True)
    texts = held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
    new = np.ones(len(texts), dtype=bool)
    new[1:] = pc.fill_null(pc.not_equal(texts[1:], texts[:-1]), fill_value=True).to_numpy(zero_copy_only=False)
    return np.flatnonzero(new)


def _rejected(rejects: pd.DataFrame, table: str) -> pd.Series:
    return _rows(rejects[rejects["table"] == table])


def _rejected_lines(rejects: pd.DataFrame, table: str) -> pd.Series:
    rows = rejects[rejects["table"] == table]
    return _sum(rows.assign(lines=rows["line_end"] - rows["line_start"] + 1), "lines")


def _rejected_tokens(rejects: pd.DataFrame) -> pd.Series:
    rows = rejects[rejects["table"] == "author_mentions"]
    return _sum(rows.assign(tokens=[json.loads(row)["tokens"] for row in rows["row"]]), "tokens")
