"""Assets of the stage ``quality``: rejects, ledger and rule results of the run."""

from pipeline.assets.stage import stage_assets
from pipeline.steps.quality import quality
from schemas import TABLES
from schemas.quality import STAGES

_NEEDS = tuple(table.name for table in TABLES.values() if table.stage in STAGES)

quality_assets = stage_assets("quality", _NEEDS, whole=quality)
