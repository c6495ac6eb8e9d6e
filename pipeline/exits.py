"""How a run ends that published nothing: with an exit code, and with words that say why and what stands."""

import logging
from collections.abc import Sequence
from enum import IntEnum

from pipeline.engine.stage import LOG, note
from pipeline.storage import BusyError
from pipeline.tables import MisplacedError, StorageError


class Exit(IntEnum):
    """Exit codes of a run, told apart by what a scheduler can do: wait, mend the disk, or call somebody."""

    PUBLISHED = 0
    FAILED = 1
    USAGE = 2
    BUSY = 3
    DISK = 4


EXITS = {BusyError.__name__: Exit.BUSY, StorageError.__name__: Exit.DISK, MisplacedError.__name__: Exit.USAGE}
"""By the name of an error, which is all that Dagster keeps of it: our own errors, which name what to do."""

STAND = "  nothing was published; the tables before stand"


class RunError(Exception):
    """A run that published nothing; the message says why, and that the tables before stand."""

    def __init__(self, message: str, exit_code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.exit = exit_code


def failed(reasons: Sequence[str], exit_code: Exit) -> RunError:
    """The error to raise for these reasons, which are logged."""
    note((LOG,), "run.failed", logging.ERROR, exit=int(exit_code), reasons=list(reasons))
    return RunError("\n".join(reasons), exit_code)
