"""The works: which records were merged and why, how complete they are, and how their figures are distributed."""

import pandas as pd

from pipeline.report.charts import bars, columns
from pipeline.report.gathering import tally
from pipeline.report.grid import grid
from pipeline.report.material import Material
from pipeline.report.page import Section, beside, counted, figure, paragraph

_MOST = 15
_LAST = 12


def works(made_of: Material) -> Section:
    """Works that were put together from several records."""
    rows, count = made_of["works"], made_of.count("works")
    several = int(rows.loc[rows["record_count"] > 1, "count"].sum())
    merged = int((rows["record_count"] * rows["count"]).sum()) - count
    lead = (
        f"{counted(several, 'work')} of {count:,} made of several records; {counted(merged, 'record')} "
        f"{'was' if merged < 2 else 'were'} merged into others."
    )
    if not several:
        return Section("works", "Merged works", paragraph(lead[0].upper() + lead[1:]))
    largest = made_of["largest_works"].head(_MOST).drop(columns=["count", "first"])
    found = made_of.at("work_records", ["work_id", "path", "line_start", "rule", "score"], largest[["work_id"]])
    found = found.assign(place=found["path"] + ":" + found["line_start"].astype("string[pyarrow]"))
    of = found.groupby("work_id", sort=False)
    shown = largest.assign(
        title=largest["title"].fillna("(without a title)"),
        why=largest["work_id"].map(of["rule"].agg(lambda r: ", ".join(sorted(set(r) - {"alone"})))),
        score=largest["work_id"].map(of["score"].min()),
        places=largest["work_id"].map(of["place"].agg(lambda p: ", ".join(sorted(p)))),
    )
    labels = {"title": "Title", "record_count": "Records", "why": "Why", "score": "Sure", "places": "Where"}
    table = grid("works-table", shown, labels, counts=["record_count"], shares=["score"])
    more = f" The {_MOST} largest are shown." if several > _MOST else ""
    return Section("works", "Merged works", paragraph(lead[0].upper() + lead[1:] + more) + table)


def distributions(made_of: Material) -> Section:
    """How complete works are, and how many records and authors they have, in which years."""
    rows = made_of["works"]
    if rows.empty:
        return Section("distributions", "Distributions", paragraph("There is no work."))
    parts = [
        _complete(rows),
        _counts("records-plot", rows, "record_count", "Records a work"),
        _counts("authors-plot", rows, "author_count", "Authors a work"),
        _years(rows[rows["year"].notna()]),
        _names(made_of["authors"]),
    ]
    return Section("distributions", "Distributions", beside(*parts))


def _complete(rows: pd.DataFrame) -> str:
    has = {
        "title": rows["titled"],
        "abstract": rows["abstracted"],
        "authors": rows["author_count"] > 0,
        "venue": rows["placed"],
        "year": rows["year"].notna(),
    }
    count = int(rows["count"].sum())
    shares = pd.DataFrame({"field": list(has), "share": [int(rows["count"][m].sum()) / count for m in has.values()]})
    says = "; ".join(f"{field} {share:.1%}" for field, share in shares.itertuples(index=False, name=None))
    drawing = bars("complete-plot", shares, label="field", value="share", says=says, per_cent=True)
    return figure("Works that have a …", drawing)


def _counts(name: str, rows: pd.DataFrame, column: str, what: str) -> str:
    counts = tally(rows.assign(n=rows[column].clip(upper=_LAST)), "n").set_index("n")["count"]
    first = 0 if 0 in counts.index else 1
    last = int(counts.index.max())
    drawn = counts.reindex(range(first, last + 1), fill_value=0).rename_axis("n").reset_index()
    drawn = drawn.assign(n=[f"{n}+" if n == _LAST else str(n) for n in drawn["n"]])
    says = "; ".join(f"{n}: {count}" for n, count in drawn[["n", "count"]].itertuples(index=False, name=None))
    return figure(what, columns(name, drawn[["n", "count"]], label="n", value="count", says=says))


def _years(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    years = rows["year"]
    low, high = int(years.min()), int(years.max())
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (high - low) // s < 30)
    binned = tally(rows.assign(year=years // step * step), "year").set_index("year")["count"]
    drawn = binned.reindex(range(low // step * step, high + 1, step), fill_value=0).rename_axis("year").reset_index()
    says = f"years of works from {low} to {high}"
    caption = "Works by year" if step == 1 else f"Works by year, in steps of {step}"
    return figure(caption, columns("years-plot", drawn, label="year", value="count", says=says))


def _names(counts: pd.DataFrame) -> str:
    if counts.empty:
        return ""
    says = "; ".join(f"{c} {n}" for c, n in counts[["certainty", "count"]].itertuples(index=False, name=None))
    drawing = bars("names-plot", counts, label="certainty", value="count", says=f"authors by certainty: {says}")
    return figure("Authors by how sure their name is", drawing)
