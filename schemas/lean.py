"""What pandera need not know: it imports every kind of data frame that is installed, and Dask's alone takes a second.

Nothing here gives pandera a frame of Dask (``pipeline.engine.cluster`` sends plain ones). To be imported before
``pandera.pandas``.
"""

import sys

_UNWANTED = "dask.dataframe"

if _UNWANTED not in sys.modules:
    sys.modules[_UNWANTED] = None  # type: ignore[assignment]  # which importing it says, too: not installed
    try:
        import pandera.typing.dask  # noqa: F401
    finally:
        del sys.modules[_UNWANTED]
