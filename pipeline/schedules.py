"""When the job runs by itself: every night, and when something below the raw folder changes; never for nothing."""

import json
import time
from typing import NamedTuple

import dagster as dg

from pipeline.engine import published_state, state_of
from pipeline.resources import Folders
from pipeline.tables import StorageError

# A run that crashed starts from the first stage, since files may have changed in between.
_RETRIES = {"dagster/retry_strategy": "ALL_STEPS"}

main_job = dg.define_asset_job(
    "main",
    description="All stages, from the raw files to the published tables.",
    tags=_RETRIES,
)

unrecorded_job = dg.define_asset_job(
    "main_unrecorded",
    selection=dg.AssetSelection.all() - dg.AssetSelection.all_asset_checks(),
    description="The same with a shorter history: every rule is held, and Dagster is not told of each.",
    tags=_RETRIES,
)

TRIES = 3
"""How often the sensor asks for a run on the same files; after that they are left to the nightly schedule."""

PAUSE_SECONDS = 600
"""How long after the first try the sensor waits for the second; after the second twice as long."""

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


class Asked(NamedTuple):
    """The sensor's cursor: for what it has asked (published set and state of the raw folder), how often, and when."""

    what: str = ""
    tries: int = 0
    at: float = 0.0

    @classmethod
    def read(cls, cursor: str | None) -> "Asked":
        """What a cursor says; nothing where it is of another kind."""
        try:
            what, tries, at = json.loads(cursor or "")
        except (ValueError, TypeError):
            return cls()
        return cls(str(what), int(tries), float(at))


@dg.schedule(job=main_job, cron_schedule="0 3 * * *", name="nightly", description="Runs the job, if there is work.")
def nightly(context: dg.ScheduleEvaluationContext, folders: Folders) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run unless the published tables are of just these files, or a run is under way.

    A raw folder that is not there is no reason to skip: the run says so, and somebody is told.
    """
    try:
        state = state_of(folders.raw_folder())
    except StorageError:
        return dg.RunRequest()
    if state == published_state(folders.clean_folder()):
        return dg.SkipReason(_NOTHING_NEW)
    if under_way := _under_way(context.instance):
        return dg.SkipReason(under_way)
    return dg.RunRequest(tags=_tags(state))


@dg.sensor(
    job=main_job, minimum_interval_seconds=60, description="Runs the job when a raw file is new, changed or gone."
)
def raw_folder_changed(context: dg.SensorEvaluationContext, folders: Folders) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when the published tables are not of what is below the raw folder now.

    Compared are names, sizes and times of files, what people wrote beside them, and the code. When runs on the same
    files fail, it asks again, less and less often, and at most ``TRIES`` times.
    """
    try:
        state = state_of(folders.raw_folder())
    except StorageError as error:
        return dg.SkipReason(str(error))
    clean = folders.clean_folder()
    if state == published_state(clean):
        return dg.SkipReason(_NOTHING_NEW)
    if under_way := _under_way(context.instance):
        return dg.SkipReason(under_way)
    published = clean.published()
    what = f"{published.run_id if published else 'nothing'}:{state}"
    asked, now = Asked.read(context.cursor), time.time()
    if asked.what != what:
        asked = Asked(what)
    if asked.tries >= TRIES:
        return dg.SkipReason(
            f"{TRIES} runs on these files have published nothing; see why in their logs. The nightly schedule tries "
            "again, and so does this sensor when a file changes"
        )
    pause = asked.at + PAUSE_SECONDS * asked.tries - now
    if asked.at <= now and pause > 0:  # a clock that was set back ends the pause
        return dg.SkipReason(f"the last run on these files published nothing; tried again in {pause:.0f} seconds")
    context.update_cursor(json.dumps(Asked(what, asked.tries + 1, now)))
    return dg.RunRequest(run_key=f"{what}:{asked.tries + 1}", tags=_tags(state))


_NOTHING_NEW = "the published tables are of the files that are there, and of this code"


def _under_way(instance: dg.DagsterInstance) -> str | None:
    """Which run is waiting or working, in words."""
    runs = instance.get_runs(dg.RunsFilter(job_name=main_job.name, statuses=_UNDER_WAY), limit=1)
    return f"run {runs[0].run_id} is under way; what it leaves is looked at afterwards" if runs else None


def _tags(state: str) -> dict[str, str]:
    return {"palimpsest/raw": state[:16]}
