"""Why a file has its layout, told for a person at a terminal: the scores, the reason, and the role of every line."""

from collections.abc import Iterator, Sequence
from typing import Final

from pipeline.layouts.choice import CLAIM, choose, layouts

_BAR: Final = 20
_SHOWN: Final = 60


def explain(lines: Sequence[str]) -> Iterator[str]:
    """Lines of text: a bar for the score of each layout, the choice, and for each line its record and role.

    ``lines`` are the mended lines of one file. For a file that no layout claims the roles are those of the nearest
    layout, as a hint for whoever adds one.
    """
    choice = choose(lines)
    for name, score in sorted(choice.scores.items(), key=lambda item: (-item[1], item[0])):
        yield f"{name:<12} {score:.4f} {'#' * round(score * _BAR)}"
    yield ""
    nearest = max(layouts(), key=lambda layout: choice.scores[layout.name])
    shown = choice.layout or nearest
    if choice.layout is not None:
        yield f"chosen: {shown.name}, the best score of all and not below {CLAIM}"
    else:
        yield f"chosen: none: {choice.reason}"
        if not choice.score:
            return
        yield f"as {shown.name}, the nearest, would read it:"
    yield ""
    number_width = len(str(len(lines)))
    for number, (line, role) in enumerate(zip(lines, shown.roles(lines), strict=True), 1):
        record = "" if role.entry is None else str(role.entry + 1)
        text = " ".join(line.split())
        cut = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        yield f"{number:>{number_width}} {record:>4} {role.role:<10} {cut:<{_SHOWN}}  {role.rule}".rstrip()
