"""Row groups that are moved as bytes make the file that their rows would have made."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import footers
from pipeline.groups import footer_of
from pipeline.tables import StorageError, TableSet
from schemas import TABLES

TABLE = TABLES["works"]


def rows(number: int) -> pd.DataFrame:
    """A batch whose size, nulls, repetition and lists depend on its number; every seventh has no rows."""
    size = 0 if number % 7 == 6 else 1 + number * 37
    columns: dict[str, object] = {
        name: [None if row % (number + 2) else f"{name} {row % 11} é" for row in range(size)]
        for name in TABLE.arrow_schema.names
    }
    columns |= {"work_id": [f"w{row:016x}" for row in range(size)], "record_count": range(size)}
    columns |= {"year": [None] * size, "author_count": [number] * size}
    columns["superseded_ids"] = [["ø"] * (row % 3) for row in range(size)]
    return TABLE.typed(pd.DataFrame(columns))


def written(tables: TableSet, numbers: list[int], before: TableSet | None = None) -> bytes:
    """A table of some batches; those that ``before`` has are moved from there, the others written."""
    parts = before.parts("works") if before else {}
    source = before.source("works") if before else None
    with tables.writer(TABLE, made_by="x") as writer:
        for number in numbers:
            if source and str(number) in parts:
                writer.move(source, parts[str(number)])
            else:
                writer.append(rows(number), [f"{number}.txt"], str(number))
    assert writer.rows == sum(len(rows(number)) for number in numbers)
    return tables.path("works").read_bytes()


@settings(deadline=None, max_examples=25)
@given(
    old=st.lists(st.integers(0, 20), max_size=6, unique=True), new=st.lists(st.integers(0, 20), max_size=8, unique=True)
)
def test_moved_and_written_row_groups_make_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, old: list[int], new: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("sets")
    before = TableSet(folder / "before", "one")
    written(before, old)
    moved = TableSet(folder / "moved", "two")
    assert written(moved, new, before) == written(TableSet(folder / "afresh", "two"), new)
    twice = TableSet(folder / "twice", "two")
    twice.take_over(TABLE, moved, made_by="x")
    assert twice.path("works").read_bytes() == moved.path("works").read_bytes()
    assert pq.read_table(twice.path("works")).num_rows == twice.count("works")


def test_a_table_without_batches_is_taken_over_as_a_whole(tmp_path: Path) -> None:
    before, after = TableSet(tmp_path / "one", "one"), TableSet(tmp_path / "two", "two")
    before.write(TABLE, rows(5), made_by="x")
    after.take_over(TABLE, before, made_by="y")
    assert after.read("works").equals(before.read("works"))
    assert after.made_by("works") == "y"
    assert pq.read_metadata(after.path("works")).metadata[b"palimpsest.run"] == b"two"
    assert next(after.head("works")).equals(rows(5))


def test_footers_are_written_as_they_were_read(tmp_path: Path) -> None:
    data = written(TableSet(tmp_path / "one", "one"), [1, 2, 3])
    footer = data[-8 - int.from_bytes(data[-8:-4], "little") : -8]
    found = footer_of(footer)
    assert found.written([(group, 0) for group in found.groups]) == footer
    assert [group.rows for group in found.groups] == [38, 75, 112]


@pytest.mark.parametrize("damage", [lambda data: b"no Parquet", lambda data: data[:-4], lambda data: data[9000:]])
def test_a_file_that_is_cut_is_refused(tmp_path: Path, damage: object) -> None:
    before = TableSet(tmp_path / "one", "one")
    file = before.path("works")
    data = written(before, [1, 2, 30])
    file.write_bytes(damage(data))  # type: ignore[operator]
    with pytest.raises(StorageError, match="run all stages again"):
        TableSet(tmp_path / "two", "two").take_over(TABLE, before)
    assert not (tmp_path / "two" / "works.parquet").exists()


def test_small_row_groups_are_read_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = TableSet(tmp_path / "set", "one")
    numbers = [0, 1, 6, 2, 13, 3]  # of 1, 38, no, 75, no and 112 rows
    written(tables, numbers)
    whole = tables.read("works")
    assert tables.batch_rows("works") == [1, 38, 0, 75, 0, 112]
    monkeypatch.setattr(footers, "READ_ROWS", 113)
    for columns in (None, ["year", "superseded_ids"]):
        groups = list(tables.groups("works", columns))
        assert [len(group) for group in groups] == [39, 75, 112]
        assert pd.concat(groups, ignore_index=True).equals(whole if columns is None else whole[columns])
    together = list(tables.by_batch("works", ["work_id"], [range(3), range(3, 6)]))
    assert [len(rows) for rows in together] == [39, 187]
    assert tables.frequencies("works", "title") == whole["title"].value_counts().to_dict()
