"""The verdict: what keeps a run from being published, and what does not."""

import pandas as pd
import pytest

from pipeline.quality import findings, result_rows
from pipeline.quality.audit import ACCOUNTING
from schemas import TABLES, RuleResult


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    return {name: TABLES[name].empty() for name in ACCOUNTING}


def result(table: str, rule: str, failures: int, *, whole: bool = False) -> RuleResult:
    return RuleResult(table, rule, "it says so", 10, failures, pd.DataFrame(), whole)


def test_a_clean_run_may_be_published(tables: dict[str, pd.DataFrame]) -> None:
    assert findings(tables, published_records=0) == []


def test_rows_that_were_set_aside_do_not_block(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("records", "title__trimmed", 3)])
    assert findings(tables, 0) == []


def test_lost_rows_block(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("line_roles", "covers__text_lines", 2, whole=True)])
    assert findings(tables, 0) == ["table line_roles: it says so does not hold for 2 of 10 rows"]


def test_an_accounting_that_is_wrong_blocks(tables: dict[str, pd.DataFrame]) -> None:
    tables["rule_results"] = result_rows([result("ledger", "adds_up", 1)])
    assert len(findings(tables, 0)) == 1


def test_a_difference_in_the_ledger_blocks_and_names_the_file(tables: dict[str, pd.DataFrame]) -> None:
    row = {"stage": "split", "path": "a.txt", "unit": "lines", "received": 5, "used": 4, "set_aside": 0, "rejected": 0}
    tables["ledger"] = TABLES["ledger"].typed(pd.DataFrame([{**row, "difference": 1}]))
    assert findings(tables, 0) == ["a.txt: 1 lines unaccounted for in stage split"]


def test_nothing_does_not_replace_something(tables: dict[str, pd.DataFrame]) -> None:
    (finding,) = findings(tables, published_records=43)
    assert finding.startswith("no file yielded a record, and 43 are published")
