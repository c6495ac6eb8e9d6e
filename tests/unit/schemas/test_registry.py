"""The registry: references point backwards, lineage names columns that are there, everything is described."""

import pytest

from schemas import TABLES, Table

ORDER = list(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_references_point_to_earlier_tables_with_those_columns(table: Table) -> None:
    for ref in (*table.references, *table.covers):
        assert ORDER.index(ref.table) < ORDER.index(table.name)
        assert set(ref.columns) <= set(table.arrow_schema.names)
        assert set(ref.target) <= set(TABLES[ref.table].arrow_schema.names)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_lineage_names_columns_of_this_or_an_earlier_table(table: Table) -> None:
    for deps in table.lineage.values():
        for dep in deps:
            name, column = dep.split(".")
            assert ORDER.index(name) <= ORDER.index(table.name)
            assert column in TABLES[name].arrow_schema.names


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_everything_is_described(table: Table) -> None:
    assert table.description
    assert all(column.metadata[b"description"] for column in table.arrow_schema)
    assert set(table.key) <= set(table.arrow_schema.names)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_rule_names_are_unique_and_fit_for_dagster(table: Table) -> None:
    names = [rule.name for rule in table.rules]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_an_empty_table_keeps_every_row_rule(table: Table) -> None:
    parents = {name: other.empty() for name, other in TABLES.items()}
    split = table.split(table.empty(), parents)
    assert [r.failures for r in split.results] == [0] * len(table.rules)
