"""Assets of the stage ``repair``: every line, mended, and every mend."""

from pipeline.assets.stage import stage_assets
from pipeline.steps import STEPS

repair_assets = stage_assets(STEPS["repair"])
