"""The one way in which a stage becomes assets: one asset a table, one check a rule, the work in ``engine``."""

from collections.abc import Iterator

import dagster as dg

from pipeline import io
from pipeline.checks import check_results, check_specs
from pipeline.engine import BatchBody, Body, StageRun, run_by_files
from pipeline.resources import Engine, Folders, Progress
from schemas.registry import of_stage

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def stage_assets(
    stage: str, needs: tuple[str, ...], *, by_files: BatchBody | None = None, whole: Body | None = None
) -> dg.AssetsDefinition:
    """The assets of all tables of a stage: first what is done batch by batch of files, then what needs whole tables."""
    tables = of_stage(stage)

    @dg.multi_asset(
        name=f"{stage}_stage",
        specs=[io.asset_spec(table, needs) for table in tables],
        check_specs=[spec for table in tables for spec in check_specs(table)],
        can_subset=False,
    )
    def assets(
        context: dg.AssetExecutionContext,
        folders: Folders,
        engine: Engine,
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[Event]:
        run = StageRun(stage, folders.raw_folder(), folders.clean_folder(), set_name(context), progress.report)
        if by_files is not None:
            run_by_files(run, by_files, engine.settings())
        if whole is not None:
            whole(run)
        run.finish()
        for table in tables:
            facts = io.written(table, run.written[table.name], run.tables, run.raw)
            yield dg.MaterializeResult(asset_key=table.name, metadata=facts)
        yield from check_results(run.results)

    return assets


def set_name(context: dg.AssetExecutionContext) -> str:
    """The set of a run; a run that retries another from its failure goes on with that one's set."""
    return context.run.root_run_id or context.run.run_id
