"""Column lineage on the page: what every column is made of, and back through all tables to the raw files."""

import pandas as pd

from pipeline.report.grid import grid
from pipeline.report.page import Section, folded, paragraph
from schemas import TABLES, Table
from schemas.lineage import RAW, goes_back, made_of

_RAW_FILE = "the raw file"


def origins() -> Section:
    """A table a contract, folded; they are of the contracts and the same in every run."""
    lead = (
        "What each column is made of, and which columns that are read off the bytes of a raw file it goes back to. "
        "For one row, palimpsest trace and its id walk the same way."
    )
    labels = {"column": "Column", "of": "Made of", "back": "Goes back to"}
    tables = [folded(table.name, grid(f"origin-{table.name}", _rows(table), labels)) for table in TABLES.values()]
    return Section("lineage", "Where columns come from", paragraph(lead) + "".join(tables))


def _rows(table: Table) -> pd.DataFrame:
    rows = []
    for column in table.lineage:
        of = [_RAW_FILE if source == RAW else source for source in made_of(table.name, column)]
        back = goes_back(table.name, column)
        rows.append(
            {
                "column": column,
                "of": ", ".join(of) or "given by the run",
                "back": _RAW_FILE if back == (f"{table.name}.{column}",) else ", ".join(back) or "–",
            }
        )
    return pd.DataFrame(rows)
