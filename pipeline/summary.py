"""The ten lines at the end of a run."""

from pipeline.manifest import MANIFEST
from pipeline.objectstore import on_store
from pipeline.storage import CleanFolder
from schemas.registry import PUBLISHED
from schemas.rules import CERTAINTIES


def summary(clean: CleanFolder) -> list[str]:
    """What the published tables hold, a line an entry; raises LookupError when nothing is published."""
    tables = clean.published()
    if tables is None:
        raise LookupError(f"{clean.root}: nothing is published there; run palimpsest run first")
    files = tables.read("raw_files", ["status", "line_count", "record_count"])
    rules = tables.read("rule_results", ["rule", "rows", "failures", "severity"])
    records, works, authors, repairs, rejects = (
        tables.count(name) for name in ("records", "works", "authors", "text_repairs", "rejects")
    )
    home, where = str(clean.root), f"{clean.root}/*.parquet"
    if on_store(clean.root):
        home, where = str(tables.folder), f"{tables.folder}/*.parquet, named by {clean.root / MANIFEST}"
    status = files["status"].value_counts()
    certainty = tables.frequencies("text_repairs", "certainty")
    broken = rules[(rules["failures"] > 0) & (rules["severity"] != "warn")]
    warned = int(((rules["failures"] > 0) & (rules["severity"] == "warn")).sum())
    checked = int(rules.loc[rules["rule"] == "key__unique", "rows"].sum())
    size = sum(tables.path(name).stat().st_size for name in PUBLISHED)
    organisations = tables.frequencies("authors", "kind")["organisation"]
    untitled = tables.nulls("works", ["title"])["title"]
    return [
        _line("files", len(files), ", ".join(f"{status.get(s, 0):,} {s}" for s in ("parsed", "empty", "rejected"))),
        _line("lines", int(files["line_count"].sum()), "each with one role"),
        _line("records", records, f"from {int((files['record_count'] > 0).sum()):,} files"),
        _line("works", works, f"{records - works:,} records merged, {untitled:,} without a title"),
        _line("authors", authors, f"{organisations:,} of them organisations"),
        _line("repairs", repairs, ", ".join(f"{certainty[c]:,} {c}" for c in CERTAINTIES)),
        _line("rejects", rejects, "rows set aside with their reasons" if rejects else "nothing set aside"),
        _line(
            "rules",
            len(rules),
            f"ran on {checked:,} rows; {len(broken):,} broken by {int(broken['failures'].sum()):,} rows, "
            f"{warned:,} with a warning",
        ),
        f"tables      {where} ({len(PUBLISHED)} tables, {size / 1e6:.1f} MB)",
        f"look at     {home}/report.html, then DATA_DICTIONARY.md",
    ]


def figures(clean: CleanFolder) -> dict[str, int]:
    """Numbers of the published run that are worth a curve over the runs."""
    tables = clean.published()
    if tables is None:
        return {}
    certainty = tables.frequencies("text_repairs", "certainty")
    return {
        **{name: tables.count(name) for name in ("raw_files", "records", "works", "authors", "rejects")},
        **{f"repairs {name}": certainty[name] for name in CERTAINTIES},
        "rules broken": int((tables.read("rule_results", ["failures"])["failures"] > 0).sum()),
    }


def complaints(clean: CleanFolder, most: int = 5) -> list[str]:
    """Why files of the published run yielded nothing, and what was read with damage; the first few, a line each.

    Each names the file and what to do about it.
    """
    tables = clean.published()
    if tables is None:
        return []
    files = tables.read("raw_files", ["path", "reason", "note"])
    noted = files["path"] + ": " + files["note"]
    found = [*files["reason"].dropna(), *noted.dropna()]
    more = [f"and {len(found) - most:,} more files: see raw_files"] if len(found) > most else []
    return [*found[:most], *more]


def _line(what: str, count: int, detail: str) -> str:
    return f"{what:<8} {count:>9,}  {detail}"
