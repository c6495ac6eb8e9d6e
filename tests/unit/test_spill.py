"""A shelf on a disk gives back what was put there, and leaves nothing behind."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline.link.shelf import MemoryShelf, Shelf
from pipeline.spill import DiskShelf, RowShelf
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
