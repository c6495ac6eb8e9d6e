"""The files: which of them yielded nothing or came out worst, and by which layouts they were read."""

import pandas as pd

from pipeline.report.charts import bars
from pipeline.report.gathering import tally
from pipeline.report.grid import grid
from pipeline.report.material import Material
from pipeline.report.page import Section, beside, counted, figure, paragraph
from pipeline.report.text import escaped

_MOST = 20
_REASONS = 10
_WHOLE = 1000  # what to do stands at the end of a reason


def sources(made_of: Material) -> Section:
    """The raw files, the worst first."""
    files = made_of["raw_files"]
    status = files["status"].value_counts()
    lead = (
        f"{counted(len(files), 'file')}: {int(status.get('parsed', 0)):,} parsed, {int(status.get('empty', 0)):,} "
        f"empty, {int(status.get('rejected', 0)):,} rejected."
    )
    ranked = worst(made_of)
    labels = {
        "path": "File", "what": "Read as", "record_count": "Records", "line_count": "Lines", "repairs": "Repairs",
        "rate": "Repairs a line", "unresolved": "Undecided", "unclaimed": "Unclaimed lines",
    }  # fmt: skip
    numbers = ["record_count", "line_count", "repairs", "unresolved", "unclaimed"]
    table = grid(
        "files-table",
        ranked.head(_MOST),
        labels,
        counts=numbers,
        numbers=["rate"],
        cells={"rate": lambda v: f"{v:.2f}"},
    )
    shown = f" The {_MOST} worst are shown." if len(files) > _MOST else ""
    return Section("files", "Files", paragraph(lead + shown) + _reasons(files) + table + _layouts(files))


def worst(made_of: Material) -> pd.DataFrame:
    """All files: rejected ones first, then by undecided damage and unclaimed lines, then by repairs a line."""
    files, repairs = made_of["raw_files"], made_of["mended_files"]
    counts = {
        "repairs": tally(repairs, "path"),
        "unresolved": repairs[repairs["certainty"] == "unresolved"],
        "unclaimed": made_of["unclaimed"],
    }
    merged = files
    for name, count in counts.items():
        merged = merged.merge(count[["path", "count"]].rename(columns={"count": name}), on="path", how="left")
        merged[name] = merged[name].fillna(0)
    return merged.assign(
        rate=merged["repairs"] / merged["line_count"].where(merged["line_count"] > 0, 1),
        what=merged["layout"].where(merged["status"] == "parsed", merged["status"]),
        bad=(merged["status"] == "rejected").astype("int64[pyarrow]"),
        hurt=merged["unresolved"] + merged["unclaimed"],
    ).sort_values(["bad", "hurt", "rate", "path"], ascending=[False, False, False, True])


def _reasons(files: pd.DataFrame) -> str:
    noted = pd.concat(
        [
            files[["path", "reason"]].rename(columns={"reason": "why"}),
            files[["path", "note"]].rename(columns={"note": "why"}),
        ]
    )
    noted = noted[noted["why"].notna()]
    if noted.empty:
        return ""
    more = paragraph(f"And {len(noted) - _REASONS:,} more: see raw_files.parquet.") if len(noted) > _REASONS else ""
    labels = {"path": "File", "why": "What is the matter, what to do"}
    return grid("reasons-table", noted.head(_REASONS), labels, cells={"why": lambda v: escaped(str(v), _WHOLE)}) + more


def _layouts(files: pd.DataFrame) -> str:
    counts = files[files["layout"].notna()].groupby("layout", sort=True)["record_count"].sum().reset_index()
    if counts.empty:
        return ""
    counts = counts.sort_values(["record_count", "layout"], ascending=[False, True])
    says = "; ".join(f"{layout} {count}" for layout, count in counts.itertuples(index=False, name=None))
    drawing = bars("layouts-plot", counts, label="layout", value="record_count", says=f"records by layout: {says}")
    return beside(figure("Records by layout", drawing))
