"""What a contract is: a pandera model with a key, foreign keys, coverage, a stage and a version.

Pandera declares; the evaluation here turns every declared rule into one vectorised mask, so that each bad row keeps
*all* of its reasons and no row is lost. (``drop_invalid_rows`` loses good rows, ``failure_cases`` grows with them.)
Not here: the tables themselves (one module a stage) and their list (``registry``).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import pandas as pd
import pandera.pandas as pap
import pyarrow as pa

from schemas import arrow
from schemas.rule import SAMPLE_ROWS, Frames, Reference, Rule, RuleResult, derive


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
    belongs to the same stage or an earlier one. ``per_file``: each row is made of one raw file, and no other file
    changes it.
    """

    model: type[pap.DataFrameModel]
    stage: str
    key: tuple[str, ...]
    version: str
    references: tuple[Reference, ...] = ()
    covers: tuple[Reference, ...] = ()
    per_file: bool = False

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
    def fingerprint(self) -> str:
        """A hash of everything that the contract promises; it changes when a promise does."""
        promises = {
            "columns": [[f.name, str(f.type), f.nullable] for f in self.arrow_schema],
            "rules": [[rule.name, rule.says] for rule in self.rules],
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
        return arrow.to_frame(self.arrow_schema.empty_table())

    def of(self, rows: Iterable[object]) -> pd.DataFrame:
        """A frame from objects whose attributes are named as the columns."""
        held = list(rows)
        arrays = [pa.array([getattr(row, c.name) for row in held], c.type) for c in self.arrow_schema]
        return arrow.to_frame(pa.table(arrays, names=self.arrow_schema.names))

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The same rows with exactly the contract's columns, in order and in type.

        Raises ContractError, naming table, column and type, for a missing or surplus column or a wrong value.
        """
        wanted, got = list(self.arrow_schema.names), list(frame.columns)
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
        bad: dict[str, pd.Series] = {}
        results = []
        for rule in self.rules:
            subject = parents[rule.columns[0]] if rule.whole else rows
            broken = ~rule.holds(rows, parents)
            results.append(
                RuleResult(
                    self.name,
                    rule.name,
                    rule.says,
                    len(subject),
                    int(broken.sum()),
                    subject[broken].head(SAMPLE_ROWS),
                    rule.whole,
                )
            )
            if not rule.whole and results[-1].failures:
                bad[rule.name] = broken
        rejected = pd.concat(bad, axis=1).any(axis=1) if bad else pd.Series(data=False, index=rows.index)
        reasons = pd.Series(
            [[name for name, broken in bad.items() if broken[row]] for row in rows.index[rejected]],
            index=rows.index[rejected],
            dtype=pd.ArrowDtype(pa.list_(pa.string())),
        )
        return Split(
            rows[~rejected].reset_index(drop=True),
            rows[rejected].assign(rules=reasons).reset_index(drop=True),
            tuple(results),
        )

    def accept(self, frame: pd.DataFrame, parents: Frames) -> pd.DataFrame:
        """The rows, typed; raises ContractError with count, rule and an example when any rule is broken."""
        split = self.split(frame, parents)
        broken = [r for r in split.results if r.failures]
        if broken:
            first = broken[0]
            example = first.sample.head(1).to_dict("records")
            raise ContractError(
                f"table {self.name}: {len(broken)} rules broken, first {first.rule} ({first.says}): "
                f"{first.failures} of {first.rows} rows, for example {example}"
            )
        return split.accepted
