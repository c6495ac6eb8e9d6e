"""Rules: what one promise of a contract is, and how each is derived from a pandera model, a key and references.

A rule is a vectorised mask over rows. Not here: how a mask is had from rows (``masks``), the contract that has the
rules (``contract``) and the checks that several models share (``rules``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import pandas as pd
import pandera.pandas as pap

from schemas import masks
from schemas.masks import Frames, Mask

Kind = Literal["not null", "check", "table check", "unique", "reference", "coverage"]
Severity = Literal["warn", "reject", "fatal"]

SEVERITIES: Final = ["warn", "reject", "fatal"]
"""warn: the row stays; reject: the row is set aside in ``rejects``; fatal: the run is not published."""


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
    (``whole``) gives a mask over the rows of the table that must be covered instead. ``terms`` are the values that the
    promise names (allowed values, bounds, pattern), for everything that is derived from a contract.
    """

    name: str
    says: str
    columns: tuple[str, ...]
    holds: Callable[[pd.DataFrame, Frames], Mask]
    kind: Kind
    severity: Severity = "reject"
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether it is about a table as a whole, and not about single rows of it."""
        return self.kind == "coverage"


@dataclass(frozen=True)
class RuleResult:
    """How one rule fared: rows looked at, rows that broke it, and at most 20 of those."""

    table: str
    rule: str
    says: str
    rows: int
    failures: int
    sample: pd.DataFrame
    severity: Severity = "reject"


@dataclass(frozen=True)
class Bounds:
    """What share of a table's rows may be refused: above ``warning`` somebody should look, above ``fatal`` nothing
    is published. Below ``least_rows`` rows a share means little, and only warns.
    """

    warning: float = 0.01
    fatal: float = 0.5
    least_rows: int = 20

    def severity(self, rows: int, refused: int) -> Severity | None:
        """How bad it is that so many of so many rows were refused; None when it is within the bounds."""
        if not refused or refused <= self.warning * rows:
            return None
        return "fatal" if refused > self.fatal * rows and rows >= self.least_rows else "warn"


SAMPLE_ROWS = 20
REJECT_RATE: Final = "reject_rate"
"""Name of the result that says whether the share of refused rows of a whole table is within its bounds."""


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
    """Every rule of a contract, in a fixed order: columns, table checks, key, references, coverage.

    A check that pandera would only warn of (``raise_warning=True``) is a rule that warns. Coverage is always fatal:
    rows of another table are lost.
    """
    for name, column in schema.columns.items():
        if not column.nullable:
            yield Rule(f"{name}__not_null", f"{name} is never null", (name,), masks.not_null(name), "not null")
        for check in column.checks:
            yield Rule(
                f"{name}__{_slug(check)}",
                f"{name}: {check.error or check.name}",
                (name,),
                masks.column_check(name, check, _terms(check)),
                "check",
                _severity(check),
                _terms(check),
            )
    for check in schema.checks:
        says, columns = str(check.error or check.name), tuple(schema.columns)
        yield Rule(_slug(check), says, columns, masks.table_check(check), "table check", _severity(check))
    yield Rule("key__unique", f"({', '.join(key)}) names one row", key, masks.unique(key), "unique")
    for ref in references:
        yield Rule(
            f"{'_and_'.join(ref.columns)}__in_{ref.table}",
            f"({', '.join(ref.columns)}) is a row of {ref.table}",
            ref.columns,
            masks.refers(ref.columns, ref.table, ref.target),
            "reference",
        )
    for ref in covers:
        yield Rule(
            f"covers__{ref.table}",
            f"every row of {ref.table} appears here",
            (ref.table,),
            masks.covers(ref.columns, ref.table, ref.target),
            "coverage",
            "fatal",
        )


def _slug(check: pap.Check) -> str:
    return str(check.name).replace(" ", "_")


def _severity(check: pap.Check) -> Severity:
    return "warn" if check.raise_warning else "reject"


def _terms(check: pap.Check) -> dict[str, Any]:
    terms = {name: value for name, value in (check.statistics or {}).items() if value is not None}
    if "allowed_values" in terms:
        terms["allowed_values"] = list(terms["allowed_values"])
    return terms
