"""The ledger balances where nothing is lost, and shows by how much where something is."""

import pandas as pd
import pytest

from pipeline.quality.ledger import INPUTS, balance, balanced, counted_entries
from pipeline.quality.rejects import Reject, reject_table
from schemas import TABLES

R1, R2 = "r" + "1" * 16, "r" + "2" * 16


def frame(name: str, *rows: dict[str, object]) -> pd.DataFrame:
    """Rows of a table; columns that are not given are null (and not looked at here)."""
    table = TABLES[name]
    data = {c: [row.get(c) for row in rows] for c in table.arrow_schema.names}
    return table.typed(pd.DataFrame(data)) if rows else table.empty()


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Two records of two lines each with chrome between them, two names and a placeholder; one empty file."""
    read = {"path": "a.txt", "status": "read", "line_count": 5}
    lines = [{"path": "a.txt", "line_no": n} for n in range(1, 6)]
    roles = [*((n, "title", R1) for n in (1, 2)), (3, "chrome", None), *((n, "title", R2) for n in (4, 5))]
    made = {
        "sources": frame("sources", read, {"path": "b.txt", "status": "empty", "line_count": 0}),
        "text_lines": frame("text_lines", *lines),
        "records": frame("records", *({"record_id": r, "path": "a.txt", "author_tokens": 3} for r in (R1, R2))),
        "line_roles": frame(
            "line_roles", *({"path": "a.txt", "line_no": n, "role": w, "record_id": r} for n, w, r in roles)
        ),
        "author_mentions": frame("author_mentions", *({"record_id": r, "position": 1, "tokens": 2} for r in (R1, R2))),
        "unused_tokens": frame("unused_tokens", *({"record_id": r, "token_no": 3} for r in (R1, R2))),
        "raw_files": frame("raw_files", {"path": "a.txt", "record_count": 2}, {"path": "b.txt", "record_count": 0}),
        "work_records": frame("work_records", *({"record_id": r, "path": "a.txt"} for r in (R1, R2))),
        "mention_authors": frame("mention_authors", *({"record_id": r, "position": 1} for r in (R1, R2))),
    }
    assert set(made) == set(INPUTS)
    return made


def differences(ledger: pd.DataFrame) -> dict[tuple[str, str], int]:
    off = ledger[ledger["difference"] != 0]
    return {(row["stage"], row["unit"]): row["difference"] for row in off.to_dict("records")}


def test_a_run_that_loses_nothing_balances(tables: dict[str, pd.DataFrame]) -> None:
    ledger = balance(tables, reject_table([]))
    assert differences(ledger) == {}
    split = ledger[(ledger["stage"] == "split") & (ledger["unit"] == "lines")].to_dict("records")[0]
    assert (split["received"], split["used"], split["set_aside"]) == (5, 4, 1)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("text_lines", {("repair", "lines"): 1, ("split", "lines"): -1}),
        ("line_roles", {("split", "lines"): 1}),
        ("unused_tokens", {("split", "author tokens"): 1}),
        ("work_records", {("link", "records"): 1}),
        ("mention_authors", {("link", "names"): 1}),
        ("raw_files", {("split", "records"): -2}),
    ],
)
def test_a_lost_row_shows(tables: dict[str, pd.DataFrame], table: str, expected: dict[tuple[str, str], int]) -> None:
    tables[table] = tables[table].iloc[1:]
    assert differences(balance(tables, reject_table([]))) == expected


def test_rejected_rows_are_counted_where_they_were_refused(tables: dict[str, pd.DataFrame]) -> None:
    tables["work_records"] = tables["work_records"].iloc[1:]
    tables["author_mentions"] = tables["author_mentions"].iloc[1:]
    tables["mention_authors"] = tables["mention_authors"].iloc[1:]
    rejects = reject_table(
        [
            Reject("link", "work_records", "a.txt", 1, 2, ["score__not_null"]),
            Reject("split", "author_mentions", "a.txt", 1, 2, ["family__trimmed"], row='{"tokens": 2}'),
        ]
    )
    ledger = balance(tables, rejects)
    assert differences(ledger) == {}
    assert ledger["rejected"].sum() == 3


def test_lines_of_a_file_that_vanished_are_rejected_lines(tables: dict[str, pd.DataFrame]) -> None:
    for name in INPUTS[1:]:
        tables[name] = tables[name].iloc[:0]
    rejects = reject_table([Reject("repair", "text_lines", "a.txt", 1, 5, ["file_changed"])])
    assert differences(balance(tables, rejects)) == {}


def test_nothing_at_all_balances() -> None:
    assert balance({name: TABLES[name].empty() for name in INPUTS}, reject_table([])).empty


def test_tables_that_come_in_parts_make_the_same_ledger(tables: dict[str, pd.DataFrame]) -> None:
    rejects = reject_table([Reject("link", "work_records", "a.txt", 1, 2, ["score__not_null"])])
    linked = {"work_records": tables.pop("work_records")}
    names = tables.pop("mention_authors").assign(path="a.txt")
    before = counted_entries([{}, tables])
    assert list(before) == ["place", "path", "received", "used", "set_aside", "rejected"]
    found = balanced([before, counted_entries([linked, {"mention_authors": names}], rejects)])
    whole = {**tables, **linked, "mention_authors": names.drop(columns="path")}
    pd.testing.assert_frame_equal(found, balance(whole, rejects))
