"""How every rule fared, as a table: a rule that is not in it did not run."""

from collections.abc import Iterable

import pandas as pd

from schemas import TABLES, RuleResult


def result_rows(results: Iterable[RuleResult]) -> pd.DataFrame:
    """Rule results as their contract's frame.

    A broken rule about a whole table, or about the accounting, keeps the run from being published; a broken rule
    about rows does not, since those rows are set aside in ``rejects``.
    """
    rows = [
        {
            "table": r.table,
            "rule": r.rule,
            "says": r.says,
            "rows": r.rows,
            "failures": r.failures,
            "blocks": bool(r.failures) and blocks(r),
        }
        for r in results
    ]
    return TABLES["rule_results"].typed(pd.DataFrame(rows)) if rows else TABLES["rule_results"].empty()


def blocks(result: RuleResult) -> bool:
    """Whether failures of this rule keep a run from being published."""
    return result.whole or TABLES[result.table].stage == "quality"
