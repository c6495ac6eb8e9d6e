"""The data dictionary: every table and column in words, from the contracts and nothing else."""

from schemas.arrow import type_name
from schemas.contract import Table
from schemas.registry import PUBLISHED


def dictionary() -> str:
    """The dictionary of all tables as one Markdown page."""
    head = [
        "# Data dictionary",
        "",
        "Made from the contracts in `schemas/` with `palimpsest dictionary`; do not edit it here.",
        "",
        "| stage | table | one row is |",
        "|---|---|---|",
        *(f"| {t.stage} | [{t.name}](#{t.name}) | {_cell(t.description)} |" for t in PUBLISHED.values()),
    ]
    return "\n".join([*head, *(line for table in PUBLISHED.values() for line in _table(table))]) + "\n"


def _table(table: Table) -> list[str]:
    rows = [
        f"| `{column.name}` | {type_name(column.type)} | {'yes' if column.nullable else 'no'} | "
        f"{_cell(column.metadata[b'description'].decode())} | {', '.join(table.lineage[column.name])} |"
        for column in table.arrow_schema
    ]
    links = [f"- ({', '.join(r.columns)}) refers to {r.table} ({', '.join(r.target)})" for r in table.references]
    links += [f"- every row of {r.table} appears here" for r in table.covers]
    checks = [
        f"- {rule.says}" + (" (a warning)" if rule.severity == "warn" else "")
        for rule in table.rules
        if rule.kind == "table check"
    ]
    return [
        "",
        f"## {table.name}",
        "",
        f"{table.description}",
        "",
        f"Stage {table.stage}. Key: ({', '.join(table.key)}). "
        f"Contract version {table.version}, {len(table.rules)} rules.",
        "",
        "| column | type | null | what it holds | made of |",
        "|---|---|---|---|---|",
        *rows,
        *(["", *links, *checks] if links or checks else []),
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
