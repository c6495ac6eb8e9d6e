"""What the process beside a run makes before it is asked for it, while the run does what that does not depend on.

It waits in that process until a later work there takes it. The process is a run's own and ends with it, so nothing here
outlives the tables that it was made of. Not here: what is made, and that process (``beside``).
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pipeline.engine.stage import StageRun
from pipeline.engine.usage import Usage, costed
from pipeline.storage import CleanFolder

T = TypeVar("T")

_MADE: dict[object, tuple[Any, Usage]] = {}


def start_ahead(run: StageRun) -> None:
    """Have the process beside a run make what its settings say is made ahead in a stage, of the tables there are now.

    Nobody waits for it. What goes wrong there goes wrong again, and is told, where it is made because it is missing.
    """
    beside = run.settings.beside
    if beside is None:
        return
    for work in run.settings.ahead.get(run.stage, ()):
        beside.start(_make_ahead, work, CleanFolder(run.clean.root.absolute()), run.run_id)  # it was started elsewhere


def _make_ahead(work: Callable[[CleanFolder, str], object], clean: CleanFolder, run_id: str) -> None:
    _MADE[work, clean, run_id] = costed(work, clean, run_id)


def made(work: Callable[[CleanFolder, str], T], clean: CleanFolder, run_id: str) -> tuple[T, Usage | None]:
    """What a work gives: made ahead in this process, with what that cost, or made now."""
    if (work, clean, run_id) in _MADE:
        found, usage = _MADE.pop((work, clean, run_id))
        return found, usage
    return work(clean, run_id), None
