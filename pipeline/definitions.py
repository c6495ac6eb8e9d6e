"""Everything that Dagster loads, assembled; nothing is decided here."""

import dagster as dg

from pipeline.assets import ASSETS
from pipeline.resources import Engine, Folders, Progress
from pipeline.schedules import main_job, nightly, raw_folder_changed

defs = dg.Definitions(
    assets=ASSETS,
    jobs=[main_job],
    schedules=[nightly],
    sensors=[raw_folder_changed],
    resources={"folders": Folders(), "engine": Engine(), "progress": Progress()},
    # Steps take seconds and share memory; starting a process for each would take longer than the work.
    executor=dg.in_process_executor,
)
