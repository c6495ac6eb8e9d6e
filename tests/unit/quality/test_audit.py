"""The verdict: what keeps a run from being published, and what does not."""

import pandas as pd
import pytest

from pipeline.quality import findings, result_rows
from pipeline.quality.audit import ACCOUNTING
from schemas import TABLES, RuleResult
from schemas.rule import Severity


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return {name: TABLES[name].empty() for name in ACCOUNTING}


def result(table: str, rule: str, failures: int, severity: Severity = "reject") -> RuleResult:
    return RuleResult(table, rule, "it says so", 10, failures, pd.DataFrame(), severity)


def test_a_clean_run_may_be_published(tables: dict[str, pd.DataFrame]) -> None:
    assert findings(tables, published_records=0) == []


def test_rows_that_were_set_aside_do_not_block(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("records", "title__trimmed", 3)])
    assert findings(tables, 0) == []


def test_a_warning_does_not_block(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("run_history", "null_rates_as_before", 3, "warn")])
    assert findings(tables, 0) == []


@pytest.mark.parametrize(
    ("rows", "refused", "severity"),
    [(100, 0, None), (100, 1, None), (100, 2, "warn"), (100, 50, "warn"), (100, 51, "fatal"), (3, 3, "warn")],
)
def test_the_share_of_refused_rows_has_bounds(rows: int, refused: int, severity: str | None) -> None:
    table = TABLES["records"]
    found = table.reject_rate(rows, refused, table.empty())
    assert (found.rule, found.rows, found.failures > 0) == ("reject_rate", rows, severity is not None)
    assert found.severity == (severity or "warn")
    assert result_rows([found])["blocks"].tolist() == [severity == "fatal"]


def test_lost_rows_block(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("line_roles", "covers__text_lines", 2, "fatal")])
    assert findings(tables, 0) == ["table line_roles: it says so does not hold for 2 of 10 rows"]


def test_an_accounting_that_is_wrong_blocks(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("ledger", "adds_up", 1, "fatal")])
    assert len(findings(tables, 0)) == 1


def test_a_difference_in_the_ledger_blocks_and_names_the_file(tables: dict[str, pd.DataFrame]) -> None:
    row = {"stage": "split", "path": "a.txt", "unit": "lines", "received": 5, "used": 4, "set_aside": 0, "rejected": 0}
    tables["ledger"] = TABLES["ledger"].typed(pd.DataFrame([{**row, "difference": 1}]))
    assert findings(tables, 0) == ["a.txt: 1 lines unaccounted for in stage split"]


def test_nothing_does_not_replace_something(tables: dict[str, pd.DataFrame]) -> None:
    (finding,) = findings(tables, published_records=43)
    assert finding.startswith("no file yielded a record, and 43 are published")
