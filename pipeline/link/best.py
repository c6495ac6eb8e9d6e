"""The best record of a work for each field, the same whatever the order of the records.

Not here: which records are a work (``grouping``), and what the other records say (``disagreements``).
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.link.fold import count_damage, fold_text, map_distinct

_CUT: Final = r"(?:\.{3}|…)\W*$"


def best_rows(frame: pd.DataFrame, columns: Sequence[str], ascending: Sequence[bool]) -> pd.DataFrame:
    """The first row of each ``work_id`` by the columns, in turn; then the smallest ``record_id``."""
    several = frame["work_id"].duplicated(keep=False)
    ordered = frame[several].sort_values(["work_id", *columns, "record_id"], ascending=[True, *ascending, True])
    return pd.concat([frame[~several], ordered.drop_duplicates("work_id")]).set_index("work_id")


def best_text(records: pd.DataFrame, name: str) -> pd.DataFrame:
    """The best text of a field and its record, a row a work that has one.

    Least damage first, then text that is not cut off ("..."), then what most records agree on, then text with lower
    case (not all capitals), then the longest. Only works with several texts are looked at.
    """
    frame = records.loc[records[name].notna(), ["work_id", "record_id", name]].rename(columns={name: "text"})
    several = frame["work_id"].duplicated(keep=False)
    rivals = frame[several].copy()
    rivals["damage"] = count_damage(rivals["text"])
    rivals["cut"] = rivals["text"].str.contains(_CUT, regex=True).astype(bool)
    rivals["folded"] = map_distinct(rivals["text"], fold_text, pa.string())
    rivals["agree"] = rivals.groupby(["work_id", "folded"])["record_id"].transform("size")
    rivals["capitals"] = rivals["text"].str.isupper().astype(bool)
    rivals["length"] = rivals["text"].str.len()
    best = best_rows(rivals, ["damage", "cut", "agree", "capitals", "length"], [True, True, False, True, False])
    best = pd.concat([frame[~several].set_index("work_id"), best[["text", "record_id"]]])
    return best[["text", "record_id"]].rename(columns={"text": name, "record_id": f"{name}_record_id"})


def best_year(records: pd.DataFrame) -> pd.DataFrame:
    """The year that most records print; of equals one that stands beside a venue, for it is the year of the print."""
    frame = records.loc[records["year"].notna(), ["work_id", "record_id", "year", "venue"]]
    frame = frame.assign(
        agree=frame.groupby(["work_id", "year"])["record_id"].transform("size"), no_venue=frame["venue"].isna()
    )
    best = best_rows(frame, ["agree", "no_venue", "year"], [False, True, True])
    return best[["year", "record_id"]].rename(columns={"record_id": "year_record_id"})


def best_list(mentions: pd.DataFrame) -> pd.DataFrame:
    """The record with the most and the surest names, and how many names they are.

    ``mentions`` has ``work_id``, ``record_id``, ``author_id``, ``certainty`` and ``damaged``. Most names come first,
    since lists are cut off more often than they are padded.
    """
    lists = (
        mentions.assign(
            unresolved=mentions["damaged"],
            inferred=mentions["certainty"] == "inferred",
            constrained=mentions["certainty"] == "constrained",
        )
        .drop(columns="certainty")
        .groupby(["work_id", "record_id"], as_index=False)
        .agg({"author_id": "nunique", "unresolved": "sum", "inferred": "sum", "constrained": "sum"})
        .rename(columns={"author_id": "author_count"})
    )
    best = best_rows(lists, ["author_count", "unresolved", "inferred", "constrained"], [False, True, True, True])
    return best[["record_id", "author_count"]].rename(columns={"record_id": "authors_record_id"})
