"""What Dagster is told of a table: its columns and their lineage beforehand, counts, place and a sample afterwards."""

import re
from collections.abc import Mapping
from typing import Any

import dagster as dg
import pandas as pd

from pipeline.engine import Written
from pipeline.ingest.names import printable
from pipeline.storage import RawFolder
from pipeline.tables import TableSet
from schemas import Table
from schemas.arrow import to_rows, type_name
from schemas.lineage import RAW, goes_back, made_of

_CELL = 120

RAW_FOLDER = RAW.split(".", maxsplit=1)[0]
READ_RAW = frozenset({"ingest", "repair"})
"""The stages that read it."""


def raw_folder_spec() -> dg.AssetSpec:
    """The raw files as an asset that no run makes: where all lineage ends."""
    return dg.AssetSpec(
        RAW_FOLDER,
        group_name="ingest",
        description="The raw files as they are on disk, read and never written: data/raw/**",
        kinds={"file"},
        metadata={"dagster/column_schema": dg.TableSchema([dg.TableColumn("bytes", "bytes", "What a file holds")])},
    )


def asset_spec(table: Table, needs: tuple[str, ...]) -> dg.AssetSpec:
    """The asset of a table: key, group, description, columns and column lineage, all from its contract."""
    return dg.AssetSpec(
        key=table.name,
        deps=needs,
        group_name=table.stage,
        description=table.description,
        code_version=table.fingerprint,
        kinds={"parquet", "pandas"},
        metadata={
            "dagster/column_schema": _column_schema(table),
            "lineage": dg.MetadataValue.md(_lineage_page(table)),
            "contract": f"{table.name} {table.version} ({table.fingerprint})",
        },
    )


def written(table: Table, rows: Written, tables: TableSet, raw: RawFolder) -> Mapping[str, Any]:
    """Metadata of a table that was just written."""
    path = tables.path(table.name)
    facts: dict[str, Any] = {
        "dagster/row_count": rows.rows,  # also plotted over the runs, as every number is
        "dagster/column_schema": _column_schema(table),
        "dagster/column_lineage": _column_lineage(table),
        "dagster/uri": str(path),
        "file": dg.MetadataValue.path(str(path.resolve())),
        "bytes": path.stat().st_size,
        "sample": sample(table.empty() if rows.head is None else rows.head),
    }
    if "path" in table.arrow_schema.names:
        sources = [str((raw.root / name).resolve()) for name in rows.files]
        facts["raw files"] = dg.MetadataValue.md("\n".join(f"- {_code(name)}" for name in sources) or "none")
    return facts


def sample(frame: pd.DataFrame) -> dg.TableMetadataValue:
    """A few rows as a table that Dagster shows; long texts are cut."""
    records = [dg.TableRecord({name: _cell(value) for name, value in row.items()}) for row in to_rows(frame)]
    columns = [dg.TableColumn(str(name), _dagster_type(dtype)) for name, dtype in frame.dtypes.items()]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns=columns))


def _cell(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, int | float | bool):
        return value
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _code(text: str) -> str:
    """Text of others as Markdown shows it and does not obey: a code span fenced by more backticks than it holds."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {printable(text)} {fence}".replace("\n", " ")


def _dagster_type(dtype: object) -> str:
    name = str(dtype).removesuffix("[pyarrow]")
    return {"int64": "int", "double": "float"}.get(name, name if name == "bool" else "string")


def _column_schema(table: Table) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                type_name(column.type),
                description=(column.metadata or {}).get(b"description", b"").decode(),
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=table.key == (column.name,)),
            )
            for column in table.arrow_schema
        ]
    )


def _column_lineage(table: Table) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        deps_by_column={
            column: [dg.TableColumnDep(*dep.split(".", 1)) for dep in made_of(table.name, column)]
            for column in table.lineage
        }
    )


def _lineage_page(table: Table) -> str:
    """Column lineage as a Markdown table, since the open-source pages record it and do not draw it."""
    rows = []
    for column in table.lineage:
        of, back = made_of(table.name, column), goes_back(table.name, column)
        rows.append(f"| {column} | {', '.join(of) or '–'} | {', '.join(back) or '–'} |")
    return "\n".join(["| column | made of | next to the bytes |", "|---|---|---|", *rows])
