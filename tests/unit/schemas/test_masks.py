"""Masks: what is asked of Arrow, for speed, says of every row what pandera's own validation says of it."""

from typing import Any

import pandas as pd
import pandera.pandas as pap
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Table
from schemas.masks import column_check
from schemas.registry import KEPT, PUBLISHED
from schemas.rule import Rule

ODD = st.text(st.sampled_from("wraxyz 0129-:;,./\t\n\r\x00\x07\x1f\x7f\x85\u00a0\u2028é٣名😀"), max_size=12)
ODD_NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([-(2**31), 100, 2**31 - 1]))


def _cases() -> list[Any]:
    """Each kind of check, with its terms, on the first column that has it; and each table's own checks by column."""
    found: dict[tuple[str, str, str], Any] = {}
    for table in (*PUBLISHED.values(), *KEPT.values()):
        for rule in (rule for rule in table.rules if rule.kind == "check"):
            (name,) = rule.columns
            key = (rule.name.removeprefix(name), repr(rule.terms), str(table.arrow_schema.field(name).type))
            found.setdefault(key, pytest.param(table, rule, id=f"{table.name}.{rule.name}"))
    return list(found.values())


def _values(table: Table, rule: Rule) -> st.SearchStrategy[Any]:
    """Values of the column's type, near the bounds of a rule as well as far off, and nulls."""
    kind = table.arrow_schema.field(rule.columns[0]).type
    near: list[st.SearchStrategy[Any]] = []
    if "pattern" in rule.terms:
        near.append(st.from_regex(rule.terms["pattern"]).map(lambda text: text[:60]))
    if "allowed_values" in rule.terms:
        near.append(st.sampled_from(rule.terms["allowed_values"]))
    if str(kind) != "string":
        bounds = [int(bound) for term, bound in rule.terms.items() if term.endswith("_value")]
        near += [st.integers(bound - 1, bound + 1) for bound in bounds]
    if str(kind).startswith("list"):
        far: st.SearchStrategy[Any] = st.lists(ODD, max_size=3)
    else:
        far = {"string": ODD, "bool": st.booleans()}.get(str(kind), ODD_NUMBERS)
    if str(kind) in {"double", "float"}:
        near, far = [one.map(float) for one in near], st.floats(-2, 2, width=32)
    return st.one_of(*near, far, st.none())


@pytest.mark.parametrize(("table", "rule"), _cases())
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_masks_say_what_pandera_says(table: Table, rule: Rule, data: st.DataObject) -> None:
    (name,) = rule.columns
    values = data.draw(st.lists(_values(table, rule), min_size=1, max_size=12))
    column = table.schema.columns[name]
    rows = pd.DataFrame({name: pd.Series(values, dtype=column.dtype.type)})
    (check,) = (one for one in column.checks if rule.name.endswith(str(one.name)))
    try:
        pap.Column(column.dtype, [check], nullable=True, name=name).validate(rows, lazy=True)
        refused: set[int] = set()
    except pap.errors.SchemaErrors as broken:
        refused = set(broken.failure_cases["index"])
    ours = column_check(name, check, rule.terms)(rows, {})
    assert {place for place, holds in enumerate(ours) if not holds} == refused
