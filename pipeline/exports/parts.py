"""Exports too large to be read at once: where they can be cut, and each part read as it is when the whole is read.

Parts start where an entry does. What a part cannot show by itself is told it: the head of the file has the names of
columns or the first object, and ``traits`` are what only all of the file decides. Not here: bytes and the disk.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from pipeline.exports.delimited import (
    LONGEST,
    DelimitedRow,
    Style,
    Table,
    find_table,
    head_of,
    may_be_short,
    read_delimited_rows,
)
from pipeline.exports.json_lines import names_on_first_line, whole_lines
from pipeline.exports.json_records import read_json_lines
from pipeline.exports.json_tree import Tree
from pipeline.exports.refer import ENW_START, REFWORKS_START, WOS_END, WOS_START, read_enw, read_refworks, read_wos
from pipeline.exports.tagged import RIS_END, RIS_START, read_ris
from pipeline.exports.value import Export

BACKSLASH: Final = "backslash"
"""A trait: quotes inside of cells are escaped by a backslash."""

SHORT: Final = "short"
"""A trait: empty cells at the end of rows were left out."""

ENDS: Final = "ends"
"""A trait: entries end with a line of their own, so that a last one without it is cut."""

CITED: Final = "cited"
"""A trait: the works that entries cite are the entries, as there are no others."""

TABLES: Final = frozenset({"csv", "tsv"})
_STARTS: Final = {"ris": RIS_START, "enw": ENW_START, "wos": WOS_START, "refworks": REFWORKS_START}
_ENDS: Final = {"ris": RIS_END, "wos": WOS_END}
_BEHIND: Final = 64  # characters behind a quote that tell whether it closes a cell


@dataclass(frozen=True)
class Manner:
    """How all parts of an export are read: its format, the text of its head, and its traits."""

    format: str
    head: str
    traits: frozenset[str] = frozenset()

    def having(self, *traits: str) -> "Manner":
        """The same with further traits."""
        return replace(self, traits=self.traits.union(traits))

    @property
    def can_be_cut(self) -> bool:
        """Whether the head tells where entries start: in other files parts could not be read alone."""
        if self.format in TABLES:
            return self.table is not None
        if self.format == "jsonl":
            return bool(self.names)
        return self.format in _STARTS and _STARTS[self.format].search(self.head) is not None

    @cached_property
    def table(self) -> Table | None:
        """How a table is written."""
        return find_table(self.head, BACKSLASH in self.traits)

    @cached_property
    def style(self) -> Style:
        """How the rows of a table are written; raises ValueError for what is none."""
        return self._head(self.head)[0]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the first object of JSON Lines."""
        return names_on_first_line(self.head)

    def read(self, text: str, *, first: bool, last: bool) -> Export:
        """The entries of a part, which is the first of its file, or the last one, or neither."""
        ends = last and ENDS in self.traits
        match self.format:
            case "csv" | "tsv":
                head = self._head(text)[1] if first else []
                rows = list(self.style.rows(text, head[-1].end if head else 0))
                return read_delimited_rows(text, self.style, head, rows, short=SHORT in self.traits)
            case "jsonl":
                return read_json_lines(text, self.names, cited=CITED in self.traits, last=last)
            case "ris":
                return read_ris(text, ends=ends)
            case "wos":
                return read_wos(text, ends=ends)
            case "enw":
                return read_enw(text)
            case "refworks":
                return read_refworks(text)
        raise ValueError(f"{self.format} is not read in parts")

    def _head(self, text: str) -> tuple[Style, list[DelimitedRow]]:
        if self.table is None:
            raise ValueError(f"{self.format}: there is no table with known column names in the head of the file")
        return head_of(text, self.table, backslash=BACKSLASH in self.traits)


@dataclass
class Cutter:
    """Cuts one export, part by part in their order, and finds out its traits on the way."""

    manner: Manner
    _rows: int = 0
    _short: int = 0
    _ends: bool = False
    _first: bool = field(default=True, repr=False)

    def cut(self, text: str, low: int, *, at_end: bool) -> int | None:
        """Where a part ends, at ``low`` or behind it; None where so much text does not tell.

        ``text`` is whole lines from the start of a part on; ``at_end``: up to the end of the file.
        """
        if self.manner.format in TABLES:
            return self._cut_rows(text, low, at_end=at_end)
        place = self._entry(text, low)
        if place is not None:
            self._note(text[:place])
        return place

    def finish(self, text: str) -> Manner:
        """How the file is read, now that its last part is known."""
        if self.manner.format in TABLES:
            short = [self.manner.style.is_short(row) for row in self._rows_of(text)]
            can_be = may_be_short(self._rows + len(short), self._short + sum(short))
            return self.manner.having(SHORT) if can_be else self.manner
        self._note(text)
        return self.manner.having(ENDS) if self._ends else self.manner

    def _entry(self, text: str, low: int) -> int | None:
        """Where an entry starts for sure, whatever is before it."""
        if self.manner.format == "jsonl":
            line = text.find("\n", max(0, low - 1)) + 1
            found = whole_lines(Tree(text), self.manner.names, line) if line else iter(())
            return next((start for start, _ in found), None)
        match = _STARTS[self.manner.format].search(text, low)
        return match.start() if match else None

    def _note(self, text: str) -> None:
        pattern: re.Pattern[str] | None = _ENDS.get(self.manner.format)
        self._ends = self._ends or (pattern is not None and pattern.search(text) is not None)

    def _rows_of(self, text: str) -> Iterator[DelimitedRow]:
        start = self.manner._head(text)[1][-1].end if self._first else 0
        return self.manner.style.rows(text, start)

    def _cut_rows(self, text: str, low: int, *, at_end: bool) -> int | None:
        """Behind two rows that need no look at what follows them: whether quotes are open is told from the start on."""
        style, before = self.manner.style, False
        rows = short = 0
        for row in self._rows_of(text):
            sure = style.is_regular(row) and row.end + _BEHIND < len(text)
            if row.start >= low and sure and before:
                self._rows, self._short, self._first = self._rows + rows, self._short + short, False
                return row.start
            doubtful = not row.closed or (not style.is_regular(row) and "\n" in text[row.start : row.end])
            if doubtful and not at_end and row.start + 2 * LONGEST > len(text):
                return None
            rows, short, before = rows + 1, short + style.is_short(row), sure
        return None
