"""Material for reports: tables of a small run, with what a test wants to see in them."""

from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.report import Material, gathered
from schemas import TABLES

Rows = Sequence[dict[str, object]]

DEFAULTS: dict[str, dict[str, object]] = {
    "raw_files": {"line_count": 1, "status": "parsed", "layout": "listing_a", "record_count": 1},
    "text_repairs": {
        "path": "a.txt", "line_no": 1, "start": 0, "end": 1, "before": "x", "after": "y", "kind": "mojibake",
        "codec": "utf-8>cp1252", "certainty": "exact", "confidence": 1.0, "alternatives": [], "evidence": "",
    },
    "line_roles": {"path": "a.txt", "line_no": 1, "role": "blank"},
    "works": {"record_count": 1, "author_count": 0},
    "work_records": {"path": "a.txt", "line_start": 1, "rule": "same title", "score": 0.9},
    "authors": {"kind": "person", "certainty": "clean", "ambiguous_name": False},
    "rejects": {"table": "records", "rules": [], "row": "{}"},
    "ledger": {"stage": "split", "path": "a.txt", "unit": "lines", "received": 0, "used": 0, "set_aside": 0,
               "rejected": 0, "difference": 0},
    "rule_results": {"table": "records", "rule": "r", "says": "r", "rows": 9, "failures": 0, "severity": "reject",
                     "blocks": False},
    "text_lines": {"path": "a.txt", "line_no": 1},
}  # fmt: skip


def frame(name: str, rows: Rows) -> pd.DataFrame:
    """Rows of a table as the contract types them; what a row does not say is the default or null."""
    full = [{**DEFAULTS.get(name, {}), **row} for row in rows]
    columns = {f.name: pa.array([row.get(f.name) for row in full], f.type) for f in TABLES[name].arrow_schema}
    return pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)


@pytest.fixture
def material() -> Callable[..., Material]:
    """Makes material from rows by table; tables that are not named are empty."""

    def make(findings: Sequence[str] = (), history: Rows = (), at_once: int = 1000, **tables: Rows) -> Material:
        held = {name: frame(name, tables.pop(name, [])) for name in TABLES}
        assert not tables, f"there are no tables {list(tables)}"

        def read(name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
            rows = held[name][list(columns)]
            return (rows.iloc[start : start + at_once] for start in range(0, len(rows), at_once))

        def at(name: str, columns: Sequence[str], places: pd.DataFrame) -> pd.DataFrame:
            return held[name].merge(places)[list(columns)]

        extra = {"history": pd.DataFrame(list(history))} if history else {}
        return Material(gathered(read), at, tuple(findings), **extra)

    return make


@pytest.fixture
def past() -> Callable[..., dict[str, object]]:
    """Makes a figure of a run."""

    def make(run: int, measure: str, value: float, column: str = "*", **more: object) -> dict[str, object]:
        return {"run_no": run, "measure": measure, "table": "records", "column": column, "category": "*",
                "value": value, "expected_low": None, "expected_high": None, **more}  # fmt: skip

    return make


class Page(HTMLParser):
    """What a browser would see of a page: elements with attributes, and the text of each table cell and item."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    @property
    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]


@pytest.fixture
def page() -> Callable[[str], Page]:
    """Reads HTML."""
    return Page
