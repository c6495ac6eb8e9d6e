"""What a described layout says: records in columns, in labelled lines, or in lines whose place says what they are."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

# Roles that a description may give; "other" is part of a record that no table has a column for.
FIELDS: Final = ("title", "authors", "abstract", "venue", "year", "reference", "other")
# What sets records in units apart. "line": nothing does, each record has all its units.
BETWEEN: Final = ("blank line", "blank lines", "rule", "number", "bullet", "line")


@dataclass(frozen=True, slots=True)
class Columns:
    """One record a line: the roles of its pieces between separators. ``header``: the first line names the columns."""

    separator: str
    roles: tuple[str, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """Lines that start with a label, its mark included ("Tittel:", "WHO"); the first label starts a record."""

    roles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Units:
    """Lines (with those that were wrapped) whose order says what they are; ``between`` is one of ``BETWEEN``."""

    between: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """A described layout: its name, the shape of a record, and patterns of the paths that are read with it.

    Without patterns it is one more layout that files are held against.
    """

    name: str
    shape: Columns | Labels | Units
    files: tuple[str, ...] = ()

    def is_for(self, path: str) -> bool:
        """Does a pattern match the path, or the file name alone?"""
        return any(
            fnmatchcase(path, pattern) or fnmatchcase(path.rsplit("/", 1)[-1], pattern) for pattern in self.files
        )
