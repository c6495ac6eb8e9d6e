"""Splitting one file: layout, roles, records, names. Pure: the same path and lines give the same rows."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from pipeline.ingest.pieces import Piece
from pipeline.layouts import Choice, LineRole, Spec, choose
from pipeline.layouts.cuts import roles_behind
from pipeline.repair import Mended, undo
from pipeline.split.contents import Content
from pipeline.split.fields import line_text
from pipeline.split.habits import Entries, Habits, entries_of, habits_of
from pipeline.split.names import read_lists
from pipeline.split.rows import FileSplit, Record, RoleOfLine, Rows

_ID_DIGITS: Final = 16
_RECORD: Final = partial(tuple.__new__, Record)


def split_file(path: str, lines: Sequence[Mended], described: Sequence[Spec] = ()) -> FileSplit:
    """Records, roles, names and unused tokens of one file; ``lines[i]`` is line number i + 1.

    ``described`` are layouts that people wrote down. A file that no layout claims yields no record: its lines have the
    role "rejected", and ``reason`` says why.
    """
    texts = tuple([line.text for line in lines])
    choice = choose(texts, path, described)
    if choice.layout is None:
        return _unclaimed(path, texts, choice)
    given = choice.layout.roles(texts)
    entries = entries_of(lines, given)
    habits = habits_of(lines, given, choice, entries)
    ids = record_ids(path, lines, entries.groups)
    return _split(path, given, habits, entries, ids)


def witness_habits(path: str, lines: Sequence[Mended], described: Sequence[Spec] = ()) -> Habits:
    """What the lines that speak for a large file (its head, and others all over it) say of each of its pieces."""
    texts = [line.text for line in lines]
    choice = choose(texts, path, described)
    given = choice.layout.roles(texts) if choice.layout else ()
    return habits_of(lines, given, choice, entries_of(lines, given))


def split_piece(
    path: str, lines: Sequence[Mended], piece: Piece, witness: Sequence[Mended], habits: Habits
) -> FileSplit:
    """The same of one piece of a large file, which starts and ends where a record does; ``lines`` are the piece's.

    Layout, order and style are those of ``habits``, which ``witness`` has: so pieces are read alike, and those behind
    the first one behind the witness, as the middle of a file.
    """
    texts = [line.text for line in lines]
    if habits.choice.layout is None:
        return _unclaimed(path, texts, habits.choice, piece.line_start)
    before = [line.text for line in witness] if piece.number else []
    given = roles_behind(habits.choice.layout, before, texts)
    entries = entries_of(lines, given, habits.order)
    ids = record_ids(path, lines, entries.groups, piece.number)
    return _split(path, given, habits.with_lists(entries.lists), entries, ids, piece.line_start)


def _unclaimed(path: str, texts: Sequence[str], choice: Choice, first: int = 1) -> FileSplit:
    roles = tuple(
        RoleOfLine(path, number, "rejected" if text.strip() else "blank", None, "none: no layout claims the file")
        for number, text in enumerate(texts, first)
    )
    return FileSplit((), roles, (), (), None, choice.score, f"{path}: {choice.reason}")


def _split(
    path: str,
    given: Sequence[LineRole],
    habits: Habits,
    entries: Entries,
    ids: Mapping[int, str],
    first: int = 1,
) -> FileSplit:
    layout, contents = habits.layout, entries.contents
    authors = [(ids[entry], content.authors) for entry, content in contents.items()]
    lists = read_lists(authors, habits.usual, habits.odds)
    records = []
    for (entry, indices), tokens in zip(entries.groups.items(), lists.tokens, strict=True):
        span = indices[0] + first, indices[-1] + first
        records.append(_record(ids[entry], path, layout, span, contents[entry], tokens, habits.owner))
    roles = _roles_of_lines(path, given, ids, layout, first)
    return FileSplit(tuple(records), roles, lists.mentions, lists.unused, layout, habits.choice.score, None)


def _record(
    record_id: str,
    path: str,
    layout: str,
    span: tuple[int, int],
    content: Content,
    author_tokens: int,
    owner: str | None,
) -> Record:
    title, authors, *others = content
    listed = line_text(authors.text, "authors"), author_tokens
    return _RECORD((record_id, path, *span, layout, title, *listed, *others, owner))


def record_ids(
    path: str, lines: Sequence[Mended], groups: Mapping[int, Sequence[int]], piece: int = 0
) -> dict[int, str]:
    """An id for each entry from path and decoded lines; entries of the same lines are told apart by their order only.

    Neither line numbers nor repairs go in, so that lines inserted elsewhere and better repair change no id. The number
    of the ``piece`` of a large file does, since other pieces may have the same entries.
    """
    before, behind = f"{path}\x00".encode("utf-8", "surrogatepass"), f"\x00{piece}".encode() if piece else b""
    decoded = [undo(line) if line.repairs else line.text for line in lines]
    seen: dict[str, int] = {}
    ids = {}
    for entry, indices in groups.items():
        text = "\n".join([decoded[index] for index in indices]).encode("utf-8", "surrogatepass")
        named = first = _hash(b"%b%b\x000%b" % (before, text, behind))
        count = seen[first] = seen.get(first, -1) + 1
        if count:
            named = _hash(b"%b%b\x00%d%b" % (before, text, count, behind))
        ids[entry] = f"r{named[:_ID_DIGITS]}"
    return ids


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _roles_of_lines(
    path: str, given: Sequence[LineRole], ids: Mapping[int, str], layout: str, first: int
) -> Rows[RoleOfLine]:
    roles, entries, rules, _ = zip(*given, strict=True) if given else ((),) * len(LineRole._fields)
    numbers = range(first, first + len(given))
    said = {rule: f"{layout}: {rule}" for rule in set(rules)}  # few, and each on many lines
    of_record = list(map(ids.get, entries))  # None has none
    return Rows(RoleOfLine, ([path] * len(given), numbers, roles, of_record, list(map(said.__getitem__, rules))))
