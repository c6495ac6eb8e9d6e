"""Assets of the stage ``link``: works, authors, and how records and mentions became them."""

from pipeline.assets.stage import stage_assets
from pipeline.steps import STEPS

link_assets = stage_assets(STEPS["link"])
