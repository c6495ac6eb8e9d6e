"""What assets are given by Dagster: the folders, and somebody to report progress to."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

import dagster as dg
from pydantic import PrivateAttr

from pipeline.engine import Settings
from pipeline.engine.beside import Beside
from pipeline.engine.usage import Usage, costed
from pipeline.objectstore import place
from pipeline.publish import Drawing, get_ready, report_page
from pipeline.storage import BusyError, CleanFolder, RawFolder

WORTH_A_PROCESS: Final = 32 * 1024 * 1024
"""Bytes of published tables from which on a run takes longer than a process that draws the report takes to start."""


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
    _beside: Beside | None = PrivateAttr(None)

    def settings(self) -> Settings:
        """The same for the engine."""
        return Settings(self.workers, self.full, self.scheduler, self._beside)

    @property
    def drawing(self) -> Drawing | None:
        """What draws the report in a process beside this one; None where there is none."""
        beside = self._beside
        if beside is None:
            return None

        def draw(clean: CleanFolder, run_id: str, found: Sequence[str]) -> tuple[str, Usage]:
            there = CleanFolder(clean.root.absolute())  # it was started elsewhere
            return beside.start(costed, report_page, there, run_id, found)()

        return draw

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Engine"]:
        """Hold the clean folder; raises Dagster's Failure when another run has it."""
        try:
            clean = self.folders.clean_folder()
            with clean.held(), ExitStack() as stack:
                before = clean.published()
                if before is not None and before.size() >= WORTH_A_PROCESS:
                    self._beside = stack.enter_context(Beside(get_ready))
                yield self
        except BusyError as error:
            raise dg.Failure(str(error), allow_retries=False) from error


class Progress:
    """Whom a stage tells how many files it has done; this one keeps it to itself, a terminal draws bars."""

    def report(self, stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
        """Take note that a stage has done so many of so many files, and of so many bytes where these are known."""
