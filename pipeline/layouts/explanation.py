"""Why a file has its layout, told for a person at a terminal: the scores, the reason, and the role of every line."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from glob import escape
from typing import Final

from pipeline.layouts.choice import CLAIM, choose, layouts
from pipeline.layouts.described import Spec, layout_of, propose, written

_BAR: Final = 20
_SHOWN: Final = 60


def explain(lines: Sequence[str], path: str = "", described: Sequence[Spec] = ()) -> Iterator[str]:
    """Lines of text: a bar for the score of each layout, the choice, and for each line its record and role.

    ``lines`` are the mended lines of one file, ``path`` and ``described`` as for ``choose``. For a file that no layout
    claims the roles are those of the shape that it proposes or of the nearest layout, as a hint for whoever adds one.
    """
    choice = choose(lines, path, described)
    for name, score in sorted(choice.scores.items(), key=lambda item: (-item[1], item[0])):
        yield f"{name:<12} {score:.4f} {'#' * round(score * _BAR)}"
    yield ""
    nearest = max(layouts(), key=lambda layout: choice.scores.get(layout.name, 0.0))
    guess = layout_of(choice.proposal.spec) if choice.proposal else nearest
    shown = choice.layout or guess
    if choice.layout is not None and choice.proposal:
        yield "chosen: the shape that the file itself proposes:"
        yield from written(choice.proposal.spec).splitlines()
    elif choice.layout is not None:
        yield f"chosen: {shown.name}, the best score of all and not below {CLAIM}"
    else:
        yield f"chosen: none: {choice.reason}"
        if not choice.score and not choice.proposal:
            return
        yield f"as {shown.name}, the nearest, would read it:"
    yield ""
    number_width = len(str(len(lines)))
    for number, (line, role) in enumerate(zip(lines, shown.roles(lines), strict=True), 1):
        record = "" if role.entry is None else str(role.entry + 1)
        text = " ".join(line.split())
        cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        yield f"{number:>{number_width}} {record:>4} {role.role:<10} {cut:<{_SHOWN}}  {role.rule}".rstrip()


def proposal(lines: Sequence[str], name: str) -> str | None:
    """The shape that a file proposes, as the text of a ``layouts.yaml`` that has the file called ``name`` read so.

    None where nothing in the file repeats in a regular shape.
    """
    found = propose(lines)
    if found is None:
        return None
    word = "".join(char if char.isascii() and char.isalnum() else "_" for char in name.rsplit(".", 1)[0].lower())
    spec = replace(found.spec, name=f"like_{word}"[:40], files=(escape(name),))
    doubt = f"# Not used unasked: {found.doubt}.\n" if found.doubt else ""
    return f"# Explains {found.score:.0%} of the lines, as {found.records} records.\n{doubt}{written(spec)}"
