"""Mending holds the collector of cycles back, and gives it back as it was."""

import gc

import pytest

from pipeline.repair.collector import uncollected


@uncollected()
def fails() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert not gc.isenabled()
    raise ValueError("anything")


@pytest.mark.parametrize("runs", [True, False])
def test_the_collector_is_left_as_it_was_also_after_an_error(*, runs: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if runs else gc.disable)()
        with pytest.raises(ValueError, match="anything"):
            fails()
        assert gc.isenabled() is runs
    finally:
        (gc.enable if before else gc.disable)()
