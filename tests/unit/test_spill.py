"""A shelf on a disk gives back what was put there, and leaves nothing behind."""

import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline.link.printed import column_at
from pipeline.link.shelf import MemoryShelf, Shelf
from pipeline.spill import DiskShelf, RowShelf, row_store
from pipeline.tables import StorageError


@pytest.mark.parametrize("in_memory", [0, 40, 1000])
def test_it_gives_back_what_a_shelf_in_memory_does(tmp_path: Path, in_memory: int) -> None:
    def emptied(shelf: Shelf) -> list[list[int]]:
        for step in range(6):
            shelf.put(f"place {step % 2}", np.arange(step, 2 * step, dtype=np.uint64))
        first = shelf.take("place 0").tolist()
        shelf.put("place 0", np.array([7], dtype=np.uint64))
        return [first, *(shelf.take(f"place {n}").tolist() for n in (0, 1, 0, 2))]

    with DiskShelf(tmp_path / "new", in_memory) as shelf:
        assert emptied(shelf) == emptied(MemoryShelf())
    assert not list(tmp_path.rglob("*shelf*"))


@pytest.mark.parametrize("in_memory", [0, 300, 10_000])
def test_rows_come_back_in_their_order(tmp_path: Path, in_memory: int) -> None:
    rows = pa.table({"number": list(range(40)), "text": [None if n % 7 == 0 else f"é{n}" for n in range(40)]})
    with RowShelf(tmp_path / "new", in_memory) as shelf:
        for start in range(0, 40, 5):
            shelf.put(start % 2, rows.slice(start, 5))
        assert shelf.take(2) is None
        for place in (0, 1):
            taken = shelf.take(place)
            assert taken is not None
            assert taken.equals(pa.concat_tables([rows.slice(n, 5) for n in range(5 * place, 40, 10)]))
            assert shelf.take(place) is None
    assert not list(tmp_path.rglob("*shelf*"))


def test_nothing_stays_when_the_work_fails(tmp_path: Path) -> None:
    def fail() -> None:
        with DiskShelf(tmp_path, 0) as shelf:
            shelf.put("place", np.arange(3, dtype=np.uint64))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="file: linking needs room"), DiskShelf(tmp_path / "file", 0) as shelf:
        shelf.put("place", np.arange(3, dtype=np.uint64))


def test_rows_in_a_file_are_given_back_some_at_a_time(tmp_path: Path) -> None:
    rows = pa.table({"number": list(range(40)), "text": [None if n % 7 == 0 else f"é{n}" for n in range(40)]})
    with row_store(tmp_path / "new") as store:
        listed = pickle.loads(pickle.dumps(store.listed(rows.slice(start, 15) for start in range(0, 40, 15))))
        assert [len(part) for part in listed.parts(["number"])] == [15, 15, 10]
        asked = np.array([39, 3, 17, 3, 0])
        assert column_at(listed, "number", asked).tolist() == asked.tolist()
        assert column_at(listed, "text", asked).fillna("").tolist() == ["é39", "é3", "é17", "é3", ""]
    assert not list(tmp_path.rglob("*shelf*"))
