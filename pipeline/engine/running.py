"""Running a stage's body: once over whole tables, or batch by batch on one core or several.

The result does not depend on how many workers there are or which is done first: batches are cut by names and sizes
alone, and written in their order.
"""

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Generic, Self, TypeVar

import pandas as pd

from pipeline.engine.batches import Batch, BatchRun, batches
from pipeline.engine.large import LargeFiles
from pipeline.engine.pools import LocalProcesses, Pool, Share, WorkerError, in_order
from pipeline.engine.reuse import Earlier, earlier, told, twins_told
from pipeline.engine.settings import Settings
from pipeline.engine.stage import LOG, FileCounts, Report, StageRun, Written, note, silent
from pipeline.engine.usage import Usage, costed
from pipeline.engine.versions import code_version
from pipeline.quality.rejects import Reject
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import TableSet, TableWriter
from schemas import RuleResult, Table
from schemas.registry import KEPT, of_stage
from schemas.rule import merged

T = TypeVar("T")
Body = Callable[[StageRun], None]
BatchBody = Callable[[BatchRun], None]

WORTH_A_WORKER = 4 * 1024 * 1024  # bytes; starting a process takes as long as working on about so many
_VERDICT = ["status", "layout", "reason"]
_FILES_TO_TRY = 20
_PER_FILE = 2048  # bytes that a file counts for beside its own


def run_by_files(run: StageRun, body: BatchBody, settings: Settings) -> None:
    """Run a body over batches of files, and write each table batch by batch.

    Rows of files that are the same as in the published set, made by the same code, are taken over from there.
    """
    run.made_by = code_version(run.stage, run.raw)
    tables = [table for table in of_stage(run.stage) if table.per_file]
    sources, twins = run.read("sources"), twins_told(run.clean.latest("text_lines", run.run_id))
    before = None if settings.full else earlier(run, tables, told(sources, twins))
    unchanged, renamed = (before.unchanged, before.renamed) if before else (frozenset[str](), {})
    plan = list(batches(sources, unchanged, twins, renamed))
    with Crew(run) as crew:
        work_through(crew, body, tables, plan, before)


class Crew:
    """The workers of a stage: started when there is enough work for them, and there until the stage is done."""

    def __init__(self, run: StageRun) -> None:
        self.run = run
        self._stack = ExitStack()
        self._pool: Pool | None = None

    def pool(self, shares: int, work: int, files: tuple[str, ...]) -> Pool | None:
        """The workers for so many pieces and bytes of work; None where it is done sooner without."""
        if self._pool is None:
            pool = _pool(self.run, shares, work, files)
            self._pool = self._stack.enter_context(pool) if pool else None
        return self._pool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.__exit__(kind, error, at)


def work_through(
    crew: Crew, body: BatchBody, tables: Sequence[Table], plan: Sequence[Batch], before: Earlier | None
) -> None:
    """Write the tables of a stage: batches as an earlier set has them are copied from there, the others worked on."""
    run = crew.run
    copied = {batch.key for batch in plan if before and before.has(batch)}
    plan = [batch if batch.piece is None or batch.key in copied else batch.afresh for batch in plan]
    done_files = sum(batch.done for batch in plan)
    all_files = sum(len(batch.files) for batch in plan if batch.ends_files)
    run.files = FileCounts(done_files, all_files - done_files, sum(batch.fresh_bytes for batch in plan))
    outcomes = _outcomes(crew, body, [batch for batch in plan if batch.key not in copied], before)
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        large = LargeFiles(run)
        writers = {t.name: stack.enter_context(_writer(run, t)) for t in tables}
        for batch in plan:
            if before and batch.key in copied:
                found = before.copy(batch, writers, run.written)
                if not counts:  # rules have the place of their first rows
                    run.results = merged(run.results, before.results(dict.fromkeys(found, 0)))
                counts.update(found)
                continue
            done = next(outcomes)
            for name, frame in large.whole_rows(batch, done.kept).items():
                if name in writers:
                    writers[name].append(frame, batch.files, batch.key)
                if name not in KEPT:
                    run.written.setdefault(name, Written()).add(frame)
            run.results = merged(run.results, done.results)
            run.rejects += done.rejects
            if done.usage:
                run.workers.append(done.usage)
            _tell_files(run, batch, done.kept)
        outcomes.close()
    if before and counts:
        run.results = merged(run.results, before.results(counts))


def _writer(run: StageRun, table: Table) -> AbstractContextManager[TableWriter]:
    return run.tables.writer(table, part=run.stage if table.name in KEPT else "", made_by=run.made_by)


@dataclass(frozen=True)
class _Costed(Generic[Share, T]):
    """Work, and what it cost."""

    work: Callable[[Share], T]

    def __call__(self, share: Share) -> tuple[T, Usage]:
        """Do it."""
        return costed(self.work, share)


def spread(
    run: StageRun, work: Callable[[Share], T], plan: Sequence[Share], size: int, files: Iterable[str] = ()
) -> Generator[T]:
    """Work on batches, or on the rows of each, where no table is written by files: the results, in their order.

    ``size`` is how much work it is, in bytes of repair and split. Workers elsewhere must see some of ``files``.
    """
    with ExitStack() as stack:
        pool = _pool(run, len(plan), size, tuple(islice(files, _FILES_TO_TRY)))
        if pool is None:
            yield from map(work, plan)
            return
        for done, usage in in_order(stack.enter_context(pool), _Costed(work), plan):
            run.workers.append(usage)
            yield done


@dataclass(frozen=True)
class _Outcome:
    kept: dict[str, pd.DataFrame]
    results: list[RuleResult]
    rejects: list[Reject]
    usage: Usage | None = None


def _tell_files(run: StageRun, batch: Batch, kept: Mapping[str, pd.DataFrame]) -> None:
    """Log of every file that was worked on how many rows it has in each table; only where somebody listens."""
    if not batch.fresh or not LOG.isEnabledFor(logging.INFO):
        return
    rows = {name: frame["path"].value_counts() for name, frame in kept.items() if "path" in frame}
    files = kept.get("raw_files", pd.DataFrame(columns=["path", *_VERDICT])).set_index("path")
    for path in batch.fresh:
        counts = {name: int(count.get(path, 0)) for name, count in rows.items()}
        verdict = {name: files.at[path, name] for name in _VERDICT} if path in files.index else None
        note((LOG,), "file.done", run=run.run_id, stage=run.stage, file=path, rows=counts, verdict=verdict)


@dataclass(frozen=True)
class _Order:
    """What a worker process is told."""

    stage: str
    raw: RawFolder
    clean: CleanFolder
    run_id: str
    body: BatchBody
    before: TableSet | None

    def work(self, batch: Batch, report: Report = silent) -> _Outcome:
        """Run the body on one batch."""
        run = BatchRun(self.stage, self.raw, self.clean, self.run_id, report, batch=batch, before=self.before)
        run.take_names()
        self.body(run)
        return _Outcome(run.kept, run.results, run.rejects)

    def measured(self, batch: Batch) -> _Outcome:
        """The same in a process of its own, with what it cost."""
        outcome, usage = costed(self.work, batch)
        return replace(outcome, usage=usage)


def _outcomes(crew: Crew, body: BatchBody, plan: list[Batch], before: Earlier | None) -> Generator[_Outcome]:
    """The outcome of every batch, in their order."""
    run = crew.run
    raw, clean = _anywhere(run)  # workers start elsewhere
    order = _Order(run.stage, raw, clean, run.run_id, body, before.tables if before else None)
    total, size = sum(batch.done for batch in plan), sum(batch.fresh_bytes for batch in plan)
    done = read = 0
    files = tuple(islice((path for batch in plan for path in batch.readable), _FILES_TO_TRY))
    pool = crew.pool(sum(bool(batch.fresh) for batch in plan), size + _PER_FILE * total, files)
    outcomes = in_order(pool, order.measured, plan) if pool else None
    for batch in plan:
        yield next(outcomes) if outcomes else order.work(batch, _within(run, batch, (done, total, read, size)))
        done, read = done + batch.done, read + batch.fresh_bytes
        run.report(run.stage, done, total, read, size)


def _within(run: StageRun, batch: Batch, before: tuple[int, int, int, int]) -> Report:
    """Reports of one batch as reports of them all: files before it, files in all, and the same in bytes."""
    done, total, read, size = before

    def report(stage: str, files: int, in_batch: int, *_: int) -> None:
        run.report(stage, done + files, total, read + batch.fresh_bytes * files // max(1, in_batch), size)

    return report


def _pool(run: StageRun, shares: int, work: int, files: tuple[str, ...]) -> AbstractContextManager[Pool] | None:
    """The workers for a plan; None where starting them would take longer than the work. They must see ``files``."""
    settings = run.settings
    if settings.scheduler and shares:
        return _cluster(run, files, settings.scheduler)
    processes = min(settings.processes, shares, 1 + work // WORTH_A_WORKER)
    if settings.scheduler or processes < 2:
        return None
    return LocalProcesses(processes) if settings.staff is None else settings.staff.lent(processes)


def _cluster(run: StageRun, files: tuple[str, ...], scheduler: str) -> AbstractContextManager[Pool]:
    try:
        from pipeline.engine.cluster import DaskCluster, Home  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        raise WorkerError(
            f"Dask is not installed ({error}); install it with: pip install 'palimpsest[cluster]'"
        ) from None
    has_sources = run.stage != "ingest"  # which makes them
    sources_of = run.clean.latest("sources", run.run_id).run_id if has_sources else ""
    raw, clean = _anywhere(run)
    made_by = code_version(run.stage, run.raw)
    return DaskCluster(scheduler, Home(run.stage, raw, clean, run.run_id, sources_of, files, made_by))


def _anywhere(run: StageRun) -> tuple[RawFolder, CleanFolder]:
    """The folders by names that do not depend on where a process was started."""
    return RawFolder(run.raw.root.absolute()), CleanFolder(run.clean.root.absolute())
