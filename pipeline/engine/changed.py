"""Tables of which some rows are made anew, and the others copied from an earlier set as bytes.

Rows that are copied were held against the same contract when they were made. Not here: which rows those are.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
import pyarrow as pa

from pipeline.engine.stage import StageRun, Written
from pipeline.ranges import joined
from pipeline.tables import TableSet
from schemas import TABLES, RuleResult, Table
from schemas.arrow import to_arrow, to_frame
from schemas.masks import Frames
from schemas.registry import referred
from schemas.rule import Rule

_OVERALL = ("unique", "coverage")


def whole_columns(
    before: TableSet, new: Mapping[str, pd.DataFrame], gone: pa.Array, besides: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """Of tables that are stored in ranges what contracts need of all their rows, in their order, and ``besides``.

    Of each they are the ``new`` rows, and those of an earlier set but of ids that are ``gone``.
    """
    return {name: _whole(TABLES[name], before, new[name], gone, besides.get(name, ())) for name in new}


def keep_changed(
    run: StageRun,
    before: TableSet,
    new: Mapping[str, pd.DataFrame],
    gone: pa.Array,
    parents: Frames,
    whole: Mapping[str, pd.DataFrame],
) -> bool:
    """Keep tables that are stored in ranges: ``new`` rows, and those of an earlier set, but of ids that are ``gone``.

    New rows are held against the contract with the other new rows, and with the ``parents``, rows of tables of earlier
    stages, that they are made of; what a contract says of all rows together is held for ``whole``, their
    ``whole_columns``. Returns whether nothing was refused; else nothing is written, and who makes all rows anew learns
    what was wrong.
    """
    results: dict[str, list[RuleResult]] = {}
    for name, rows in new.items():
        table = TABLES[name]
        if any(result.failures for result in table.split(rows, {**parents, **new}).results):
            return False
        every = {ref.table: whole.get(ref.table, run.parent(ref.table)) for ref in (*table.references, *table.covers)}
        if not all(rule.holds(whole[name], every).all() for rule in table.rules if rule.kind in _OVERALL):
            return False
        sizes = {rule.name: len(every[rule.columns[0]] if rule.whole else whole[name]) for rule in table.rules}
        results[name] = [_held(table, rule, sizes[rule.name]) for rule in table.rules]
    for name, rows in new.items():
        with run.tables.writer(TABLES[name], made_by=run.made_by) as writer:
            before.copy_changed(writer, rows, gone)
        run.results += results[name]
        run.kept[name] = whole[name]
        run.written[name] = _written(run, name, len(whole[name]))
    return True


def _held(table: Table, rule: Rule, rows: int) -> RuleResult:
    return RuleResult(table.name, rule.name, rule.says, rows, 0, table.empty(), table.severity_of(rule))


def _whole(table: Table, before: TableSet, new: pd.DataFrame, gone: pa.Array, besides: Sequence[str]) -> pd.DataFrame:
    """What the contract needs of all rows, in their order."""
    covering = [column for ref in table.covers for column in ref.columns]
    wanted = {table.arrow_schema.names[0], *referred(table.stage, table.name), *table.key, *covering, *besides}
    names = [name for name in table.arrow_schema.names if name in wanted]
    rows = to_arrow(before.read(table.name, names), table.arrow_schema.empty_table().select(names).schema)
    return to_frame(joined(rows, to_arrow(new[names], rows.schema), gone))


def _written(run: StageRun, name: str, rows: int) -> Written:
    found = Written()
    for some in run.tables.head(name):
        if found.wants_more:
            found.add(some, 0)
    found.rows = rows
    return found
