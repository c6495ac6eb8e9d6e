"""A run as a scheduler and a monitor see it: events, metrics, exit codes, and what Dagster is told."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from pipeline import metrics
from pipeline.definitions import defs
from pipeline.resources import Folders, Progress
from pipeline.runner import Exit
from pipeline.storage import CleanFolder
from schemas.quality import ALL_STAGES, RUN_METRICS

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]
LINE = "Abstract:Somebody counts the {} of a valley for a year and finds fewer than there were before.\n"


@pytest.fixture(scope="module")
def run(command: Callable[..., subprocess.CompletedProcess[bytes]]) -> Command:
    """A run in a process of its own."""

    def started(*arguments: object) -> subprocess.CompletedProcess[str]:
        done = command("run", *arguments)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return started


def events(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("observed")
    (place / "raw").mkdir()
    for name in ("one", "two"):
        (place / "raw" / f"{name}.txt").write_text("Page\n" + LINE.format(f"owls {name}") + LINE.format(f"bats {name}"))
    (place / "raw" / "noise.bin").write_bytes(bytes(range(256)) * 9)
    return place / "raw", place / "clean"


@pytest.fixture(scope="module")
def logs(run: Command, folders: tuple[Path, Path]) -> list[list[dict[str, object]]]:
    """The events of a first run, of a second one with nothing new, and of one whose tables cannot be published."""
    raw, clean = folders
    found = []
    for _ in range(2):
        done = run("--raw", raw, "--clean", clean, "--log", "-")
        assert done.returncode == Exit.PUBLISHED, done.stderr
        found.append(events(done.stdout))
    before = {file.name: file.read_bytes() for file in clean.iterdir() if file.is_file()}
    others = raw.parent / "others"
    others.mkdir()
    (others / "noise.bin").write_bytes(bytes(range(256)) * 9)
    done = run("--raw", others, "--clean", clean, "--log", raw.parent / "log")
    assert done.returncode == Exit.FAILED
    assert {file.name: file.read_bytes() for file in clean.iterdir() if file.is_file()} == before
    return [*found, events((raw.parent / "log").read_text())]


def test_events_tell_run_stage_file_and_counts(logs: list[list[dict[str, object]]]) -> None:
    first, second, _ = logs
    assert [line["event"] for line in (first[0], first[-1])] == ["run.started", "run.published"]
    assert len({line["run"] for line in first[1:]}) == 1
    assert first[1]["run"] != second[1]["run"]
    assert [line["stage"] for line in first if line["event"] == "stage.done"] == ALL_STAGES[:-1]
    read = {line["file"]: line for line in first if line["event"] == "file.read"}
    assert read["one.txt"]["status"] == "read"
    assert (read["noise.bin"]["level"], read["noise.bin"]["status"]) == ("warning", "rejected")
    split = {line["file"]: line for line in first if line["event"] == "file.done" and line["stage"] == "split"}
    assert split["one.txt"]["rows"]["records"] == 2
    assert split["one.txt"]["verdict"]["layout"] == "listing_a"
    assert not [line for line in second if line["event"] == "file.done"]
    assert first[-1]["records"] == 4


def test_a_refused_run_says_what_was_found(logs: list[list[dict[str, object]]]) -> None:
    refused, failed = logs[2][-2:]
    assert (refused["event"], refused["level"]) == ("run.refused", "error")
    assert any("no file yielded a record" in finding for finding in refused["findings"])
    assert (failed["event"], failed["exit"]) == ("run.failed", Exit.FAILED)


@pytest.mark.usefixtures("logs")
def test_metrics_have_a_row_a_stage_of_every_published_run(folders: tuple[Path, Path]) -> None:
    rows = pd.read_parquet(folders[1] / "run_metrics.parquet", dtype_backend="pyarrow")
    RUN_METRICS.accept(rows, {})
    assert rows["run_no"].tolist() == [1] * 6 + [2] * 6
    assert rows["stage"].tolist() == ALL_STAGES * 2
    by = rows.set_index(["run_no", "stage"])
    assert by.loc[(1, "split"), ["files_done", "files_taken_over", "taken_over"]].tolist() == [3, 0, False]
    assert by.loc[(2, "split"), ["files_done", "files_taken_over", "taken_over"]].tolist() == [0, 3, True]
    assert by.loc[(2, "link"), "taken_over"]
    size = sum((folders[0] / name).stat().st_size for name in ("one.txt", "two.txt", "noise.bin"))
    assert by.loc[(1, "ingest"), "read_bytes"] == size
    assert (rows["peak_memory"] > 10_000_000).all()


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize("parser", [open_metrics, prometheus], ids=["OpenMetrics", "Prometheus"])
def test_metrics_page_is_what_monitors_read(folders: tuple[Path, Path], parser: object) -> None:
    text = (folders[1] / metrics.PAGE).read_text(encoding="utf-8")
    samples = {(s.name, *s.labels.values()): s.value for family in parser(text) for s in family.samples}
    assert samples["palimpsest_table_rows", "records"] == 4
    assert samples["palimpsest_files", "parsed"] == 2
    assert samples["palimpsest_stage_files_taken_over", "split"] == 3
    assert {name[1] for name in samples if name[0] == "palimpsest_stage_seconds"} == set(ALL_STAGES)
    started, published = (samples[f"palimpsest_run_{what}_timestamp_seconds",] for what in ("started", "published"))
    assert started <= published < started + 600


def test_history_is_bounded(sample_run: Path) -> None:
    rows = pd.read_parquet(sample_run / "run_metrics.parquet", dtype_backend="pyarrow")
    long = pd.concat([rows.assign(run_no=number) for number in range(1, 61)], ignore_index=True)
    kept = metrics.with_history(RUN_METRICS.typed(long), rows)
    assert sorted(kept["run_no"].unique()) == list(range(12, 62))


def test_another_run_here_has_an_exit_code_of_its_own(run: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    with CleanFolder(tmp_path).held():
        done = run("--raw", folders[0], "--clean", tmp_path)
    assert done.returncode == Exit.BUSY
    assert "another run writes here" in done.stderr
    assert "wait until it is done, or stop it" in done.stderr


def test_a_log_that_cannot_be_written_is_wrong_usage(run: Command, folders: tuple[Path, Path], tmp_path: Path) -> None:
    done = run("--raw", folders[0], "--clean", tmp_path, "--log", folders[0] / "one.txt" / "log")
    assert done.returncode == Exit.USAGE
    assert "name another file with --log" in " ".join(done.stderr.split())


def test_exit_codes_are_documented_where_people_look(run: Command) -> None:
    shown = run("--help").stdout
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for code in Exit:
        assert f"  {int(code)}  " in shown
        assert f"\n- {int(code)} when " in readme


def test_dagster_has_the_events_of_stages_in_its_own_log(folders: tuple[Path, Path], tmp_path: Path) -> None:
    resources = {"folders": Folders(raw=str(folders[0]), clean=str(tmp_path / "clean")), "progress": Progress()}
    with dg.DagsterInstance.ephemeral() as instance:
        done = defs.resolve_job_def("main_unrecorded").execute_in_process(resources=resources, instance=instance)
        told = [log.user_message for log in instance.all_logs(done.run_id) if log.dagster_event is None]
    assert [line.split()[2] for line in told if line.startswith("stage.done")] == [
        f"stage={s}" for s in ALL_STAGES[:-1]
    ]
    assert any(line.startswith("run.published") and "records=4" in line for line in told)
