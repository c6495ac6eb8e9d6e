"""Progress is said in files, bytes a second and time left, now and then, on a terminal and as lines."""

from io import StringIO

from rich.console import Console
from rich.progress import Progress as Drawing

from pipeline.pace import Pace, pace
from pipeline.terminal import Bars


def test_a_line_says_files_bytes_speed_and_time_left() -> None:
    said = pace(50, 200, 30_000_000, 120_000_000, seconds=60)
    assert said == "50 of 200, 30.0 of 120.0 MB, 0.5 MB/s, 0:03:00 left"


def test_without_bytes_the_time_left_goes_by_files() -> None:
    assert pace(1, 4, 0, 0, seconds=10) == "1 of 4, 0:00:30 left"
    assert pace(0, 4, 0, 0, seconds=10) == "0 of 4"
    assert pace(4, 4, 0, 0, seconds=10) == "4 of 4"


def test_lines_come_at_most_every_ten_seconds_and_every_report_is_passed_on() -> None:
    said: list[str] = []
    passed: list[int] = []
    now = iter([0.0, *(float(second) for second in range(1, 36))])
    told = Pace(said.append, lambda _stage, done, *_: passed.append(done), lambda: next(now))
    for done in range(1, 36):
        told.report("split", done, 100)
    assert passed == list(range(1, 36))
    assert [line.partition(" of")[0] for line in said] == ["split: 10", "split: 20", "split: 30"]


def test_bars_show_files_and_move_by_bytes() -> None:
    drawing = Drawing(console=Console(file=StringIO()), disable=True)
    bars = Bars(drawing)
    bars.report("repair", 1, 4, 250, 1000)
    bars.report("link", 1, 2)
    _, repair, link = drawing.tasks
    assert (repair.completed, repair.total, repair.fields["files"]) == (250, 1000, "1/4")
    assert (link.completed, link.total, link.fields["speed"]) == (1, 2, "")
