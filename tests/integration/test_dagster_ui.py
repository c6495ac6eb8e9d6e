"""Dagster's own web pages after real runs, in a real browser: what a data engineer finds there."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.resources import Progress
from pipeline.runner import run_main_job
from schemas import TABLES
from schemas.contract import SAMPLE_ROWS

ROOT = Path(__file__).parents[2]
LINE = "Abstract:Somebody counts the owls of valley {} for a year and finds fewer than there were before.\n"
PATIENCE = 60_000  # the first page waits for the definitions


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web server on a free port, with a home of its own that knows two runs; the second has more records."""
    place = tmp_path_factory.mktemp("ui")
    home, raw = place / "home", place / "raw"
    home.mkdir()
    raw.mkdir()
    (home / "dagster.yaml").write_text((ROOT / ".dagster" / "dagster.yaml").read_text())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dagster_webserver", "-m", "pipeline.definitions", "-p", str(port)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _run_twice(home, raw, place / "clean")  # while the server starts
        yield _when_up(f"http://127.0.0.1:{port}", process)
    finally:
        _end_group(process)


def _end_group(process: "subprocess.Popen[bytes]", patience: float = 5) -> None:
    """End the server and the code server that it has started, which shares its group, by force after a while."""
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(patience)
    except subprocess.TimeoutExpired:
        pass  # the group is killed below
    finally:
        with contextlib.suppress(ProcessLookupError):  # nothing of the group is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _run_twice(home: Path, raw: Path, clean: Path) -> None:
    broken = "Abstract: null\n" * (SAMPLE_ROWS + 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(home))
        for good in (SAMPLE_ROWS + 8, SAMPLE_ROWS + 11):  # more than are broken, else nothing is published
            (raw / "page.txt").write_text("Page\n" + "".join(map(LINE.format, range(good))) + broken)
            run_main_job(raw, clean, Progress())


def _when_up(url: str, process: "subprocess.Popen[bytes]") -> str:
    for _ in range(240):
        assert process.poll() is None, "the web server has stopped"
        try:
            with urllib.request.urlopen(f"{url}/server_info", timeout=2):
                return url
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the web server did not come up in two minutes")


def test_the_lineage_graph_starts_at_the_raw_files_and_loads_nothing_from_outside(page: Page, server: str) -> None:
    outside: list[str] = []
    page.on("request", lambda sent: outside.append(sent.url) if sent.url.startswith("http") else None)
    page.goto(f"{server}/assets/sources?view=lineage")
    graph = page.locator("svg, [class*=Asset]").get_by_text("raw_folder", exact=True)
    expect(graph.first).to_be_visible(timeout=PATIENCE)
    for table in ("sources", "text_lines"):
        expect(page.get_by_text(table, exact=True).first).to_be_visible()
    page.goto(f"{server}/asset-groups")
    for stage in ("ingest", "repair", "split", "link", "quality", "publish"):
        expect(page.get_by_text(stage, exact=True).first).to_be_visible(timeout=PATIENCE)
    assert [url for url in outside if not url.startswith(server)] == []


def test_a_table_shows_its_columns_and_what_they_are_made_of(page: Page, server: str) -> None:
    page.goto(f"{server}/assets/works?view=overview")
    columns = page.locator("table").filter(has_text="Column name").first
    expect(columns).to_contain_text("superseded_ids", timeout=PATIENCE)
    for column in TABLES["works"].arrow_schema:
        expect(columns).to_contain_text(column.metadata[b"description"].decode())
    expect(page.get_by_text("made of", exact=True).first).to_be_visible()
    expect(page.get_by_text("text_lines.text").first).to_be_visible()


def test_a_table_shows_its_rows_over_the_runs(page: Page, server: str) -> None:
    page.goto(f"{server}/assets/records?view=overview")
    expect(page.get_by_text("Row count", exact=True).first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Row count").locator("xpath=..").first).to_contain_text(str(SAMPLE_ROWS + 11))
    page.get_by_text("Plots", exact=True).first.click()
    expect(page.get_by_text("dagster/row_count", exact=True).first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()


def test_a_broken_rule_shows_at_most_twenty_of_its_rows(page: Page, server: str) -> None:
    page.goto(f"{server}/assets/records?view=checks&checkDetail=title_or_abstract")
    expect(page.get_by_text(f"Checks ({len(TABLES['records'].checks)})")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    rows = page.locator("table").filter(has_text="record_id").last.locator("tbody tr")
    expect(rows.first).to_contain_text("page.txt")
    assert rows.count() == SAMPLE_ROWS
    expect(page.get_by_text(str(SAMPLE_ROWS + 5), exact=True).first).to_be_visible()


def test_the_published_set_has_its_audit_its_report_and_its_freshness(page: Page, server: str) -> None:
    page.goto(f"{server}/assets/published?view=overview")
    expect(page.get_by_text("report.html").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Freshness policy", exact=True).first).to_be_visible()
    expect(page.get_by_text("repairs unresolved", exact=True).first).to_be_visible()
    page.goto(f"{server}/assets/published?view=checks&checkDetail=audit")
    expect(page.get_by_text("This is a blocking asset check").first).to_be_visible()
