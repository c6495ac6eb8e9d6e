"""Results come in the order of the batches, whichever is done first, and no more are under way than there is room."""

from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engine import pools
from pipeline.engine.batches import Batch
from pipeline.engine.pools import LastingProcesses, in_order, named
from pipeline.footers import Part

T = TypeVar("T")


def batch(*paths: str) -> Batch:
    return Batch(pd.DataFrame({"path": list(paths)}))


class Later(Generic[T]):
    """Work that is done when somebody asks for it, with all that was handed in before or after."""

    def __init__(self, pool: "Shuffled", work: Callable[[Batch], T], one: Batch) -> None:
        self.pool, self.work, self.one = pool, work, one

    def result(self) -> T:
        for other in sorted(self.pool.waiting, key=lambda later: hash((self.pool.seed, later.one.files))):
            self.pool.done[other.one.files] = other.work(other.one)
        self.pool.waiting.remove(self)
        done: T = self.pool.done[self.one.files]
        return done


class Shuffled:
    """A pool whose workers finish in an odd order."""

    def __init__(self, room: int, seed: int) -> None:
        self.room, self.seed, self.most = room, seed, 0
        self.waiting: list[Later[object]] = []
        self.done: dict[tuple[str, ...], object] = {}

    def submit(self, work: Callable[[Batch], T], one: Batch) -> Later[T]:
        later = Later(self, work, one)
        self.waiting.append(later)  # type: ignore[arg-type]
        self.most = max(self.most, len(self.waiting))
        return later


@given(st.integers(0, 20), st.integers(1, 5), st.integers())
def test_order_and_room(count: int, room: int, seed: int) -> None:
    pool = Shuffled(room, seed)
    plan = [batch(f"{number:02}") for number in range(count)]
    assert list(in_order(pool, lambda one: one.files[0], plan)) == [one.files[0] for one in plan]
    assert pool.most <= room


def test_batches_are_named_by_their_files() -> None:
    assert named(batch("a.txt")) == "a.txt"
    assert named(batch("a.txt", "b.txt", "c.txt")) == "a.txt … c.txt (3 files)"
    assert named(Part("a.txt", "c.txt", 0, 1, "")) == "a.txt … c.txt"


class Started:
    """Processes that are none."""

    under_way = 0

    def __init__(self, processes: int) -> None:
        self.processes, self.ended = processes, False

    def __exit__(self, *_: object) -> None:
        self.ended = True


def test_processes_stay_until_more_are_asked_for_or_work_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "LocalProcesses", Started)
    with LastingProcesses() as staff:
        with staff.lent(3) as first:
            pass
        with staff.lent(2) as second:
            assert second is first
        with staff.lent(4) as third:
            assert first.ended  # type: ignore[attr-defined]
            assert third.processes == 4
        with suppress(ValueError), staff.lent(4) as same:
            assert same is third
            third.under_way = 1  # type: ignore[misc]
            raise ValueError
        assert third.ended  # type: ignore[attr-defined]
        with staff.lent(1) as last:
            assert last.processes == 1
    assert last.ended  # type: ignore[attr-defined]
    staff.let_go()
