"""What pandera need not know: it imports every kind of data frame that is installed, and Dask's alone takes a second.

Nothing here gives pandera a frame of Dask (``pipeline.engine.cluster`` sends plain ones), or asks it to make up data,
for which it imports hypothesis. To be imported before all else that imports pandera.
"""

import sys

_UNWANTED = tuple(name for name in ("dask.dataframe", "hypothesis") if name not in sys.modules)

for _name in _UNWANTED:
    sys.modules[_name] = None  # type: ignore[assignment]  # which importing it says, too: not installed
try:
    import pandera.backends.pandas.builtin_checks
    import pandera.typing.dask  # noqa: F401
finally:
    for _name in _UNWANTED:
        del sys.modules[_name]
