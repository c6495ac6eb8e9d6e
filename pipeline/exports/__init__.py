"""Exports of reference managers, databases and sites: BibTeX, RIS, MEDLINE, CSV, TSV, JSON, XML and saved web pages.

A file in such a format becomes values instead of lines, each with its field, its entry and the bytes that hold it.
What is wrong inside a value (mojibake, entities) belongs to ``pipeline.repair``; what a field means for a record, to
``pipeline.split``, with the table of names in ``fields``.
"""

from pipeline.exports.formats import TEXT, format_of, read_format
from pipeline.exports.rows import (
    LineRows,
    Row,
    counted_in_parts,
    opening_rows,
    part_rows,
    read_rows,
    recognised,
    texts_of,
)
from pipeline.exports.value import BROKEN, OUTSIDE, Export, Value

__all__ = [
    "BROKEN",
    "OUTSIDE",
    "TEXT",
    "Export",
    "LineRows",
    "Row",
    "Value",
    "counted_in_parts",
    "format_of",
    "opening_rows",
    "part_rows",
    "read_format",
    "read_rows",
    "recognised",
    "texts_of",
]
