"""Mended lines as the tables ``text_lines`` and ``text_repairs``, and back. How a line is mended stands elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from operator import gt
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.exports import Row
from pipeline.repair.corrections import Correction
from pipeline.repair.model import Mended, Repair
from pipeline.repair.twins import FileWord
from schemas import TABLES
from schemas.arrow import to_rows
from schemas.registry import KEPT

_FIELDS = Repair._fields
_PLAIN = tuple(name for name in _FIELDS if name != "alternatives")


def line_rows(path: str, rows: Sequence[Row], mended: Sequence[Mended]) -> pa.Table:
    """The lines or values of one file with their places in it, as ``text_lines``; both sequences are of one length."""
    places = zip(*rows, strict=True) if rows else ((),) * len(Row._fields)
    columns: dict[str, Any] = dict(zip(Row._fields, places, strict=True))
    columns |= {"path": pa.repeat(path, len(rows)), "text": [line.text for line in mended]}
    return TABLES["text_lines"].of_columns(columns)


def export_rows(lines: pd.DataFrame) -> dict[str, list[Row]]:
    """The values of every export in ``text_lines``, in order, with the text after repair; keys are paths."""
    files: dict[str, list[Row]] = {}
    for row in to_rows(lines[lines["field"].notna()].sort_values(["path", "line_no"])):
        files.setdefault(str(row.pop("path")), []).append(Row(**row))
    return files


def repair_rows(path: str, mended: Sequence[Mended], first: int = 1) -> pa.Table:
    """The repairs of the lines of one file, as ``text_repairs``; line numbers count from ``first``."""
    repairs = [repair for line in mended for repair in line.repairs]
    numbers = [number for number, line in enumerate(mended, first) for _ in line.repairs]
    fields = zip(*repairs, strict=True) if repairs else ((),) * len(_FIELDS)
    columns: dict[str, Any] = {"path": pa.repeat(path, len(repairs)), "line_no": numbers}
    return TABLES["text_repairs"].of_columns(columns | dict(zip(_FIELDS, fields, strict=True)))


def word_rows(path: str, words: Sequence[FileWord]) -> pa.Table:
    """What one file has for others and asks of them, as ``file_words``."""
    fields = zip(*words, strict=True) if words else ((),) * len(FileWord._fields)
    columns: dict[str, Any] = dict(zip(FileWord._fields, fields, strict=True))
    return KEPT["file_words"].of_columns(columns | {"path": pa.repeat(path, len(words))})


def correction_rows(corrections: pd.DataFrame, used: Mapping[int, int]) -> pd.DataFrame:
    """People's corrections as the table ``corrections``; ``used`` says how often each row was."""
    matches = [used.get(row_no, 0) for row_no in corrections["row_no"]]
    return TABLES["corrections"].typed(corrections.assign(matches=matches))


def corrections_of(corrections: pd.DataFrame) -> list[Correction]:
    """The corrections that keep their contract, before it is known which of them match."""
    rows = correction_rows(corrections, dict.fromkeys(corrections["row_no"], 1))
    valid = to_rows(TABLES["corrections"].split(rows, {}).accepted.drop(columns="matches"))
    return [Correction(**row) for row in valid]


def mended_of(text: str, repairs: pd.DataFrame) -> Mended:
    """One line from its text and its rows of ``text_repairs``."""
    return Mended(text, tuple(_repair(row) for row in to_rows(repairs.sort_values("start"))))


def mended_files(lines: pd.DataFrame, repairs: pd.DataFrame) -> dict[str, list[Mended]]:
    """The lines of every file, in order, from both tables; keys are paths."""
    found: defaultdict[tuple[str, int], list[Repair]] = defaultdict(list)
    rows = repairs.sort_values(["path", "line_no", "start"])
    for path, line_no, *values, alternatives in zip(
        *_values(rows, ["path", "line_no", *_PLAIN, "alternatives"]), strict=True
    ):
        repair = Repair(**dict(zip(_PLAIN, values, strict=True)), alternatives=tuple(alternatives))
        found[path, line_no].append(repair)
    files: defaultdict[str, list[Mended]] = defaultdict(list)
    paths, numbers, texts = _values(lines, ["path", "line_no", "text"])
    places = list(zip(paths, numbers, strict=True))
    held = list(zip(places, texts, strict=True))
    if any(map(gt, places, islice(places, 1, None))):
        held.sort()
    for place, text in held:
        files[place[0]].append(Mended(text, tuple(found[place]) if place in found else ()))
    return dict(files)


def _values(frame: pd.DataFrame, names: Sequence[str]) -> list[list[Any]]:
    """The values of some columns; quicker than row by row."""
    return [pa.array(frame[name]).to_pylist() for name in names]


def _repair(row: dict[str, Any]) -> Repair:
    values = {name: row[name] for name in _FIELDS}
    return Repair(**{**values, "alternatives": tuple(values["alternatives"])})
