"""Mended lines as the tables ``text_lines`` and ``text_repairs``, and back. How a line is mended stands elsewhere."""

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.exports import LineRows, Row
from pipeline.repair.corrections import Correction
from pipeline.repair.model import Mended, Repair, untouched
from pipeline.repair.twins import FileWords
from schemas import TABLES
from schemas.arrow import to_rows
from schemas.contract import Values

_FIELDS = Repair._fields


Columns = dict[str, Values]
"""Rows of one file: the values of every column of their table."""


def line_rows(path: str, rows: Sequence[Row], mended: Sequence[Mended]) -> Columns:
    """The lines or values of one file with their places in it, as ``text_lines``; both sequences are of one length."""
    columns: Columns
    if isinstance(rows, LineRows):
        columns = dict(rows.columns())
    else:
        places = zip(*rows, strict=True) if rows else ((),) * len(Row._fields)
        columns = dict(zip(Row._fields, places, strict=True))
    return columns | {"path": [path] * len(rows), "text": [line.text for line in mended]}


def export_rows(lines: pd.DataFrame) -> dict[str, list[Row]]:
    """The values of every export in ``text_lines``, in order, with the text after repair; keys are paths."""
    files: dict[str, list[Row]] = {}
    of_exports = lines["field"].notna()
    if not of_exports.any():
        return files
    for row in to_rows(lines[of_exports].sort_values(["path", "line_no"])):
        files.setdefault(str(row.pop("path")), []).append(Row(**row))
    return files


def repair_rows(path: str, mended: Sequence[Mended], first: int = 1) -> Columns:
    """The repairs of the lines of one file, as ``text_repairs``; line numbers count from ``first``."""
    repairs = [repair for line in mended for repair in line.repairs]
    numbers = [number for number, line in enumerate(mended, first) for _ in line.repairs]
    fields = zip(*repairs, strict=True) if repairs else ((),) * len(_FIELDS)
    columns: Columns = {"path": [path] * len(repairs), "line_no": numbers}
    return columns | dict(zip(_FIELDS, fields, strict=True))


def word_rows(path: str, words: FileWords) -> Columns:
    """What one file has for others and asks of them, as ``file_words``."""
    return {"path": [path] * len(words.shape), **words._asdict()}


def correction_rows(corrections: pd.DataFrame, used: Mapping[int, int]) -> pd.DataFrame:
    """People's corrections as the table ``corrections``; ``used`` says how often each row was."""
    matches = [used.get(row_no, 0) for row_no in corrections["row_no"]]
    return TABLES["corrections"].typed(corrections.assign(matches=matches))


def corrections_of(corrections: pd.DataFrame) -> list[Correction]:
    """The corrections that keep their contract, before it is known which of them match."""
    if corrections.empty:  # as in most runs, in every batch
        return []
    rows = correction_rows(corrections, dict.fromkeys(corrections["row_no"], 1))
    valid = to_rows(TABLES["corrections"].split(rows, {}).accepted.drop(columns="matches"))
    return [Correction(**row) for row in valid]


def mended_of(text: str, repairs: pd.DataFrame) -> Mended:
    """One line from its text and its rows of ``text_repairs``."""
    return Mended(text, tuple(_repair(row) for row in to_rows(repairs.sort_values("start"))))


def mended_files(lines: pd.DataFrame, repairs: pd.DataFrame) -> dict[str, list[Mended]]:
    """The lines of every file, in order, from both tables; keys are paths."""
    lines = _sorted(lines)
    texts, spans = _values(lines["text"]), _by_file(lines)
    files = {path: untouched(texts[start:end]) for path, (start, end) in spans.items()}
    repairs = repairs.sort_values(["path", "line_no", "start"], ignore_index=True)
    if repairs.empty:
        return files
    numbers, on_lines = _values(lines["line_no"]), _values(repairs["line_no"])
    columns = {name: _values(repairs[name]) for name in _FIELDS}
    columns["alternatives"] = list(map(tuple, columns["alternatives"]))
    rows = list(map(partial(tuple.__new__, Repair), zip(*columns.values(), strict=True)))
    for path, (start, end) in _by_file(repairs).items():
        if path not in files:
            continue
        mended, (low, high) = files[path], spans[path]
        places = dict(zip(numbers[low:high], range(high - low), strict=True))
        for number, group in groupby(range(start, end), on_lines.__getitem__):
            if number in places:
                place = places[number]
                mended[place] = Mended(mended[place].text, tuple([rows[row] for row in group]))
    return files


def _sorted(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines in the order of their files and numbers, as they are stored."""
    paths, numbers = lines["path"], lines["line_no"]
    later = (paths == paths.shift()) & (numbers >= numbers.shift()) | (paths > paths.shift())
    return lines if later.iloc[1:].all() else lines.sort_values(["path", "line_no"], ignore_index=True)


def _by_file(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Where the rows of each file of a sorted table start and end."""
    paths = frame["path"]
    starts = np.flatnonzero(paths.ne(paths.shift()).fillna(True).to_numpy(dtype=bool)).tolist()
    return dict(zip(_values(paths.iloc[starts]), pairwise([*starts, len(frame)]), strict=True))


def _values(column: pd.Series) -> list[Any]:
    """The values of a column; quicker than row by row."""
    values: list[Any] = pa.array(column).to_pylist()
    return values


def _repair(row: dict[str, Any]) -> Repair:
    values = {name: row[name] for name in _FIELDS}
    return Repair(**{**values, "alternatives": tuple(values["alternatives"])})
