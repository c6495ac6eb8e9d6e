"""Dagster assets, one thin module a stage; they wire and nothing else."""

from pipeline.assets.ingest import ingest_assets
from pipeline.assets.link import link_assets
from pipeline.assets.publish import published
from pipeline.assets.quality import quality_assets
from pipeline.assets.repair import repair_assets
from pipeline.assets.split import split_assets

ASSETS = (ingest_assets, repair_assets, split_assets, link_assets, quality_assets, published)

__all__ = ["ASSETS"]
