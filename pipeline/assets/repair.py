"""Assets of the stage ``repair``: every line, mended, and every mend."""

from pipeline.assets.stage import stage_assets
from pipeline.steps.repair import corrections, repair

repair_assets = stage_assets("repair", ("sources",), by_files=repair, whole=corrections)
