"""What assets are given by Dagster: the folders, and somebody to report progress to."""

from pathlib import Path

import dagster as dg

from pipeline.engine import Settings
from pipeline.storage import CleanFolder, RawFolder


class Folders(dg.ConfigurableResource[None]):
    """The raw and the clean folder; relative paths start where the process does."""

    raw: str = "data/raw"
    clean: str = "data/clean"

    def raw_folder(self) -> RawFolder:
        """The folder that is read."""
        return RawFolder(Path(self.raw))

    def clean_folder(self) -> CleanFolder:
        """The folder that is written."""
        return CleanFolder(Path(self.clean))


class Engine(dg.ConfigurableResource[None]):
    """On how many processes a run works (0: one a core), and whether it redoes what has not changed."""

    workers: int = 0
    full: bool = False

    def settings(self) -> Settings:
        """The same for the engine."""
        return Settings(self.workers, self.full)


class Progress:
    """Whom a stage tells how many files it has done; this one keeps it to itself, a terminal draws bars."""

    def report(self, stage: str, done: int, total: int) -> None:
        """Take note that a stage has done so many of so many files."""
