"""One stage of one run: the tables that its body reads, and ``keep`` for each table that it yields."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import pandas as pd

from pipeline.engine.settings import Settings
from pipeline.engine.usage import Usage, costed
from pipeline.ingest.names import printable
from pipeline.quality.rejects import Reject, refused_rows, reject_table
from pipeline.quality.results import result_rows
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import TableSet
from schemas import TABLES, RuleResult, Table
from schemas.registry import of_stage, referred

P = ParamSpec("P")
T = TypeVar("T")


class Report(Protocol):
    """Told the stage, the files done and the files in all; where that is known, also the bytes done and in all."""

    def __call__(self, stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
        """Take note."""


LOG = logging.getLogger("palimpsest")
LOG.addHandler(logging.NullHandler())  # who wants to read it sets a handler; without one Python prints warnings

_HEAD = 5
_PATHS = 20


def silent(stage: str, done: int, total: int, read: int = 0, size: int = 0, /) -> None:
    """A report to nobody."""


def told(event: str, facts: Mapping[str, object]) -> str:
    """An event as a line for people."""
    return " ".join([event, *(f"{name}={value}" for name, value in facts.items() if value is not None)])


def note(logs: Iterable[logging.Logger], event: str, level: int = logging.INFO, **facts: object) -> None:
    """Log an event: for people as a line, and with the facts on the record, as ``event`` and ``facts``."""
    for log in (log for log in logs if log.isEnabledFor(level)):
        log.log(level, "%s", printable(told(event, facts)), extra={"event": event, "facts": facts})


@dataclass
class Written:
    """What is known of a table that was written: its rows, the first few, and the first files that they are from."""

    rows: int = 0
    head: pd.DataFrame | None = None
    files: tuple[str, ...] = ()

    @property
    def wants_more(self) -> bool:
        """Whether more rows would be taken note of than their number."""
        if self.head is None or len(self.head) < _HEAD:
            return True
        return "path" in self.head and len(self.files) < _PATHS

    def add(self, frame: pd.DataFrame, rows: int | None = None) -> None:
        """Take note of more rows; ``rows`` is their number where ``frame`` holds but the first of them."""
        self.rows += len(frame) if rows is None else rows
        if self.head is None or len(self.head) < _HEAD:
            self.head = frame.head(_HEAD) if self.head is None else pd.concat([self.head, frame]).head(_HEAD)
        if "path" in frame and len(self.files) < _PATHS:
            paths = frame["path"].dropna().drop_duplicates().head(_PATHS + 1)
            self.files = tuple(dict.fromkeys([*self.files, *paths]))[:_PATHS]


@dataclass
class FileCounts:
    """How many raw files a stage worked on and took over, and the bytes of the former; None where it goes by tables."""

    done: int | None = None
    taken_over: int | None = None
    read_bytes: int | None = None


@dataclass
class StageRun:
    """A stage that yields whole tables, each with ``keep``, in their order.

    ``made_by`` is what its rows depend on beside the files; ``full`` says that nothing is to be taken over.
    """

    stage: str
    raw: RawFolder
    clean: CleanFolder
    run_id: str
    report: Report = silent
    made_by: str = ""
    full: bool = False
    settings: Settings = field(default_factory=Settings)
    kept: dict[str, pd.DataFrame] = field(default_factory=dict)
    written: dict[str, Written] = field(default_factory=dict)
    results: list[RuleResult] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    files: FileCounts = field(default_factory=FileCounts)
    taken_over: bool = False
    workers: list[Usage] = field(default_factory=list)
    logs: tuple[logging.Logger, ...] = (LOG,)
    _earlier: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _parents: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _writer: ThreadPoolExecutor | None = field(default=None, repr=False)
    _writing: list[Future[Path]] = field(default_factory=list, repr=False)

    @property
    def tables(self) -> TableSet:
        """The set that this run writes to."""
        return self.clean.table_set(self.run_id)

    def read_columns(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of a table of an earlier stage; the run does not hold them, so the caller may let them go."""
        return self.clean.latest(name, self.run_id).read(name, columns)

    def read(self, name: str) -> pd.DataFrame:
        """A table of this stage or an earlier one: this run's, or the published one where this run does not redo it."""
        if name in self.kept:
            return self.kept[name]
        if name not in self._earlier:  # several tables of a stage refer to the same earlier one
            self._earlier[name] = self.clean.latest(name, self.run_id).read(name)
        return self._earlier[name]

    def read_parts(self, name: str, stages: Iterable[str]) -> pd.DataFrame:
        """What those stages have put down for an accounting table (``rejects``, ``rule_results``)."""
        parts = [self.clean.latest(f"{name}@{stage}", self.run_id).read(f"{name}@{stage}") for stage in stages]
        return pd.concat(parts, ignore_index=True)

    def keep(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Hold a table against its contract, write the rows that keep it and note the others; returns the rows written.

        Tables of the accounting are written whole: a row there that breaks a rule is what the audit must see.
        """
        rows = self.held(TABLES[name], frame)
        self.kept[name] = rows
        self.written[name] = Written()
        self.written[name].add(rows)
        if self._writer is None:
            self.tables.write(TABLES[name], rows, made_by=self.made_by)
        else:
            self.kept[name] = rows[referred(self.stage, name)]
            if self._writing:
                self._writing[-1].result()  # so that no more than one table waits to be written
            self._writing.append(self._writer.submit(self.tables.write, TABLES[name], rows, made_by=self.made_by))
        return rows

    @contextmanager
    def writing_beside(self) -> Iterator[None]:
        """Write the tables that the block keeps in another thread, while the next is held against its contract.

        Of each no more stays in memory than others refer to. When the block has ended they are written; raises what
        writing one has raised.
        """
        try:
            with ThreadPoolExecutor(1) as self._writer:
                yield
        finally:
            self._writer = None
        for written in self._writing:
            written.result()

    def held(self, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that keep the contract; results and refused rows are noted."""
        parents = {ref.table: self.parent(ref.table) for ref in (*table.references, *table.covers)}
        split = table.split(frame, parents)
        self.results += split.results
        if table.stage == "quality":
            return table.typed(frame)
        if len(split.rejected):
            placed = "path" in split.rejected  # else the row's record says where it is from
            records = TABLES["records"].empty() if placed else self.parent("records")
            self.rejects += refused_rows(table, split, records)
        return split.accepted

    def beside(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Callable[[], T]:
        """Have the process beside this one do something; where there is none it is done when it is asked for."""
        if self.settings.beside is None:
            return partial(work, *given, **named)
        found = self.settings.beside.start(costed, work, *given, **named)

        def result() -> T:
            done, usage = found()
            self.workers.append(usage)
            return done

        return result

    def tell(self, event: str, level: int = logging.INFO, **facts: object) -> None:
        """Log an event of the stage, with its facts, wherever this run logs to."""
        note(self.logs, event, level, run=self.run_id, stage=self.stage, **facts)

    def parent(self, name: str) -> pd.DataFrame:
        """What other tables refer to in a table, and where its rows are from: the rest of it would fill the memory."""
        if name in self.kept:
            return self.kept[name]
        if name not in self._parents:
            self._parents[name] = self.read_columns(name, referred(self.stage, name))
        return self._parents[name]

    def finish(self) -> None:
        """Put down this stage's rejects and rule results for the accounting; raises when a table was not kept."""
        missing = [table.name for table in of_stage(self.stage) if table.name not in self.written]
        if missing:
            raise LookupError(f"stage {self.stage} did not yield {missing}; keep() each of its tables")
        self.results += [self._reject_rate(table) for table in of_stage(self.stage) if table.stage != "quality"]
        self.tables.write(TABLES["rejects"], reject_table(self.rejects), part=self.stage)
        self.tables.write(TABLES["rule_results"], result_rows(self.results), part=self.stage)

    def _reject_rate(self, table: Table) -> RuleResult:
        """Whether the share of refused rows of a whole table, over all batches, is within its bounds."""
        refused = sum(reject.table == table.name for reject in self.rejects)
        samples = [r.sample for r in self.results if r.table == table.name and r.failures and r.severity == "reject"]
        shown = pd.concat(samples) if samples else table.empty()
        return table.reject_rate(self.written[table.name].rows + refused, refused, shown)
