"""What goes to a terminal: lines that it shows and does not obey, and progress, a bar a stage on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich import progress as bars
from rich.console import Console

from pipeline.ingest.names import printable
from pipeline.pace import Progress


def say(text: str, *, err: bool = False) -> None:
    """Print a line in which text of files and names of files may stand: no escape in them reaches the terminal."""
    click.echo(printable(text), err=err)


def wrong_usage(error: Exception | str) -> click.UsageError:
    """The error to raise for a wrong call, with the message of another one."""
    return click.UsageError(printable(str(error)))


class Bars(Progress):
    """Draws one bar a stage: by bytes where they are known, else by files."""

    def __init__(self, drawing: bars.Progress) -> None:
        self._drawing = drawing
        self._tasks: dict[str, bars.TaskID] = {}
        self._start = drawing.add_task("start", total=None, files="", speed="")

    def report(self, stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
        """Move the stage's bar."""
        self._drawing.update(self._start, visible=False)
        now, end = (read, size) if size else (done, total)
        if stage not in self._tasks:
            self._tasks[stage] = self._drawing.add_task(stage, total=end, files="", speed="")
        task = self._tasks[stage]
        self._drawing.update(task, completed=now, total=end, files=f"{done:,}/{total:,}", speed=self._speed(task, size))

    def _speed(self, task: bars.TaskID, size: int) -> str:
        seen = next(one for one in self._drawing.tasks if one.id == task)
        speed = seen.finished_speed or seen.speed
        return f"{speed / 1e6:.1f} MB/s" if size and speed else ""


@contextmanager
def progress() -> Iterator[Progress]:
    """Bars that are drawn while the block runs; none where standard error is no terminal."""
    console = Console(stderr=True)
    columns = (
        bars.TextColumn("{task.description:<8}"),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[files]:>13}"),
        bars.TextColumn("{task.fields[speed]:>10}"),
        bars.TimeElapsedColumn(),
        bars.TextColumn("left"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, disable=not console.is_terminal, speed_estimate_period=60) as drawing:
        yield Bars(drawing)
