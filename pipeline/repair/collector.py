"""Mending without the collector of cycles: it makes many objects that all stay, and none in cycles.

The collector would go over them again and again and find nothing, for a third of the time where much is damaged.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the collector back meanwhile, where it runs; also as a decorator. What is released is freed as ever."""
    runs = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if runs:
            gc.enable()
