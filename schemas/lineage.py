"""Where columns come from: one step back, and all the way to the bytes of the raw files."""

from functools import cache
from typing import Final

from schemas.registry import TABLES

RAW: Final = "raw_folder.bytes"
"""What every value starts from, in the manner of ``table.column``."""

# The tables that are read off bytes; what is made of no column elsewhere is given by the run itself.
_READ_OFF: Final = ("sources", "text_lines")


@cache
def made_of(table: str, column: str) -> tuple[str, ...]:
    """The columns, as ``table.column``, that a column is directly made of; ``RAW`` where it is read off the bytes."""
    return TABLES[table].lineage[column] or ((RAW,) if table in _READ_OFF else ())


@cache
def goes_back(table: str, column: str) -> tuple[str, ...]:
    """The columns next to the bytes that a column goes back to through all tables, as ``table.column``, sorted."""
    found: set[str] = set()
    for source in made_of(table, column):
        found |= {f"{table}.{column}"} if source == RAW else set(goes_back(*source.split(".", 1)))
    return tuple(sorted(found))
