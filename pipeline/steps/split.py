"""The stage ``split``: records, the role of every line, names, and the verdict on every file."""

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.engine import BatchRun
from pipeline.exports import Row
from pipeline.ingest import Source
from pipeline.ingest.pieces import Piece
from pipeline.repair import Mended
from pipeline.repair.collector import uncollected
from pipeline.repair.tables import corrections_of, export_rows, mended_files
from pipeline.split import FileSplit, split_export, split_file, split_piece
from pipeline.split.rows import columns_of
from pipeline.split.tables import file_rows, released
from pipeline.steps.large import file_habits
from pipeline.steps.parted import part_habits
from schemas import TABLES
from schemas.arrow import to_rows


@uncollected()
def split(run: BatchRun) -> None:
    """Split every file into records and names."""
    sources, text_lines = run.read("sources"), run.read("text_lines")
    files, values = mended_files(text_lines, run.read("text_repairs")), export_rows(text_lines)
    formats = dict(zip(sources["path"], sources["format"], strict=True))
    described = run.raw.layouts()
    parts: dict[str, FileSplit] = {}
    for number, (path, lines) in enumerate(files.items(), 1):
        if run.batch.piece is not None:
            parts[path] = _piece(run, run.batch.piece, lines, values.get(path))
        elif path in values:
            parts[path] = split_export(path, formats[path], values[path], lines)
        else:
            parts[path] = split_file(path, lines, described)
        run.progress(number)
    records = run.keep("records", _frame("records", [part.records for part in parts.values()]))
    roles = _frame("line_roles", [part.roles for part in parts.values()])
    run.keep("line_roles", released(roles, records))
    run.keep("author_mentions", _frame("author_mentions", [part.mentions for part in parts.values()]))
    run.keep("unused_tokens", _frame("unused_tokens", [part.unused for part in parts.values()]))
    run.keep("raw_files", file_rows(sources, parts))


def _frame(name: str, rows: Iterable[Sequence[tuple[object, ...]]]) -> pd.DataFrame:
    """The rows of all files, whose fields are in the order of the table's columns."""
    table = TABLES[name]
    parts = [columns_of(part) for part in rows if part]
    return table.joined([dict(zip(table.arrow_schema.names, part, strict=True)) for part in parts])


def _piece(run: BatchRun, piece: Piece, lines: list[Mended], rows: list[Row] | None) -> FileSplit:
    """What one piece of a large file yields, or of an export with these rows."""
    (source,) = (Source(**row) for row in to_rows(run.batch.sources))
    corrections = tuple(corrections_of(run.raw.corrections()))
    if rows is not None:
        habits = part_habits(run.raw, source, corrections)
        return split_export(source.path, source.format, rows, lines, piece.number, habits)
    witness, of_lines = file_habits(run.raw, source, corrections, run.raw.layouts())
    return split_piece(source.path, lines, piece, witness, of_lines)
