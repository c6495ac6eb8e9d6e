"""Every rule of every contract can fail: one broken cell, and exactly that rule says so.

The tables are those of a run on the samples, two exports that disagree and an empty file, and a few rows for what a
run seldom has. A rule that nobody here can break fails the test: either it can never fail, or the values to try
(``pool``) lack one.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.quality import with_history
from schemas import TABLES, ContractError, Rule, Table
from schemas.contract import Split
from schemas.registry import PUBLISHED

Tables = dict[str, pd.DataFrame]
SAMPLES = Path(__file__).parents[3] / "data" / "raw"
ROWS, TRIES = 6, 8  # rows to break, and mutants that break the rule to judge in full, in each order
RULES = [(table, rule) for table in PUBLISHED.values() for rule in table.rules]
BY_NAME = {f"{table.name}.{rule.name}": rule for table, rule in RULES}

# Rules that cannot be broken alone, and those that are then broken too, by logic: the other rule says more of the same
# cell. What follows from keys that cross tables is in ``implied``.
COMPANIONS = {
    "text_lines.byte_end__greater_than_or_equal_to": {"bytes_in_order"},
    # The line of a row is within its entry, and the other end of that is at least 1.
    "text_lines.file_line__greater_than_or_equal_to": {"inside_its_entry"},
    "text_lines.entry_end__greater_than_or_equal_to": {"inside_its_entry"},
    "text_repairs.start__greater_than_or_equal_to": {"span_as_long_as_before"},
    "text_repairs.end__greater_than_or_equal_to": {"span_in_order", "span_as_long_as_before"},
    "text_repairs.span_in_order": {"span_as_long_as_before"},
    "corrections.matches__greater_than_or_equal_to": {"matched"},
    "decisions.matches__greater_than_or_equal_to": {"matched"},
    "records.line_end__greater_than_or_equal_to": {"lines_in_order"},
    **{
        f"ledger.{column}__greater_than_or_equal_to": {"adds_up"}
        for column in ("received", "used", "set_aside", "rejected")
    },
    "ledger.difference__equal_to": {"adds_up"},
}


def implied(table: Table, rule: Rule) -> set[str]:
    """Rules that may be broken with it: a row whose key is broken names no row of other tables, and covers none."""
    touched = set(rule.columns)
    return {
        other.name
        for other in table.rules
        if (other.kind == "reference" and touched & set(other.columns))
        or (
            other.kind == "coverage" and any(touched & set(r.columns) for r in table.covers if r.table in other.columns)
        )
    }


FILES = {
    f"{name}.bib": f"""% A list of things to read
@article{{one, title = {{What the Sleeping Birds of the Harbour Hear}}, author = {{{authors}}},
  journal = {{{journal}}}, year = {{{year}}}}}
@article{{two, title = {{A Short Account of Slow Glaciers}}, author = {{Brandt, Emil}}, year = {{1998}}}}
"""
    for name, authors, journal, year in (
        ("reading", "Aalto, Kerttu", "Journal of Coastal Life", 2001),
        ("survey", "Aalto, Kerttu and Brandt, Emil", "Annals of Northern Ornithology", 2002),
    )
} | {"nothing.txt": ""}

EXTRA: dict[str, list[dict[str, Any]]] = {
    "corrections": [
        {"row_no": n, "path": "any", "before": before, "after": "Łódź", "note": None, "matches": n}
        for n, before in ((1, "Lodz"), (2, "Lódz"))
    ],
    "decisions": [
        {"row_no": n, "decision": decision, "one": kind + "0" * 16, "other": kind + "1" * 16, "note": None,
         "matches": 2, "contradicts": None}
        for n, decision, kind in ((1, "same", "w"), (2, "different", "a"))
    ],
    "rejects": [
        {"reject_id": "x" + c * 16, "stage": "split", "table": "records", "path": "a.txt", "line_start": 1,
         "line_end": 2, "rules": ["title_or_abstract"], "reason": "a record has a title or an abstract", "row": "{}"}
        for c in "ab"
    ],
    "run_metrics": [
        {"run_no": 1, "run_id": "r", "stage": stage, "started": "2026-01-02T03:04:05Z", "seconds": 1.5,
         "cpu_seconds": 2.0, "peak_memory": 10**8, "read_bytes": read, "written_bytes": 70, "rows": 7,
         "files_done": read, "files_taken_over": read, "taken_over": False}
        for stage, read in (("split", 10), ("link", None))
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def run(run_pipeline: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of a run on the samples and the files above."""
    raw = tmp_path_factory.mktemp("mutation") / "raw"
    shutil.copytree(SAMPLES, raw)
    for name, text in FILES.items():
        (raw / name).write_text(text, encoding="utf-8")
    clean = run_pipeline(raw)
    return {name: pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}


@pytest.fixture(scope="module")
def tables(run: Tables) -> Tables:
    """Valid tables, each with two rows or more; of the history two runs."""
    made = dict(run)
    for name, rows in EXTRA.items():
        made[name] = PUBLISHED[name].typed(pd.DataFrame(rows))
    one, two, three = sorted(run["authors"]["author_id"])[:3]
    pairs = [{"author_id": one, "other_author_id": other, "reason": "initials", "score": 0.5} for other in (two, three)]
    made["possible_same_author"] = TABLES["possible_same_author"].typed(pd.DataFrame(pairs))
    figures = run["run_history"][["measure", "table", "column", "category", "rows", "value"]]
    few = figures.groupby("measure").cumcount() < 2
    figures = figures[few | (figures["measure"] == "row_count")]
    first = with_history(figures, TABLES["run_history"].empty(), "first")
    made["run_history"] = with_history(figures, first, "second")
    return made


def broken(split: Split) -> set[str]:
    return {result.rule for result in split.results if result.failures}


def with_cell(frame: pd.DataFrame, row: int, column: str, value: object) -> pd.DataFrame:
    values = frame[column].tolist()
    values[row] = value
    return frame.assign(**{column: pd.array(values, dtype=frame[column].dtype)})


def pool(table: Table, rule: Rule, column: str, frame: pd.DataFrame, row: int) -> Iterator[object]:
    """Values to try in a cell: what breaks the rule by its terms first, then what often breaks something."""
    old, type_ = frame[column].iloc[row], str(frame[column].dtype).removesuffix("[pyarrow]")
    if rule.kind == "not null":
        yield None
        return
    if rule.kind == "unique":
        yield from frame[column].drop_duplicates().head(40)
        return
    if type_ == "string":
        yield from ("no such value", "", "null", " x", "x\x00", "x" * 300, None)
        yield f"{old}"[:1] + "0123456789abcdef" * ("pattern" not in rule.terms)
        for other in table.rules:
            yield from other.terms.get("allowed_values", ()) if other.columns == (column,) else ()
    elif type_ in {"int64", "double"}:
        yield from (rule.terms[name] + step for name, step in (("min_value", -1), ("max_value", 1), ("value", 1))
                    if name in rule.terms)  # fmt: skip
        yield from (None, 0, 1, 10**6) if pd.isna(old) else (None, old + 1, old - 1, 0, 10**6)
    elif type_ == "bool":
        yield not old
    else:
        yield from ([], ["x"])
        return
    yield from (frame[other].iloc[row] for other in frame if frame[other].dtype == frame[column].dtype)
    yield from frame[column].drop_duplicates().head(ROWS)


Mutants = Iterator[tuple[pd.DataFrame, Tables]]


def uncovered(table: Table, rule: Rule, tables: Tables) -> Mutants:
    """For a rule about a whole table: one more row in the table to be covered."""
    (ref,) = (ref for ref in table.covers if ref.table == rule.columns[0])
    parent = tables[ref.table]
    for column in ref.target:
        for value in ("none of them", 10**6):
            if isinstance(value, str) == isinstance(parent[column].iloc[0], str):
                more = pd.concat([parent, with_cell(parent, 0, column, value).head(1)])
                yield tables[table.name], {**tables, ref.table: more}


def reads(rule: Rule, column: str, frame: pd.DataFrame, tables: Tables) -> bool:
    """Whether the rule looks at the column: without it, it cannot be asked."""
    try:
        rule.holds(frame.drop(columns=column), tables)
    except KeyError:
        return True
    return False


def mutants(table: Table, rule: Rule, tables: Tables) -> Iterator[Mutants]:
    """Tables with one broken cell, in several orders: for each column row by row, and in turns over the rows, so that
    neither a row nor a value with which other rules always break too uses up all tries.
    """
    if rule.kind == "coverage":
        yield uncovered(table, rule, tables)
        return
    frame = tables[table.name]
    rows = frame.isna().sum(axis=1).argsort()[::-1].tolist()  # a row with nulls depends the most on what it has
    listed = {name for other in table.rules if "allowed_values" in other.terms for name in other.columns}
    kinds = [n for name in sorted(listed) for n in np.flatnonzero(~frame[name].duplicated(keep="last"))]
    rows = list(dict.fromkeys([*kinds, *rows[:3], *rows[:: -max(1, len(rows) // ROWS)]]))
    for column in [column for column in rule.columns if reads(rule, column, frame, tables)] or rule.columns:
        by_row = [[(row, value) for value in pool(table, rule, column, frame, row)] for row in rows]
        turns = [[cell for cell in turn if cell is not None] for turn in zip_longest(*by_row)]
        for order in (by_row, turns):
            yield with_cells(frame, column, (cell for cells in order for cell in cells), tables)


def with_cells(frame: pd.DataFrame, column: str, cells: Iterable[tuple[int, object]], tables: Tables) -> Mutants:
    """The table with one of the cells after the other."""
    return ((with_cell(frame, row, column, value), tables) for row, value in cells)


def exact_mutant(table: Table, rule: Rule, tables: Tables, companions: set[str], tries: int = TRIES) -> Split | None:
    """What the contract says of the first mutant that breaks exactly the rule and its companions."""
    for frame, around in in_turns([breaking(rule, order, tries) for order in mutants(table, rule, tables)]):
        split = table.split(frame, around)
        if {rule.name, *companions} <= broken(split) <= {rule.name, *companions, *implied(table, rule)}:
            return split
    return None


def breaking(rule: Rule, order: Mutants, tries: int) -> Iterator[tuple[pd.DataFrame, Tables] | None]:
    """The first mutants of an order that break the rule, and None for each that does not."""
    for frame, around in order:
        if rule.holds(frame, around).all():
            yield None
            continue
        yield frame, around
        tries -= 1
        if not tries:
            return


def in_turns(orders: Sequence[Iterator[tuple[pd.DataFrame, Tables] | None]]) -> Mutants:
    """What the orders yield, one mutant of each at a time: a column whose cells cannot break the rule holds up none."""
    return (mutant for turn in zip_longest(*orders) for mutant in turn if mutant is not None)


def test_what_is_broken_was_whole(tables: Tables) -> None:
    for table in TABLES.values():
        assert len(tables[table.name]) > 1, f"{table.name}: give it rows in EXTRA"
        assert broken(table.split(tables[table.name], tables)) == set()


@pytest.mark.parametrize(("table", "rule"), RULES, ids=BY_NAME)
def test_one_broken_cell_breaks_exactly_this_rule(table: Table, rule: Rule, tables: Tables) -> None:
    split = exact_mutant(table, rule, tables, COMPANIONS.get(f"{table.name}.{rule.name}", set()))
    assert split, f"{table.name}.{rule.name}: no cell breaks it and it alone"
    refuses = not rule.whole and rule.severity != "warn"
    assert (len(split.rejected) > 0) == refuses
    assert len(split.accepted) + len(split.rejected) == split.results[0].rows
    if refuses:
        assert all(rule.name in reasons for reasons in split.rejected["rules"])


def test_no_companion_is_named_in_vain(tables: Tables) -> None:
    for name in COMPANIONS:
        table = TABLES[name.split(".")[0]]
        assert exact_mutant(table, BY_NAME[name], tables, set(), tries=3) is None


@pytest.mark.parametrize("kind", ["table check", "check"])
def test_a_rule_that_cannot_fail_is_found_out(tables: Tables, kind: Any) -> None:
    table = TABLES["records"]
    idle = Rule("idle", "says nothing", ("title",), lambda rows, _: np.ones(len(rows), dtype=bool), kind)
    assert exact_mutant(replace_rules(table, (*table.rules, idle)), idle, tables, set()) is None


def replace_rules(table: Table, rules: tuple[Rule, ...]) -> Table:
    other = replace(table)
    vars(other)["rules"] = rules
    return other


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_cell_of_another_type_names_its_column(table: Table, tables: Tables) -> None:
    frame = tables[table.name]
    for column in frame:
        values = frame[column].astype(object).where(frame[column].notna(), None)
        values.iat[0] = {"not": "a value"}
        with pytest.raises(ContractError, match=f"table {table.name}, column {column}: expected"):
            table.split(frame.assign(**{column: values}), tables)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_column_that_is_missing_is_named(table: Table, tables: Tables) -> None:
    for column in table.arrow_schema.names:
        with pytest.raises(ContractError, match=rf"missing columns \['{column}'\]"):
            table.split(tables[table.name].drop(columns=column), tables)
