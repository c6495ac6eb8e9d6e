"""What assets are given by Dagster: the folders, how to work, and somebody to report progress to."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from pydantic import PrivateAttr

from pipeline.engine import Settings
from pipeline.objectstore import place
from pipeline.pace import Progress
from pipeline.storage import BusyError, CleanFolder, RawFolder
from pipeline.workplace import workplace

__all__ = ["Engine", "Folders", "Progress"]


class Folders(dg.ConfigurableResource[None]):
    """The raw and the clean folder, as paths, which start where the process does, or as URLs (``s3://bucket/raw``)."""

    raw: str = "data/raw"
    clean: str = "data/clean"

    def raw_folder(self) -> RawFolder:
        """The folder that is read."""
        return RawFolder(place(self.raw))

    def clean_folder(self) -> CleanFolder:
        """The folder that is written."""
        return CleanFolder(place(self.clean))


class Engine(dg.ConfigurableResource["Engine"]):
    """On how many processes a run works (0: one a core), and whether it redoes what has not changed.

    With the address of a Dask ``scheduler`` (``tcp://host:8786``) the workers of that cluster do it.

    While a run lasts, it keeps other runs off the clean folder; one that finds another there fails and says so.
    """

    folders: Folders
    workers: int = 0
    full: bool = False
    scheduler: str = ""
    _settings: Settings | None = PrivateAttr(None)

    def settings(self) -> Settings:
        """The same for the engine."""
        return self._settings or Settings(self.workers, self.full, self.scheduler)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Engine"]:
        """Hold the clean folder; raises Dagster's Failure when another run has it."""
        try:
            folders = self.folders.raw_folder(), self.folders.clean_folder()
            with workplace(*folders, self.settings()) as self._settings:
                yield self
        except BusyError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
