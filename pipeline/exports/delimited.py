"""CSV and TSV with free column names. The standard library's csv reads cells but not where they stand, and one quote
that is never closed takes the rest of the file along; here it costs its own row.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from pipeline.exports.fields import role_of
from pipeline.exports.value import BROKEN, OUTSIDE, SPACE, Export, Value, one_line, outside, trimmed

DELIMITERS: Final = "\t;,|"
_HEADER_WITHIN: Final = 6  # rows: exports put a line about the export, or "sep=;", before the column names
_SAMPLE: Final = 200  # rows that decide
_REGULAR: Final = 0.5  # share of rows that have as many cells as there are columns
_LEAST_SHORT: Final = 3
_LONGEST_NAME: Final = 60
_OPEN: Final = re.compile(r' *"')
_RULE: Final = re.compile(r"[-:= ]*")  # the line below the names of a table drawn with signs
_SPACES: Final = re.compile(" *")
_TRIMMED: Final = 0.2  # so many shorter rows are no accident: empty cells at the end were left out
LONGEST: Final = 1024 * 1024
"""Characters of a quoted cell; a quote that is not closed within them was none, and takes no more along."""


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DelimitedRow:
    """A row with its span; ``closed``: all of its quotes are."""

    cells: tuple[_Cell, ...]
    start: int
    end: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """How a table is written: its delimiter and the number of the row with the column names."""

    delimiter: str
    header: int


@dataclass(frozen=True, slots=True)
class Style:
    """How the rows behind the column names are written: delimiter, names, and what escapes a quote inside."""

    delimiter: str
    names: tuple[str, ...]
    backslash: bool

    def is_regular(self, row: DelimitedRow) -> bool:
        """As many cells as columns; further empty ones, from a delimiter at the end of each line, do not count."""
        return _is_regular(row, len(self.names))

    def is_short(self, row: DelimitedRow) -> bool:
        """Whether cells are missing."""
        return len(row.cells) < len(self.names)

    def rows(self, text: str, start: int = 0) -> Iterator[DelimitedRow]:
        """The rows from ``start``, where one starts."""
        return _rows(text, self.delimiter, start, len(self.names), backslash=self.backslash)


def escapes_quotes(text: str) -> bool:
    """Whether quotes inside of cells are escaped by a backslash, and not by another quote."""
    return '\\"' in text and '""' not in text


@lru_cache(maxsize=1)
def find_table(text: str, backslash: bool | None = None) -> Table | None:
    """How a text is written as a table whose column names are known ones; None when it is no such table.

    Titles or abstracts must be among the columns, and most rows must have as many cells as there are columns.
    ``backslash`` is what ``escapes_quotes`` says, where that is known of more than this text.
    """
    escaped = escapes_quotes(text) if backslash is None else backslash
    found: list[tuple[int, Table]] = []
    for delimiter in DELIMITERS:
        if delimiter not in text[:20_000]:
            continue
        for number, row in enumerate(islice(_rows(text, delimiter, 0, None, backslash=escaped), _HEADER_WITHIN)):
            roles = {role[0] for cell in row.cells if len(cell.text) < _LONGEST_NAME and (role := role_of(cell.text))}
            if len(roles) > 1 and roles & {"title", "abstract"} and _fits(text, delimiter, number, backslash=escaped):
                found.append((len(roles), Table(delimiter, number)))
                break
    return max(found, key=lambda one: one[0])[1] if found else None


def _fits(text: str, delimiter: str, header: int, *, backslash: bool) -> bool:
    """Whether most rows behind a row of column names have as many cells as there are columns."""
    head, *body = islice(_rows(text, delimiter, 0, None, backslash=backslash), header, header + _SAMPLE)
    return bool(body) and sum(_is_regular(row, len(head.cells)) for row in body) >= _REGULAR * len(body)


def head_of(text: str, table: Table, *, backslash: bool) -> tuple[Style, list[DelimitedRow]]:
    """How the rows of a table are written, and the rows up to that with the column names."""
    head = list(islice(_rows(text, table.delimiter, 0, None, backslash=backslash), table.header + 1))
    return Style(table.delimiter, tuple(cell.text.strip() for cell in head[-1].cells), backslash), head


def may_be_short(rows: int, short: int) -> bool:
    """Whether so many of the rows are short that their last cells were left out, because they are empty."""
    return short >= max(_LEAST_SHORT, _TRIMMED * rows)


def read_delimited(text: str) -> Export:
    """The rows of a table as entries, one cell a value; empty cells are none."""
    table = find_table(text)
    if table is None:
        return Export(tuple(outside(text, 0, len(text))), ())
    style, head = head_of(text, table, backslash=escapes_quotes(text))
    rows = list(style.rows(text, head[-1].end))
    short = may_be_short(len(rows), sum(map(style.is_short, rows)))
    return read_delimited_rows(text, style, head, rows, short=short)


def read_delimited_rows(
    text: str, style: Style, head: Sequence[DelimitedRow], rows: Sequence[DelimitedRow], *, short: bool
) -> Export:
    """The entries of rows that are written in a style, behind the rows of the ``head``; ``short`` ones are read too."""
    names = style.names
    values = [Value(OUTSIDE, cell.text, cell.start, cell.end) for row in head for cell in row.cells if cell.text]
    entries: list[tuple[int, int]] = []
    cut = False
    for number, row in enumerate(rows):
        if all(_RULE.fullmatch(cell.text) for cell in row.cells) and row.closed:
            values += outside(text, row.start, row.end)
            continue
        last = number == len(rows) - 1 and not text.endswith("\n")
        if row.closed and (style.is_regular(row) or (short and _is_short(row, names) and not last)):
            values += _values(row, names, len(entries))
            entries.append((row.start, row.end))
        else:
            values += outside(text, row.start, row.end, BROKEN)
            cut |= last
    return Export(tuple(values), tuple(entries), cut)


def _values(row: DelimitedRow, names: Sequence[str], entry: int) -> Iterator[Value]:
    for number, cell in enumerate(row.cells):
        if cell.text:
            name = names[number] if number < len(names) and names[number] else f"column {number + 1}"
            yield Value(name, cell.text, cell.start, cell.end, entry)


def _is_short(row: DelimitedRow, names: Sequence[str]) -> bool:
    """Cells that are whole, and fewer than columns; a quote inside says that a cell began in the wrong place."""
    return 1 < len(row.cells) < len(names) and not any('"' in cell.text for cell in row.cells)


def _is_regular(row: DelimitedRow, width: int) -> bool:
    """As many cells as columns; further empty ones, from a delimiter at the end of each line, do not count."""
    return row.closed and len(row.cells) >= width and not any(cell.text for cell in row.cells[width:])


def _rows(text: str, delimiter: str, start: int, width: int | None, *, backslash: bool) -> Iterator[DelimitedRow]:
    """The rows from ``start``; blank ones are left out. ``width`` is the number of columns, where it is known."""
    place = start
    while place < len(text):
        if text[place] in "\n\r":
            place += 1
            continue
        row = _row(text, delimiter, place, backslash=backslash)
        line_end = _line_end(text, place)
        if row.end > line_end and not (row.closed and (width is None or _is_regular(row, width))):
            # A quote that opens and is not closed in its place: this line is lost, the next one is not.
            alone = DelimitedRow((), place, line_end, closed=False)
            row = alone if not row.closed or _restarts(text, delimiter, line_end + 1, width) else row
        if any(cell.text for cell in row.cells) or not row.closed:
            yield row
        place = row.end + 1


def _restarts(text: str, delimiter: str, start: int, width: int | None) -> bool:
    return start < len(text) and width is not None and _is_regular(_row(text, delimiter, start, backslash=False), width)


def _row(text: str, delimiter: str, start: int, *, backslash: bool) -> DelimitedRow:
    line_end = _line_end(text, start)
    if text.find('"', start, line_end) < 0:  # as in most rows: each delimiter ends a cell
        return DelimitedRow(tuple(_plain_cells(text[start:line_end].split(delimiter), start)), start, line_end)
    cells, place = [], start
    while True:
        cell, place, closed = _cell(text, delimiter, place, backslash=backslash)
        cells.append(cell)
        if not closed or place >= len(text) or text[place] == "\n":
            return DelimitedRow(tuple(cells), start, place, closed)
        place += 1


def _plain_cells(pieces: Iterable[str], start: int) -> Iterator[_Cell]:
    """The cells of a row without quotes, one behind the other with a delimiter between."""
    for piece in pieces:
        held = piece.strip(SPACE)
        low = start + len(piece) - len(piece.lstrip(SPACE))
        yield _Cell(one_line(held), low, low + len(held))
        start += len(piece) + 1


def _cell(text: str, delimiter: str, start: int, *, backslash: bool) -> tuple[_Cell, int, bool]:
    """A cell, the place of what ends it, and whether its quote is closed."""
    opened = _OPEN.match(text, start)
    if opened is None:
        place = start
        while place < len(text) and text[place] != delimiter and text[place] != "\n":
            line_end = _line_end(text, place)
            found = text.find(delimiter, place, line_end)
            place = line_end if found < 0 else found
        low, high = trimmed(text, start, place)
        return _Cell(one_line(text[low:high]), low, high), place, True
    first = place = opened.end()
    while (place := text.find('"', place, first + LONGEST)) >= 0:
        if backslash and text[place - 1] == "\\":
            place += 1
        elif text.startswith('""', place):
            place += 2
        elif (text[place + 1 : place + 40].lstrip(" ")[:1] or "\n") in {"\n", delimiter}:
            end = _SPACES.match(text, place + 1)
            said = text[first:place].replace('\\"' if backslash else '""', '"')
            return _Cell(one_line(said), first, place), end.end() if end else place + 1, True
        else:
            place += 1
    return _Cell(one_line(text[first:]), first, len(text)), len(text), False


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end
