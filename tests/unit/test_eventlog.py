"""The log of events that keeps its files open has what Dagster's own has, and others read and write it meanwhile."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipeline.eventlog import OpenEventLog
from pipeline.history import POSTGRES_URL, History

RULES = ("one", "two")


@pytest.fixture(autouse=True)
def in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server."""
    monkeypatch.delenv(POSTGRES_URL, raising=False)


@dg.asset(check_specs=[dg.AssetCheckSpec(rule, asset="table") for rule in RULES])
def table() -> Iterator[dg.Output[None] | dg.AssetCheckResult]:
    """An asset with two checks, one of which fails."""
    yield dg.Output(None, metadata={"rows": 3})
    for rule in RULES:
        yield dg.AssetCheckResult(passed=rule == "one", check_name=rule, metadata={"rule": rule})


@contextmanager
def opened(home: Path, storage: type[DagsterSqliteStorage | History]) -> Iterator[dg.DagsterInstance]:
    home.mkdir(exist_ok=True)
    config = {"module": storage.__module__, "class": storage.__name__, "config": {"base_dir": str(home)}}
    overrides = {"storage": {"custom": config}, "telemetry": {"enabled": False}}
    with dg.DagsterInstance.local_temp(str(home), overrides) as instance:
        yield instance


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "history" / "runs" / "index.db")) as index:
        return index.execute(query).fetchall()


QUERIES = (
    "SELECT dagster_event_type, step_key, asset_key, partition FROM event_logs ORDER BY id",
    "SELECT asset_key, check_name, execution_status, evaluation_event IS NULL, evaluation_event_storage_id"
    " FROM asset_check_executions ORDER BY id",
    "SELECT asset_key, last_materialization IS NULL FROM asset_keys",
)


def test_it_has_what_dagsters_own_has(tmp_path: Path) -> None:
    for kind in (DagsterSqliteStorage, History):
        with opened(tmp_path / kind.__name__, kind) as instance:
            for _ in range(2):
                assert dg.materialize([table], instance=instance).success
    for query in QUERIES:
        found = [rows(tmp_path / kind.__name__, query) for kind in (DagsterSqliteStorage, History)]
        assert found[0] == found[1]
        assert found[0]


def test_two_have_it_open_at_once(tmp_path: Path) -> None:
    with opened(tmp_path / "home", History) as one, opened(tmp_path / "home", History) as other:
        first = dg.materialize([table], instance=one).run_id
        second = dg.materialize([table], instance=other).run_id
        for instance in (one, other):
            assert {run.run_id for run in instance.get_runs()} == {first, second}
            for run_id in (first, second, first):
                ended = [event.dagster_event_type for event in instance.all_logs(run_id)][-1]
                assert ended == dg.DagsterEventType.RUN_SUCCESS


def test_what_is_forgotten_is_gone_and_new_runs_are_kept(tmp_path: Path) -> None:
    with opened(tmp_path / "home", History) as instance:
        log = instance.event_log_storage
        assert isinstance(log, OpenEventLog)
        dg.materialize([table], instance=instance)
        instance.wipe()
        assert not rows(tmp_path / "home", QUERIES[0])
        run_id = dg.materialize([table], instance=instance).run_id
        assert instance.all_logs(run_id)
        assert log.has_table("asset_check_executions")
        assert not log.has_table("no_such_table")
