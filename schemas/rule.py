"""Rules: what one promise of a contract is, and how each is derived from a pandera model, a key and references.

A rule is a vectorised mask over rows. Not here: the contract that has the rules (``contract``) and the checks that
several models share (``rules``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pandera.pandas as pap
import pyarrow as pa
import pyarrow.compute as pc
from pandera.backends.pandas import builtin_checks as _registered  # noqa: F401  # by being imported

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Reference:
    """``columns`` of this table name rows of ``table`` by the columns ``to`` (the same names, unless given)."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...] = ()

    @property
    def target(self) -> tuple[str, ...]:
        """The columns on the other side."""
        return self.to or self.columns


@dataclass(frozen=True)
class Rule:
    """One promise of a contract.

    ``holds`` gives a boolean mask over the rows, true where the promise is kept. A rule about a whole table
    (``whole``) gives a mask over the rows of the table that must be covered instead.
    """

    name: str
    says: str
    columns: tuple[str, ...]
    holds: Callable[[pd.DataFrame, Frames], pd.Series]
    whole: bool = False


@dataclass(frozen=True)
class RuleResult:
    """How one rule fared: rows looked at, rows that broke it, and at most 20 of those."""

    table: str
    rule: str
    says: str
    rows: int
    failures: int
    sample: pd.DataFrame
    whole: bool = False


SAMPLE_ROWS = 20


def merged(earlier: Sequence[RuleResult], later: Sequence[RuleResult]) -> list[RuleResult]:
    """Results of the same rules over other rows, as one: counts added, the first of the rows that broke a rule kept."""
    found = {(result.table, result.rule): result for result in earlier}
    for result in later:
        held = found.get((result.table, result.rule))
        found[result.table, result.rule] = result if held is None else _sum(held, result)
    return list(found.values())


def _sum(one: RuleResult, other: RuleResult) -> RuleResult:
    rows, failures = one.rows + other.rows, one.failures + other.failures
    if not other.failures:
        return replace(one, rows=rows)
    samples = [result.sample for result in (one, other) if result.failures]
    return replace(one, rows=rows, failures=failures, sample=pd.concat(samples, ignore_index=True).head(SAMPLE_ROWS))


def derive(
    schema: pap.DataFrameSchema, key: tuple[str, ...], references: Iterable[Reference], covers: Iterable[Reference]
) -> Iterator[Rule]:
    """Every rule of a contract, in a fixed order: columns, table checks, key, references, coverage."""
    for name, column in schema.columns.items():
        if not column.nullable:
            yield Rule(f"{name}__not_null", f"{name} is never null", (name,), _not_null(name))
        for check in column.checks:
            yield Rule(
                f"{name}__{_slug(check)}", f"{name}: {check.error or check.name}", (name,), _column_check(name, check)
            )
    for check in schema.checks:
        yield Rule(_slug(check), str(check.error or check.name), tuple(schema.columns), _table_check(check))
    yield Rule("key__unique", f"({', '.join(key)}) names one row", key, _unique(key))
    for ref in references:
        yield Rule(
            f"{'_and_'.join(ref.columns)}__in_{ref.table}",
            f"({', '.join(ref.columns)}) is a row of {ref.table}",
            ref.columns,
            _refers(ref),
        )
    for ref in covers:
        yield Rule(
            f"covers__{ref.table}", f"every row of {ref.table} appears here", (ref.table,), _covers(ref), whole=True
        )


def _slug(check: pap.Check) -> str:
    return str(check.name).replace(" ", "_")


def _mask(check: pap.Check, values: pd.Series | pd.DataFrame) -> pd.Series:
    """What a check says of each row, as plain booleans; where it has nothing to say (a null), it holds.

    Only pandera's evaluation is asked for: calling the check also collects failure cases, which costs more than the
    check where many rows fail, and breaks where its answer is partly null.
    """
    if values.empty:
        return pd.Series([], index=values.index, dtype=bool)
    backend: Any = check.get_backend(values)(check)
    verdict = backend.apply(backend.preprocess(values, None))
    return pd.Series(verdict, index=values.index).astype("boolean[pyarrow]").fillna(value=True).astype(bool)


def _not_null(name: str) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    return lambda rows, _: rows[name].notna()


def _column_check(name: str, check: pap.Check) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    return lambda rows, _: _mask(check, rows[name]) | rows[name].isna()


def _table_check(check: pap.Check) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    return lambda rows, _: _mask(check, rows)


def _unique(key: tuple[str, ...]) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    # Every copy is refused: which of two rows with one key is right, a contract cannot know.
    return lambda rows, _: ~rows.duplicated(list(key), keep=False)


def _joined(rows: pd.DataFrame, columns: tuple[str, ...]) -> pa.Array:
    """One string a row that is equal exactly where all columns are; null where any is null."""
    parts = [pc.cast(pa.array(rows[c]), pa.string()) for c in columns]
    return parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")


def _refers(ref: Reference) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    def holds(rows: pd.DataFrame, parents: Frames) -> pd.Series:
        own = _joined(rows, ref.columns)
        known = pc.is_in(own, value_set=_joined(parents[ref.table], ref.target))
        return pd.Series(pc.or_(known, pc.is_null(own)).to_numpy(zero_copy_only=False), index=rows.index)

    return holds


def _covers(ref: Reference) -> Callable[[pd.DataFrame, Frames], pd.Series]:
    def holds(rows: pd.DataFrame, parents: Frames) -> pd.Series:
        parent = parents[ref.table]
        found = pc.is_in(_joined(parent, ref.target), value_set=_joined(rows, ref.columns))
        return pd.Series(found.to_numpy(zero_copy_only=False), index=parent.index)

    return holds
