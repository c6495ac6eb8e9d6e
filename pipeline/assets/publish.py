"""The asset ``published``: the tables of a run, audited, take the place of the ones that readers had."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg

from pipeline.assets.stage import set_name
from pipeline.engine.stage import LOG
from pipeline.publish import REPORT, AuditError, publish
from pipeline.resources import Engine, Folders
from pipeline.summary import figures
from pipeline.workplace import drawing
from schemas.registry import of_stage

Event = dg.MaterializeResult[None] | dg.AssetCheckResult

# The schedule is nightly: a night that was missed is a warning, two are a failure.
FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=50), warn_window=timedelta(hours=26))

AUDIT = "audit"


@dg.multi_asset(
    name="published",
    specs=[
        dg.AssetSpec(
            "published",
            deps=[table.name for table in of_stage("quality")],  # which depend on every other table
            group_name="publish",
            description="The set of tables that readers see, and report.html beside them, which says how the run went. "
            "Nothing is published when the audit finds something.",
            kinds={"parquet"},
            freshness_policy=FRESHNESS,
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            AUDIT,
            asset="published",
            blocking=True,
            description="Every line, record and name is accounted for, and no rule that blocks is broken",
        )
    ],
    can_subset=True,  # so that a run can leave out the check as an event; the audit itself is always made
)
def published(context: dg.AssetExecutionContext, folders: Folders, engine: Engine) -> Iterator[Event]:
    """Audit the run's tables and publish them as one set; ``engine`` keeps other runs off the folder meanwhile."""
    clean = folders.clean_folder()
    told = bool(context.selected_asset_check_keys)
    try:
        summary = publish(clean, set_name(context), (LOG, context.log), drawing(engine.settings().beside))
    except AuditError as error:
        report = {"report": _path(error.report)}
        if told:
            yield dg.AssetCheckResult(passed=False, check_name=AUDIT, description=str(error), metadata=report)
        raise dg.Failure(str(error), metadata=report, allow_retries=False) from error
    yield dg.MaterializeResult(
        asset_key="published",
        metadata={
            "report": _path(clean.root / REPORT),
            "summary": dg.MetadataValue.md("\n".join(f"    {line}" for line in summary)),
            **figures(clean),
        },
    )
    if told:
        yield dg.AssetCheckResult(passed=True, check_name=AUDIT)


def _path(page: Path) -> dg.PathMetadataValue:
    """A path and no link, since browsers do not follow one from a page on the web to a file."""
    return dg.MetadataValue.path(str(page.absolute()))
