"""Finding the layouts, and choosing the one that a file is in, or none."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline import layouts as package
from pipeline.layouts.layout import Layout

# Below this no layout claims a file. A score is the share of the lines that have a place in a record of the layout's
# shape, so half is the least that can be called a listing; garbage is worse than a file set aside with its scores.
CLAIM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The layout that claims a file, or None with the reason; ``score`` is the best score, ``scores`` those of all
    layouts.
    """

    layout: Layout | None
    score: float
    scores: Mapping[str, float]
    reason: str | None


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts: the ``LAYOUT`` of every module of this package that has one, by name."""
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "LAYOUT", None) for module in modules)
    return tuple(sorted((layout for layout in found if isinstance(layout, Layout)), key=lambda layout: layout.name))


def choose(lines: Sequence[str]) -> Choice:
    """The layout of a file from its mended lines; of equal scores the first by name."""
    scores = {layout.name: round(layout.score(lines), 4) for layout in layouts()}
    best = max(layouts(), key=lambda layout: scores[layout.name])
    if scores[best.name] >= CLAIM:
        return Choice(best, scores[best.name], scores, None)
    nearest = ", ".join(f"{name} {score:.2f}" for name, score in sorted(scores.items(), key=lambda item: -item[1]))
    reason = (
        f"no layout claims it (nearest: {nearest}; {CLAIM} is needed): it is no publication listing, or one of a kind "
        "that is not known yet; take it out of the raw folder, or add a module for its kind to pipeline/layouts"
    )
    return Choice(None, scores[best.name], scores, reason)
