"""The real Dagster on the real definitions: assets, checks, metadata, schedule, sensor, and the server itself."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipeline.definitions import defs
from pipeline.resources import Engine, Folders, Progress
from schemas import TABLES, Table
from tests.conftest import Tables, read_tables

ROOT = Path(__file__).parents[2]

# The command dagster, but listening to SIGINT also where its parent was started in the background.
DAGSTER = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from dagster.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dg.ExecuteInProcessResult:
    """The main job on the sample listings."""
    clean = tmp_path_factory.mktemp("clean")
    folders = Folders(raw=str(ROOT / "data/raw"), clean=str(clean))
    resources = {"folders": folders, "engine": Engine(folders=folders), "progress": Progress()}
    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def("main").execute_in_process(resources=resources, instance=instance)


def test_one_asset_a_table_grouped_by_stage() -> None:
    graph = defs.resolve_asset_graph()
    groups = {node.key.to_user_string(): node.group_name for node in graph.asset_nodes}
    stages = {table.name: table.stage for table in TABLES.values()}
    assert groups == {"raw_folder": "ingest", **stages, "published": "publish"}


def test_one_check_a_rule_and_one_for_the_share_of_refused_rows() -> None:
    graph = defs.resolve_asset_graph()
    checks = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    rules = {(table.name, name) for table in TABLES.values() for name, _ in table.checks}
    assert checks == {*rules, ("published", "audit")}
    assert graph.get(dg.AssetCheckKey(dg.AssetKey("published"), "audit")).blocking


def test_assets_depend_on_the_stages_before() -> None:
    graph = defs.resolve_asset_graph()
    parents = {n.key.to_user_string(): {k.to_user_string() for k in n.parent_keys} for n in graph.asset_nodes}
    assert parents["raw_folder"] == set()
    assert parents["sources"] == {"raw_folder"}
    assert parents["text_lines"] == {"raw_folder", "sources"}
    assert parents["records"] == {"sources", "text_lines", "text_repairs"}
    assert parents["works"] == {"records", "author_mentions"}
    assert parents["published"] == {"rejects", "ledger", "run_history", "rule_results"}
    stages = {t.name for t in TABLES.values() if t.stage != "quality"}
    assert parents["ledger"] == stages


def test_every_check_is_evaluated_with_counts(result: dg.ExecuteInProcessResult) -> None:
    evaluations = result.get_asset_check_evaluations()
    of_rules = [e for e in evaluations if e.check_name != "audit"]
    assert len(of_rules) == len(evaluations) - 1 == sum(len(table.checks) for table in TABLES.values())
    assert all({"rows", "failures"} <= set(evaluation.metadata) for evaluation in of_rules)
    assert [e.check_name for e in evaluations if not e.passed] == []


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_metadata_says_what_a_table_is(result: dg.ExecuteInProcessResult, table: Table) -> None:
    events = result.asset_materializations_for_node(f"{table.stage}_stage")
    (event,) = (e for e in events if e.asset_key.to_user_string() == table.name)
    metadata = event.metadata
    assert [c.name for c in metadata["dagster/column_schema"].value.columns] == table.arrow_schema.names
    assert isinstance(metadata["dagster/row_count"].value, int)
    lineage = metadata["dagster/column_lineage"].value.deps_by_column
    made_of = {c: {f"{d.asset_key.to_user_string()}.{d.column_name}" for d in deps} for c, deps in lineage.items()}
    of_bytes = {"raw_folder.bytes"} if table.name in {"sources", "text_lines"} else set()
    assert made_of == {column: set(deps) or of_bytes for column, deps in table.lineage.items()}
    assert Path(metadata["file"].value).name == f"{table.name}.parquet"


def test_the_tables_are_those_of_a_run_without_dagster(result: dg.ExecuteInProcessResult, sample: Tables) -> None:
    published = Path(result.asset_materializations_for_node("published")[0].metadata["report"].value).parent
    tables = read_tables(published)
    for name in sample.keys() - {"run_history"}:  # which names the run
        assert tables[name].equals(sample[name]), name


def test_a_broken_rule_is_a_failed_check_with_the_rows(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    line = "Abstract:Somebody counts the {} of a valley for a year and finds fewer than there were before.\n"
    (raw / "page.txt").write_text("Page\n" + "".join(line.format(x) for x in ("owls", "bats")) + "Abstract: null\n")
    resources = {"folders": Folders(raw=str(raw), clean=str(tmp_path / "clean")), "progress": Progress()}
    with dg.DagsterInstance.ephemeral() as instance:
        done = defs.resolve_job_def("main").execute_in_process(resources=resources, instance=instance)
    failed = [e for e in done.get_asset_check_evaluations() if not e.passed]
    assert [(e.asset_key.to_user_string(), e.check_name) for e in failed] == [
        ("records", "title_or_abstract"),
        ("records", "reject_rate"),
    ]
    assert failed[0].severity is dg.AssetCheckSeverity.WARN
    assert len(failed[0].metadata["broken rows"].records) == 1


def test_definitions_validate_without_arguments() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("dagster"), "definitions", "validate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``dagster dev`` as the README starts it, on a free port; history goes to a home of its own."""
    home = tmp_path_factory.mktemp("home")
    (home / "dagster.yaml").write_text((ROOT / ".dagster" / "dagster.yaml").read_text())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", DAGSTER, "dev", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        assert process.poll() is None, "dagster dev has stopped"
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("dagster dev did not come up in two minutes")


def _ask(url: str, query: str) -> dict[str, object]:
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def test_dagster_dev_serves_the_assets_without_sign_up_box_or_telemetry(server: str) -> None:
    answer = _ask(server, "{ assetNodes { groupName assetKey { path } } shouldShowNux }")
    assert len(answer["assetNodes"]) == len(TABLES) + 2
    assert answer["shouldShowNux"] is False
    with urllib.request.urlopen(server, timeout=60) as page:
        assert '"telemetryEnabled": false' in page.read().decode()
