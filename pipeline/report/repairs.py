"""Repairs by kind and channel, how sure they are, and examples in the words that they stand in."""

import html
from collections.abc import Sequence

import pandas as pd

from pipeline.report.charts import CERTAINTY_COLOURS, bars
from pipeline.report.choice import Chosen
from pipeline.report.grid import grid
from pipeline.report.material import Material
from pipeline.report.page import Section, beside, counted, figure, paragraph
from pipeline.report.text import code_points, look_alike, marked
from pipeline.report.words import Word
from schemas.rules import CERTAINTIES

_MOST = 15


def repairs(made_of: Material, examples: Sequence[Chosen]) -> Section:
    """The text repairs of the run."""
    certain = by_certainty(made_of["mends"])
    if certain.empty:
        return Section("repairs", "Repairs", paragraph("Nothing in the text had to be mended."))
    channels = certain.pivot_table(
        index=["kind", "codec"], columns="certainty", values="count", aggfunc="sum", fill_value=0, sort=False
    )
    channels = channels.reindex(columns=CERTAINTIES, fill_value=0)
    channels = (
        channels.assign(all=channels.sum(axis=1)).sort_values("all", ascending=False, kind="stable").reset_index()
    )
    labels = {"kind": "Kind", "codec": "Channel", "all": "All", **{c: c.capitalize() for c in CERTAINTIES}}
    table = grid("repairs-table", channels.head(_MOST), labels, counts=["all", *CERTAINTIES])
    note = (
        "exact: the one inverse. constrained: few candidates, evidence chose. inferred: a model chose. "
        "unresolved: left as it was. A channel is the true codec > the codec it was read as."
    )
    rest = paragraph(f"And {counted(len(channels) - _MOST, 'more channel')}.") if len(channels) > _MOST else ""
    body = (
        paragraph(note)
        + beside(_plot(certain, channels.head(_MOST)))
        + table
        + rest
        + "<h3>Examples</h3>"
        + paragraph("The most frequent of each kind, channel and certainty, in the first word where they stand.")
        + _examples(examples)
    )
    return Section("repairs", "Repairs", body)


def by_certainty(counts: pd.DataFrame) -> pd.DataFrame:
    """How many repairs there are of each kind, channel (``""`` where there is none) and certainty."""
    return counts.assign(codec=counts["codec"].fillna(""))


def _plot(certain: pd.DataFrame, channels: pd.DataFrame) -> str:
    def name(frame: pd.DataFrame) -> pd.Series:
        return frame["codec"].where(frame["codec"] != "", frame["kind"])

    order = {what: n for n, what in enumerate(name(channels))}
    drawn = certain.assign(what=name(certain))
    drawn = drawn[drawn["what"].isin(list(order))]
    drawn = drawn.iloc[drawn["what"].map(order).argsort(kind="stable").tolist()]
    says = "; ".join(f"{row['what']} {row['all']}" for row in channels.assign(what=name(channels)).to_dict("records"))
    drawing = bars(
        "repairs-plot", drawn[["what", "certainty", "count"]], label="what", value="count", says=f"repairs: {says}",
        colour="certainty", colours=CERTAINTY_COLOURS,
    )  # fmt: skip
    return figure("Repairs by channel or kind, and how sure they are", drawing)


def _examples(chosen: Sequence[Chosen]) -> str:
    found = [one.word for one in chosen]
    shown = pd.DataFrame(
        {
            "mend": found,
            "points": found,
            "how": [f"{w.repair['codec'] or w.repair['kind']}, {w.repair['certainty']}" for w in found],
            "times": [one.times for one in chosen],
            "place": [place(word) for word in found],
        }
    )
    labels = {"mend": "Before → after", "points": "Code points", "how": "How", "times": "Times", "place": "First at"}
    return grid("examples-table", shown, labels, counts=["times"], cells={"mend": mend_cell, "points": _points_cell})


def place(word: Word) -> str:
    """Where a word stands: ``folder/page.txt:18``."""
    return f"{word.repair['path']}:{word.repair['line_no']}"


def mend_cell(word: object) -> str:
    """Before and after, the mended places marked."""
    assert isinstance(word, Word)  # noqa: S101  # a column of words
    return f'{marked(word.before)} <span class="to">→</span> {marked(word.after)}'


def _points_cell(word: object) -> str:
    """The code points of the repair itself where the eye cannot tell before from after; else nothing."""
    assert isinstance(word, Word)  # noqa: S101  # a column of words
    before, after = str(word.repair["before"]), str(word.repair["after"])
    if not look_alike(before, after):
        return ""
    return f"<code>{html.escape(code_points(before))} → {html.escape(code_points(after))}</code>"
