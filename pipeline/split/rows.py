"""What the split stage yields; the fields of each row are the columns of its contract in ``schemas.records``, in
that order.
"""

from dataclasses import dataclass
from typing import NamedTuple


class Record(NamedTuple):
    """One entry of one listing (contract ``records``)."""

    record_id: str
    path: str
    line_start: int
    line_end: int
    layout: str
    title: str | None
    authors_text: str | None
    author_tokens: int
    abstract: str | None
    overflow: str | None
    venue: str | None
    year: int | None
    page_owner: str | None


class RoleOfLine(NamedTuple):
    """The one role of one line (contract ``line_roles``)."""

    path: str
    line_no: int
    role: str
    record_id: str | None
    layout_rule: str


class AuthorMention(NamedTuple):
    """One name in the author list of one record (contract ``author_mentions``)."""

    record_id: str
    position: int
    name_as_printed: str
    tokens: int
    family: str
    given: str | None
    suffix: str | None
    kind: str
    certainty: str
    flags: tuple[str, ...]


class UnusedToken(NamedTuple):
    """One token of an author list that is in no mention (contract ``unused_tokens``)."""

    record_id: str
    token_no: int
    token: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileSplit:
    """All that one file yields. ``layout`` is None, and ``reason`` says why, for a file that no layout claims."""

    records: tuple[Record, ...]
    roles: tuple[RoleOfLine, ...]
    mentions: tuple[AuthorMention, ...]
    unused: tuple[UnusedToken, ...]
    layout: str | None
    layout_score: float
    reason: str | None
