"""When the job is started by itself: for every change, once, and never for nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipeline import schedules
from pipeline.definitions import defs
from pipeline.resources import Folders
from pipeline.schedules import PAUSE_SECONDS, TRIES, nightly, raw_folder_changed
from pipeline.storage import RawFolder

LINE = "Abstract:Somebody counts the {} of a valley for a year and finds fewer than there were before.\n"


class Place:
    """A raw and a clean folder, a history of runs, and a clock."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, run: Callable[[Path, Path], Path]) -> None:
        self.raw, self.clean, self.instance, self._run = folder / "raw", folder / "clean", instance, run
        self.raw.mkdir()
        self.write("a.txt", "owls")
        self.cursor: str | None = None
        self.now = 1_000_000.0

    def write(self, name: str, words: str) -> None:
        (self.raw / name).write_text("Page\n" + LINE.format(words) + LINE.format(f"other {words}"))

    def publish(self) -> None:
        self._run(self.raw, self.clean)

    def sensor(self) -> tuple[str | None, str]:
        """One tick: the run key that was asked for, and why none was."""
        folders = Folders(raw=str(self.raw), clean=str(self.clean))
        with dg.build_sensor_context(
            self.instance, cursor=self.cursor, resources={"folders": folders}, definitions=defs
        ) as context:
            data = raw_folder_changed.evaluate_tick(context)
        self.cursor = data.cursor
        keys = [request.run_key for request in data.run_requests or ()]
        assert len(keys) <= 1
        return (keys[0] if keys else None), data.skip_message or ""

    def schedule(self) -> tuple[int, str]:
        """One tick: how many runs were asked for, and why none was."""
        folders = Folders(raw=str(self.raw), clean=str(self.clean))
        with dg.build_schedule_context(self.instance, resources={"folders": folders}) as context:
            data = nightly.evaluate_tick(context)
        return len(data.run_requests or ()), data.skip_message or ""


@pytest.fixture
def place(
    tmp_path: Path, run_pipeline: Callable[[Path, Path], Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    (tmp_path / "home").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "home")) as instance:
        made = Place(tmp_path, instance, run_pipeline)
        monkeypatch.setattr(schedules.time, "time", lambda: made.now)
        yield made


def test_the_schedule_is_that_of_the_main_job() -> None:
    schedule = defs.resolve_schedule_def("nightly")
    assert (schedule.job_name, schedule.cron_schedule) == ("main", "0 3 * * *")


def test_no_run_for_nothing_and_one_for_every_change(place: Place) -> None:
    assert place.sensor()[0]
    assert place.schedule()[0] == 1
    place.publish()
    for key, why in (place.sensor(), place.schedule()):
        assert not key
        assert why == "the published tables are of the files that are there, and of this code"
    place.cursor = None  # the history is gone: what is published says enough
    assert not place.sensor()[0]
    keys = set()
    for change in (
        lambda: place.write("a.txt", "bats"),
        lambda: place.write("b.txt", "newts"),
        lambda: (place.raw / "b.txt").rename(place.raw / "c.txt"),
        (place.raw / "c.txt").unlink,
        lambda: (place.raw.parent / "corrections.csv").write_text("path,before,after,note\n"),
    ):
        change()
        assert place.schedule()[0] == 1
        key, _ = place.sensor()
        assert key
        keys.add(key)
        place.publish()
        assert not place.sensor()[0]
        assert not place.schedule()[0]
    assert len(keys) == 5, "a run key that was used before starts nothing"


def test_a_change_of_the_code_is_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.publish()
    assert not place.schedule()[0]
    monkeypatch.setattr("pipeline.engine.seen.code_version", lambda stage, raw: f"another {stage}")
    assert place.schedule()[0] == 1


def test_a_file_that_grows_during_the_run_is_seen_afterwards(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    file = place.raw / "a.txt"
    original = RawFolder.read

    def growing(self: RawFolder, path: str) -> bytes:
        with file.open("a") as stream:
            stream.write(LINE.format("late"))
        return original(self, path)

    monkeypatch.setattr(RawFolder, "read", growing)
    place.publish()
    monkeypatch.undo()
    assert place.schedule()[0] == 1


def test_a_run_that_published_nothing_is_tried_again_ever_later_and_then_left(place: Place) -> None:
    keys, waits = [], []
    for number in range(1, TRIES + 1):
        key, why = place.sensor()
        assert key, why
        keys.append(key)
        key, why = place.sensor()
        assert not key
        waits.append(why)
        place.now += PAUSE_SECONDS * number
    assert len(set(keys)) == TRIES
    assert waits[0] == f"the last run on these files published nothing; tried again in {PAUSE_SECONDS} seconds"
    assert "3 runs on these files have published nothing" in place.sensor()[1]
    assert place.schedule()[0] == 1
    place.write("a.txt", "hares")
    assert place.sensor()[0]


def test_a_clock_that_is_set_back_ends_the_pause(place: Place) -> None:
    assert place.sensor()[0]
    place.now -= 1e6
    assert place.sensor()[0]


def test_nothing_is_asked_for_while_a_run_is_under_way(place: Place) -> None:
    run = place.instance.create_run_for_job(defs.resolve_job_def("main"), status=dg.DagsterRunStatus.QUEUED)
    for key, why in (place.sensor(), place.schedule()):
        assert not key
        assert why.startswith(f"run {run.run_id} is under way")


def test_a_raw_folder_that_is_gone(place: Place) -> None:
    place.publish()
    place.raw.rename(place.raw.with_name("elsewhere"))
    key, why = place.sensor()
    assert not key
    assert "no such folder" in why
    assert place.schedule()[0] == 1, "the run fails, and somebody is told"


@pytest.mark.parametrize("cursor", ["", "0123abc", "[1]", '{"a": 1}', "null"])
def test_a_cursor_of_another_kind_is_none(place: Place, cursor: str) -> None:
    place.cursor = cursor
    assert place.sensor()[0]
