"""Which role each value of an entry of an export plays, from the name of its field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pipeline.exports.fields import PARTS, TITLES, is_elsewhere, is_of_venue, part_of, plain, role_of
from pipeline.exports.linked_data import LINKED
from pipeline.split.contents import year_in
from schemas.rules import PLACEHOLDERS

OTHER: Final = "other field"
NESTED: Final = {"json": ".", "jsonl": ".", "xml": "/"}
_INDEX: Final = re.compile(r"\[(\d+)\]")
# Steps of a path that only wrap what the step before them names.
_WRAPPING: Final = frozenset(
    {"value", "text", "t", "rendered", "string", "p", "div", "plaintext", "abstracttext", "abstractsec"}
)
_DATE_PARTS: Final = frozenset({
    "dateparts", "year", "value", "text", "datetime", "medlinedate", "pubdate", "normal", "raw", "literal", "date",
    "numberint", "numberlong", "dateissued",
})  # fmt: skip
_NAMES_OF_VENUES: Final = frozenset({
    "name", "title", "displayname", "text", "value", "fullname", "isoabbreviation", "raw", "fulltitle",
})  # fmt: skip
# Names of fields that hold the place of publication only where no other field does: databases say themselves there.
_WEAK_VENUES: Final = frozenset({"source", "series", "school", "institution"})
_NOT_OF_VENUE: Final = frozenset({"publication"})  # as often the paper itself, where it holds other fields
_GROUPS: Final = frozenset({"contribgroup", "authorlist"})  # of people: there may be several
# What stands between a list of people and the parts of a name: RDF, TEI, Crossref, Word.
_LISTS: Final = frozenset({"seq", "bag", "li", "namelist", "person", "persname", "personname"})
_PAPERS: Final = frozenset({"journalarticle", "conferencepaper", "contentitem"})
# Fields that call the name beside them that of a person or of an organisation: schema.org and DataCite.
_KINDS_OF_PEOPLE: Final = frozenset({"type", "nametype"})
_KINDS: Final = {
    "person": "person", "personal": "person", "organization": "organisation", "organisation": "organisation",
    "organizational": "organisation", "organisational": "organisation",
}  # fmt: skip
_TABLES: Final = frozenset({"csv", "tsv"})
# Of these a second one is another text, not the next part of the first.
_ONE_TEXT: Final = frozenset({"description", "descriptions", "summary", "dcdescription"})
# What databases write where they have nothing.
_NOTHING_SAID: Final = re.compile(
    r"\W*(?:no|not) (?:abstract|authors?(?: names?)?|title|source|journal)\W*(?:is |are )?(?:available|found|listed)\W*"
    r"|\W*(?:abstract |author |title )?(?:is )?(?:not|un)[ -]?available\W*|\W*n\W?a\W*",
    re.IGNORECASE,
)
_PARSED: Final = {1: "family", 2: "given", 3: "suffix"}
_AUTHOR: Final = re.compile(r"^authors?|\d+")
_IN_PARTS: Final = 99
_DEEPER: Final = 100  # rank of a level; more than there are names for a role
# Tags that mean another thing in one format than elsewhere.
_TAGS: Final[dict[str, dict[str, tuple[str, int] | None]]] = {
    "ris": {"CN": None, "ED": None, "SE": None},
    "nbib": {"FAU": ("authors", 0), "SO": None},
    "enw": {
        "%T": ("title", 0), "%A": ("authors", 0), "%X": ("abstract", 0), "%J": ("venue", 0), "%B": ("venue", 1),
        "%S": ("venue", 2), "%D": ("year", 0), "%8": ("year", 1),
    },
    "wos": {
        "TI": ("title", 0), "AF": ("authors", 0), "AU": ("authors", 1), "BF": ("authors", 2), "BA": ("authors", 3),
        "AB": ("abstract", 0), "SO": ("venue", 0), "CT": ("venue", 1), "PY": ("year", 0), "EA": ("year", 1),
    },
    "refworks": {
        "T1": ("title", 0), "A1": ("authors", 0), "AB": ("abstract", 0), "JF": ("venue", 0), "JO": ("venue", 1),
        "T2": ("venue", 2), "YR": ("year", 0), "FD": ("year", 1),
    },
}  # fmt: skip
# Tags that hold a group beside the people, whichever field the people are in.
_GROUP_TAGS: Final = {"nbib": frozenset({"CN"}), "wos": frozenset({"CA", "GP"})}
TAGGED: Final = frozenset(_TAGS)
"""Formats of tags, one value a tag."""
_CLOSED: Final = frozenset({"enw", "wos", "refworks"})  # formats all of whose tags are known


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value is: its role, how sure its field is of it (less is surer), and the person and part of a name.

    ``person`` is the path of the person among the authors, "" for a value that lists several or stands alone.
    ``part`` is a key of ``fields.PARTS``, or "person" for a whole name that is called a person's; None for a value
    that is no part of a person's name.
    """

    role: str
    rank: int = 0
    person: str = ""
    part: str | None = None


_NOTHING: Final = Meaning(OTHER)
GROUP: Final = Meaning("authors", part="organisation")
"""An organisation that stands beside the people of a list, in a field of its own."""


def meanings(file_format: str, fields: Sequence[str], texts: Sequence[str]) -> list[Meaning]:
    """The meaning of each value of one entry, from the names of their fields in order.

    Where several fields have one role the surest that says something counts (a date has a year): the others are other
    fields. Authors, and abstracts in several pieces, may have several values.
    """
    found = [_if_said(_meaning(file_format, field), text) for field, text in zip(fields, texts, strict=True)]
    if not _have_people(found, fields):
        found = [_NOTHING if one.rank == _IN_PARTS and one.role == "authors" else one for one in found]
    best: dict[str, int] = {}
    for one in found:
        if one.role != OTHER and one is not GROUP:
            best[one.role] = min(best.get(one.role, one.rank), one.rank)
    kept = [one if one.role == OTHER or one is GROUP or one.rank == best[one.role] else _NOTHING for one in found]
    people: dict[str, set[str]] = {}
    for one in kept:
        if one.person and one.part:
            people.setdefault(one.person, set()).add(one.part)
    named: dict[str, int] = {}
    for one, field in zip(kept, fields, strict=True):
        if one.part == "name":
            named[one.person] = min(named.get(one.person, _DEEPER), _surety(field))
    kept = [
        _NOTHING if _is_said_better(one, field, people.get(one.person, set()), named) else one
        for one, field in zip(kept, fields, strict=True)
    ]
    return _first_texts(_typed(kept, fields, texts), fields)


def _have_people(found: Sequence[Meaning], fields: Sequence[str]) -> bool:
    """Are parts of names in cells those of authors? Who has a first and a last name may be a guest or a customer."""
    parts = {one.part for one in found if one.rank == _IN_PARTS}
    said = {one.role for one in found} & {"abstract", "venue"} or any("author" in plain(field) for field in fields)
    return bool(said) and {"family", "given"} <= parts


def _if_said(one: Meaning, text: str) -> Meaning:
    """The meaning of a value that says something; null among people is left to those who make names of them."""
    if one.role == "year":
        return one if year_in(text) is not None else _NOTHING
    nothing = one.role not in {OTHER, "authors"} and text.strip().lower() in PLACEHOLDERS
    return _NOTHING if nothing or (one.role != OTHER and _NOTHING_SAID.fullmatch(text)) else one


def _first_texts(kept: Sequence[Meaning], fields: Sequence[str]) -> list[Meaning]:
    """One description an entry: what stands beside it is a comment, or the same in another language."""
    found, seen = [], False
    for one, field in zip(kept, fields, strict=True):
        whole = one.role == "abstract" and plain(re.split(r"[./]", field)[-1]) in _ONE_TEXT
        found.append(_NOTHING if whole and seen else one)
        seen |= whole
    return found


def _typed(kept: Sequence[Meaning], fields: Sequence[str], texts: Sequence[str]) -> list[Meaning]:
    """The meanings, with the names that a value beside them calls those of people or of organisations as such."""
    kinds = {}
    for field, text in zip(fields, texts, strict=True):
        last = re.split(r"[./]", field)[-1]
        if plain(last) in _KINDS_OF_PEOPLE and plain(text) in _KINDS:
            owner = field.removeprefix(LINKED)[: -len(last) - 1]
            kinds[owner.rpartition("/")[0] if last.startswith("@") and "/" in owner else owner] = _KINDS[plain(text)]
    return [replace(one, part=kinds[one.person]) if one.part == "name" and one.person in kinds else one for one in kept]


def _is_said_better(one: Meaning, field: str, parts: set[str], named: dict[str, int]) -> bool:
    """Has a person the same in a surer value: parts for a whole name, given names for initials, a better name?"""
    if one.part == "initials":
        return "given" in parts
    if one.part != "name" or not one.person:
        return False
    return bool(parts & {"family", "organisation"}) or _surety(field) > named[one.person]


def _surety(field: str) -> int:
    name = plain(re.split(r"[./]", field)[-1])
    return PARTS["name"].index(name) if name in PARTS["name"] else 0


@lru_cache(maxsize=65536)
def _meaning(file_format: str, field: str) -> Meaning:
    if file_format in NESTED:
        return _nested(field.split(NESTED[file_format]))
    if field.startswith(LINKED):
        return _nested(field.removeprefix(LINKED).split("."))
    tags = _TAGS.get(file_format, {})
    if field in _GROUP_TAGS.get(file_format, ()):
        return GROUP
    role = tags[field] if field in tags else None if file_format in _CLOSED else role_of(field)
    if role is None and file_format in _TABLES:
        return _column(field)
    return Meaning(role[0], role[1]) if role is not None else _NOTHING


def _column(field: str) -> Meaning:
    """What a column holds whose name is a path in what it was made of, or that has a part of every author's name."""
    if "." in field.strip(". "):
        found = _nested(field.split("."))
        return Meaning("authors", found.rank) if found.role == "authors" and found.part in {None, "name"} else found
    name = plain(field)
    part = part_of(_AUTHOR.sub("", name))
    if part not in {"family", "given", "middle", "suffix"}:
        return _NOTHING
    return Meaning("authors", _IN_PARTS, "author " + "".join(filter(str.isdigit, name)), part)


def _nested(steps: list[str]) -> Meaning:
    names = [plain(step) for step in steps]
    if steps[-1].startswith("@") or any(map(is_elsewhere, steps)) or {"body", "sec"} <= set(names):
        return _NOTHING
    for number, step in enumerate(steps):
        role = role_of(step)
        if role is not None and role[0] == "authors":
            return _person(steps, number, role[1])
    while len(steps) > 2 and plain(steps[-1]) in _WRAPPING and plain(steps[-2]) in _WRAPPING:
        steps = steps[:-1]
    while len(steps) > 1 and plain(steps[-1]) in _WRAPPING and role_of(steps[-2]) is not None:
        wrapped = role_of(steps[-1])
        steps = steps[:-1] if wrapped is None or wrapped[0] == (role_of(steps[-2]) or ("",))[0] else steps
        if wrapped is not None:
            break
    return _field(steps)


def _field(steps: list[str]) -> Meaning:
    role, depth = role_of(steps[-1]), _DEEPER * (len(steps) - 1)
    above = steps[-2] if len(steps) > 1 and plain(steps[-2]) not in _NOT_OF_VENUE else ""
    outer = role_of(above) if above else None
    if plain(steps[-1]) in _NAMES_OF_VENUES and (is_of_venue(above) or (outer is not None and outer[0] == "venue")):
        return Meaning("venue", depth)
    if outer is not None and outer[0] == "year" and plain(steps[-1]) in _DATE_PARTS:
        return Meaning("year", outer[1] + depth - _DEEPER)
    if role is not None and role[0] == "title" and any(map(is_of_venue, _within_paper(steps[:-1]))):
        return Meaning("venue", depth) if plain(above) in TITLES else _NOTHING
    if role is None:
        return _NOTHING
    weak = _DEEPER**2 if plain(steps[-1]) in _WEAK_VENUES and role[0] == "venue" else 0
    return Meaning(role[0], role[1] + depth + weak)


def _within_paper(steps: list[str]) -> list[str]:
    """The steps below the last one that is a paper for sure, whatever that stands in."""
    last = max((number for number, step in enumerate(steps) if plain(step) in _PAPERS), default=-1)
    return steps[last + 1 :]


def _is_list(steps: list[str], place: int) -> bool:
    return plain(steps[place]) in _LISTS and place + 1 < len(steps)


def _person(steps: list[str], number: int, rank: int) -> Meaning:
    """A value below the authors: whose it is, and which part of the name."""
    end = number + 1
    while (
        end < len(steps)
        and (_is_list(steps, end) or plain(steps[end - 1]) in _GROUPS or not _INDEX.search(steps[end - 1]))
        and (_is_list(steps, end) or (role_of(steps[end]) or ("",))[0] == "authors")
    ):
        end += 1
    whose, rest = ".".join(steps[:end]), steps[end:]
    indices = [int(index) for index in _INDEX.findall(steps[end - 1])]
    if len(indices) == 2 and not rest:
        return Meaning("authors", rank, whose[: whose.rindex("[")], _PARSED.get(indices[1]))
    if any(part_of(step) is None for step in rest):
        return _NOTHING
    part = part_of(rest[-1]) if rest else None
    if not rest and plain(steps[end - 1]) in {"collectivename", "collab"}:
        return Meaning("authors", rank, whose, "organisation")
    single = bool(indices) or plain(steps[end - 1]) in {"author", "creator", "au"}
    return Meaning("authors", rank, whose if rest or single else "", part if rest else "name" if single else None)
