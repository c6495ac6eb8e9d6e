"""Refused rows keep every reason, their place in the raw file, and an id that does not depend on order."""

import json

import pandas as pd

from pipeline.quality.rejects import Reject, refused_files, refused_rows, reject_table
from schemas import TABLES

RECORD = "r" + "1" * 16


def records() -> pd.DataFrame:
    row = dict.fromkeys(TABLES["records"].arrow_schema.names)
    row |= {"record_id": RECORD, "path": "a.txt", "line_start": 3, "line_end": 5, "title": "x", "layout": "listing C"}
    return TABLES["records"].typed(pd.DataFrame([{**row, "author_tokens": 0}]))


def test_a_row_with_a_record_id_is_placed_by_its_record() -> None:
    table = TABLES["unused_tokens"]
    bad = pd.DataFrame([{"record_id": RECORD, "token_no": 0, "token": "null", "reason": "because"}])
    (reject,) = refused_rows(table, table.split(bad, {"records": records()}), records())
    assert (reject.stage, reject.table, reject.path, reject.line_start, reject.line_end) == (
        ("split", "unused_tokens", "a.txt", 3, 5)
    )
    assert reject.rules == ["token_no__greater_than_or_equal_to", "reason__isin"]
    assert json.loads(reject.row)["token"] == "null"
    assert len(reject.reason.split("; ")) == 2


def test_a_row_with_a_line_number_is_placed_by_it() -> None:
    table = TABLES["text_lines"]
    row = dict.fromkeys(table.arrow_schema.names) | {"path": "a.txt", "text": "x", "byte_start": 5, "byte_end": 1}
    bad = pd.DataFrame([row | dict.fromkeys(["line_no", "file_line", "entry_start", "entry_end"], 7)])
    parents = {"sources": pd.DataFrame({"path": ["a.txt"]})}
    (reject,) = refused_rows(table, table.split(bad, parents), TABLES["records"].empty())
    assert (reject.path, reject.line_start, reject.line_end) == ("a.txt", 7, 7)


def test_only_rejected_files_are_rejects() -> None:
    row = dict.fromkeys(TABLES["raw_files"].arrow_schema.names)
    row |= {"compression": "none", "line_count": 0, "record_count": 0, "reason": "why"}
    rows = [{**row, "path": f"{status}.txt", "status": status} for status in ("parsed", "empty", "rejected")]
    rejects = refused_files(TABLES["raw_files"], TABLES["raw_files"].typed(pd.DataFrame(rows)))
    assert [(r.path, r.reason) for r in rejects] == [("rejected.txt", "why")]


def test_ids_are_unique_for_equal_rows_and_the_same_in_any_order() -> None:
    one, two = Reject("split", "records", "a", 1, 1), Reject("split", "records", "b", 1, 1)
    first, second = reject_table([one, two, one]), reject_table([two, one, one])
    pd.testing.assert_frame_equal(first, second)
    assert first["reject_id"].is_unique
    assert TABLES["rejects"].split(first, {}).rejected.empty
