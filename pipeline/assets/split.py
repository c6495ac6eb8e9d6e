"""Assets of the stage ``split``: records, the role of every line, names, and the verdict on every file."""

from pipeline.assets.stage import stage_assets
from pipeline.steps import STEPS

split_assets = stage_assets(STEPS["split"])
