"""What the split stage yields; the fields of each row are the columns of its contract in ``schemas.records``, in
that order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar, overload

R = TypeVar("R", bound=tuple[Any, ...])


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


class Rows(Sequence[R], Generic[R]):
    """Rows of one kind that are known by their columns, and made when somebody asks for them; equal to a tuple of the
    same. Most are asked for their columns alone.
    """

    __slots__ = ("_kind", "columns")

    def __init__(self, kind: type[R], columns: Sequence[Sequence[Any]]) -> None:
        """``columns`` are of one length, in the order of the fields of the kind."""
        self._kind, self.columns = kind, columns

    def made(self) -> tuple[R, ...]:
        """The rows as a tuple."""
        return tuple(map(partial(tuple.__new__, self._kind), zip(*self.columns, strict=True)))

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, place: int) -> R: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[R, ...]: ...
    def __getitem__(self, place: int | slice) -> R | tuple[R, ...]:
        return self.made()[place]

    def __iter__(self) -> Iterator[R]:
        return iter(self.made())

    def __eq__(self, other: object) -> bool:
        return self.made() == (other.made() if isinstance(other, Rows) else other)

    def __hash__(self) -> int:
        return hash(self.made())

    def __repr__(self) -> str:
        return repr(self.made())


def columns_of(rows: Sequence[tuple[Any, ...]]) -> Sequence[Sequence[Any]]:
    """The columns of rows; none where there are no rows."""
    return rows.columns if isinstance(rows, Rows) else list(zip(*rows, strict=True))


@dataclass(frozen=True, slots=True)
class FileSplit:
    """All that one file yields. ``layout`` is None, and ``reason`` says why, for a file that no layout claims."""

    records: tuple[Record, ...]
    roles: Sequence[RoleOfLine]
    mentions: Sequence[AuthorMention]
    unused: tuple[UnusedToken, ...]
    layout: str | None
    layout_score: float
    reason: str | None
