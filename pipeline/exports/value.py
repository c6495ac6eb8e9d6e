"""What is read from an export: values with their places in the decoded text, and the entries that they are part of."""

import re
from dataclasses import dataclass
from typing import Final

# Fields of what stands in no field of an entry.
BROKEN: Final = "(broken)"
OUTSIDE: Final = "(outside)"
SPACE: Final = " \t\r\n"
_BREAK: Final = re.compile(r"(?<![ \t])[ \t]*+[\r\n][ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Value:
    """One leaf value.

    ``field`` is its name as the file writes it, with the names around it where the format nests. ``text`` is what it
    says after the format's own unescaping, on one line. The span counts characters of the decoded text and holds the
    value as written. ``entry`` counts the entries from 0; it is None for values of the file and for broken blocks.
    """

    field: str
    text: str
    start: int
    end: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """An export as read: its values in the order of the file, and the span of each entry in the decoded text.

    ``cut`` says that the file ends inside of an entry, which is then broken and not among the entries.
    """

    values: tuple[Value, ...]
    entries: tuple[tuple[int, int], ...]
    cut: bool = False

    @property
    def broken(self) -> tuple[Value, ...]:
        """The blocks that could not be read."""
        return tuple(value for value in self.values if value.field == BROKEN)


def one_line(text: str) -> str:
    """Text with its line breaks, and the indentation around them, as one space each. No other character changes."""
    broken = "\n" in text or "\r" in text  # as most are not
    return (_BREAK.sub(" ", text) if broken else text).strip(SPACE)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends; other spaces may be halves of damaged letters, and stay."""
    piece = text[start:end]
    low = start + len(piece) - len(piece.lstrip(SPACE))
    return low, max(low, start + len(piece.rstrip(SPACE)))


def outside(text: str, start: int, end: int, field: str = OUTSIDE) -> list[Value]:
    """A stretch of text that is in no entry as one value; none where it is white space."""
    low, high = trimmed(text, start, end)
    return [Value(field, one_line(text[low:high]), low, high)] if low < high else []
