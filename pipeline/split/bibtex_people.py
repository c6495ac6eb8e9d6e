"""The people of a list as BibTeX and biblatex write it, whose grammars say where each name ends and what is in it."""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from pipeline.split.export_names import as_organisation, plain_token, tidied
from pipeline.split.names import AuthorList, listed, names_of
from pipeline.split.organisations import has_organisation_word
from pipeline.split.pairing import GUESSED
from pipeline.split.passages import Passage
from pipeline.split.person import Name
from pipeline.split.styles import GROUPED, Style
from pipeline.split.tokens import COMMA, Token, tokens_of

AND: Final = re.compile(r"(?<!\s)\s++and\s++", re.IGNORECASE)
_PART: Final = re.compile(
    r"(?P<part>family|given|prefix|suffix|[a-z]+-i|useprefix|id)\s*=\s*\"?(?P<text>[^\"]*)\"?", re.I
)


def is_free(text: str) -> bool:
    """Is a list in BibTeX not in BibTeX's way: semicolons, or more commas than a name has, and no "and"?"""
    outer = _at_top(text)
    return not AND.search(outer) and (";" in outer or outer.count(",") > 2)


def _at_top(text: str) -> str:
    """The text with what is in braces blotted out, of the same length."""
    depth, shown = 0, []
    for char in text:
        depth = max(0, depth - (char == "}"))
        shown.append(char if depth == 0 else "\x00")
        depth += char == "{"
    return "".join(shown)


def of_bibtex(record_id: str, passage: Passage) -> AuthorList:
    """``A and B``, with ``von Last, Jr, First`` or ``First von Last`` in each, and ``{Organisation}``."""
    if _is_wrapped(passage.text) and AND.search(passage.text) and not has_organisation_word(passage.text):
        start, end = passage.text.index("{") + 1, passage.text.rindex("}")
        passage = passage.part(start, end)
    outer = _at_top(passage.text)
    ands = [match.span() for match in AND.finditer(outer) if not passage.is_damaged(match.start())]
    pieces = list(zip([0, *(end for _, end in ands)], [*(start for start, _ in ands), len(outer)], strict=True))
    between: list[tuple[int, int]] = []
    groups = []
    for number, (start, end) in enumerate(pieces):
        between += [ands[number - 1]] if number else []
        inner = _at_top(passage.text) if not _is_wrapped(passage.text[start:end]) else passage.text
        commas = [found.span() for found in COMMA.finditer(inner, start, end) if not passage.is_damaged(found.start())]
        between += commas
        groups.append(1 + len(commas))
    style = Style(GROUPED, tuple(between), tuple(groups))
    raw = tokens_of(passage, style.between)
    braced = {token.number for token in raw if _is_wrapped(token.text)}
    tokens = [plain_token(token) for token in raw]
    ends = list(accumulate(groups))
    alone = {tokens[end - 1].number for end, size in zip(ends, groups, strict=True) if size == 1}
    names = tidied([_if_braced(name, braced & alone) for name in names_of(style, tokens)])
    said = _by_parts([tokens[end - size : end] for end, size in zip(ends, groups, strict=True)])
    if said:
        taken = {token.number for name in said for token in name.tokens}
        names = [name for name in names if taken.isdisjoint(token.number for token in name.tokens)]
        names = sorted([*names, *said], key=lambda name: name.tokens[0].number)
    return listed(record_id, passage, tokens, names)


def _by_parts(pieces: Sequence[Sequence[Token]]) -> list[Name]:
    """The names that biblatex has by their parts: ``given=Simone, prefix=de, family=Beauvoir``."""
    names = []
    for piece in pieces:
        matches = [_PART.fullmatch(token.text) for token in piece]
        parts = {match["part"].lower(): match["text"].strip('" ') for match in matches if match is not None}
        if len(parts) == len(piece) and parts.get("family"):
            family = " ".join(parts[part] for part in ("prefix", "family") if parts.get(part))
            given = parts.get("given") or None
            names.append(Name(tuple(piece), family, given, parts.get("suffix") or None, "person", ()))
    return names


def _if_braced(name: Name, braced: set[int]) -> Name:
    """A name that is one group in braces is an organisation's; the words in it are not parts of a person's name."""
    if name.kind == "organisation" or len(name.tokens) != 1 or name.tokens[0].number not in braced:
        return name
    text = name.tokens[0].text
    if " " not in text:
        return name._replace(kind="organisation", family=text, given=None, flags=(GUESSED,))
    return as_organisation(name, text)


def _is_wrapped(text: str) -> bool:
    """Is a text one group in braces?"""
    text = text.strip()
    return len(text) > 1 and text[0] == "{" and text[-1] == "}" and not _at_top(text)[1:-1].strip("\x00")
