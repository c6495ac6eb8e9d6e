"""Contracts: every rule is a mask, every bad row keeps all reasons, no row is lost, types are exact."""

import pandas as pd
import pandera.pandas as pap
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import ContractError, Table
from schemas.arrow import Text, Texts, Whole, to_frame
from schemas.contract import column
from schemas.rule import Reference


class Parents(pap.DataFrameModel):
    """One parent."""

    name: Text = column("Name")

    class Config:
        name = "parents"
        strict = True


class Children(pap.DataFrameModel):
    """One child."""

    child: Text = column("Name of the child", str_matches="^[a-z]+$")
    parent: Text = column("Its parent", nullable=True, of=("parents.name",))
    age: Whole = column("Years", nullable=True, ge=0, le=20)
    toys: Texts = column("What it plays with")

    @pap.dataframe_check(name="old_ones_have_toys", error="from three years on a child has a toy")
    def _old_ones_have_toys(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["age"] < 3) | (frame["toys"].list.len() > 0)

    class Config:
        name = "children"
        strict = True


PARENTS = Table(Parents, stage="ingest", key=("name",), version="1.0.0")
CHILDREN = Table(
    Children,
    stage="ingest",
    key=("child",),
    version="1.0.0",
    references=(Reference(("parent",), "parents", ("name",)),),
    covers=(Reference(("parent",), "parents", ("name",)),),
)


def parents(*names: str) -> dict[str, pd.DataFrame]:
    return {"parents": PARENTS.typed(pd.DataFrame({"name": list(names)}))}


def children(*rows: tuple[str | None, str | None, int | None, list[str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["child", "parent", "age", "toys"])


def test_rules_are_known_before_any_data() -> None:
    assert [rule.name for rule in CHILDREN.rules] == [
        "child__not_null",
        "child__str_matches",
        "age__greater_than_or_equal_to",
        "age__less_than_or_equal_to",
        "toys__not_null",
        "old_ones_have_toys",
        "key__unique",
        "parent__in_parents",
        "covers__parents",
    ]


def test_good_rows_pass_and_every_rule_reports() -> None:
    split = CHILDREN.split(children(("ann", "eve", 4, ["ball"]), ("bob", None, None, [])), parents("eve"))
    assert split.accepted["child"].tolist() == ["ann", "bob"]
    assert split.rejected.empty
    assert [(r.rule, r.failures) for r in split.results] == [(rule.name, 0) for rule in CHILDREN.rules]
    assert [r.rows for r in split.results] == [2] * 8 + [1]


def test_a_bad_row_keeps_all_its_reasons() -> None:
    split = CHILDREN.split(children(("ANN", "adam", 99, []), ("bob", "eve", 1, [])), parents("eve"))
    assert split.accepted["child"].tolist() == ["bob"]
    assert split.rejected["rules"].tolist() == [
        ["child__str_matches", "age__less_than_or_equal_to", "old_ones_have_toys", "parent__in_parents"]
    ]


def test_every_copy_of_a_key_is_refused() -> None:
    split = CHILDREN.split(children(("ann", "eve", 1, []), ("ann", None, 2, []), ("bob", None, 1, [])), parents("eve"))
    assert split.accepted["child"].tolist() == ["bob"]
    assert split.rejected["rules"].tolist() == [["key__unique"], ["key__unique"]]


def test_coverage_counts_rows_of_the_other_table() -> None:
    split = CHILDREN.split(children(("ann", "eve", 1, [])), parents("eve", "adam", "lilith"))
    covers = split.results[-1]
    assert (covers.rule, covers.rows, covers.failures, covers.severity) == ("covers__parents", 3, 2, "fatal")
    assert covers.sample["name"].tolist() == ["adam", "lilith"]
    assert len(split.accepted) == 1


def test_a_sample_has_at_most_twenty_rows() -> None:
    bad = children(*((f"c{i}", None, 1, []) for i in range(50)))
    result = next(r for r in CHILDREN.split(bad, parents()).results if r.rule == "child__str_matches")
    assert (result.failures, len(result.sample)) == (50, 20)


def test_accept_raises_with_rule_count_and_example() -> None:
    with pytest.raises(ContractError, match=r"children.*child__str_matches.*1 of 1 rows.*ANN"):
        CHILDREN.accept(children(("ANN", None, 1, [])), parents())


def test_columns_must_be_exactly_the_contracts() -> None:
    with pytest.raises(ContractError, match=r"missing columns \['toys'\], unknown columns \['toy'\]"):
        CHILDREN.typed(children().rename(columns={"toys": "toy"}))


def test_a_value_that_does_not_fit_names_table_column_and_type() -> None:
    with pytest.raises(ContractError, match=r"children, column age: expected int64"):
        CHILDREN.typed(pd.DataFrame({"child": ["a"], "parent": ["b"], "age": ["old"], "toys": [[]]}))


def test_types_are_the_contracts() -> None:
    typed = CHILDREN.typed(children(("ann", None, None, [])))
    assert [str(t) for t in typed.dtypes] == [
        "string[pyarrow]",
        "string[pyarrow]",
        "int64[pyarrow]",
        str(pd.ArrowDtype(pa.list_(pa.string()))),
    ]
    assert typed.dtypes.equals(CHILDREN.empty().dtypes)


def test_fingerprint_changes_with_a_promise() -> None:
    looser = Table(Children, stage="ingest", key=("child", "parent"), version="1.0.0")
    assert looser.fingerprint != CHILDREN.fingerprint


rows = st.tuples(
    st.sampled_from(["a", "b", "C", None]),
    st.sampled_from(["eve", "adam", None]),
    st.sampled_from([-1, 1, 5, 99, None]),
    st.lists(st.just("ball"), max_size=1),
)


@given(st.lists(rows, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_row_is_lost_and_no_bad_row_passes(data: list[tuple[str | None, str | None, int | None, list[str]]]) -> None:
    split = CHILDREN.split(children(*data), parents("eve"))
    assert len(split.accepted) + len(split.rejected) == len(data)
    assert all(split.rejected["rules"].list.len() > 0) if len(split.rejected) else True
    again = CHILDREN.split(split.accepted, parents("eve"))
    assert again.rejected.empty


def test_a_null_is_refused_where_there_may_be_none_and_no_other_rule_speaks_of_it() -> None:
    split = CHILDREN.split(children((None, None, None, [])), parents())
    assert split.rejected["rules"].tolist() == [["child__not_null"]]


def test_columns_in_chunks_or_in_none_are_compared_as_others_are() -> None:
    pieces = [children((name, "eve", 1, [])) for name in ("ann", "bob", "ann")]
    chunked = pd.concat([CHILDREN.typed(piece) for piece in pieces], ignore_index=True)
    assert CHILDREN.split(chunked, parents("eve")).rejected["rules"].tolist() == [["key__unique"]] * 2
    schema = CHILDREN.arrow_schema
    none = pa.table([pa.chunked_array([], type_) for type_ in schema.types], names=schema.names)
    assert CHILDREN.split(to_frame(none), parents()).accepted.empty
