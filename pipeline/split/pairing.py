"""From the tokens of an author list to its entries: pairs of family and given name, and names that stand alone.

A placeholder always stands where a given name would, so each one ends a stretch whose tokens pair up again from its
start: what goes wrong in one stretch stays there. Who of the lone names is an organisation, and which two are one
person, is for ``names``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pipeline.split.lone import NOTHING, Odds, find_lone
from pipeline.split.organisations import has_organisation_word
from pipeline.split.tokens import Token

MISSING_PARTNER: Final = "partner_missing"
DOUBTFUL: Final = "doubtful_pairing"
GUESSED: Final = "organisation_guessed"


class Entry(NamedTuple):
    """One name of a list: tokens of family, given name and suffix; ``marked`` when a colon follows, as behind
    organisations.
    """

    family: Token
    given: Token | None = None
    suffix: Token | None = None
    marked: bool = False
    flags: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens of the name, in the order of the list."""
        found = [token for token in (self.family, self.given, self.suffix) if token is not None]
        return tuple(found if self.suffix is None else sorted(found))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tokens up to and with a placeholder, up to a punctuation mark, or to the end; suffixes are set apart by the
    token before them.
    """

    tokens: tuple[Token, ...]
    suffixes: dict[int, Token]
    marked: bool = False

    @property
    def is_odd(self) -> bool:
        """One token has no partner."""
        return len(self.tokens) % 2 == 1

    @property
    def has_placeholder(self) -> bool:
        """Does a placeholder end it?"""
        return bool(self.tokens) and self.tokens[-1].kind == "placeholder"


def entries_of(tokens: Sequence[Token], odds: Odds = NOTHING) -> list[Entry]:
    """The names of a list, in its order. Tokens that are in none of them are placeholders, marks and the like."""
    found: list[Entry] = []
    without_family = False
    stretches = _stretches(tokens)
    for index, stretch in enumerate(stretches):
        following = stretches[index + 1] if index + 1 < len(stretches) else None
        if stretch.is_odd and without_family:
            found += _paired(stretch, 0, range(0))
            without_family = False
        elif (
            stretch.is_odd
            and stretch.has_placeholder
            and following is not None
            and following.is_odd
            and not following.marked
        ):
            # Two odd stretches around a placeholder: it stands for a family name, and its given name starts the second.
            found += _paired(stretch, len(stretch.tokens) - 1, range(0))
            without_family = True
        else:
            found += _entries(stretch, odds, whole=len(stretches) == 1)
    return found


def _stretches(tokens: Sequence[Token]) -> list[Stretch]:
    """Cut a list at its placeholders and marks. A placeholder behind a mark, a suffix or "et al." fills a pair there
    and cuts nothing.
    """
    found: list[Stretch] = []
    held: list[Token] = []
    suffixes: dict[int, Token] = {}
    before = ""

    def cut(*, marked: bool) -> None:
        nonlocal held, suffixes
        if held:
            found.append(Stretch(tuple(held), suffixes, marked))
        held, suffixes = [], {}

    for token in tokens:
        kind = token.kind
        if kind == "suffix" and held and held[-1].number not in suffixes:
            suffixes[held[-1].number] = token
        elif kind in {"name", "suffix"}:
            held.append(token)
        elif kind == "punctuation":
            if not held and token.text == ":" and found and found[-1].has_placeholder:
                found[-1] = replace(found[-1], marked=True)
            cut(marked=token.text == ":")
        elif (
            kind == "placeholder"
            and before not in {"punctuation", "suffix", "et al."}
            and (token.text or 1 < token.number < len(tokens))
        ):
            held.append(token)
            cut(marked=False)
        before = kind
    cut(marked=False)
    return found


def _entries(stretch: Stretch, odds: Odds, *, whole: bool) -> list[Entry]:
    """The names of one stretch; ``whole`` when it is all of the list, where one name alone lacks no partner."""
    if not stretch.is_odd:
        return _paired(stretch, None, range(0))
    if stretch.has_placeholder and not stretch.tokens[-1].text and len(stretch.tokens) > 1:
        # Nothing at all behind whole pairs is a comma too many.
        return _paired(replace(stretch, tokens=stretch.tokens[:-1]), None, range(0))
    texts = [token.text if token.kind != "placeholder" else "" for token in stretch.tokens]
    if (stretch.marked and not stretch.has_placeholder) or (whole and len(texts) == 1):
        return _paired(stretch, len(texts) - 1, range(0))
    named = [index for index in range(0, len(texts), 2) if has_organisation_word(texts[index])]
    if len(named) == 1:
        return _flagged(_paired(stretch, named[0], range(0)), stretch.tokens[named[0]], GUESSED)
    lone, doubtful = find_lone(texts, odds)
    return _flagged(_paired(stretch, lone, doubtful), stretch.tokens[lone], MISSING_PARTNER)


def _flagged(entries: Sequence[Entry], family: Token, flag: str) -> list[Entry]:
    return [entry._replace(flags=(flag, *entry.flags)) if entry.family is family else entry for entry in entries]


def _paired(stretch: Stretch, lone: int | None, doubtful: range) -> list[Entry]:
    """Pair the tokens of a stretch from its start, but for the one at index ``lone``; a placeholder is nobody's
    name.
    """
    found, index = [], 0
    while index < len(stretch.tokens):
        family = stretch.tokens[index]
        given = None if index == lone else stretch.tokens[index + 1]
        flags = (DOUBTFUL,) if index in doubtful else ()
        suffix = stretch.suffixes.get(family.number) or (stretch.suffixes.get(given.number) if given else None)
        index += 1 if given is None else 2
        if family.kind == "placeholder":
            continue
        real = given if given is not None and given.kind != "placeholder" else None
        found.append(Entry(family, real, suffix, stretch.marked and index == len(stretch.tokens), flags))
    return found
