"""From rows to masks: how each kind of rule is evaluated, vectorised, on the Arrow arrays that columns are.

What pandera has built in is asked of Arrow itself, as pandas would in the end; what a model has of its own is asked of
pandera. Not here: which rules a contract has (``rule``).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pap
import pyarrow as pa
import pyarrow.compute as pc
from pandera.backends.pandas import builtin_checks as _registered  # noqa: F401  # by being imported

from schemas.rules import NO_CONTROLS

Frames = Mapping[str, pd.DataFrame]
Mask = npt.NDArray[np.bool_]
Holds = Callable[[pd.DataFrame, Frames], Mask]
Terms = Mapping[str, Any]

_DELETE: Final = 0x7F
_MANY: Final = 1 << 12  # texts, from which on looking less of them up is worth looking for it
_SPARSE: Final = 32  # numbers for each that there is, above which a set takes less than an array of them all


def not_null(name: str) -> Holds:
    """No value of a column is null."""

    def holds(rows: pd.DataFrame, _: Frames) -> Mask:
        values = pa.array(rows[name])
        return _booleans(pc.is_valid(values)) if values.null_count else np.ones(len(rows), dtype=bool)

    return holds


def column_check(name: str, check: pap.Check, terms: Terms) -> Holds:
    """A check of one column, with its ``terms``; of a null only the rule against nulls speaks."""
    built_in = _BUILT_IN.get(str(check.name))
    if built_in is not None:
        return lambda rows, _: _booleans(built_in(pa.array(rows[name]), terms))

    def holds(rows: pd.DataFrame, _: Frames) -> Mask:
        values = rows[name]
        there = values.notna().to_numpy(dtype=bool)
        if there.all():
            return _verdict(check, values)
        mask = ~there
        mask[there] = _verdict(check, values[there])
        return mask

    return holds


def table_check(check: pap.Check) -> Holds:
    """A check of rows as a whole."""
    return lambda rows, _: _verdict(check, rows)


def unique(key: tuple[str, ...]) -> Holds:
    """A key names one row. Every copy is refused: which of two rows with one key is right, a contract cannot know."""

    def holds(rows: pd.DataFrame, _: Frames) -> Mask:
        (numbers,) = _numbered((rows, key))
        return np.asarray(~pd.Series(numbers).duplicated(keep=False))

    return holds


def refers(columns: tuple[str, ...], table: str, target: tuple[str, ...]) -> Holds:
    """Columns name a row of another table, where none of them is null."""

    def holds(rows: pd.DataFrame, parents: Frames) -> Mask:
        known = _is_in((rows, columns), (parents[table], target))
        return known | ~_whole(rows, columns)

    return holds


def covers(columns: tuple[str, ...], table: str, target: tuple[str, ...]) -> Holds:
    """Every row of another table is named; the mask is over its rows."""

    def holds(rows: pd.DataFrame, parents: Frames) -> Mask:
        known = _is_in((parents[table], target), (rows, columns))
        return known & _whole(parents[table], target)

    return holds


def _matches(values: pa.Array, terms: Terms) -> pa.Array:
    pattern = terms["pattern"]
    if pattern == NO_CONTROLS and _is_free_of_controls(values):
        return pa.repeat(pa.scalar(True), len(values))  # the dearest pattern, of the longest texts
    return pc.match_substring_regex(values, pattern if pattern.startswith("^") else f"^({pattern})")


_BUILT_IN: Final[Mapping[str, Callable[[Any, Terms], Any]]] = {
    "greater_than_or_equal_to": lambda values, terms: pc.greater_equal(values, terms["min_value"]),
    "less_than_or_equal_to": lambda values, terms: pc.less_equal(values, terms["max_value"]),
    "isin": lambda values, terms: pc.or_(
        pc.is_in(values, value_set=pa.array(terms["allowed_values"], values.type)), pc.is_null(values)
    ),
    "str_matches": _matches,
}


def _is_free_of_controls(values: pa.Array) -> bool:
    """Is there no control character, nor a tab, in any text of a column? Its bytes are looked at as they lie."""
    for chunk in _chunks(values):
        if not len(chunk):
            continue
        _, offsets, data = chunk.buffers()
        ends = np.frombuffer(offsets, np.int32)[chunk.offset :][: len(chunk) + 1]
        text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
        if len(text) and (text.min() < ord(" ") or (text == _DELETE).any()):
            return False
    return True


def _verdict(check: pap.Check, values: pd.Series | pd.DataFrame) -> Mask:
    """What a check says of each row, as plain booleans; where it has nothing to say (a null), it holds.

    Only pandera's evaluation is asked for: calling the check also collects failure cases, which costs more than the
    check where many rows fail, and breaks where its answer is partly null.
    """
    if values.empty:
        return np.ones(len(values), dtype=bool)
    backend: Any = check.get_backend(values)(check)
    return _booleans(pd.array(backend.apply(values), dtype="boolean[pyarrow]"))


def _booleans(verdict: Any) -> Mask:
    """An Arrow array of booleans as numpy's, nulls as true."""
    # What is in chunks pyarrow would make one array of value by value.
    array = verdict.combine_chunks() if isinstance(verdict, pa.ChunkedArray) else pa.array(verdict)
    return np.asarray((pc.fill_null(array, True) if array.null_count else array).to_numpy(zero_copy_only=False))


Columns = tuple[pd.DataFrame, tuple[str, ...]]
"""Some columns of a table."""


def _whole(rows: pd.DataFrame, columns: tuple[str, ...]) -> Mask:
    """Which rows have a value in each of some columns."""
    return np.asarray(np.logical_and.reduce([not_null(name)(rows, {}) for name in columns]))


def _is_in(own: Columns, other: Columns) -> Mask:
    """Which rows have the values of a row of another table."""
    if len(own[1]) == 1:
        held, known = (pa.array(rows[name]) for rows, (name,) in (own, other))
        return _booleans(pc.is_in(held, value_set=known))
    numbers, others = _numbered(own, other)
    most = max(int(some.max(initial=-1)) for some in (numbers, others)) + 1
    if most > _SPARSE * (len(numbers) + len(others)):
        return _booleans(pc.is_in(pa.array(numbers), value_set=pa.array(others)))
    there = np.zeros(most, dtype=bool)
    there[others] = True
    return there[numbers]


def _numbered(*tables: Columns) -> list[npt.NDArray[np.int64]]:
    """A number for each row of each table, the same exactly where all columns have the same values."""
    ends = np.cumsum([len(rows) for rows, _ in tables])
    numbers = np.zeros(ends[-1], np.int64)
    for place, columns in enumerate(zip(*(columns for _, columns in tables), strict=True)):
        held = [pa.array(rows[name]) for (rows, _), name in zip(tables, columns, strict=True)]
        codes, count = _codes(pa.chunked_array([chunk for one in held for chunk in _chunks(one)], held[0].type))
        # Numbers of several columns are made small again, so that those of the next fit in.
        before = numbers if place < 2 else _codes(pa.chunked_array([numbers]))[0]
        numbers = before * count + codes
    return np.split(numbers, ends[:-1])


def _chunks(values: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return values.chunks if isinstance(values, pa.ChunkedArray) else [values]


def _codes(values: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], int]:
    """A number for each distinct value, null among them, and how many there are.

    Of equal texts one after the other, as the rows of one file or record have them, only the first is looked up.
    """
    if not pa.types.is_string(values.type) or len(values) < _MANY:
        return _encoded(values)
    array = values.combine_chunks()
    new = np.ones(len(array), dtype=bool)
    new[1:] = pc.fill_null(pc.not_equal(array[1:], array[:-1]), fill_value=True).to_numpy(zero_copy_only=False)
    codes, count = _encoded(array.filter(pa.array(new)))
    return codes[np.cumsum(new) - 1], count


def _encoded(values: pa.Array | pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], int]:
    found = values.dictionary_encode(null_encoding="encode")
    encoded = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)
