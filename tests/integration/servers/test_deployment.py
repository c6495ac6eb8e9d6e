"""The services on one machine: history in PostgreSQL, runs only when there is work, killed runs, and alerts."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import psycopg2
import pyarrow.parquet as pq

from schemas import TABLES

LINE = "Abstract:We look at {} for a long time and write down what we see, day after day, until winter comes.\n"
RULES = sum(len(table.rules) for table in TABLES.values())


def page(name: str, records: int = 40) -> str:
    return f"Page of {name}\n" + "".join(LINE.format(f"{name}{number}") for number in range(records))


def published(clean: Path) -> tuple[str, int]:
    """The one run that all published tables are of, and the number of records."""
    runs = {pq.read_schema(clean / f"{name}.parquet").metadata[b"palimpsest.run"].decode() for name in TABLES}
    assert len(runs) == 1, f"tables of several runs: {runs}"
    return runs.pop(), len(pd.read_parquet(clean / "records.parquet"))


def first_run(deployment: Any) -> None:
    """Something is published, whichever test comes first."""
    if not (deployment.clean / "records.parquet").exists():
        (deployment.raw / "first.txt").write_text(page("owl") + "Abstract: null\n")
        assert deployment.finished(deployment.launch()) == "SUCCESS"


def count(postgres: str, query: str) -> int:
    connection = psycopg2.connect(postgres)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])
    finally:
        connection.close()


def told(deployment: Any, subject: str, run_id: str) -> str:
    """What the command was told about a run, waited for."""
    file = deployment.root / "told.txt"
    wanted = f"palimpsest: {subject} ({run_id[:8]})"
    deployment.until(lambda: file.exists() and wanted in file.read_text(), wanted)
    return file.read_text().partition(wanted)[2]


def mailed(deployment: Any, mail: tuple[int, list[Any]], subject: str, run_id: str) -> Any:
    wanted = f"palimpsest: {subject} ({run_id[:8]})"
    return deployment.until(lambda: next((m for m in mail[1] if m["Subject"] == wanted), None), f"mail: {wanted}")


def test_the_sensor_starts_a_run_that_is_recorded_in_postgres_and_only_one(
    deployment: Any, postgres: str, mail: tuple[int, list[Any]]
) -> None:
    (deployment.raw / "first.txt").write_text(page("owl") + "Abstract: null\n")
    workspace = str(deployment.root / "etc/palimpsest/workspace.yaml")
    for action in ("start", "stop"):
        command = [sys.executable, "-m", "dagster", "sensor", action, "-w", workspace, "raw_folder_changed"]
        done = subprocess.run(command, env=deployment.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        if action == "start":
            (run,) = deployment.until(deployment.runs, "a run of the sensor")
            assert deployment.finished(run["runId"]) == "SUCCESS"
    assert len(deployment.runs()) == 1
    assert published(deployment.clean) == (run["runId"], 40)
    assert count(postgres, "SELECT count(*) FROM runs WHERE status = 'SUCCESS'") == 1
    assert count(postgres, "SELECT count(*) FROM asset_check_executions") == RULES
    home = deployment.root / "var/lib/palimpsest"
    assert not [*home.rglob("*.db")], "history in SQLite too"
    text = told(deployment, "1 rules broken", run["runId"])
    assert "records.title_or_abstract: 1 of 41 rows (WARN)" in text
    assert mailed(deployment, mail, "1 rules broken", run["runId"])["To"] == "data@example.org, ops@example.org"


def test_no_process_shows_the_password(deployment: Any, postgres: str) -> None:
    first_run(deployment)
    password = postgres.split(":")[2].partition("@")[0]
    lines = [" ".join(p.info["cmdline"] or []) for p in psutil.process_iter(["cmdline"])]
    assert any("dagster-daemon" in line for line in lines)
    assert [line for line in lines if password in line] == []
    logs = [log.read_text(errors="replace") for log in deployment.root.glob("*.log")]
    assert not [log for log in logs if password in log]


def test_a_killed_worker_is_replaced_and_readers_see_the_old_tables_meanwhile(deployment: Any) -> None:
    first_run(deployment)
    before = published(deployment.clean)
    (deployment.raw / "killed.txt").write_text(page("heron"))
    run = deployment.launch()
    deployment.until((deployment.clean / ".sets" / run / "text_lines.parquet").exists, "the second stage")
    os.kill(deployment.worker(run), signal.SIGKILL)
    assert published(deployment.clean) == before
    assert deployment.finished(run) == "FAILURE"
    assert deployment.finished(deployment.retried(run)) == "SUCCESS"
    assert published(deployment.clean)[1] == before[1] + 40
    assert not [*deployment.clean.rglob("*.draft")]


def test_a_run_of_before_a_reboot_is_noticed_and_done_again(deployment: Any) -> None:
    first_run(deployment)
    before = published(deployment.clean)
    (deployment.raw / "rebooted.txt").write_text(page("stork"))
    run = deployment.launch()
    deployment.until((deployment.clean / ".sets" / run / "sources.parquet").exists, "the first stage")
    deployment.kill("code", "daemon")
    assert {r["runId"]: r["status"] for r in deployment.runs()}[run] == "STARTED"
    assert published(deployment.clean) == before
    deployment.start("code")
    deployment.start("daemon")
    assert deployment.finished(run) == "FAILURE"
    assert deployment.finished(deployment.retried(run)) == "SUCCESS"
    assert published(deployment.clean)[1] == before[1] + 40


def test_a_refused_run_is_told_of_and_not_retried(deployment: Any, mail: tuple[int, list[Any]]) -> None:
    first_run(deployment)
    before = published(deployment.clean)
    kept = {file: file.read_bytes() for file in deployment.raw.iterdir()}
    for file in kept:
        file.write_bytes(bytes(range(256)) * 9)
    run = deployment.launch()
    assert deployment.finished(run) == "FAILURE"
    assert published(deployment.clean) == before
    text = told(deployment, "run failed", run)
    assert "no file yielded a record" in text
    message = mailed(deployment, mail, "run failed", run)
    assert "no file yielded a record" in message.get_payload()
    assert [r for r in deployment.runs() if r["parentRunId"] == run] == []
    for file, data in kept.items():
        file.write_bytes(data)
