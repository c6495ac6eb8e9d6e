r"""Vectorised checks that several contracts share, and the words that more than one of them allows.

Each check takes a series or a frame and returns a mask, true where the row is right. Regular expressions mean the same
in every engine: ``[0-9]`` and not ``\d``, anchored, no look-around.
"""

from typing import Final

import pandas as pd

STATUSES: Final = ["parsed", "empty", "rejected"]
READ_STATUSES: Final = ["read", "empty", "rejected"]
FORMATS: Final = [
    "text", "bibtex", "ris", "nbib", "enw", "wos", "refworks", "csv", "tsv", "json", "jsonl", "xml", "html",
]  # fmt: skip
CERTAINTIES: Final = ["exact", "constrained", "inferred", "unresolved"]
NAME_CERTAINTIES: Final = ["clean", *CERTAINTIES]
REPAIR_KINDS: Final = ["mojibake", "entity", "control", "space", "ligature", "normal form", "latex", "correction"]
ROLES: Final = [
    "title",
    "authors",
    "abstract",
    "venue",
    "year",
    "overflow",
    "reference",
    "page_owner",
    "chrome",
    "blank",
    "unclaimed",
    "other field",
    "broken",
    "rejected",
]
NAME_KINDS: Final = ["person", "organisation"]
PLACEHOLDERS: Final = ["null", "none", "nan", "n/a", ":", "", "-", "."]
_LONGEST_PLACEHOLDER: Final = max(map(len, PLACEHOLDERS))

LINES_BY_CODEC: Final = "^[a-z0-9_-]+: [0-9]+(-[0-9]+)?(, [0-9]+(-[0-9]+)?|; [a-z0-9_-]+: [0-9]+(-[0-9]+)?)*$"
PIECES: Final = "^[0-9]+:[0-9]+:[0-9a-f]{16}( [0-9]+:[0-9]+:[0-9a-f]{16})*$"
PIECE_VALUES: Final = "^[0-9]+:[0-9]+( [0-9]+:[0-9]+)*(; [a-z]+(, [a-z]+)*)?$"
SHA256: Final = "^[0-9a-f]{64}$"
RECORD_ID: Final = "^r[0-9a-f]{16}$"
WORK_ID: Final = "^w[0-9a-f]{16}$"
AUTHOR_ID: Final = "^a[0-9a-f]{16}$"
DECIDABLE_ID: Final = "^[awr][0-9a-f]{16}$"
# A control character in text that people read is damage that nobody mended; tab is the one that listings use.
NO_CONTROLS: Final = "^[^\x00-\x08\x0a-\x1f\x7f]*$"


def not_placeholder(values: pd.Series) -> pd.Series:
    """No value that only says that there is none ("null", ":", "-")."""
    bare = values.str.strip()
    # Longer values need not be made small, which takes most of the time.
    return ~bare.where(bare.str.len() <= _LONGEST_PLACEHOLDER, "long").str.lower().isin(PLACEHOLDERS)


def trimmed(values: pd.Series) -> pd.Series:
    """No value that starts or ends with white space, or is empty."""
    return (values.str.len() > 0) & (values == values.str.strip())


def not_after(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    """The one column is at most the other."""
    return frame[first] <= frame[last]


def either(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """At least one of the columns has a value."""
    return frame[list(columns)].notna().any(axis=1)
