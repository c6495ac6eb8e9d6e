"""Everything that Dagster loads, assembled; nothing is decided here."""

import dagster as dg

from pipeline.assets import ASSETS
from pipeline.io import raw_folder_spec
from pipeline.resources import Engine, Folders, Progress
from pipeline.schedules import main_job, nightly, raw_folder_changed, unrecorded_job
from pipeline.watch import tell_of_failed_checks, tell_of_failed_runs

_folders = Folders()

defs = dg.Definitions(
    assets=[raw_folder_spec(), *ASSETS],
    jobs=[main_job, unrecorded_job],
    schedules=[nightly],
    sensors=[raw_folder_changed, tell_of_failed_runs, tell_of_failed_checks],
    resources={"folders": _folders, "engine": Engine(folders=_folders), "progress": Progress()},
    # Steps take seconds and share memory; starting a process for each would take longer than the work.
    executor=dg.in_process_executor,
)
