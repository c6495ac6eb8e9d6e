"""Mending without the collector of cycles: it makes many objects that all stay, and none in cycles.

The collector would go over them again and again and find nothing, for a third of the time where much is damaged.
"""

import gc
from contextlib import ContextDecorator


class uncollected(ContextDecorator):  # noqa: N801 - it is called where functions are
    """Hold the collector back meanwhile, where it runs; also as a decorator. What is released is freed as ever.

    It is called back at the very end: whatever is made behind that has it go over all that was made meanwhile.
    """

    def __enter__(self) -> None:
        self._runs = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._runs:
            gc.enable()

    def _recreate_cm(self) -> "uncollected":
        return uncollected()  # functions that call one another each have their own
