"""How a process of a run treats memory: which allocator Arrow takes it from, and what the collector looks at."""

import ctypes
import gc
import os
import sys
from typing import Final

import pyarrow as pa

_WISH: Final = "ARROW_DEFAULT_MEMORY_POOL"  # Arrow's own variable: who sets it has decided

_NEW_OBJECTS: Final = 50_000  # from which on the collector looks at them; 700 is Python's own number


def give_memory_back() -> None:
    """Make Arrow use jemalloc, where it is built in, and give the system what was freed.

    mimalloc, the default, keeps what threads have freed: linking 50,000 records then held 100 MB more, a sixth of all.
    So does the C library of Linux with what numpy and Python have freed: 160 MB after linking 100,000 records.
    """
    if _WISH not in os.environ and "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "malloc_trim"):  # not every one has it
        library.malloc_trim(0)


def pass_over_what_is_imported() -> None:
    """Keep the collector of cycles from going over all that there is now, time and again.

    For a process that has just started: modules live as long as it does, and mending text makes so many small objects
    that going over the modules' own took a sixth of the time. They are in no cycles, so it looks at them seldom, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
