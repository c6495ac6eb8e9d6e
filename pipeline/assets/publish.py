"""The asset ``published``: the tables of a run, audited, take the place of the ones that readers had."""

import dagster as dg

from pipeline.assets.stage import set_name
from pipeline.publish import REPORT, AuditError, publish
from pipeline.resources import Folders
from schemas.registry import of_stage


@dg.asset(
    deps=[table.name for table in of_stage("quality")],  # which depend on every other table
    group_name="publish",
    description="The set of tables that readers see. Nothing is published when the audit finds something.",
    kinds={"parquet"},
)
def published(context: dg.AssetExecutionContext, folders: Folders) -> dg.MaterializeResult[None]:
    """Audit the run's tables and publish them as one set."""
    clean = folders.clean_folder()
    try:
        summary = publish(clean, set_name(context))
    except AuditError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.url((clean.root / REPORT).resolve().as_uri()),
            "summary": dg.MetadataValue.md("\n".join(f"    {line}" for line in summary)),
        }
    )
