"""The stage ``quality``: rejects, ledger, history and rule results of the run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd

from pipeline.engine import StageRun, code_version
from pipeline.quality import balance_parts, measured, profile, refused_files, result_rows, with_history
from pipeline.quality.drift import Counts, categories, counted, optional, told_apart
from pipeline.quality.linked import Linked
from pipeline.quality.rejects import reject_table
from pipeline.storage import CleanFolder
from schemas import TABLES
from schemas.quality import STAGES


def quality(run: StageRun) -> None:
    """Bring together what the stages put down, and balance it."""
    run.made_by = code_version(run.stage, run.raw)
    rejected = pd.DataFrame({"status": ["rejected"]})
    refused = run.clean.latest("raw_files", run.run_id).read("raw_files", at=rejected)
    files = reject_table(refused_files(TABLES["raw_files"], refused))
    rejects = run.keep("rejects", pd.concat([run.read_parts("rejects", STAGES), files], ignore_index=True))
    making = _Accounts(CleanFolder(run.clean.root.absolute()), run.run_id, run.made_by, run.full)
    ledger = run.beside(making.ledger, rejects)
    counts = _counts(run)
    run.keep("ledger", ledger())
    earlier = run.read_parts("rule_results", STAGES)
    run.keep("run_history", _history(run, counts, pd.concat([earlier, result_rows(run.results)], ignore_index=True)))
    table = TABLES["rule_results"]
    own = table.split(pd.concat([earlier, result_rows(run.results)], ignore_index=True), {}).results
    run.keep("rule_results", pd.concat([earlier, result_rows([*run.results, *own])], ignore_index=True))


_BY_BATCH = {
    "text_lines": ["path"],
    "records": ["record_id", "path", "author_tokens"],
    "line_roles": ["path", "role", "record_id"],
    "author_mentions": ["record_id", "tokens"],
    "unused_tokens": ["record_id"],
}
"""The columns that the ledger counts of the tables that are written batch by batch of files."""

_BY_FILE = {
    "sources": ["path", "status", "line_count", "value_count"],
    "raw_files": ["path", "record_count"],
    "work_records": ["path"],
}
"""Those of the tables whose rows name their file."""

_REFUSED = [f"rejects@{stage}" for stage in STAGES]

_ROWS_AT_ONCE = 1 << 17


@dataclass(frozen=True)
class _Accounts:
    """What the ledger is made of: the tables of a run, made by the same code as before or not."""

    clean: CleanFolder
    run_id: str
    made_by: str
    full: bool

    def ledger(self, rejects: pd.DataFrame) -> pd.DataFrame:
        """The ledger; the published one where the same code made it of tables that are the same, byte for byte."""
        before = self.clean.published()
        if before is not None and not self.full and before.made_by("ledger") == self.made_by:
            names = [*_BY_FILE, *_BY_BATCH, "mention_authors", *_REFUSED]
            if all(self.clean.latest(name, self.run_id).has_rows_of(before, name) for name in names):
                return before.read("ledger")
        return balance_parts(_parts(self.clean, self.run_id), rejects)


def _parts(clean: CleanFolder, run_id: str) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables of the ledger, some batches of files at a time, with those of linking where their records are."""
    for groups in zip_longest(*(clean.latest(n, run_id).groups(n, columns) for n, columns in _BY_FILE.items())):
        yield {name: group for name, group in zip(_BY_FILE, groups, strict=True) if group is not None}
    mentions = clean.latest("mention_authors", run_id).groups("mention_authors", ["record_id"])
    linked = Linked.of(group["record_id"] for group in mentions)
    tables = {name: clean.latest(name, run_id) for name in _BY_BATCH}
    together = list(_together(zip(*(tables[name].batch_rows(name) for name in _BY_BATCH), strict=True)))
    batches = [tables[name].by_batch(name, columns, together) for name, columns in _BY_BATCH.items()]
    for frames in zip(*batches, strict=True):
        part = dict(zip(_BY_BATCH, frames, strict=True))
        ids = part["records"]["record_id"]
        named = np.repeat(np.arange(len(ids)), linked.times(ids))
        yield {**part, "mention_authors": pd.DataFrame({"record_id": ids.take(named)})}


def _together(sizes: Iterable[Sequence[int]]) -> Iterator[range]:
    """The numbers of batches to count at once, since to count in small ones takes as long as in one large one.

    ``sizes`` are the rows that each batch has in each table.
    """
    start = end = rows = 0
    for end, counts in enumerate(sizes, 1):
        rows += max(counts)
        if rows >= _ROWS_AT_ONCE:
            yield range(start, end)
            start, rows = end, 0
    if start < end:
        yield range(start, end)


def _counts(run: StageRun) -> Counts:
    """What is counted of the tables of a run."""
    counts: Counts = Counter()
    for table in TABLES.values():
        if table.stage in STAGES:
            tables = run.clean.latest(table.name, run.run_id)
            counts.update(counted(table, tables.count(table.name), tables.nulls(table.name, optional(table))))
            columns = told_apart(table)
            for group in tables.groups(table.name, columns) if columns else ():
                counts.update(categories(table, group))
    counts.update(profile(TABLES["rejects"], run.read("rejects")))
    return counts


def _history(run: StageRun, counts: Counts, results: pd.DataFrame) -> pd.DataFrame:
    """The history that readers have now, and this run at its end."""
    before = run.clean.published()
    history = before.read("run_history") if before and before.has("run_history") else TABLES["run_history"].empty()
    return with_history(measured(counts, results), history, run.run_id)
