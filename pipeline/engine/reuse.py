"""What can be taken over from the published tables: rows of files of which nothing has changed.

Rows that are taken over were held against the same contract when they were made; its hash is part of ``made_by``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.engine.batches import Batch
from pipeline.engine.renames import names_of, renamed_files
from pipeline.engine.stage import FileCounts, StageRun, Written
from pipeline.engine.versions import code_version
from pipeline.footers import Part
from pipeline.splice import Source
from pipeline.tables import TableSet, TableWriter
from schemas import TABLES, RuleResult, Table
from schemas.arrow import to_frame, to_rows, values_of
from schemas.registry import KEPT, of_stage, stored
from schemas.rule import REJECT_RATE, Rule


def subject(table: Table, rule: Rule) -> str:
    """The table whose rows a rule is about."""
    return rule.columns[0] if rule.whole else table.name


@dataclass(frozen=True)
class Earlier:
    """The published set, the files whose rows in it still hold, where its batches are, and files that are renamed."""

    tables: TableSet
    unchanged: frozenset[str]
    stage: Sequence[Table]
    parts: Mapping[str, Mapping[str, Part]]
    renamed: Mapping[str, str] = field(default_factory=dict)

    def has(self, batch: Batch) -> bool:
        """Whether a batch was written with just these files, and none of them has changed."""
        return not batch.fresh and all(batch.key in self.parts[table.name] for table in self.stage)

    def is_all(self, plan: Sequence[Batch]) -> bool:
        """Whether a plan has just the batches that the set has, none of whose files has changed."""
        keys = [batch.key for batch in plan]
        return all(map(self.has, plan)) and all(keys == list(self.parts[table.name]) for table in self.stage)

    @cached_property
    def twins(self) -> pd.DataFrame:
        """The rows of ``file_twins`` that the texts of files that have not changed, but perhaps their names, are of."""
        rows = twins_told(self.tables)
        of_renamed = names_of(self.renamed).called_now(rows)
        return pd.concat([rows[rows["path"].isin(self.unchanged)], of_renamed], ignore_index=True)

    def copy(self, batch: Batch, writers: Mapping[str, TableWriter], written: dict[str, Written]) -> Mapping[str, int]:
        """Copy a batch's rows of all tables; returns how many of each there are."""
        counts = {"sources": len(batch.sources) if batch.ends_files else 0}
        for name, parts in self.parts.items():
            part = parts[batch.key]
            counts[name] = self._sources[name].rows(part.start, part.end)
            if name in writers:
                writers[name].move(self._sources[name], part)
            if name in writers and name not in KEPT:
                known = written.setdefault(name, Written())
                asked = known.wants_more and part.start < part.end  # all rows, since those of one file are not enough
                rows = to_frame(self.tables.read_part(name, part)) if asked else self._none[name]
                known.add(rows, counts[name])
        return counts

    def results(self, counts: Mapping[str, int]) -> list[RuleResult]:
        """The results of then over so many rows of tables: no rule was broken."""
        return [
            RuleResult(table.name, rule.name, rule.says, counts[subject(table, rule)], 0, none, table.severity_of(rule))
            for table in self.stage
            if table.name not in KEPT
            for none in [self._none[table.name]]
            for rule in table.rules
        ]

    @cached_property
    def _sources(self) -> dict[str, Source]:
        """The files that batches are copied from."""
        return {name: self.tables.source(stored(name)) for name in self.parts}

    @cached_property
    def _none(self) -> dict[str, pd.DataFrame]:
        """The tables of the stage without rows."""
        return {table.name: table.empty() for table in self.stage}


def unchanged_files(run: StageRun, before: TableSet) -> frozenset[str]:
    """The files of which nothing that rows are made of has changed since another set, given the same code."""
    texts = run.clean.latest("text_lines", run.run_id)
    now, then = told(run.read("sources"), twins_told(texts)), told(before.read("sources"), twins_told(before))
    return _same(now, then)


def _same(now: pd.DataFrame, then: pd.DataFrame) -> frozenset[str]:
    """The files of which both tables, in which a row is a file, have the same row."""
    row = pd.Index(values_of(then["path"])).get_indexer(values_of(now["path"]))
    own, other = now[row >= 0].reset_index(drop=True), then.take(row[row >= 0]).reset_index(drop=True)
    same = np.ones(len(own), dtype=bool)
    for name in now.columns:
        equal = (own[name] == other[name]).fillna(value=False) | (own[name].isna() & other[name].isna())
        same &= equal.to_numpy(dtype=bool)
    return frozenset(values_of(own["path"][same]))


def told(sources: pd.DataFrame, twins: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``sources``, and for each a hash of the twins that the file gets from others."""
    told = {path: _hash(rows) for path, rows in twins.groupby("path")}
    return sources.assign(twins=[told.get(path, "") for path in values_of(sources["path"])])


def _hash(rows: pd.DataFrame) -> str:
    return hashlib.sha256("\n".join(rows["word"] + "\x00" + rows["seen_in"]).encode()).hexdigest()


def twins_told(tables: TableSet) -> pd.DataFrame:
    """What files of a set were told by others: its rows of ``file_twins``."""
    name = stored("file_twins")
    return tables.read(name) if tables.has(name) else KEPT["file_twins"].empty()


def earlier(run: StageRun, tables: Sequence[Table], sources: pd.DataFrame) -> Earlier | None:
    """What the published set has for a stage; None where there is none, or other code or settings made it.

    ``sources`` are those of now, as ``told`` gives them where the rows depend on what other files have.
    """
    before = run.clean.published()
    if before is None or any(before.made_by(stored(table.name)) != run.made_by for table in tables):
        return None
    then = before.read("sources")
    then = told(then, twins_told(before)) if "twins" in sources else then
    rejects = before.read("rejects", ["stage", "table", "path"])
    refused = set(rejects.loc[(rejects["stage"] == run.stage) & (rejects["table"] != "raw_files"), "path"].dropna())
    same = _same(sources, then)
    renamed = renamed_files(run.raw, before, sources[~sources["path"].isin(same)], then, refused)
    covered = {ref.table for table in tables for ref in table.covers}
    names = [table.name for table in tables]
    names += sorted(covered.difference(names, {"sources"}))
    parts = {name: before.parts(stored(name)) for name in names}
    return Earlier(before, same - refused, tables, parts, renamed)


def take_over(run: StageRun, needs: Sequence[str]) -> bool:
    """Take over all tables of a stage when the rows of the tables that it needs are those of the published set.

    Returns whether that was done. Where a rule was broken it is not: the stage runs again and says so with examples.
    """
    run.made_by = _made_of(run, needs, None)
    before = run.clean.published()
    return before is not None and _taken_over(run, before)


def take_over_files(run: StageRun, needs: Sequence[str]) -> bool:
    """The same for a stage that goes by files: where all files are as they were, and no row of any was refused.

    Batches that were read and could not be used are in no table and are tried again.
    """
    run.made_by = code_version(run.stage, run.raw)
    before, part = run.clean.published(), f"rejects@{run.stage}"
    if before is None or not before.has("sources") or not before.has(part) or before.count(part):
        return False
    sources = run.read("sources")
    if not sources.equals(before.read("sources")) or _made_of(run, needs, None) != _made_of(run, needs, before):
        return False
    if not _taken_over(run, before):
        return False
    run.files = FileCounts(0, len(sources), 0)
    return True


def _taken_over(run: StageRun, before: TableSet) -> bool:
    tables = of_stage(run.stage)
    if any(before.made_by(table.name) != run.made_by for table in tables):
        return False
    part = f"rule_results@{run.stage}"
    then = [row for row in to_rows(before.read(part)) if row["rule"] != REJECT_RATE] if before.has(part) else []
    rules = {(table.name, rule.name): rule for table in tables for rule in table.rules}
    if {(row["table"], row["rule"]) for row in then} != set(rules) or any(row["failures"] for row in then):
        return False
    for table in tables:
        run.tables.take_over(table, before, made_by=run.made_by)
        run.written[table.name] = Written()
        for rows in before.head(table.name):
            if run.written[table.name].wants_more:
                run.written[table.name].add(rows, 0)
        run.written[table.name].rows = before.count(table.name)
    for table in KEPT.values():
        if table.stage == run.stage:
            _keep_on(run, before, table)
    for row in then:
        table, rule = TABLES[row["table"]], rules[row["table"], row["rule"]]
        severity = table.severity_of(rule)
        run.results.append(RuleResult(table.name, rule.name, rule.says, row["rows"], 0, table.empty(), severity))
    return True


def _keep_on(run: StageRun, before: TableSet, table: Table) -> None:
    """Take over what a stage keeps for itself."""
    name = stored(table.name)
    if before.has(name):
        run.tables.take_over(table, before, run.stage, before.made_by(name) or "")


def _made_of(run: StageRun, needs: Sequence[str], of: TableSet | None) -> str:
    """A hash over the code of a stage and the batches of files that its inputs are made of: this run's, or a set's."""
    digest = hashlib.sha256(code_version(run.stage, run.raw).encode())
    for name in needs:
        held = of or run.clean.latest(name, run.run_id)
        digest.update(f"{name} {held.made_by(name)} {' '.join(held.parts(name))}\n".encode())
    return digest.hexdigest()[:16]
