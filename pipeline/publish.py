"""Write, audit, publish: the last step of a run, on the tables that it has written."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.candidates import LAST_PAGE
from pipeline.engine.stage import LOG, note
from pipeline.engine.usage import Usage, start
from pipeline.metrics import publish_metrics
from pipeline.quality import findings
from pipeline.storage import CleanFolder
from pipeline.summary import figures, summary
from pipeline.tables import TableSet
from schemas import TABLES
from schemas.descriptors import croissant, data_package, odcs
from schemas.dictionary import dictionary
from schemas.registry import PUBLISHED
from schemas.snapshot import objections, snapshots

_CONTRACTS = "contracts.json"


class AuditError(Exception):
    """The tables of a run must not be published; the message has every finding and where the candidate is."""

    def __init__(self, found: Sequence[str], report: Path) -> None:
        self.report = report
        head, tail = "not published, the tables before stand:", f"  the candidate is kept to look at: {report}"
        super().__init__("\n".join([head, *(f"  - {line}" for line in found), tail]))


REPORT = "report.html"


Drawing = Callable[[CleanFolder, str, Sequence[str]], tuple[str, Usage]]


def publish(
    clean: CleanFolder, run_id: str, logs: Sequence[logging.Logger] = (LOG,), draw: Drawing | None = None
) -> list[str]:
    """Audit the set of a run and make it the published one; returns the summary, a line an entry.

    The report is drawn here, or by ``draw``, which does so in another process and says what it cost. Raises AuditError
    when the audit finds something, and leaves the published tables and the candidate as they are.
    """
    usage = start()
    tables = clean.table_set(run_id)
    before = clean.published()
    audited = {"rule_results": clean.latest("rule_results", run_id).read("rule_results")}
    # A row a file and stage: only those that do not balance are looked at.
    ledger = clean.latest("ledger", run_id).groups("ledger")
    audited["ledger"] = pd.concat([TABLES["ledger"].empty(), *(rows[rows["difference"] != 0] for rows in ledger)])
    audited["records"] = next(clean.latest("records", run_id).groups("records", ["record_id"]), pd.DataFrame())
    found = findings(audited, before.count("records") if before else 0)
    found += objections(PUBLISHED.values(), json.loads(before.read_page(_CONTRACTS, "{}") if before else "{}"))
    with ThreadPoolExecutor(1) as beside:  # files are hashed while the report is drawn
        hashed = {name: beside.submit(clean.latest(name, run_id).sha256, name) for name in TABLES if not found}
        if draw is None:
            page = report_page(clean, run_id, found)
        else:
            page, used = draw(clean, run_id, found)
            usage.add(used)
        tables.write_page(REPORT, page)
    if found:
        note(logs, "run.refused", logging.ERROR, run=run_id, stage="publish", findings=found)
        raise AuditError(found, tables.folder / REPORT)
    tables.write_page("DATA_DICTIONARY.md", dictionary())
    tables.write_page(_CONTRACTS, snapshots(PUBLISHED.values()))
    release = version("palimpsest")
    _write_json(tables, "datapackage.json", data_package(PUBLISHED.values()))
    _write_json(tables, "odcs.json", odcs(PUBLISHED.values(), release))
    hashes = {name: told.result() for name, told in hashed.items()}
    metrics = publish_metrics(clean, run_id, usage)
    # Croissant names the hash of each file, also of the metrics, which are measured until all else is written.
    hashes |= {name: tables.sha256(name) for name in PUBLISHED if name not in hashes}
    _write_json(tables, LAST_PAGE, croissant(PUBLISHED.values(), hashes, release))
    clean.publish(tables)
    seconds = round(float(metrics["seconds"].sum()), 3)
    note(logs, "run.published", run=run_id, stage="publish", seconds=seconds, **figures(clean))
    return summary(clean)


def _write_json(tables: TableSet, name: str, page: dict[str, Any]) -> None:
    tables.write_page(name, json.dumps(page, ensure_ascii=False, indent=1) + "\n")


def get_ready() -> None:
    """Import what a report is drawn with, and start it: half of the time that the first one takes."""
    from pipeline.report import warm_up

    warm_up()


def report_page(clean: CleanFolder, run_id: str, found: Sequence[str] = ()) -> str:
    """The report of a run as HTML; ``found`` is what the audit has found."""
    from pipeline.report import Material, gathered, report

    def read(name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        return clean.latest(name, run_id).groups(name, columns)

    def at(name: str, columns: Sequence[str], places: pd.DataFrame) -> pd.DataFrame:
        return clean.latest(name, run_id).read(name, columns, places)

    history = clean.latest("run_history", run_id).read("run_history")
    return report(Material(gathered(read), at, tuple(found), history))
