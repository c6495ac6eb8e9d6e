"""Rows and files that were refused, in one table whatever table they would have been in."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from schemas import TABLES, Split, Table
from schemas.arrow import to_rows


@dataclass(frozen=True)
class Reject:
    """One refused file or row; the fields are the columns of ``rejects``, but for the id."""

    stage: str
    table: str
    path: str | None
    line_start: int | None
    line_end: int | None
    rules: list[str] = field(default_factory=list)
    reason: str = ""
    row: str = "{}"


def row_as_json(row: Mapping[str, object]) -> str:
    """A row as people and programs read it."""
    return json.dumps(row, ensure_ascii=False, default=str)


def refused_rows(table: Table, split: Split, records: pd.DataFrame) -> list[Reject]:
    """The rows of a split that its contract refused; ``records`` says where a row that only has a record_id is from."""
    says = {result.rule: result.says for result in split.results}
    where = {row["record_id"]: row for row in to_rows(records[["record_id", "path", "line_start", "line_end"]])}
    refused = []
    for row in to_rows(split.rejected):
        broken = row.pop("rules")
        place = row if "path" in row else where.get(row.get("record_id"), {})
        start = place.get("line_start", place.get("file_line", place.get("line_no")))
        refused.append(
            Reject(
                stage=table.stage,
                table=table.name,
                path=place.get("path"),
                line_start=start,
                line_end=place.get("line_end", start),
                rules=broken,
                reason="; ".join(says[rule] for rule in broken),
                row=row_as_json(row),
            )
        )
    return refused


def refused_files(table: Table, files: pd.DataFrame) -> list[Reject]:
    """The files that ``sources`` or ``raw_files`` calls rejected, with their reasons."""
    refused = files[files["status"] == "rejected"]
    return [
        Reject(
            table.stage,
            table.name,
            row["path"],
            None,
            None,
            ["file_rejected"],
            row["reason"],
            row_as_json(row),
        )
        for row in to_rows(refused)
    ]


def reject_table(rejects: Iterable[Reject]) -> pd.DataFrame:
    """Rejects as their contract's frame, each with an id made of its content and, for equal ones, its repetition."""
    seen: Counter[tuple[str, ...]] = Counter()
    rows = []
    for reject in sorted(rejects, key=lambda r: (r.stage, r.table, r.path or "", r.line_start or 0, r.row)):
        same = (reject.stage, reject.table, reject.path or "", reject.row)
        seen[same] += 1
        digest = hashlib.sha256("\x1f".join((*same, str(seen[same]))).encode(errors="surrogatepass")).hexdigest()
        rows.append({"reject_id": f"x{digest[:16]}", **vars(reject)})
    return TABLES["rejects"].typed(pd.DataFrame(rows)) if rows else TABLES["rejects"].empty()
