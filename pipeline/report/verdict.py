"""The top of the page: whether the run is published, its figures, and what to do next."""

import html

from pipeline.report.drift import jumps
from pipeline.report.gathering import by_certainty
from pipeline.report.material import Material
from pipeline.report.page import counted
from pipeline.report.rules import broken
from pipeline.report.text import escaped

_MOST = 10


def top(made_of: Material) -> str:
    """Title, verdict, the next steps in the order of their urgency, and the figures of the run."""
    steps = next_steps(made_of)
    if made_of.findings:
        state, head = "stop", "Not published"
        says = (
            "The audit found something. The tables of the run before stand; the tables of this one are kept to look at."
        )
    elif steps:
        state, head = "look", "Published"
        says = (
            f"All lines, records and names are accounted for. {counted(len(steps), 'thing').capitalize()} to look at."
        )
    else:
        state, head = "good", "Published"
        says = "All lines, records and names are accounted for, and there is nothing to decide."
    items = "".join(f"<li>{step}</li>" for step in steps) or (
        "<li>Read the tables: start with DATA_DICTIONARY.md beside them.</li>"
    )
    return (
        f'<header>\n<p class="name">Palimpsest: report of a run</p>\n<h1 class="{state}">{head}</h1>\n'
        f"<p>{says}</p>\n<h2>What to do next</h2>\n<ol>{items}</ol>\n{_figures(made_of)}\n</header>"
    )


def next_steps(made_of: Material) -> list[str]:
    """What a person should do, an item of HTML each; nothing when there is nothing to do."""
    return [*_findings(made_of), *_files(made_of), *_rules(made_of), *_jumps(made_of), *_repairs(made_of)]


def _findings(made_of: Material) -> list[str]:
    steps = [f"Mend this and run again: {escaped(finding, 400)}" for finding in made_of.findings[:_MOST]]
    more = len(made_of.findings) - _MOST
    return [*steps, f"And {more:,} more of the kind."] if more > 0 else steps


def _files(made_of: Material) -> list[str]:
    rejected = int((made_of["raw_files"]["status"] == "rejected").sum())
    if not rejected:
        return []
    return [_step(f"{counted(rejected, 'file')} could not be used: see why, and what to do about each", "files")]


def _rules(made_of: Material) -> list[str]:
    found = broken(made_of["rule_results"])
    aside = found[~found["blocks"] & ~found["warns"]]
    if aside.empty:
        return []
    files = int((made_of["raw_files"]["status"] == "rejected").sum())  # they are among the rejects too
    rows = counted(made_of.count("rejects") - files, "row")
    return [_step(f"{counted(len(aside), 'rule')} not kept, {rows} set aside: look at the examples", "rules")]


def _jumps(made_of: Material) -> list[str]:
    found = len(jumps(made_of))
    return (
        [_step(f"{counted(found, 'figure')} unlike the runs before: see whether that is meant", "drift")]
        if found
        else []
    )


def _repairs(made_of: Material) -> list[str]:
    counts = by_certainty(made_of["mends"])
    left, inferred = counts.get("unresolved", 0), counts.get("inferred", 0)
    steps = []
    if left:
        steps.append(_step(f"{counted(left, 'damaged place')} left as in the file: decide", "undecided"))
    if inferred:
        steps.append(_step(f"{counted(inferred, 'mend')} chosen by a model: look at the least sure", "undecided"))
    return steps


def _step(says: str, section: str) -> str:
    return f'<a href="#{section}">{html.escape(says)}</a>'


def _figures(made_of: Material) -> str:
    files = made_of["raw_files"]
    figures = {
        "files": len(files),
        "lines": int(files["line_count"].sum()),
        "records": int(files["record_count"].sum()),
        "works": made_of.count("works"),
        "authors": made_of.count("authors"),
        "repairs": made_of.count("mends"),
    }
    items = "".join(f"<div><dt>{name}</dt><dd>{count:,}</dd></div>" for name, count in figures.items())
    return f'<dl class="figures">{items}</dl>'
