"""Splitting one file: layout, roles, records, names. Pure: the same path and lines give the same rows."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipeline.layouts import LineRole, Spec, choose
from pipeline.repair import Mended, undo
from pipeline.split.contents import Content, content_of, order_of
from pipeline.split.fields import field_text
from pipeline.split.names import AuthorList, read_authors
from pipeline.split.odds import odds_of
from pipeline.split.pieces import pieces_of
from pipeline.split.rows import AuthorMention, FileSplit, Record, RoleOfLine, UnusedToken
from pipeline.split.styles import usual_style

_ID_DIGITS: Final = 16


def split_file(path: str, lines: Sequence[Mended], described: Sequence[Spec] = ()) -> FileSplit:
    """Records, roles, names and unused tokens of one file; ``lines[i]`` is line number i + 1.

    ``described`` are layouts that people wrote down. A file that no layout claims yields no record: its lines have the
    role "rejected", and ``reason`` says why.
    """
    texts = [line.text for line in lines]
    choice = choose(texts, path, described)
    if choice.layout is None:
        roles = tuple(
            RoleOfLine(path, number, "rejected" if text.strip() else "blank", None, "none: no layout claims the file")
            for number, text in enumerate(texts, 1)
        )
        return FileSplit((), roles, (), (), None, choice.score, f"{path}: {choice.reason}")
    given = choice.layout.roles(texts)
    groups = _by_entry(given)
    ids = record_ids(path, lines, groups)
    owner = field_text(
        (text for text, role in zip(texts, given, strict=True) if role.role == "page_owner"), "page_owner"
    )
    by_role = {entry: _by_role(indices, given, lines) for entry, indices in groups.items()}
    order = order_of(by_role.values())
    contents = {entry: content_of(by_role[entry], order) for entry in groups}
    usual = usual_style(content.authors for content in contents.values())
    odds = odds_of((content.authors for content in contents.values()), usual)
    records, parts = [], []
    for entry, indices in groups.items():
        parts.append(read_authors(ids[entry], contents[entry].authors, usual, odds))
        span = indices[0] + 1, indices[-1] + 1
        records.append(_record(ids[entry], path, choice.layout.name, span, contents[entry], parts[-1].tokens, owner))
    roles = tuple(_role_of_line(path, number, role, ids, choice.layout.name) for number, role in enumerate(given, 1))
    return FileSplit(tuple(records), roles, _mentions(parts), _unused(parts), choice.layout.name, choice.score, None)


def _record(
    record_id: str,
    path: str,
    layout: str,
    span: tuple[int, int],
    content: Content,
    author_tokens: int,
    owner: str | None,
) -> Record:
    return Record(
        record_id=record_id,
        path=path,
        line_start=span[0],
        line_end=span[1],
        layout=layout,
        title=content.title,
        authors_text=field_text([content.authors.text], "authors"),
        author_tokens=author_tokens,
        abstract=content.abstract,
        overflow=content.overflow,
        venue=content.venue,
        year=content.year,
        page_owner=owner,
    )


def _by_role(indices: Sequence[int], given: Sequence[LineRole], lines: Sequence[Mended]) -> dict[str, list[Mended]]:
    by_role: dict[str, list[Mended]] = {}
    for index in indices:
        for role, piece in pieces_of(given[index], lines[index]):
            by_role.setdefault(role, []).append(piece)
    return by_role


def _by_entry(given: Sequence[LineRole]) -> dict[int, list[int]]:
    """The indices of the lines of each entry."""
    groups: dict[int, list[int]] = {}
    for index, role in enumerate(given):
        if role.entry is not None:
            groups.setdefault(role.entry, []).append(index)
    return groups


def record_ids(path: str, lines: Sequence[Mended], groups: dict[int, list[int]]) -> dict[int, str]:
    """An id for each entry from path and decoded lines; entries of the same lines are told apart by their order only.

    Neither line numbers nor repairs go in, so that lines inserted elsewhere and better repair change no id.
    """
    seen: Counter[str] = Counter()
    ids = {}
    for entry, indices in groups.items():
        text = "\n".join(undo(lines[index]) for index in indices)
        digest = hashlib.sha256("\x00".join((path, text, str(seen[text]))).encode("utf-8", "surrogatepass")).hexdigest()
        seen[text] += 1
        ids[entry] = f"r{digest[:_ID_DIGITS]}"
    return ids


def _role_of_line(path: str, number: int, role: LineRole, ids: dict[int, str], layout: str) -> RoleOfLine:
    return RoleOfLine(
        path, number, role.role, None if role.entry is None else ids[role.entry], f"{layout}: {role.rule}"
    )


def _mentions(parts: Sequence[AuthorList]) -> tuple[AuthorMention, ...]:
    return tuple(mention for part in parts for mention in part.mentions)


def _unused(parts: Sequence[AuthorList]) -> tuple[UnusedToken, ...]:
    return tuple(token for part in parts for token in part.unused)
