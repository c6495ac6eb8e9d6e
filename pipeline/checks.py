"""Asset checks: one for every rule of every contract, known before any data."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

import dagster as dg

from pipeline import io
from pipeline.quality.results import blocks
from schemas import RuleResult, Table


def check_specs(table: Table) -> list[dg.AssetCheckSpec]:
    """The checks of a table, one a rule."""
    return [dg.AssetCheckSpec(rule.name, asset=table.name, description=rule.says) for rule in table.rules]


def check_results(results: list[RuleResult], wanted: AbstractSet[dg.AssetCheckKey]) -> Iterator[dg.AssetCheckResult]:
    """How each rule fared whose check is wanted, with counts and at most 20 of the rows that broke it.

    Rows that were set aside are a warning; what keeps the run from being published is an error.
    """
    for result in results:
        if dg.AssetCheckKey(dg.AssetKey(result.table), result.rule) not in wanted:
            continue
        metadata = {"rows": dg.MetadataValue.int(result.rows), "failures": dg.MetadataValue.int(result.failures)}
        extra = {"broken rows": io.sample(result.sample)} if result.failures else {}
        yield dg.AssetCheckResult(
            asset_key=result.table,
            check_name=result.rule,
            passed=not result.failures,
            severity=dg.AssetCheckSeverity.ERROR if blocks(result) else dg.AssetCheckSeverity.WARN,
            description=result.says,
            metadata={**metadata, **extra},
        )
