"""From the entries of an author list to mentions: people, organisations, joined split names, repeats, certainty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.split.organisations import ORGANISATION_FROM, evidence, is_certain
from pipeline.split.pairing import GUESSED, MISSING_PARTNER, Entry, entries_of
from pipeline.split.passages import Passage
from pipeline.split.rows import AuthorMention, UnusedToken
from pipeline.split.tokens import Token, tokens_of

_REASONS: Final = {"placeholder": "placeholder", "punctuation": "punctuation", "et al.": "et al."}


@dataclass(frozen=True, slots=True)
class AuthorList:
    """What one author list yields: every one of its ``tokens`` is counted in one mention or stands in ``unused``."""

    tokens: int
    mentions: tuple[AuthorMention, ...]
    unused: tuple[UnusedToken, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """A mention before it has a place."""

    tokens: tuple[Token, ...]
    family: str
    given: str | None
    suffix: str | None
    kind: str
    flags: tuple[str, ...]

    @property
    def key(self) -> tuple[str | None, ...]:
        return self.family, self.given, self.suffix, self.kind


def read_authors(record_id: str, passage: Passage) -> AuthorList:
    """The names of an author list `Last, First, Last, First`, and the tokens that are none."""
    tokens = tokens_of(passage)
    names = _joined(_names(entries_of(tokens)))
    kept: dict[tuple[str | None, ...], _Name] = {}
    used: set[int] = set()
    for name in names:
        first = kept.get(name.key)
        if first is None:
            kept[name.key] = name
            used.update(token.number for token in name.tokens)
        elif "repeated" not in first.flags:
            kept[name.key] = replace(first, flags=(*first.flags, "repeated"))
    repeated = {token.number for name in names for token in name.tokens} - used
    unused = (
        UnusedToken(record_id, token.number, token.text, _reason(token, repeated))
        for token in tokens
        if token.number not in used
    )
    mentions = (_mention(record_id, place, name, passage) for place, name in enumerate(kept.values(), 1))
    return AuthorList(len(tokens), tuple(mentions), tuple(unused))


def _names(entries: Sequence[Entry]) -> list[_Name]:
    shouted = sum(entry.family.text.isupper() for entry in entries) * 2 > len(entries)
    names = []
    for index, entry in enumerate(entries):
        text, given = entry.family.text, entry.given.text if entry.given else None
        suffix, flags, kind = entry.suffix.text if entry.suffix else None, entry.flags, "person"
        if given is None:
            points = evidence(text, first=index == 0 < len(entries) - 1, marked=entry.marked, shouted=shouted)
            certain = is_certain(text, marked=entry.marked)
            if points >= ORGANISATION_FROM:
                kind, flags = (
                    "organisation",
                    tuple(f for f in flags if f != MISSING_PARTNER) if certain else (*flags, GUESSED),
                )
            else:
                flags = (*flags, "single_name")
        names.append(_Name(entry.tokens, text, given, suffix, kind, flags))
    return names


def _joined(names: Sequence[_Name]) -> list[_Name]:
    """Join `A, null, B, null` to the person A B: two names alone side by side among people with both names.

    In a run of more, or without such people around, nobody can tell two people of one name each from one person in
    two pieces.
    """
    among_people = any(name.kind == "person" and name.given for name in names)
    joined: list[_Name] = []
    index = 0
    while index < len(names):
        run = index
        while run < len(names) and names[run].flags == ("single_name",):
            run += 1
        if run - index == 2 and among_people:
            joined.append(_join(names[index], names[index + 1]))
        elif run - index >= 2:
            joined += [replace(name, flags=(*name.flags, "maybe_split_name")) for name in names[index:run]]
        else:
            run = max(run, index + 1)
            joined += names[index:run]
        index = run
    return joined


def _join(first: _Name, second: _Name) -> _Name:
    return _Name(
        first.tokens + second.tokens,
        second.family,
        first.family,
        second.suffix or first.suffix,
        "person",
        ("split_name_joined",),
    )


def _mention(record_id: str, place: int, name: _Name, passage: Passage) -> AuthorMention:
    start, end = name.tokens[0].start, name.tokens[-1].end
    printed, certainty = passage.origin(start, end)
    flags = (*name.flags, "unresolved_damage") if certainty == "unresolved" else name.flags
    return AuthorMention(
        record_id,
        place,
        printed,
        len(name.tokens),
        name.family,
        name.given,
        name.suffix,
        name.kind,
        certainty,
        flags,
    )


def _reason(token: Token, repeated: set[int]) -> str:
    return "repeated name" if token.number in repeated else _REASONS.get(token.kind, "not understood")
