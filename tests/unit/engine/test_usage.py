"""What is measured of a stage is what it did."""

import sys
import time

import pytest

from pipeline.engine.usage import Usage, measured


def test_seconds_and_cpu_seconds_are_told_apart() -> None:
    with measured() as idle:
        time.sleep(0.3)
    with measured() as busy:
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
    assert idle.seconds >= 0.3 > idle.cpu_seconds
    assert busy.seconds >= busy.cpu_seconds * 0.9 >= 0.27


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forgets the mark of the most memory")
def test_the_most_memory_is_that_of_the_block() -> None:
    with measured() as before:
        pass
    with measured() as much:
        held = bytearray(b"x") * 200_000_000
        del held
    with measured() as after:
        pass
    assert before.peak_memory
    assert much.peak_memory > before.peak_memory + 150_000_000
    assert after.peak_memory < much.peak_memory - 100_000_000


def test_workers_add_their_seconds_and_their_memory_only_where_it_is_the_larger() -> None:
    total = Usage("", seconds=1.0, cpu_seconds=0.5, peak_memory=50)
    total.add(Usage("", seconds=9.0, cpu_seconds=2.0, peak_memory=70))
    total.add(Usage("", seconds=9.0, cpu_seconds=1.0, peak_memory=None))
    assert (total.seconds, total.cpu_seconds, total.peak_memory) == (1.0, 3.5, 70)
