"""Worker processes, of this machine and of a Dask cluster: the same bytes, also when one is killed under way."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from dask import config as dask_config
from distributed import Client, LocalCluster

from pipeline.cli import main
from pipeline.engine import Settings, StageRun, WorkerError, cluster, pools, running
from pipeline.engine.batches import Batch, batches
from pipeline.engine.cluster import DaskCluster, Home
from pipeline.engine.pools import LastingProcesses, LocalProcesses, in_order
from pipeline.ingest import bounds, pieces
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, RawFolder
from schemas import TABLES

ROOT = Path(__file__).parents[2]
WORDS = ("storks", "herons", "cranes", "geese", "über", "Łódź", "çay", "swans")
HEAD = "We look at {} for a long time and write down what we see, day after day, until the winter comes."


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    """A scheduler, and two workers that are processes of their own."""
    patience = {"distributed.comm.timeouts.connect": "300s", "distributed.comm.timeouts.tcp": "300s"}
    with (
        dask_config.set(patience),  # a machine that is busy with other things starts processes slowly
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as started,
    ):
        yield started


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten files, each a batch of its own, the last but for its three pieces, and all worth a worker."""
    monkeypatch.setattr(bounds, "STREAM_BYTES", 4_000)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 3_000)
    monkeypatch.setattr(pieces, "WINDOW_BYTES", 1_000)
    monkeypatch.setattr(sys.modules["pipeline.engine.batches"], "BATCH_FILES", 1)
    monkeypatch.setattr(running, "WORTH_A_WORKER", 1)
    dice = random.Random(5)
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in range(10):
        records = 60 if number == 9 else 3
        texts = [HEAD.format(" and ".join(dice.choices(WORDS, k=4))) for _ in range(records)]
        damaged = [text.encode().decode("cp1252", "ignore") if dice.random() < 0.4 else text for text in texts]
        lines = ["Somebody", *(f"Abstract:{text}" for text in damaged)]
        (folder / f"{number}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def run(raw: Path, clean: Path, settings: Settings, report: Callable[..., None] = lambda *_: None) -> Path:
    """The stages that go through files batch by batch; returns where their tables are."""
    for name in ("ingest", "repair", "split"):
        STEPS[name].work(StageRun(name, RawFolder(raw), CleanFolder(clean), "same", report), settings)
    return CleanFolder(clean).table_set("same").folder


def same(one: Path, other: Path) -> bool:
    names = sorted(file.name for file in one.iterdir())
    assert names == sorted(file.name for file in other.iterdir())
    timeless = [name for name in names if not name.startswith(("run_metrics", "file_identities"))]
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in timeless)


def kill_once(pids: Callable[[], list[int]], killed: list[int]) -> Callable[..., None]:
    """A report that kills a worker when a few files of the repair are done and the next ones are under way."""

    def report(stage: str, done: int, *_: int) -> None:
        if stage == "repair" and done == 3 and not killed:
            killed.append(pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    return report


def test_a_cluster_yields_what_one_process_yields_also_when_a_worker_is_killed(
    dask: LocalCluster, raw: Path, tmp_path: Path
) -> None:
    with Client(dask) as client:

        def pids() -> list[int]:
            return list(client.run(os.getpid).values())

        killed: list[int] = []
        settings = Settings(scheduler=dask.scheduler_address)
        spread = run(raw, tmp_path / "spread", settings, kill_once(pids, killed))
        assert killed
        assert killed[0] not in pids()
    assert same(run(raw, tmp_path / "alone", Settings(1)), spread)


def test_the_command_works_on_a_cluster(dask: LocalCluster, raw: Path, tmp_path: Path) -> None:
    before = dask.scheduler.transition_counter
    command = ["run", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--engine", "dask"]
    done = CliRunner().invoke(main, [*command, "--scheduler", dask.scheduler_address])
    assert done.exit_code == 0, done.output
    assert dask.scheduler.transition_counter - before >= 2 * 10  # a task a batch, in each of two stages
    assert "records         87" in done.output


def test_a_process_that_is_killed_changes_nothing(raw: Path, tmp_path: Path) -> None:
    def pids() -> list[int]:
        ours = type(pools.context().Process()).__name__  # those of the cluster are of another kind
        return [child.pid for child in multiprocessing.active_children() if child.pid and type(child).__name__ == ours]

    killed: list[int] = []
    with LastingProcesses() as staff:
        spread = run(raw, tmp_path / "spread", Settings(2, staff=staff), kill_once(pids, killed))
        assert len(pids()) == 2  # for all stages, with one that took the place of the killed one
    assert killed
    assert same(run(raw, tmp_path / "alone", Settings(1)), spread)


KILLED = """
import os, signal
from pipeline.engine.batches import Batch
from pipeline.engine.pools import LocalProcesses
from schemas import TABLES

if __name__ == "__main__":
    with LocalProcesses(1) as pool:
        print(pool.submit(repr, Batch(TABLES["sources"].empty())).result(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def test_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    done = subprocess.run([sys.executable, script], check=False, capture_output=True, cwd=ROOT, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert done.stdout, "the worker had this pipe, too: that it was closed means that the worker has ended"


class Deadly(Batch):
    """A batch that kills whoever unpacks it."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return signal.raise_signal, (signal.SIGKILL,)


def test_work_that_kills_every_process_is_named() -> None:
    rows = pd.DataFrame({"path": ["huge.txt"], "sha256": ["0"], "bytes": [1], "status": ["read"]})
    with LocalProcesses(1) as pool, pytest.raises(WorkerError, match=r"died twice .* huge\.txt"):
        list(in_order(pool, repr, [Deadly(rows)]))


def test_an_error_in_a_process_is_the_error_of_the_run() -> None:
    with LocalProcesses(1) as pool, pytest.raises(TypeError) as caught:
        list(in_order(pool, len, list(batches(TABLES["sources"].empty(), frozenset()))))  # type: ignore[arg-type]
    assert caught.value.__cause__ is None
    assert "Traceback" in caught.value.__notes__[0]


def home(raw: Path, clean: Path, files: tuple[str, ...] = ()) -> Home:
    return Home("repair", RawFolder(raw), CleanFolder(clean), "same", "same", files, "some code")


def test_a_worker_that_does_not_see_a_folder_or_runs_other_code_is_named(
    dask: LocalCluster, raw: Path, tmp_path: Path
) -> None:
    clean = CleanFolder(tmp_path / "clean")
    wanted = {
        r"nowhere: worker tcp://.* cannot see this raw folder \(0\.txt: .*mount it": home(
            tmp_path / "nowhere", raw, ("0.txt",)
        ),
        r"clean: worker tcp://.* cannot see this clean folder": home(raw, clean.root, ("0.txt",)),
    }
    for message, told in wanted.items():
        with DaskCluster(dask.scheduler_address, told) as pool, pytest.raises(WorkerError, match=message):
            pool.submit(repr, Batch(TABLES["sources"].empty())).result()
    clean.table_set("same").write(TABLES["sources"], TABLES["sources"].empty())
    told = home(raw, clean.root, ("0.txt",))
    with DaskCluster(dask.scheduler_address, told) as pool, pytest.raises(WorkerError, match="runs other code"):
        pool.submit(repr, Batch(TABLES["sources"].empty())).result()


def test_no_scheduler_and_no_workers_are_said(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)
    command = ["run", "--raw", str(raw), "--clean", str(tmp_path / "clean"), "--engine", "dask"]
    assert "go together" in CliRunner().invoke(main, command).output
    done = CliRunner().invoke(main, [*command, "--scheduler", "tcp://127.0.0.1:1"])
    assert done.exit_code == 1
    assert "tcp://127.0.0.1:1: no Dask scheduler answers there" in done.output
    with (
        LocalCluster(n_workers=0, processes=True, dashboard_address=":0") as empty,
        pytest.raises(WorkerError, match="has no workers"),
    ):
        DaskCluster(empty.scheduler_address, home(raw, tmp_path))
