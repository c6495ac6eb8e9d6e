"""Finding the layouts, and choosing the one that a file is in, or none."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline import layouts as package
from pipeline.layouts.described import Proposal, Spec, layout_of, propose, written
from pipeline.layouts.layout import Layout

# Below this no layout claims a file. A score is the share of the lines that have a place in a record of the layout's
# shape, so half is the least that can be called a listing; garbage is worse than a file set aside with its scores.
CLAIM: Final = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The layout that claims a file, or None with the reason; ``score`` is the best score, ``scores`` those of all
    layouts. ``proposal`` is the shape that the file itself proposes, where no layout claims it.
    """

    layout: Layout | None
    score: float
    scores: Mapping[str, float]
    reason: str | None
    proposal: Proposal | None = None


@cache
def layouts() -> tuple[Layout, ...]:
    """All layouts: the ``LAYOUT`` of every module of this package that has one, by name."""
    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    found = (getattr(module, "LAYOUT", None) for module in modules)
    return tuple(sorted((layout for layout in found if isinstance(layout, Layout)), key=lambda layout: layout.name))


def choose(lines: Sequence[str], path: str = "", described: Sequence[Spec] = ()) -> Choice:
    """The layout of a file from its mended lines; of equal scores the first by name.

    ``described`` are layouts that people wrote down. One that names the file (``path``) reads it, whatever the others
    say; one that names no files is held against it beside the others. Where nobody's claims it, a shape that the file
    itself proposes is used if nothing speaks against it, and else told in the reason.
    """
    named = next((spec for spec in described if spec.is_for(path)), None)
    if named is not None:
        return _named(lines, named)
    written_down = [layout_of(spec) for spec in described if not spec.files]
    known = {layout.name: layout for layout in (*layouts(), *written_down)}
    scores = {name: round(layout.score(lines), 4) for name, layout in known.items()}
    best = max(known.values(), key=lambda layout: scores[layout.name])
    if scores[best.name] >= CLAIM:
        return Choice(best, scores[best.name], scores, None)
    proposal = propose(lines)
    if proposal and proposal.doubt is None:
        name = proposal.spec.name
        return Choice(layout_of(proposal.spec), proposal.score, {**scores, name: proposal.score}, None, proposal)
    nearest = ", ".join(f"{name} {score:.2f}" for name, score in sorted(scores.items(), key=lambda item: -item[1]))
    reason = (
        f"no layout claims it (nearest: {nearest}; {CLAIM} is needed): it is no publication listing, or one of a kind "
        f"that is not known yet; {_remedy(proposal)}"
    )
    return Choice(None, scores[best.name], scores, reason, proposal)


def _named(lines: Sequence[str], spec: Spec) -> Choice:
    layout = layout_of(spec)
    score = round(layout.score(lines), 4)
    if score:
        return Choice(layout, score, {spec.name: score}, None)
    reason = f"layout {spec.name!r} of layouts.yaml names it, but finds no record in it; mend its shape or its files"
    return Choice(None, score, {spec.name: score}, reason)


def _remedy(proposal: Proposal | None) -> str:
    if proposal is None:
        return "take it out of the raw folder, or describe its shape in layouts.yaml beside it"
    shape = " ".join(written(proposal.spec).split())
    explains = f"which explains {proposal.score:.0%} of its lines as {proposal.records} records"
    return (
        f"its shape may be {shape}, {explains}, but {proposal.doubt}: if it is right, put what palimpsest layout FILE "
        "--propose prints into layouts.yaml beside the raw folder, else take the file out"
    )
