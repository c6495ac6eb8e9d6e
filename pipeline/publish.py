"""Write, audit, publish: the last step of a run, on the tables that it has written."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:  # drawing a report is imported where it is done
    from pipeline.report import Section

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
    release = version("palimpsest")
    with ThreadPoolExecutor(1) as beside:  # files are hashed and described while the report is drawn
        hashed = {name: beside.submit(clean.latest(name, run_id).sha256, name) for name in TABLES if not found}
        described = [] if found else [beside.submit(_describe, tables, release)]
        if draw is None:
            page = report_page(clean, run_id, found)
        else:
            page, used = draw(clean, run_id, found)
            usage.add(used)
        tables.write_page(REPORT, page)
    if found:
        note(logs, "run.refused", logging.ERROR, run=run_id, stage="publish", findings=found)
        raise AuditError(found, tables.folder / REPORT)
    for written in described:
        written.result()
    hashes = {name: told.result() for name, told in hashed.items()}
    metrics = publish_metrics(clean, run_id, usage)
    # Croissant names the hash of each file, also of the metrics, which are measured until all else is written.
    hashes |= {name: tables.sha256(name) for name in PUBLISHED if name not in hashes}
    _write_json(tables, LAST_PAGE, croissant(PUBLISHED.values(), hashes, release))
    clean.publish(tables)
    seconds = round(float(metrics["seconds"].sum()), 3)
    note(logs, "run.published", run=run_id, stage="publish", seconds=seconds, **figures(clean))
    return summary(clean)


def _describe(tables: TableSet, release: str) -> None:
    """Write what the contracts say of the tables, for people and for machines."""
    tables.write_page("DATA_DICTIONARY.md", dictionary())
    tables.write_page(_CONTRACTS, snapshots(PUBLISHED.values()))
    _write_json(tables, "datapackage.json", data_package(PUBLISHED.values()))
    _write_json(tables, "odcs.json", odcs(PUBLISHED.values(), release))


def _write_json(tables: TableSet, name: str, page: dict[str, Any]) -> None:
    tables.write_page(name, json.dumps(page, ensure_ascii=False, indent=1) + "\n")


def get_ready() -> None:
    """Import what a report is drawn with, and start it: half of the time that the first one takes."""
    from pipeline.report import origins, warm_up

    warm_up()
    origins()  # the same in every run, and kept


@dataclass(frozen=True)
class Begun:
    """A part of a report: what was gathered of the tables of some stages, and sections of the page."""

    tables: Mapping[str, pd.DataFrame]
    sections: "Mapping[str, Section]"


def begin_report(clean: CleanFolder, run_id: str) -> Begun:
    """Begin the report of a run whose works are not linked yet."""
    from pipeline.report import BEFORE_LINKING, Material, begun, gathered

    reading = _Reading(clean, run_id)
    tables = gathered(reading.some, BEFORE_LINKING)
    return Begun(tables, begun(Material(tables, reading.at)))


def report_works(clean: CleanFolder, run_id: str) -> Begun:
    """What the report of a run says of works and authors, whatever the accounting is."""
    from pipeline.report import Material, gathered, linked

    reading = _Reading(clean, run_id)
    tables = gathered(reading.some, ["link"])
    return Begun(tables, linked(Material(tables, reading.at)))


def report_page(clean: CleanFolder, run_id: str, found: Sequence[str] = (), begun: Sequence[Begun] = ()) -> str:
    """The report of a run as HTML; ``found`` is what the audit has found, ``begun`` both parts, if they are there."""
    from pipeline.report import Material, gathered, report

    parts = begun or [begin_report(clean, run_id), report_works(clean, run_id)]
    reading = _Reading(clean, run_id)
    history = clean.latest("run_history", run_id).read("run_history")
    tables = gathered(reading.some, ["quality", "publish"])
    sections: dict[str, Section] = {}
    for part in parts:
        tables.update(part.tables)
        sections.update(part.sections)
    return report(Material(tables, reading.at, tuple(found), history), sections)


@dataclass(frozen=True)
class _Reading:
    """How the report reads the tables of a run."""

    clean: CleanFolder
    run_id: str

    def some(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Some columns of a table, some rows at a time."""
        return self.clean.latest(name, self.run_id).groups(name, columns)

    def at(self, name: str, columns: Sequence[str], places: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that agree with one of some places."""
        return self.clean.latest(name, self.run_id).read(name, columns, places)
