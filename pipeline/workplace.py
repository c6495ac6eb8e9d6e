"""What a run has while it lasts, whoever started it: the clean folder to itself, and perhaps a process beside it."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pipeline.engine import Settings
from pipeline.engine.ahead import made
from pipeline.engine.beside import Beside
from pipeline.engine.pools import LastingProcesses
from pipeline.engine.settings import Elsewhere
from pipeline.engine.usage import Usage, measured
from pipeline.objectstore import on_store
from pipeline.processes import WORTH_A_PROCESS, worth_a_process
from pipeline.publish import Drawing, begin_report, get_ready, report_page, report_works
from pipeline.steps.quality import counts_before_linking, entries_before_linking
from pipeline.storage import CleanFolder, RawFolder

_AHEAD: Final = MappingProxyType(
    {"link": (entries_before_linking, counts_before_linking, begin_report), "quality": (report_works,)}
)
"""What comes later than a stage and does not need it, in the order in which it is asked for."""


@contextmanager
def workplace(raw: RawFolder, clean: CleanFolder, settings: Settings) -> Iterator[Settings]:
    """Keep other runs off the clean folder while the block lasts; the settings, with workers that stay for all stages.

    There is a process beside the run, too, where much is published, or there is much to read for more processes than
    one. Raises BusyError when another run is there, and StorageError when the folder cannot be written.
    """
    with clean.held(), LastingProcesses() as staff, ExitStack() as stack:
        settings = replace(settings, staff=staff)
        before = clean.published()
        much_published = before is not None and before.size() >= WORTH_A_PROCESS
        if much_published or (settings.processes > 1 and not on_store(raw.root) and worth_a_process(raw.root)):
            settings = replace(settings, beside=stack.enter_context(Beside(get_ready)), ahead=_AHEAD)
        yield settings


def drawing(beside: Elsewhere | None) -> Drawing | None:
    """What draws the report in a process beside this one; None where there is none."""
    if beside is None:
        return None

    def draw(clean: CleanFolder, run_id: str, found: Sequence[str]) -> tuple[str, Usage]:
        there = CleanFolder(clean.root.absolute())  # it was started elsewhere
        return beside.start(_drawn, there, run_id, found)()

    return draw


def _drawn(clean: CleanFolder, run_id: str, found: Sequence[str]) -> tuple[str, Usage]:
    """The report, of what was made of it ahead where it was, and what both cost."""
    with measured() as usage:
        made_of = [made(work, clean, run_id) for work in (begin_report, report_works)]
        page = report_page(clean, run_id, found, [begun for begun, _ in made_of])
    for _, ahead in made_of:
        if ahead is not None:
            usage.add(ahead)
    return page, usage
