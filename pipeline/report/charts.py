"""Plots as inline SVG: small, without scripts, the same bytes for the same figures, in colours that the page sets.

The colours written here are those of a light page; the style sheet finds them by value and replaces them on a dark
one. Widths fit a phone, since text in a plot that is scaled down cannot be read.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert

from pipeline.report.text import escaped, shown
from schemas.rules import CERTAINTIES

WIDTH: Final = 340
_INK, _SOFT, _LINE = "#1f2933", "#5f6b7a", "#e3e7ec"
MAIN, OTHER = "#3d6f9e", "#c26a4a"
CERTAINTY_COLOURS: Final = dict(zip(CERTAINTIES, ("#3d6f9e", "#6fa8a3", "#d8a03d", "#c26a4a"), strict=True))
_LABEL: Final = 28
_BARS: Final = 15
_SAYS: Final = 600
_VEGA_LITE: Final = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])

_CONFIG: Final[dict[str, Any]] = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _SOFT, "titleColor": _SOFT, "titleFontWeight": "normal", "labelFontSize": 11, "titleFontSize": 11,
        "domain": False, "ticks": False, "gridColor": _LINE, "labelPadding": 6, "labelLimit": 150,
    },
    "legend": {
        "orient": "bottom", "title": None, "labelColor": _SOFT, "labelFontSize": 11, "symbolType": "square",
        "symbolSize": 80, "columns": 2, "labelLimit": 150,
    },
}  # fmt: skip


def bars(  # noqa: PLR0913  # a plot says what its axes and colours are
    name: str,
    frame: pd.DataFrame,
    *,
    label: str,
    value: str,
    says: str,
    colour: str | None = None,
    colours: Mapping[str, str] | None = None,
    per_cent: bool = False,
) -> str:
    """Horizontal bars, one a ``label`` in the frame's order, at most 15.

    They are stacked by ``colour`` in the order of ``colours``.
    ``says`` is the plot in words, for those who do not see it.
    """
    drawn = frame.astype(object).assign(**{label: [shown(str(text), _LABEL) for text in frame[label]]})
    order = list(dict.fromkeys(drawn[label]))[:_BARS]
    drawn = drawn[drawn[label].isin(order)]
    axis = alt.Axis(title=None, format="~%" if per_cent else "~s", tickCount=4)
    marks: dict[str, Any] = {
        "x": alt.X(f"{value}:Q", axis=axis, stack="zero"),
        "y": alt.Y(f"{label}:N", sort=order, axis=alt.Axis(title=None, grid=False)),
    }
    if colour and colours:
        names = [key for key in colours if key in set(drawn[colour])]
        scale = alt.Scale(domain=names, range=[colours[key] for key in names])
        marks["color"] = alt.Color(f"{colour}:N", scale=scale, sort=names)
        marks["order"] = alt.Order("_order:Q")
        drawn["_order"] = [names.index(kind) for kind in drawn[colour]]
    chart = alt.Chart(drawn).mark_bar(color=MAIN, height={"band": 0.62}).encode(**marks)
    return _svg(name, chart.properties(width=WIDTH, height={"step": 22}), says)


def columns(name: str, frame: pd.DataFrame, *, label: str, value: str, says: str) -> str:
    """Upright bars over an ordered scale, one a row of the frame, in its order."""
    drawn = frame.astype(object).assign(**{label: [str(text) for text in frame[label]]})
    every = -(-len(drawn) // 8)
    axis = alt.Axis(title=None, grid=False, labelAngle=0, values=list(drawn[label])[::every])
    chart = (
        alt.Chart(drawn)
        .mark_bar(color=MAIN, width={"band": 0.8} if len(drawn) > 6 else 26)
        .encode(
            x=alt.X(f"{label}:O", sort=None, axis=axis),
            y=alt.Y(f"{value}:Q", axis=alt.Axis(title=None, format="~s", tickCount=4)),
        )
    )
    return _svg(name, chart.properties(width=WIDTH, height=130), says)


def warm_up() -> None:
    """Draw something: the first plot waits for the engine that draws all."""
    bars("none", pd.DataFrame({"label": ["a"], "value": [1]}), label="label", value="value", says="")


def sparkline(values: Sequence[float], says: str, width: int = 90, height: int = 20) -> str:
    """A line without axes, from the first run to the last, with a dot at the last; nothing for fewer than two runs."""
    if len(values) < 2:
        return ""
    low, reach = min(values), (max(values) - min(values)) or 1
    step = (width - 6) / (len(values) - 1)
    flat = min(values) == max(values)
    at = [
        (3 + n * step, height / 2 if flat else height - 3 - (v - low) / reach * (height - 6))
        for n, v in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in at)
    x, y = at[-1]
    return (
        f'<svg class="spark" role="img" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"<title>{escaped(says, _SAYS)}</title>"
        f'<polyline fill="none" stroke="{MAIN}" stroke-width="1.5" points="{line}"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{MAIN}"/></svg>'
    )


def _svg(name: str, chart: alt.Chart, says: str) -> str:
    fitted = chart.properties(autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
    spec = {**fitted.to_dict(), "config": _CONFIG}
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE)
    # Ids count from zero in every plot, and must be of one kind on a page with several.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{escaped(says, _SAYS)}" ', 1)
