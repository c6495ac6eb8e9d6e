"""The verdict on every file, and what becomes of the lines of a record that its contract refused."""

import pandas as pd

from pipeline.split.rows import FileSplit, Record
from pipeline.split.tables import file_rows, released
from schemas import TABLES

KEPT, REFUSED = "r" + "1" * 16, "r" + "2" * 16


def sources(**status: str) -> pd.DataFrame:
    empty = dict.fromkeys(TABLES["sources"].arrow_schema.names)
    rows = [
        {**empty, "path": f"{name}.txt", "compression": "none", "line_count": 1, "status": status[name],
         "reason": None if status[name] == "read" else f"{name}.txt: because"}
        for name in status
    ]  # fmt: skip
    return TABLES["sources"].typed(pd.DataFrame(rows))


def test_lines_of_a_refused_record_are_rejected_and_the_others_stay() -> None:
    row = {"path": "a.txt", "layout_rule": "r"}
    roles = TABLES["line_roles"].typed(
        pd.DataFrame(
            [
                {**row, "line_no": 1, "role": "chrome", "record_id": None},
                {**row, "line_no": 2, "role": "title", "record_id": KEPT},
                {**row, "line_no": 3, "role": "title", "record_id": REFUSED},
            ]
        )
    )
    done = released(roles, pd.DataFrame({"record_id": [KEPT]}))
    assert done["role"].tolist() == ["chrome", "title", "rejected"]
    assert done["record_id"].isna().tolist() == [True, False, True]
    assert done["layout_rule"].tolist() == ["r", "r", "contract of records"]


def test_every_file_has_a_verdict() -> None:
    record = Record(KEPT, "a.txt", 1, 1, "listing_a", None, None, 0, "x", None, None, None, None)
    splits = {
        "good.txt": FileSplit((record,), (), (), (), "listing_a", 0.9, None),
        "prose.txt": FileSplit((), (), (), (), None, 0.2, "prose.txt: no layout"),
    }
    files = file_rows(sources(good="read", prose="read", lost="read", blank="empty", noise="rejected"), splits)
    verdicts = files.set_index("path")[["status", "layout", "record_count"]]
    assert verdicts["status"].tolist() == ["parsed", "rejected", "rejected", "empty", "rejected"]
    assert verdicts["record_count"].tolist() == [1, 0, 0, 0, 0]
    reasons = files.set_index("path")["reason"]
    assert pd.isna(reasons["good.txt"])
    assert reasons["prose.txt"] == "prose.txt: no layout"
    assert reasons["lost.txt"].startswith("lost.txt: changed or vanished")
    assert reasons["noise.txt"] == "noise.txt: because"
