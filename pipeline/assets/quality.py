"""Assets of the stage ``quality``: rejects, ledger and rule results of the run."""

from pipeline.assets.stage import stage_assets
from pipeline.steps import STEPS

quality_assets = stage_assets(STEPS["quality"])
