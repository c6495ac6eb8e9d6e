"""Column lineage on the page: what every column is made of, and back through all tables to the raw files."""

from functools import cache

import pandas as pd

from pipeline.report.grid import grid
from pipeline.report.page import Section, folded, paragraph
from pipeline.report.text import escaped
from schemas import TABLES, Table
from schemas.lineage import RAW, goes_back, made_of

_RAW_FILE = "the raw file"
_WHOLE = {"columns": lambda names: escaped(str(names), 2000)}  # a list that is cut would hide columns


@cache
def origins() -> Section:
    """Columns of a contract that are made of the same are one row; all is of the contracts, the same in every run."""
    lead = (
        "What each column is made of, and which columns that are read off the bytes of a raw file it goes back to. "
        "For one row, palimpsest trace and its id walk the same way."
    )
    labels = {"table": "Table", "columns": "Columns", "of": "Made of", "back": "Goes back to"}
    rows = pd.concat([_rows(table) for table in TABLES.values()])
    table = folded(f"The columns of {len(TABLES)} tables", grid("lineage-table", rows, labels, cells=_WHOLE))
    return Section("lineage", "Where columns come from", paragraph(lead) + table)


def _rows(table: Table) -> pd.DataFrame:
    columns: dict[tuple[str, str], list[str]] = {}
    for column in table.lineage:
        of = [_RAW_FILE if source == RAW else source for source in made_of(table.name, column)]
        back = goes_back(table.name, column)
        at_bytes = back == (f"{table.name}.{column}",)
        way = ", ".join(of) or "given by the run", _RAW_FILE if at_bytes else ", ".join(back) or "–"
        columns.setdefault(way, []).append(column)
    rows = [{"columns": ", ".join(names), "of": of, "back": back} for (of, back), names in columns.items()]
    return pd.DataFrame(rows).assign(table=table.name)
