"""The one way in which a stage becomes assets: one asset a table, one check a rule, the work in ``engine``."""

from collections.abc import Iterator

import dagster as dg

from pipeline import io
from pipeline.checks import check_results, check_specs
from pipeline.engine import StageRun
from pipeline.pace import Pace
from pipeline.resources import Engine, Folders, Progress
from pipeline.steps import Step
from schemas.registry import of_stage

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def stage_assets(step: Step) -> dg.AssetsDefinition:
    """The assets of all tables of a stage."""
    tables = of_stage(step.stage)
    needs = (*((io.RAW_FOLDER,) if step.stage in io.READ_RAW else ()), *step.needs)

    @dg.multi_asset(
        name=f"{step.stage}_stage",
        specs=[io.asset_spec(table, needs) for table in tables],
        check_specs=[spec for table in tables for spec in check_specs(table)],
        can_subset=True,  # so that a run can leave out the checks; all tables of a stage are made together
    )
    def assets(
        context: dg.AssetExecutionContext,
        folders: Folders,
        engine: Engine,
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[Event]:
        told = Pace(context.log.info, progress.report)
        run = StageRun(step.stage, folders.raw_folder(), folders.clean_folder(), set_name(context), told.report)
        run.logs = (*run.logs, context.log)
        step.work(run, engine.settings())
        for table in (table for table in tables if dg.AssetKey(table.name) in context.selected_asset_keys):
            facts = io.written(table, run.written[table.name], run.tables, run.raw)
            yield dg.MaterializeResult(asset_key=table.name, metadata=facts)
        yield from check_results(run.results, context.selected_asset_check_keys)

    return assets


def set_name(context: dg.AssetExecutionContext) -> str:
    """The set of a run; a run that retries another from its failure goes on with that one's set."""
    return context.run.root_run_id or context.run.run_id
