"""The stage ``quality``: rejects, ledger, history and rule results of the run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd

from pipeline.engine import StageRun, code_version
from pipeline.engine.ahead import made, start_ahead
from pipeline.engine.usage import Usage
from pipeline.quality import balanced, counted_entries, measured, profile, refused_files, result_rows, with_history
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
    accounts = run.beside(making.made, rejects)
    start_ahead(run)
    counts = _counts(run.clean, run.run_id, ["link"])
    counts.update(profile(TABLES["rejects"], rejects))
    made_beside = accounts()
    run.workers += made_beside.ahead
    counts.update(made_beside.counts)
    run.keep("ledger", made_beside.ledger)
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
}
"""Those of the tables before linking whose rows name their file."""

_LINKED = ("work_records", "mention_authors")

_REFUSED = [f"rejects@{stage}" for stage in STAGES]

_ROWS_AT_ONCE = 1 << 17


def entries_before_linking(clean: CleanFolder, run_id: str) -> pd.DataFrame:
    """The entries of the ledger that do not depend on linking, which are most, from the tables of a run."""
    return counted_entries(_parts(clean, run_id))


def counts_before_linking(clean: CleanFolder, run_id: str) -> Counts:
    """What is counted for the history of the tables of a run that linking does not make."""
    return _counts(clean, run_id, STAGES[: STAGES.index("link")])


@dataclass(frozen=True)
class _Made:
    """The ledger, the counts of all tables before linking, and what was spent ahead on either."""

    ledger: pd.DataFrame
    counts: Counts
    ahead: Sequence[Usage]


@dataclass(frozen=True)
class _Accounts:
    """What the ledger is made of: the tables of a run, made by the same code as before or not."""

    clean: CleanFolder
    run_id: str
    made_by: str
    full: bool

    def made(self, rejects: pd.DataFrame) -> _Made:
        """The accounts of a run with these rejects, of what was made of them ahead where it was."""
        counts, counting = made(counts_before_linking, self.clean, self.run_id)
        ledger, adding = self._ledger(rejects)
        return _Made(ledger, counts, [usage for usage in (counting, adding) if usage is not None])

    def _ledger(self, rejects: pd.DataFrame) -> tuple[pd.DataFrame, Usage | None]:
        """The ledger; the published one where the same code made it of tables that are the same, byte for byte."""
        before = self.clean.published()
        if before is not None and not self.full and before.made_by("ledger") == self.made_by:
            names = [*_BY_FILE, *_BY_BATCH, *_LINKED, *_REFUSED]
            if all(self.clean.latest(name, self.run_id).has_rows_of(before, name) for name in names):
                return before.read("ledger"), None
        entries, usage = made(entries_before_linking, self.clean, self.run_id)
        linked = counted_entries(_linked_parts(self.clean, self.run_id), rejects)
        return balanced([entries, linked]), usage


def _parts(clean: CleanFolder, run_id: str) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables before linking, some batches of files at a time."""
    for groups in zip_longest(*(clean.latest(n, run_id).groups(n, columns) for n, columns in _BY_FILE.items())):
        yield {name: group for name, group in zip(_BY_FILE, groups, strict=True) if group is not None}
    tables = {name: clean.latest(name, run_id) for name in _BY_BATCH}
    together = list(_together(zip(*(tables[name].batch_rows(name) for name in _BY_BATCH), strict=True)))
    batches = [tables[name].by_batch(name, columns, together) for name, columns in _BY_BATCH.items()]
    for frames in zip(*batches, strict=True):
        yield dict(zip(_BY_BATCH, frames, strict=True))


def _linked_parts(clean: CleanFolder, run_id: str) -> Iterator[dict[str, pd.DataFrame]]:
    """The tables of linking that the ledger is made of, some rows at a time; names with the files of their records."""
    mentions = clean.latest("mention_authors", run_id).groups("mention_authors", ["record_id"])
    linked = Linked.of(group["record_id"] for group in mentions)
    places = clean.latest("work_records", run_id).groups("work_records", ["path"])
    records = clean.latest("records", run_id).groups("records", ["record_id", "path"])
    for place, record in zip_longest(places, records):
        found = {} if place is None else {"work_records": place}
        if record is not None:
            named = np.repeat(np.arange(len(record)), linked.times(record["record_id"]))
            found["mention_authors"] = record[["path"]].take(named)
        yield found


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


def _counts(clean: CleanFolder, run_id: str, stages: Sequence[str]) -> Counts:
    """What is counted of the tables of some stages of a run."""
    counts: Counts = Counter()
    for table in TABLES.values():
        if table.stage in stages:
            tables = clean.latest(table.name, run_id)
            counts.update(counted(table, tables.count(table.name), tables.nulls(table.name, optional(table))))
            columns = told_apart(table)
            for group in tables.groups(table.name, columns) if columns else ():
                counts.update(categories(table, group))
    return counts


def _history(run: StageRun, counts: Counts, results: pd.DataFrame) -> pd.DataFrame:
    """The history that readers have now, and this run at its end."""
    before = run.clean.published()
    history = before.read("run_history") if before and before.has("run_history") else TABLES["run_history"].empty()
    return with_history(measured(counts, results), history, run.run_id)
