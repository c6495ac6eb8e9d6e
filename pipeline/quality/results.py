"""How every rule fared, as a table: a rule that is not in it did not run."""

from collections.abc import Iterable

import pandas as pd

from pipeline.quality.rejects import row_as_json
from schemas import TABLES, RuleResult
from schemas.arrow import to_rows


def result_rows(results: Iterable[RuleResult]) -> pd.DataFrame:
    """Rule results as their contract's frame.

    A broken rule that is fatal (about a whole table, the accounting, or too many refused rows) keeps the run from being
    published; one that rejects or warns does not, since rows are set aside in ``rejects`` or stay.
    """
    rows = [
        {
            "table": r.table,
            "rule": r.rule,
            "says": r.says,
            "rows": r.rows,
            "failures": r.failures,
            "severity": r.severity,
            "blocks": blocks(r),
            "broken_row": next(map(row_as_json, to_rows(r.sample.head(1))), None) if r.failures else None,
        }
        for r in results
    ]
    return TABLES["rule_results"].typed(pd.DataFrame(rows)) if rows else TABLES["rule_results"].empty()


def blocks(result: RuleResult) -> bool:
    """Whether this result keeps the run from being published."""
    return bool(result.failures) and result.severity == "fatal"
