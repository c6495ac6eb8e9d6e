"""Assets of the stage ``link``: works, authors, and how records and mentions became them."""

from pipeline.assets.stage import stage_assets
from pipeline.steps.link import link

link_assets = stage_assets("link", ("records", "author_mentions"), whole=link)
