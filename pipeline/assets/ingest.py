"""Assets of the stage ``ingest``: every file below the raw folder, as bytes."""

from pipeline.assets.stage import stage_assets
from pipeline.steps.ingest import ingest

ingest_assets = stage_assets("ingest", (), whole=ingest)
