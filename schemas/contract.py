"""What a contract is: a pandera model with a key, foreign keys, coverage, a stage and a version.

Pandera declares; the evaluation here turns every declared rule into one vectorised mask, so that each bad row keeps
*all* of its reasons and no row is lost. (``drop_invalid_rows`` loses good rows, ``failure_cases`` grows with them.)
Not here: the tables themselves (one module a stage) and their list (``registry``).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pap
import pyarrow as pa

from schemas import arrow
from schemas.masks import Frames, Mask
from schemas.rule import REJECT_RATE, SAMPLE_ROWS, Bounds, Reference, Rule, RuleResult, Severity, derive

_MANY_ROWS: Final = 1 << 16

Values = Sequence[Any] | npt.NDArray[np.int64]
"""The values of a column; numbers without nulls may be an array."""


def column(description: str, *, of: tuple[str, ...] = (), **checks: Any) -> Any:
    """Declare one column: what it holds, which columns of earlier tables it is made of, and its checks."""
    return pap.Field(description=description, metadata={"of": of}, **checks)


class ContractError(Exception):
    """A table that cannot be held against its contract at all, or rows refused where none may be."""


@dataclass(frozen=True)
class Split:
    """Rows that keep every rule, rows that do not (``rules`` lists those broken), and every rule's result."""

    accepted: pd.DataFrame
    rejected: pd.DataFrame
    results: tuple[RuleResult, ...]


@dataclass(frozen=True, eq=False)
class Table:
    """The contract of one table.

    ``references`` are foreign keys. ``covers`` are references that must also hold the other way round: every row
    of the named table appears here, which is how "nothing lost" is written down. Either way the other table
    belongs to the same stage or an earlier one. ``per_file``: each row is made of one raw file, and other files
    change it only by undamaged words that one of its own may be (``file_twins``). ``in_ranges``: rows are in the order
    of the first column, an id, and stored in ranges of it. ``bounds`` say what share of the rows may be refused.
    """

    model: type[pap.DataFrameModel]
    stage: str
    key: tuple[str, ...]
    version: str
    references: tuple[Reference, ...] = ()
    covers: tuple[Reference, ...] = ()
    per_file: bool = False
    in_ranges: bool = False
    bounds: Bounds = field(default_factory=Bounds)

    @cached_property
    def schema(self) -> pap.DataFrameSchema:
        """The pandera schema."""
        return self.model.to_schema()

    @property
    def name(self) -> str:
        """The table's name, which is also its file's and its asset's."""
        return str(self.schema.name)

    @property
    def description(self) -> str:
        """What one row is."""
        return " ".join((self.model.__doc__ or "").split())

    @cached_property
    def arrow_schema(self) -> pa.Schema:
        """Names, exact types, nullability and descriptions, as Parquet stores them."""
        return pa.schema(
            [
                arrow.field(
                    str(name),
                    cast("Any", column.dtype).type.pyarrow_dtype,
                    nullable=bool(column.nullable),
                    description=column.description or "",
                )
                for name, column in self.schema.columns.items()
            ]
        )

    @cached_property
    def _dtypes(self) -> list[pd.ArrowDtype]:
        return [pd.ArrowDtype(type_) for type_ in self.arrow_schema.types]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of everything that the contract promises; it changes when a promise does."""
        promises = {
            "columns": [[f.name, str(f.type), f.nullable] for f in self.arrow_schema],
            "rules": [[rule.name, rule.says, rule.severity] for rule in self.rules],
            "bounds": [self.bounds.warning, self.bounds.fatal],
            "version": self.version,
        }
        return hashlib.sha256(json.dumps(promises, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule, known before any data: nulls, column checks, table checks, key, references, coverage."""
        return tuple(derive(self.schema, self.key, self.references, self.covers))

    @cached_property
    def lineage(self) -> dict[str, tuple[str, ...]]:
        """For each column the columns of earlier tables, as ``table.column``, that it is made of."""
        return {str(name): tuple((column.metadata or {}).get("of", ())) for name, column in self.schema.columns.items()}

    def empty(self) -> pd.DataFrame:
        """The table without rows, in its exact types."""
        return self._empty.copy()

    @cached_property
    def _empty(self) -> pd.DataFrame:
        """The same, made once, since it is asked for with every batch."""
        return arrow.to_frame(self.arrow_schema.empty_table())

    def of(self, rows: Iterable[object]) -> pd.DataFrame:
        """A frame from objects whose attributes are named as the columns."""
        held = list(rows)
        arrays = [pa.array(list(map(attrgetter(c.name), held)), c.type) for c in self.arrow_schema]
        return arrow.to_frame(pa.table(arrays, names=self.arrow_schema.names))

    def of_tuples(self, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
        """A frame from tuples whose values are in the order of the columns; quicker than from objects."""
        columns = zip(*rows, strict=True) if rows else ((),) * len(self.arrow_schema)
        arrays = [pa.array(values, c.type) for c, values in zip(self.arrow_schema, columns, strict=True)]
        return arrow.to_frame(pa.table(arrays, names=self.arrow_schema.names))

    def of_columns(self, columns: Mapping[str, Values | pa.Array]) -> pa.Table:
        """Rows from the values of every column, all of one length."""
        arrays = [
            held if isinstance(held := columns[c.name], pa.Array) else pa.array(held, c.type) for c in self.arrow_schema
        ]
        return pa.table(arrays, names=self.arrow_schema.names)

    def joined(self, parts: Sequence[Mapping[str, Values]]) -> pd.DataFrame:
        """A frame of the rows of all parts, each the values of every column.

        One frame of many files costs as much as one of a single file.
        """
        names = self.arrow_schema.names
        return arrow.to_frame(self.of_columns({name: _chained([part[name] for part in parts]) for name in names}))

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same rows with exactly the contract's columns, in order and in type.

        Raises ContractError, naming table, column and type, for a missing or surplus column or a wrong value.
        """
        wanted, got = list(self.arrow_schema.names), list(frame.columns)
        if got == wanted and isinstance(frame.index, pd.RangeIndex) and frame.dtypes.tolist() == self._dtypes:
            return frame
        if set(wanted) != set(got):
            missing, surplus = [c for c in wanted if c not in got], [c for c in got if c not in wanted]
            raise ContractError(
                f"table {self.name}: missing columns {missing}, unknown columns {surplus}; "
                f"make the stage yield exactly the columns of schemas"
            )
        arrays = []
        for column in self.arrow_schema:
            try:
                arrays.append(
                    pa.Array.from_pandas(frame[column.name], type=column.type)
                    if len(frame)
                    else pa.array([], column.type)
                )
            except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
                raise ContractError(
                    f"table {self.name}, column {column.name}: expected {column.type}, got "
                    f"{frame[column.name].dtype} ({error}); convert it in the stage"
                ) from error
        return arrow.to_frame(pa.table(arrays, names=wanted))

    def split(self, frame: pd.DataFrame, parents: Frames) -> Split:
        """Hold every rule against every row.

        ``parents`` holds the (clean) tables that references and coverage name. Returns accepted rows, rejected rows
        with all their reasons, and a result for every rule, also for those that nothing broke.
        """
        rows = self.typed(frame)
        rejected = np.zeros(len(rows), dtype=bool)
        bad: dict[str, Mask] = {}
        results = []
        nothing = rows.iloc[:0]
        for rule, holds in zip(self.rules, _verdicts(self.rules, rows, parents), strict=True):
            failures = len(holds) - int(np.count_nonzero(holds))
            sample = nothing
            if failures:
                subject = parents[rule.columns[0]] if rule.whole else rows
                sample = subject.iloc[np.flatnonzero(~holds)[:SAMPLE_ROWS]]
            severity = self.severity_of(rule)
            results.append(RuleResult(self.name, rule.name, rule.says, len(holds), failures, sample, severity))
            if failures and not rule.whole and severity != "warn":
                bad[rule.name] = ~holds
                rejected |= bad[rule.name]
        if not bad:
            return Split(rows, rows.iloc[:0].assign(rules=_reasons({}, rejected)), tuple(results))
        return Split(
            rows[~rejected].reset_index(drop=True),
            rows[rejected].reset_index(drop=True).assign(rules=_reasons(bad, rejected)),
            tuple(results),
        )

    def severity_of(self, rule: Rule) -> Severity:
        """What breaking a rule means here: in the accounting itself nothing is set aside, a wrong row is fatal."""
        return "fatal" if self.stage == "quality" and rule.severity == "reject" else rule.severity

    def reject_rate(self, rows: int, refused: int, sample: pd.DataFrame) -> RuleResult:
        """Whether the share of refused rows of the whole table is within its bounds, as the result of a rule.

        It has failures, namely the refused rows, only when it is not.
        """
        severity = self.bounds.severity(rows, refused)
        failures, shown = (refused, sample.head(SAMPLE_ROWS)) if severity else (0, sample.iloc[:0])
        name, says = self.checks[-1]
        return RuleResult(self.name, name, says, rows, failures, shown, severity or "warn")

    @property
    def checks(self) -> tuple[tuple[str, str], ...]:
        """Name and words of everything that a run reports on: each rule and, where rows are refused, their share."""
        rate = (
            f"at most {self.bounds.warning:.2%} of the rows are refused; above {self.bounds.fatal:.2%} of at least "
            f"{self.bounds.least_rows} rows nothing is published"
        )
        share = ((REJECT_RATE, rate),) if self.stage != "quality" else ()
        return (*((rule.name, rule.says) for rule in self.rules), *share)

    def accept(self, frame: pd.DataFrame, parents: Frames) -> pd.DataFrame:
        """The rows, typed; raises ContractError with count, rule and an example when any rule refuses one."""
        split = self.split(frame, parents)
        broken = [r for r in split.results if r.failures and r.severity != "warn"]
        if broken:
            first = broken[0]
            example = first.sample.head(1).to_dict("records")
            raise ContractError(
                f"table {self.name}: {len(broken)} rules broken, first {first.rule} ({first.says}): "
                f"{first.failures} of {first.rows} rows, for example {example}"
            )
        return split.accepted


def _chained(parts: Sequence[Values]) -> Values:
    """The values of one column after another."""
    if parts and all(isinstance(part, np.ndarray) for part in parts):
        return np.concatenate(parts)
    lists = [part.tolist() if isinstance(part, np.ndarray) else part for part in parts]
    return list(chain.from_iterable(lists))


def _verdicts(rules: Sequence[Rule], rows: pd.DataFrame, parents: Frames) -> Iterable[Mask]:
    """What each rule says of the rows; of many rows two rules at a time, as most of the work is done by Arrow."""
    if len(rows) < _MANY_ROWS:
        return (rule.holds(rows, parents) for rule in rules)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda rule: rule.holds(rows, parents), rules))


def _reasons(bad: dict[str, Mask], rejected: Mask) -> pd.Series:
    """For each rejected row the names of all rules that it broke."""
    rows = np.flatnonzero(rejected)
    broken = np.column_stack([mask[rows] for mask in bad.values()]) if bad else np.empty((0, 0), dtype=bool)
    offsets = np.concatenate([[0], broken.sum(axis=1).cumsum()]).astype("int32")
    names = pa.array(list(bad), pa.string()).take(pa.array(np.nonzero(broken)[1]))
    lists = pa.ListArray.from_arrays(pa.array(offsets), names)
    return pd.Series(pd.arrays.ArrowExtensionArray(lists.cast(pa.list_(pa.string()))))
