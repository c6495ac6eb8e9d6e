"""The one way in which a stage becomes assets: one asset a table, one check a rule, the work in ``engine``."""

from collections.abc import Callable, Iterator

import dagster as dg

from pipeline import io
from pipeline.checks import check_results, check_specs
from pipeline.engine import StageRun
from pipeline.resources import Folders, Progress
from schemas.registry import of_stage

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def stage_assets(stage: str, needs: tuple[str, ...], body: Callable[[StageRun], None]) -> dg.AssetsDefinition:
    """The assets of all tables of a stage; ``body`` reads from and keeps to the run that it is given."""
    tables = of_stage(stage)

    @dg.multi_asset(
        name=f"{stage}_stage",
        specs=[io.asset_spec(table, needs) for table in tables],
        check_specs=[spec for table in tables for spec in check_specs(table)],
        can_subset=False,
    )
    def assets(
        context: dg.AssetExecutionContext, folders: Folders, progress: dg.ResourceParam[Progress]
    ) -> Iterator[Event]:
        run = StageRun(stage, folders.raw_folder(), folders.clean_folder(), set_name(context), progress.report)
        body(run)
        run.finish()
        for table in tables:
            yield dg.MaterializeResult(
                asset_key=table.name, metadata=io.written(table, run.kept[table.name], run.tables, run.raw)
            )
        yield from check_results(run.results)

    return assets


def set_name(context: dg.AssetExecutionContext) -> str:
    """The set of a run; a run that retries another from its failure goes on with that one's set."""
    return context.run.root_run_id or context.run.run_id
