"""Tables on the page: a small frame in, HTML with every cell escaped out. The page's style sheet dresses them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd
from great_tables import GT

from pipeline.report.text import escaped, shown

Cell = Callable[[object], str]

_BESIDE: Final = 4  # columns that a phone has room for; rows of wider tables are stacked there, each cell with its head

_VOID: Final = frozenset({"", "0", "0.00", "–"})


def grid(
    name: str,
    frame: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    counts: Sequence[str] = (),
    shares: Sequence[str] = (),
    numbers: Sequence[str] = (),
    cells: Mapping[str, Cell] | None = None,
) -> str:
    """A table of the columns in ``labels``, in their order and under those heads.

    ``name`` is the table's id on the page. ``counts`` are shown as whole numbers, ``shares`` (0 to 1) as per cent;
    ``numbers`` are aligned as these and shown as they are. ``cells`` holds, for columns that are more, what makes safe
    HTML of a value. All others are text.
    """
    drawn = dict(cells or {})
    stacked = len(labels) > _BESIDE
    special = [column for column in labels if stacked or column in {*drawn, *counts, *shares}]
    body = {c: frame[c].astype(object) if c in special else _texts(frame[c]) for c in labels}
    table = GT(pd.DataFrame(body).reset_index(drop=True), id=name).cols_label(dict(labels))
    table = table.cols_align("left", columns=list(labels))
    if right := [*counts, *shares, *numbers]:
        table = table.cols_align("right", columns=right)
    for column in special:
        cell = _nothing_or(drawn.get(column) or _format(column, counts, shares))
        table = table.fmt(_headed(labels[column], cell) if stacked else cell, columns=column)
    page = table.as_raw_html()
    start, end = page.index("<table"), page.rindex("</table>")
    return f'<div class="{"stacked" if stacked else "narrow"}">{page[start:end]}</table></div>'


def _format(column: str, counts: Sequence[str], shares: Sequence[str]) -> Cell:
    if column in counts:
        return lambda value: f"{int(str(value)):,}"
    if column in shares:
        return lambda value: percent(float(str(value)))
    return lambda value: escaped(str(value))


def _texts(values: pd.Series) -> list[str]:
    """Plain cells, which the library escapes itself."""
    return ["–" if pd.isna(value) else shown(str(value)) for value in values]


def _nothing_or(cell: Cell) -> Callable[[object], str]:
    def formatted(value: object) -> str:
        return "–" if value is None or value is pd.NA or value != value else cell(value)  # noqa: PLR0124  # NaN

    return formatted


def _headed(label: str, cell: Callable[[object], str]) -> Callable[[object], str]:
    head = f'<span class="head" aria-hidden="true">{escaped(label)}</span>'

    def stacked(value: object) -> str:
        inner = cell(value)
        kind = "value void" if inner in _VOID else "value"  # a phone leaves it out
        return f'{head}<span class="{kind}">{inner}</span>'

    return stacked


def percent(share: float) -> str:
    """A share for people: what is not nothing never reads as 0, what is not all never as 100."""
    if 0 < share < 0.001:
        return "< 0.1\N{NO-BREAK SPACE}%"
    if 0.999 < share < 1:
        return "> 99.9\N{NO-BREAK SPACE}%"
    return f"{share * 100:.1f}".removesuffix(".0") + "\N{NO-BREAK SPACE}%"
