"""Write, audit, publish: the last step of a run, on the tables that it has written."""

import json
from importlib.metadata import version
from typing import Any

from pipeline.quality import findings
from pipeline.quality.audit import ACCOUNTING
from pipeline.storage import CleanFolder
from pipeline.summary import summary
from schemas import TABLES
from schemas.descriptors import croissant, data_package, odcs
from schemas.dictionary import dictionary
from schemas.snapshot import objections, snapshots

_CONTRACTS = "contracts.json"


class AuditError(Exception):
    """The tables of a run must not be published; the message has every finding and where the candidate is."""


def publish(clean: CleanFolder, run_id: str) -> list[str]:
    """Audit the set of a run and make it the published one; returns the summary, a line an entry.

    Raises AuditError when the audit finds something, and leaves the published tables and the candidate as they are.
    """
    tables = clean.table_set(run_id)
    before = clean.published()
    audited = {name: clean.latest(name, run_id).read(name) for name in ACCOUNTING}
    found = findings(audited, len(before.read("records")) if before else 0)
    found += objections(TABLES.values(), json.loads(before.read_page(_CONTRACTS, "{}") if before else "{}"))
    if found:
        raise AuditError(
            "\n".join(["not published, the tables before stand:", *(f"  - {line}" for line in found),
                       f"  the candidate is kept to look at: {tables.folder}"])
        )  # fmt: skip
    tables.write_page("DATA_DICTIONARY.md", dictionary())
    tables.write_page(_CONTRACTS, snapshots(TABLES.values()))
    for name, descriptor in _descriptors(clean, run_id).items():
        tables.write_page(name, json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n")
    clean.publish(tables)
    return summary(clean)


def _descriptors(clean: CleanFolder, run_id: str) -> dict[str, dict[str, Any]]:
    """The contracts in the words of other standards, by the name of the page."""
    release = version("palimpsest")
    hashes = {name: clean.latest(name, run_id).sha256(name) for name in TABLES}
    return {
        "datapackage.json": data_package(TABLES.values()),
        "odcs.json": odcs(TABLES.values(), release),
        "croissant.json": croissant(TABLES.values(), hashes, release),
    }
