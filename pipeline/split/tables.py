"""What the split of single files means for whole tables: the verdict on every file, and lines of refused records."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.exports import TEXT
from pipeline.split.rows import FileSplit
from schemas import TABLES
from schemas.arrow import to_rows

_NO_VALUES = "is {}, but no value in it can be read; look at it in an editor, or fetch it again"
_LOST = "changed or vanished between two stages of the run; run again when it is at rest"


def file_rows(sources: pd.DataFrame, splits: Mapping[str, FileSplit]) -> pd.DataFrame:
    """``raw_files``: what is known of every file as bytes, and what its split, by path, came to."""
    rows = [{**source, **_verdict(source, splits.get(str(source["path"])))} for source in to_rows(sources)]
    table = TABLES["raw_files"]
    return table.joined([{name: [row[name] for row in rows] for name in table.arrow_schema.names}])


def _verdict(source: Mapping[str, object], split: FileSplit | None) -> dict[str, object]:
    verdict: dict[str, object] = {"layout": None, "layout_score": None, "record_count": 0}
    if split is None:
        if source["status"] == "read" and source.get("value_count") == 0:
            return {
                **verdict,
                "status": "rejected",
                "reason": f"{source['path']}: {_NO_VALUES.format(source['format'])}",
            }
        lost = source["status"] == "read"
        status, reason = ("rejected", f"{source['path']}: {_LOST}") if lost else (source["status"], source["reason"])
        return {**verdict, "status": status, "reason": reason}
    count = len(split.records)
    return {
        "layout": split.layout,
        "layout_score": split.layout_score,
        "record_count": count,
        "status": "parsed" if count else "rejected",
        "reason": None if count else split.reason,
    }


def added_up(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The row of ``raw_files`` of a large file from those of its pieces: their records together, and one verdict.

    A file some of whose pieces have records is parsed; else it is what its first piece is. Of an export a score is the
    share of entries that could be read, so that those of the pieces count by their entries.
    """
    rows = pd.concat(pieces, ignore_index=True)
    count = int(rows["record_count"].sum())
    parsed = rows[rows["status"] == "parsed"]
    if not count:
        return TABLES["raw_files"].typed(rows.head(1))
    score = round(count / float((parsed["record_count"] / parsed["layout_score"]).sum()), 4)
    score = score if parsed["format"].iloc[0] != TEXT else parsed["layout_score"].iloc[0]
    return TABLES["raw_files"].typed(parsed.head(1).assign(record_count=count, layout_score=score))


def released(roles: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """``line_roles`` in which the lines of records that are not in ``records`` (they were refused) are rejected."""
    refused = roles["record_id"].notna() & ~roles["record_id"].isin(records["record_id"])
    if not refused.any():
        return roles
    rule = roles["layout_rule"].where(~refused, "contract of records")
    role = roles["role"].where(~refused, "rejected")
    return roles.assign(role=role, layout_rule=rule, record_id=roles["record_id"].where(~refused, None))
