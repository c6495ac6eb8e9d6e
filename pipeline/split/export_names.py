"""What a name in an export is, once it is known where it starts and ends."""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.split.organisations import has_organisation_word
from pipeline.split.person import Name
from pipeline.split.tokens import Token, kind_of

# DBLP tells people of one name apart by a number.
_HOMONYM: Final = re.compile(r"(?<!\s)\s++0\d{3}$")
_WORD: Final = re.compile(r"[^\W\d_]{2}")


def plain_token(token: Token) -> Token:
    """A token as it is read: no braces, ties as spaces, no number of a homonym."""
    text = token.text.replace("{", "").replace("}", "").replace("~", " ").replace("\\ ", " ")
    text = _HOMONYM.sub("", " ".join(text.split()))
    return token._replace(text=text, kind=kind_of(text)) if text != token.text else token


def tidied(names: Sequence[Name]) -> list[Name]:
    """Names with the suffix apart, and those of organisations in the order in which they are said."""
    return [with_suffix(_turned(name)) for name in names]


def with_suffix(name: Name) -> Name:
    """A name with a suffix behind its given names (``Last, First Jr``), or behind all of it, with the suffix apart.

    A family name that the source sets apart with its suffix (``Last III, First``) stays as it is there.
    """
    if name.suffix or not name.given:
        return name
    before, _, last = name.given.rpartition(" ")
    if before and kind_of(last) == "suffix":
        return name._replace(given=before.rstrip(","), suffix=last)
    before, _, last = name.family.rpartition(" ")
    apart = len(name.tokens) > 1 or "," in name.tokens[0].text
    if before and (before.endswith(",") or not apart) and kind_of(last) == "suffix":
        return name._replace(family=before.rstrip(","), suffix=last)
    return name


def _turned(name: Name) -> Name:
    """An organisation that a program wrote as if it were a person ("Collaboration, CMS")."""
    if not name.given or " " in name.family or not has_organisation_word(name.family) or not _WORD.search(name.given):
        return name
    return as_organisation(name, f"{name.given} {name.family}")


def as_organisation(name: Name, text: str) -> Name:
    """A name as that of an organisation called ``text``, surely."""
    return name._replace(kind="organisation", family=text, given=None, suffix=None, flags=())
