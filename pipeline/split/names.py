"""From the entries of an author list to mentions: people, organisations, joined split names, repeats, certainty."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import accumulate, chain, repeat
from typing import Any, Final, NamedTuple

from pipeline.split.given_first import DOUBTFUL_FAMILY, family_and_given, family_first
from pipeline.split.lone import NOTHING, Odds
from pipeline.split.organisations import ORGANISATION_FROM, evidence, has_organisation_word, is_certain
from pipeline.split.pairing import GUESSED, MISSING_PARTNER, Entry, entries_of
from pipeline.split.passages import Passage
from pipeline.split.person import Name
from pipeline.split.plain import Pairs, plain_pairs, printed_pairs
from pipeline.split.rows import AuthorMention, Rows, UnusedToken
from pipeline.split.styles import PAIRS, Style, read_list
from pipeline.split.tokens import Token, bare_name, kind_of

_POINT: Final = re.compile(r"(?<=[^\W\d_]{4})\.$")  # ends the list; shorter words are "Inc." and the like
# "on behalf of the" is what people say before an organisation's name.
_FOR: Final = re.compile(r"^(?:and |, )?(?:on behalf of|for|representing)(?: the)? (?=[^\W\d_])", re.IGNORECASE)
_MENTION: Final = partial(tuple.__new__, AuthorMention)
_REASONS: Final = {"placeholder": "placeholder", "punctuation": "punctuation", "et al.": "et al."}


class AuthorList(NamedTuple):
    """What one author list yields: every one of its ``tokens`` is counted in one mention or stands in ``unused``."""

    tokens: int
    mentions: tuple[AuthorMention, ...]
    unused: tuple[UnusedToken, ...]


class Lists(NamedTuple):
    """What the author lists of a file yield: the ``tokens`` of each, and the mentions and unused tokens of them all."""

    tokens: list[int]
    mentions: Rows[AuthorMention]
    unused: tuple[UnusedToken, ...]


def read_authors(
    record_id: str, passage: Passage, usual: str = PAIRS, odds: Callable[[], Odds] = lambda: NOTHING
) -> AuthorList:
    """The names of an author list, and the tokens that are none; ``usual`` is the style of the lists of its file, and
    ``odds`` tell what tokens are in them, which only lists that are not plain ask.
    """
    pairs = plain_pairs(passage.text) if passage.is_sound else None
    if pairs is not None:
        return AuthorList(pairs.tokens, _plain(record_id, pairs, passage), ())
    style, tokens = read_list(passage, usual)
    return listed(record_id, passage, tokens, names_of(style, tokens, odds()))


def read_lists(
    lists: Iterable[tuple[str, Passage]], usual: str = PAIRS, odds: Callable[[], Odds] = lambda: NOTHING
) -> Lists:
    """The same of all author lists of a file, each with the id of its record."""
    tokens: list[int] = []
    columns: list[list[Any]] = [[] for _ in AuthorMention._fields]
    unused: list[UnusedToken] = []
    plain: list[tuple[str, Pairs]] = []  # those since the last mentions of a list that is none
    for record_id, passage in lists:
        pairs = plain_pairs(passage.text) if passage.is_as_printed else None
        if pairs is not None:
            plain.append((record_id, pairs))
            tokens.append(pairs.tokens)
            continue
        found = read_authors(record_id, passage, usual, odds)
        tokens.append(found.tokens)
        unused += found.unused
        if found.mentions:
            _extend(columns, _plain_columns(plain))
            _extend(columns, zip(*found.mentions, strict=True))
            plain = []
    _extend(columns, _plain_columns(plain))
    return Lists(tokens, Rows(AuthorMention, columns), tuple(unused))


def _extend(columns: Sequence[list[Any]], more: Iterable[Iterable[Any]]) -> None:
    for column, values in zip(columns, more, strict=True):
        column.extend(values)


def _plain_columns(lists: Sequence[tuple[str, Pairs]]) -> list[Iterable[Any]]:
    """The mentions of lists that are nothing but pairs, and as printed, by columns."""
    sizes = [len(pairs.families) for _, pairs in lists]
    ids = chain.from_iterable([repeat(record_id, size) for (record_id, _), size in zip(lists, sizes, strict=True)])
    places = chain.from_iterable([range(1, size + 1) for size in sizes])
    families = list(chain.from_iterable([pairs.families for _, pairs in lists]))
    given = list(chain.from_iterable([pairs.given for _, pairs in lists]))
    tokens, *others = [repeat(value, len(families)) for value in (2, None, "person", "clean", ())]
    return [ids, places, printed_pairs(families, given), tokens, families, given, *others]


def _plain(record_id: str, pairs: Pairs, passage: Passage) -> tuple[AuthorMention, ...]:
    columns = dict(zip(AuthorMention._fields, _plain_columns([(record_id, pairs)]), strict=True))
    if not passage.is_as_printed:
        printed, certainty = zip(*[passage.origin(*span) for span in pairs.spans], strict=True)
        columns |= {"name_as_printed": printed, "certainty": certainty}
    return tuple(map(_MENTION, zip(*columns.values(), strict=True)))


def listed(record_id: str, passage: Passage, tokens: Sequence[Token], names: Sequence[Name]) -> AuthorList:
    """The mentions of names, each name once, and the tokens of their list that are in none."""
    kept: dict[tuple[str | None, ...], Name] = {}
    used: set[int] = set()
    for name in names:
        first = kept.get(name.key)
        if first is None:
            kept[name.key] = name
            used.update(token.number for token in name.tokens)
        elif "repeated" not in first.flags:
            kept[name.key] = first._replace(flags=(*first.flags, "repeated"))
    repeated = {token.number for name in names for token in name.tokens} - used
    unused = (
        UnusedToken(record_id, token.number, token.text, _reason(token, repeated))
        for token in tokens
        if token.number not in used
    )
    mentions = (_mention(record_id, place, name, passage) for place, name in enumerate(kept.values(), 1))
    return AuthorList(len(tokens), tuple(mentions), tuple(unused))


def names_of(style: Style, tokens: Sequence[Token], odds: Odds = NOTHING) -> list[Name]:
    """The names that the tokens of a list in some style make up."""
    if style.name == PAIRS:
        return joined(_names(entries_of(tokens, odds)))
    groups = style.groups or (1,) * len(tokens)
    ends = list(accumulate(groups))
    pieces = [tokens[end - size : end] for size, end in zip(groups, ends, strict=True)] if tokens else []
    found = [[token for token in piece if token.kind in {"name", "suffix"}] for piece in pieces]
    alone = [piece[0].text for piece in found if len(piece) == 1]
    leads = family_first(alone)
    names: list[Name] = []
    for number, piece in enumerate(found, 1):
        colon = number < len(pieces) and [token.text for token in pieces[number]] == [":"]
        if len(piece) == 1 and piece[0].kind == "suffix" and names:
            names[-1] = names[-1]._replace(tokens=(*names[-1].tokens, *piece), suffix=piece[0].text)
        elif len(piece) == 1:
            names.append(_whole(piece[0], first=not names and len(found) > 1, colon=colon, family_leads=leads))
        elif piece and _has_affiliation(piece):
            names.append(_whole(piece[0], first=False, colon=False, family_leads=leads))
        elif piece:
            names += _names(entries_of(piece))
    return joined(names) if any(token.kind == "placeholder" and token.text for token in tokens) else names


def _has_affiliation(piece: Sequence[Token]) -> bool:
    """Is a whole name followed by where somebody works ("Sae Nakaharu, Institute of Fog")?"""
    return " " in piece[0].text and has_organisation_word(piece[1].text) and not has_organisation_word(piece[0].text)


def _whole(token: Token, *, first: bool, colon: bool, family_leads: bool) -> Name:
    """A name that is one token: a person's whole name, a single name or an organisation; ``colon`` when one follows."""
    text = token.text.rstrip(":").rstrip()
    marked = colon or text != token.text
    text = _POINT.sub("", bare_name(text)) if has_organisation_word(text) else bare_name(text)
    if marked or " " not in text or has_organisation_word(text) or text.startswith("The "):
        return _names([Entry(token._replace(text=text), marked=marked)], first=first)[0]
    family, given, doubtful = family_and_given(text, family_leads=family_leads)
    before, _, last = (given or "").rpartition(" ")
    suffix = last if family_leads and before and kind_of(last) == "suffix" else None
    flags = (DOUBTFUL_FAMILY,) if doubtful else ()
    return Name((token,), family, before if suffix else given, suffix, "person", flags)


def lone_name(token: Token, *, first: bool) -> Name:
    """A family name without given names: an organisation or a single name."""
    return _names([Entry(token)], first=first)[0]


def _names(entries: Sequence[Entry], *, first: bool | None = None) -> list[Name]:
    """Names from entries; ``first`` overrules the entries on whether the first of them leads a list of several."""
    shouted = sum(entry.family.text.isupper() for entry in entries) * 2 > len(entries)
    names = []
    for index, entry in enumerate(entries):
        text, given = entry.family.text, entry.given.text if entry.given else None
        suffix, flags, kind = entry.suffix.text if entry.suffix else None, entry.flags, "person"
        if given is None:
            leads = index == 0 < len(entries) - 1 if first is None else first
            points = evidence(text, first=leads, marked=entry.marked, shouted=shouted)
            certain = is_certain(text, marked=entry.marked)
            if points >= ORGANISATION_FROM:
                text = _FOR.sub("", text)
                kind, flags = (
                    "organisation",
                    tuple(f for f in flags if f != MISSING_PARTNER) if certain else (*flags, GUESSED),
                )
            else:
                flags = (*flags, "single_name")
        names.append(Name(entry.tokens, text, given, suffix, kind, flags))
    return names


def joined(names: Sequence[Name]) -> list[Name]:
    """Join `A, null, B, null` to the person A B: two names alone side by side among people with both names.

    In a run of more, or without such people around, nobody can tell two people of one name each from one person in
    two pieces.
    """
    among_people = any(name.kind == "person" and name.given for name in names)
    found: list[Name] = []
    index = 0
    while index < len(names):
        run = index
        while run < len(names) and names[run].flags == ("single_name",):
            run += 1
        if run - index == 2 and among_people:
            found.append(_join(names[index], names[index + 1]))
        elif run - index >= 2:
            found += [name._replace(flags=(*name.flags, "maybe_split_name")) for name in names[index:run]]
        else:
            run = max(run, index + 1)
            found += names[index:run]
        index = run
    return found


def _join(first: Name, second: Name) -> Name:
    return Name(
        first.tokens + second.tokens,
        second.family,
        first.family,
        second.suffix or first.suffix,
        "person",
        ("split_name_joined",),
    )


def _mention(record_id: str, place: int, name: Name, passage: Passage) -> AuthorMention:
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
