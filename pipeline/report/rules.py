"""The contracts' rules: how many ran on how many rows, which were broken, by what, and how that went over the runs."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pipeline.report.charts import sparkline
from pipeline.report.grid import grid
from pipeline.report.material import Material
from pipeline.report.page import Section, counted, folded, paragraph
from pipeline.report.text import escaped
from schemas import TABLES
from schemas.arrow import to_rows
from schemas.rule import REJECT_RATE

_MOST = 25
RUN_HISTORY: Final = "run_history"


def broken(results: pd.DataFrame) -> pd.DataFrame:
    """The rules that rows broke: first those that block, last those that only warn, then by how many."""
    rows = results[results["failures"] > 0]
    rows = rows.assign(warns=rows["severity"] == "warn")
    order = ["blocks", "warns", "failures", "table", "rule"]
    return rows.sort_values(order, ascending=[False, True, False, True, True])


def rules(made_of: Material) -> Section:
    """How the rules fared."""
    results = made_of["rule_results"]
    found = broken(results).head(_MOST)
    lead = (
        f"{counted(len(results), 'rule')} ran over {counted(results['table'].nunique(), 'table')}, "
        f"{int(results['rows'].sum()):,} times a rule and a row. {counted(len(broken(results)), 'rule')} "
        f"{'was' if len(broken(results)) < 2 else 'were'} broken."
    )
    table = _broken(made_of, found) if len(found) else ""
    return Section("rules", "Rules", paragraph(lead[0].upper() + lead[1:]) + table + _tables(made_of))


def _broken(made_of: Material, found: pd.DataFrame) -> str:
    examples = _examples(made_of["broken_rows"])
    rows = to_rows(found)
    trends = [made_of.over_runs(row["table"], "rule_failures", row["rule"]) for row in rows]
    shown = pd.DataFrame(
        {
            "says": [f"{row['says']}" for row in rows],
            "table": [row["table"] for row in rows],
            "failures": [row["failures"] for row in rows],
            "share": [row["failures"] / max(row["rows"], 1) for row in rows],
            "then": [_then(row) for row in rows],
            "trend": [sparkline(t, f"{row['says']} over {len(t)} runs") for t, row in zip(trends, rows, strict=True)],
            "example": [_example(row, examples) for row in rows],
        }
    )
    labels = {
        "says": "Rule", "table": "Table", "failures": "Rows", "share": "Share", "then": "They were", "trend": "Runs",
        "example": "Example",
    }  # fmt: skip
    if not any(trends):
        del labels["trend"]
    return grid(
        "broken-table", shown, labels, counts=["failures"], shares=["share"], cells={"trend": str, "example": str}
    )


def _then(row: Mapping[str, Any]) -> str:
    """What became of the rows that broke a rule."""
    if row["blocks"]:
        return "not published"
    return "kept" if row["severity"] == "warn" and row["rule"] != REJECT_RATE else "set aside"


def _examples(rejects: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str]]:
    """For each table and rule the first reject: where it is from, and its row as JSON."""
    found = {}
    for reject in to_rows(rejects):
        line = "" if reject["path"] is None or reject["line_start"] is None else f":{reject['line_start']}"
        found[reject["table"], reject["rule"]] = (f"{reject['path'] or ''}{line}", reject["row"])
    return found


def _example(result: Mapping[str, Any], rejects: Mapping[tuple[str, str], tuple[str, str]]) -> str:
    """A row that broke a rule, as HTML: the first of the rejects, else the first that was kept, or blocks."""
    if result["table"] == RUN_HISTORY and result["severity"] == "warn":
        return '<a href="#drift">the figures</a>'
    place, row = rejects.get((result["table"], result["rule"]), ("", result["broken_row"] or ""))
    return f"<bdi>{escaped(place)}</bdi> <code>{escaped(_broken_first(result, row))}</code>"


def _broken_first(result: Mapping[str, Any], row: str) -> str:
    """A row as JSON with the columns first that the rule is about, since the rest may be cut."""
    rules = TABLES[result["table"]].rules if result["table"] in TABLES else ()
    about = next((rule.columns for rule in rules if rule.name == result["rule"]), ())
    try:
        cells = json.loads(row)
    except ValueError:
        return row
    if not isinstance(cells, dict):
        return row
    return json.dumps({**{name: cells[name] for name in about if name in cells}, **cells}, ensure_ascii=False)


def _tables(made_of: Material) -> str:
    grouped = made_of["rule_results"].groupby("table", sort=False)
    counts = grouped.agg(rules=("rule", "count"), rows=("rows", "max"), failures=("failures", "sum")).reset_index()
    trends = [made_of.over_runs(str(table), "row_count") for table in counts["table"]]
    shown = counts.assign(
        trend=[sparkline(t, f"rows over {len(t)} runs: {', '.join(f'{v:,.0f}' for v in t)}") for t in trends]
    )
    labels = {"table": "Table", "rules": "Rules", "rows": "Rows looked at", "failures": "Rows that broke one"}
    if any(trends):
        labels["trend"] = "Rows over the runs"
    counted_columns = ["rules", "rows", "failures"]
    return folded("All tables", grid("rules-table", shown, labels, counts=counted_columns, cells={"trend": str}))
