"""What the records of a file have in common, so that each is read like the others: order, style, names, owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.layouts import Choice, LineRole
from pipeline.repair import Mended
from pipeline.split.contents import Content, contents_of, order_of
from pipeline.split.fields import field_text
from pipeline.split.lone import Odds
from pipeline.split.odds import odds_of
from pipeline.split.passages import Passage
from pipeline.split.pieces import pieces_of
from pipeline.split.styles import usual_style


@dataclass(frozen=True)
class Habits:
    """The layout of a file, the order of its references, its author lists and their style, and whose page it is."""

    choice: Choice
    order: str
    usual: str
    lists: tuple[Passage, ...]
    owner: str | None

    @property
    def layout(self) -> str:
        """The layout's name; empty where none claims the file."""
        return self.choice.layout.name if self.choice.layout else ""

    def with_lists(self, lists: Iterable[Passage]) -> "Habits":
        """The same with further author lists."""
        return replace(self, lists=(*self.lists, *lists))

    def odds(self) -> Odds:
        """The odds of the tokens of its lists; counted when they are asked for, which most files need not."""
        return self._odds

    @cached_property
    def _odds(self) -> Odds:
        return odds_of(self.lists, self.usual)


@dataclass(frozen=True)
class Entries:
    """The entries of some lines by number: the indices of their lines, and what they hold, in the file's ``order``."""

    groups: Mapping[int, Sequence[int]]
    contents: Mapping[int, Content]
    order: str

    @property
    def lists(self) -> Iterator[Passage]:
        """The author lists."""
        return (content.authors for content in self.contents.values())


def entries_of(lines: Sequence[Mended], given: Sequence[LineRole], order: str | None = None) -> Entries:
    """The entries of lines that have these roles; the ``order`` of their references is their own, or a given one."""
    groups = by_entry(given)
    roles_of = {entry: by_role(indices, given, lines) for entry, indices in groups.items()}
    order = order_of(roles_of.values()) if order is None else order
    contents = contents_of(list(roles_of.values()), order)
    return Entries(groups, dict(zip(roles_of, contents, strict=True)), order)


def habits_of(lines: Sequence[Mended], given: Sequence[LineRole], choice: Choice, entries: Entries) -> Habits:
    """The habits of lines that have these roles and entries; no roles where no layout claims them."""
    lists = tuple(entries.lists)
    owner = (line.text for line, role in zip(lines, given, strict=False) if role.role == "page_owner")
    return Habits(choice, entries.order, usual_style(lists), lists, field_text(owner, "page_owner"))


def by_role(indices: Sequence[int], given: Sequence[LineRole], lines: Sequence[Mended]) -> dict[str, list[Mended]]:
    """The lines of an entry, and the parts of those that hold several fields, by role."""
    by_role: dict[str, list[Mended]] = {}
    for index in indices:
        held = given[index]
        if held.parts is None:
            by_role.setdefault(held.role, []).append(lines[index])
            continue
        for role, piece in pieces_of(held, lines[index]):
            by_role.setdefault(role, []).append(piece)
    return by_role


def by_entry(given: Sequence[LineRole]) -> dict[int, list[int]]:
    """The indices of the lines of each entry."""
    groups: dict[int, list[int]] = {}
    for index, role in enumerate(given):
        if role.entry is not None:
            groups.setdefault(role.entry, []).append(index)
    return groups
