"""Progress on a terminal: a bar a stage on standard error; nothing where standard error is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress as bars
from rich.console import Console

from pipeline.resources import Progress


class Bars(Progress):
    """Draws one bar a stage."""

    def __init__(self, drawing: bars.Progress) -> None:
        self._drawing = drawing
        self._tasks: dict[str, bars.TaskID] = {}
        self._start = drawing.add_task("start", total=None)

    def report(self, stage: str, done: int, total: int) -> None:
        """Move the stage's bar."""
        self._drawing.update(self._start, visible=False)
        if stage not in self._tasks:
            self._tasks[stage] = self._drawing.add_task(stage, total=total)
        self._drawing.update(self._tasks[stage], completed=done, total=total)


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars that are drawn while the block runs."""
    console = Console(stderr=True)
    columns = (
        bars.TextColumn("{task.description:<8}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=console, disable=not console.is_terminal) as drawing:
        yield Bars(drawing)
