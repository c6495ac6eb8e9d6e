"""Builders of the tables that linking reads, for all of its tests."""

from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from schemas import TABLES

Row = dict[str, object]
Build = Callable[[Sequence[Row]], pd.DataFrame]


def build_records(rows: Sequence[Row]) -> pd.DataFrame:
    """Records of which only what matters is given; ``id`` is the number that the record id ends with."""
    table = TABLES["records"]
    if not rows:
        return table.empty()
    plain = dict.fromkeys(table.arrow_schema.names) | {"layout": "C", "author_tokens": 0}
    full = []
    for line, row in enumerate(rows, start=1):
        content = {key: value for key, value in row.items() if key not in {"id", "authors"}}
        place = {"path": "a.txt", "line_start": line, "line_end": line, "record_id": f"r{row['id']:016x}"}
        full.append(plain | place | content)
    return table.typed(pd.DataFrame(full))


def build_mentions(rows: Sequence[Row]) -> pd.DataFrame:
    """The lists of records: each of ``authors`` is (family, given) with certainty, suffix and kind as further items."""
    table = TABLES["author_mentions"]
    full = []
    for row in rows:
        for position, name in enumerate(row.get("authors", ()), start=1):
            family, given, certainty, suffix, kind = (*name, *("clean", None, "person")[len(name) - 2 :])
            full.append(
                {
                    "record_id": f"r{row['id']:016x}",
                    "position": position,
                    "name_as_printed": f"{family}, {given}",
                    "tokens": 2,
                    "family": family,
                    "given": given,
                    "suffix": suffix,
                    "kind": kind,
                    "certainty": certainty,
                    "flags": ["unresolved_damage"] if certainty == "unresolved" else [],
                }
            )
    return table.typed(pd.DataFrame(full)) if full else table.empty()


@pytest.fixture(name="records_of", scope="session")
def _records_of() -> Build:
    return build_records


@pytest.fixture(name="mentions_of", scope="session")
def _mentions_of() -> Build:
    return build_mentions
