r"""Vectorised checks that several contracts share, and the words that more than one of them allows.

Each check takes a series or a frame and returns a mask, true where the row is right. Regular expressions mean the same
in every engine: ``[0-9]`` and not ``\d``, anchored, no look-around.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
_SPACE: Final = ord(" ")
_DELETE: Final = 0x7F

LINES_BY_CODEC: Final = "^[a-z0-9_-]+: [0-9]+(-[0-9]+)?(, [0-9]+(-[0-9]+)?|; [a-z0-9_-]+: [0-9]+(-[0-9]+)?)*$"
PIECES: Final = "^[0-9]+:[0-9]+:[0-9a-f]{16}( [0-9]+:[0-9]+:[0-9a-f]{16})*(; [0-9]+)?$"
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
    held = _whole(values)
    doubtful = ~_has_plain_ends(held) | (_sizes(held) <= _LONGEST_PLACEHOLDER)
    bare = pc.utf8_lower(pc.utf8_trim_whitespace(held.filter(pa.array(doubtful))))
    return _series(_told(doubtful, pc.invert(pc.is_in(bare, value_set=pa.array(PLACEHOLDERS)))), values)


def trimmed(values: pd.Series) -> pd.Series:
    """No value that starts or ends with white space, or is empty."""
    held = _whole(values)
    doubtful = ~_has_plain_ends(held)
    some = held.filter(pa.array(doubtful))
    size, bare = pc.binary_length(some), pc.binary_length(pc.utf8_trim_whitespace(some))
    return _series(_told(doubtful, pc.and_(pc.greater(size, 0), pc.equal(size, bare))), values)


def _whole(values: pd.Series) -> pa.Array:
    held = pa.array(values, pa.string())
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held


def _ends(held: pa.Array) -> npt.NDArray[np.int32]:
    """Where the texts of an array start and end in its bytes."""
    return np.frombuffer(held.buffers()[1], np.int32)[held.offset :][: len(held) + 1]


def _sizes(held: pa.Array) -> npt.NDArray[np.int32]:
    return np.diff(_ends(held)) if len(held) else np.empty(0, np.int32)


def _has_plain_ends(held: pa.Array) -> npt.NDArray[np.bool_]:
    """Which texts start and end with a sign of ASCII that is no white space, as most do; no others, nor nulls, are
    looked at as a whole, which takes most of the time of a rule.
    """
    full = _sizes(held) > 0
    if not full.any():
        return full
    data, ends = np.frombuffer(held.buffers()[2], np.uint8), _ends(held)
    first, last = data[ends[:-1][full]], data[ends[1:][full] - 1]
    plain = np.zeros(len(held), bool)
    plain[full] = (first > _SPACE) & (first < _DELETE) & (last > _SPACE) & (last < _DELETE)
    return plain


def _told(doubtful: npt.NDArray[np.bool_], verdict: pa.Array) -> pa.Array:
    """A verdict on the doubtful rows of some, as one on them all, of which the others are right."""
    return pc.replace_with_mask(pa.repeat(pa.scalar(value=True), len(doubtful)), pa.array(doubtful), verdict)


def _series(verdict: pa.Array | pa.ChunkedArray, of: pd.Series) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(verdict), index=of.index)  # pandera looks at the rows by name


def not_after(frame: pd.DataFrame, first: str, last: str) -> pd.Series:
    """The one column is at most the other."""
    return frame[first] <= frame[last]


def either(frame: pd.DataFrame, *columns: str) -> pd.Series:
    """At least one of the columns has a value."""
    found = np.logical_or.reduce([frame[name].notna() for name in columns])
    return pd.Series(found, index=frame.index)
