"""When the job runs by itself: every night, and when something below the raw folder changes."""

import hashlib
from collections.abc import Iterator

import dagster as dg

from pipeline.resources import Folders
from pipeline.storage import RawFolder
from pipeline.tables import StorageError

main_job = dg.define_asset_job("main", description="All stages, from the raw files to the published tables.")

unrecorded_job = dg.define_asset_job(
    "main_unrecorded",
    selection=dg.AssetSelection.all() - dg.AssetSelection.all_asset_checks(),
    description="The same for a run that is recorded nowhere: every rule is held, and Dagster is not told of each.",
)

nightly = dg.ScheduleDefinition(job=main_job, cron_schedule="0 3 * * *", name="nightly")


@dg.sensor(
    job=main_job, minimum_interval_seconds=60, description="Runs the job when a raw file is new, changed or gone."
)
def raw_folder_changed(
    context: dg.SensorEvaluationContext, folders: Folders
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run when names, sizes or times below the raw folder are others than last time."""
    try:
        state = fingerprint(folders.raw_folder())
    except StorageError as error:
        yield dg.SkipReason(str(error))
        return
    if state == context.cursor:
        yield dg.SkipReason("nothing below the raw folder has changed")
        return
    context.update_cursor(state)
    yield dg.RunRequest()


def fingerprint(raw: RawFolder) -> str:
    """A hash over names, sizes and times of change of raw files and what people wrote beside them."""
    digest = hashlib.sha256()
    for path, stamp in raw.stamps().items():
        digest.update(f"{path}\x1f{stamp}\x1e".encode())
    return digest.hexdigest()
