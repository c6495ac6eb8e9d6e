"""The Arrow side of a contract: column types, the Parquet schema, and the stamp in a Parquet file's footer.

Not here: what a table means (the model) and whether rows keep its rules (``contract``).
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
import pyarrow as pa

Text = Annotated[pd.ArrowDtype, pa.string()]
Whole = Annotated[pd.ArrowDtype, pa.int64()]
Real = Annotated[pd.ArrowDtype, pa.float64()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Texts = Annotated[pd.ArrowDtype, pa.list_(pa.string())]
Wholes = Annotated[pd.ArrowDtype, pa.list_(pa.int64())]

# What pandas' reader must be told so that a plain ``pd.read_parquet`` gives these types back. "utf8" and not
# "string", because pandas keeps the latter for a type of its own; lists have no name there and come back as objects
# unless the reader asks for ``dtype_backend="pyarrow"``.
_PANDAS_NAMES = {
    pa.string(): ("unicode", "utf8[pyarrow]"),
    pa.int64(): ("int64", "int64[pyarrow]"),
    pa.float64(): ("float64", "double[pyarrow]"),
    pa.bool_(): ("bool", "bool[pyarrow]"),
}


def field(name: str, type_: pa.DataType, *, nullable: bool, description: str) -> pa.Field:
    """One column of a Parquet schema, its description with it."""
    return pa.field(name, type_, nullable=nullable, metadata={"description": description})


def type_name(type_: pa.DataType) -> str:
    """The type's name for people: ``string``, ``int64``, ``list<string>``."""
    return str(type_).replace("item: ", "").replace("element: ", "")


def stamped(schema: pa.Schema, stamp: Mapping[str, str]) -> pa.Schema:
    """Put a stamp (contract, version, hash, run) and pandas' type names into a schema's metadata.

    The stamp is readable with any Parquet reader, for example DuckDB's ``parquet_kv_metadata``.
    """
    columns = []
    for column in schema:
        pandas_type, numpy_type = _PANDAS_NAMES.get(column.type, ("list[unicode]", "object"))
        columns.append(
            {
                "name": column.name,
                "field_name": column.name,
                "pandas_type": pandas_type,
                "numpy_type": numpy_type,
                "metadata": None,
            }
        )
    pandas_meta = {"index_columns": [], "column_indexes": [], "columns": columns, "pandas_version": "3.0.0"}
    meta = {**{f"palimpsest.{key}": value for key, value in stamp.items()}, "pandas": json.dumps(pandas_meta)}
    return schema.with_metadata(meta)


def to_arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """A frame as an Arrow table of exactly this schema; raises ``pyarrow.ArrowInvalid`` where a value does not fit."""
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False).replace_schema_metadata(schema.metadata)


def to_frame(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a pandas frame whose columns are Arrow-backed, with a plain index."""
    frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def values_of(column: pd.Series) -> list[Any]:
    """The values of a column as plain ones, None where there is nothing; 50 times as quick as going through it."""
    values: list[Any] = pa.array(column, from_pandas=True).to_pylist()
    return values


def to_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values: text, numbers, lists, and None where there is nothing."""
    rows: list[dict[str, Any]] = pa.Table.from_pandas(frame, preserve_index=False).to_pylist()
    return rows
