"""What was lost on the way, stage by stage, on a scale of its own: on a bar of totals half a per cent vanishes."""

import pandas as pd

from pipeline.report.charts import MAIN, OTHER, bars
from pipeline.report.grid import grid, percent
from pipeline.report.material import Material
from pipeline.report.page import Section, beside, counted, figure, paragraph
from schemas.quality import STAGES

_KINDS = {"set aside": MAIN, "rejected": OTHER}
_MOST = 12


def losses(made_of: Material) -> Section:
    """The ledger, summed over files, and what was set aside."""
    stages = by_stage(made_of["ledger"])
    off = int(stages["difference"].abs().sum())
    balance = (
        f"{counted(off, 'unit')} not accounted for: see the findings above."
        if off
        else "Set aside has a recorded role or reason; rejected has its reasons in rejects.parquet. "
        "Nothing is unaccounted for."
    )
    labels = {"step": "Stage", "received": "Came in", "aside": "Set aside", "lost": "Rejected"}
    shown = stages.assign(
        aside=_pairs(stages, "set_aside"),
        lost=_pairs(stages, "rejected"),
    )
    cells = {"aside": _with_share, "lost": _with_share}
    table = grid("losses-table", shown, labels, counts=["received", "aside", "lost"], cells=cells)
    return Section("losses", "Losses by stage", paragraph(balance) + beside(_plot(stages), _aside(made_of)) + table)


def by_stage(ledger: pd.DataFrame) -> pd.DataFrame:
    """A row a stage and unit, in the order of the stages: counts over all files, and shares of what came in."""
    numbers = ["received", "used", "set_aside", "rejected", "difference"]
    if ledger.empty:
        return pd.DataFrame(columns=["stage", "unit", *numbers, "share_set_aside", "share_rejected", "step"])
    summed = ledger.groupby(["stage", "unit"], sort=False)[numbers].sum().reset_index()
    units = list(dict.fromkeys(summed["unit"]))
    order = summed.apply(lambda row: (STAGES.index(row["stage"]), units.index(row["unit"])), axis=1)
    summed = summed.iloc[order.argsort().tolist()].reset_index(drop=True)
    came = summed["received"].astype("float64")
    for name in ("set_aside", "rejected"):
        summed[f"share_{name}"] = (summed[name].astype("float64") / came.where(came > 0)).fillna(0.0)
    return summed.assign(step=summed["stage"] + ": " + summed["unit"])


def _pairs(stages: pd.DataFrame, name: str) -> pd.Series:
    """Count and share of each row, as one value."""
    return stages[[name, f"share_{name}"]].apply(tuple, axis=1)


def _with_share(value: object) -> str:
    count, share = value if isinstance(value, tuple) else (0, 0.0)
    return f"{int(count):,} <small>({percent(share)})</small>" if count else "0"


def _plot(stages: pd.DataFrame) -> str:
    parts = [
        stages[["step"]].assign(kind=kind, share=stages[f"share_{kind.replace(' ', '_')}"].astype("float64"))
        for kind in _KINDS
    ]
    data = pd.concat(parts, ignore_index=True)
    lost = data[data["step"].isin(data[data["share"] > 0]["step"])]
    if lost.empty:
        return ""
    says = "; ".join(f"{step} {kind} {share:.1%}" for step, kind, share in lost.itertuples(index=False, name=None))
    drawing = bars(
        "losses-plot", lost, label="step", value="share", says=says, colour="kind", colours=_KINDS, per_cent=True
    )
    return figure("Share of what came in that goes no further", drawing)


def _aside(made_of: Material) -> str:
    roles = made_of["roles"]
    page = roles[roles["role"].isin(["page_owner", "chrome", "blank", "unclaimed", "rejected"])]
    named = pd.concat(
        [
            page.assign(what="line: " + page["role"].str.replace("_", " ")),
            made_of["unused"].assign(what="author token: " + made_of["unused"]["reason"]),
        ]
    )
    if named.empty:
        return ""
    return figure(
        "What goes no further",
        grid("aside-table", named.head(_MOST), {"what": "What it is", "count": "How many"}, counts=["count"]),
    )
