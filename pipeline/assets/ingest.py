"""Assets of the stage ``ingest``: every file below the raw folder, as bytes."""

from pipeline.assets.stage import stage_assets
from pipeline.steps import STEPS

ingest_assets = stage_assets(STEPS["ingest"])
