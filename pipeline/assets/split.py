"""Assets of the stage ``split``: records, the role of every line, names, and the verdict on every file."""

from pipeline.assets.stage import stage_assets
from pipeline.steps.split import split

split_assets = stage_assets("split", ("sources", "text_lines", "text_repairs"), by_files=split)
