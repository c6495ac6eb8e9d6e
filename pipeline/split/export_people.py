"""From the author values of one entry of an export to names, in the way in which its format lists people.

Where the source gives family and given names apart they stay apart. What a list written in one value means is left to
``styles`` and ``names``, but for BibTeX, whose grammar says it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipeline.repair import Mended
from pipeline.split.bibtex_people import AND, is_free, of_bibtex
from pipeline.split.export_names import as_organisation, plain_token, tidied, with_suffix
from pipeline.split.export_roles import GROUP, TAGGED, Meaning
from pipeline.split.names import AuthorList, joined, listed, lone_name, names_of, read_authors
from pipeline.split.organisations import has_organisation_word
from pipeline.split.pairing import GUESSED
from pipeline.split.passages import Passage
from pipeline.split.person import Name
from pipeline.split.styles import GROUPED, Style
from pipeline.split.tokens import Token, commas, kind_of, tokens_of

_BARS: Final = re.compile(r"(?<!\s)\s++(?:\|++\s*+|/++\s++)|\|++\s*+")
_MORE: Final = re.compile(r"(?:(?<!\s)\s++)?+(?:…|\.\.\.)\s*+$")
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.){0,300}+)'(?=\s*[,\]])|\"((?:[^\"\\]|\\.){0,300}+)\"(?=\s*[,\]])")


@dataclass(frozen=True, slots=True)
class People:
    """The names of an entry and its author list as the file has it; None without one."""

    names: AuthorList
    text: str | None


def people_of(record_id: str, file_format: str, values: Sequence[tuple[str, Meaning, Mended]], usual: str) -> People:
    """The people of an entry from its author values: (field, meaning, mended text) each, in the order of the file.

    ``usual`` is the style of the lists of the file.
    """
    if not values:
        return People(AuthorList(0, (), ()), None)
    passage = Passage([mended for _, _, mended in values])
    if len(values) == 1 and _is_list(file_format, *values[0]):
        return _from_list(record_id, file_format, passage, usual)
    tokens = _value_tokens(values)
    if any(meaning.part and meaning.part != "name" and meaning is not GROUP for _, meaning, _ in values):
        names = _apart(values, tokens)
        return People(listed(record_id, passage, tokens, names), _joined_text(names))
    style = Style(GROUPED, *_marks(passage, values))
    inner = [plain_token(token) for token in tokens_of(passage, style.between)]
    groups = _spans(values, GROUP)
    names = [_of_group(name, passage.text, groups) for name in tidied(names_of(style, inner))]
    return People(listed(record_id, passage, inner, names), "; ".join(m.text.strip() for _, _, m in values) or None)


def _is_list(file_format: str, field: str, meaning: Meaning, mended: Mended) -> bool:
    """Is the only author value of an entry a list of several, by its field or, where that is for one, by its text?"""
    one = meaning.part or file_format in TAGGED or (file_format == "html" and field in {"author", "citation_author"})
    if not one:
        return True
    return meaning.part in {None, "name"} and (";" in mended.text or AND.search(mended.text) is not None)


def _from_list(record_id: str, file_format: str, passage: Passage, usual: str) -> People:
    """One value that lists all; an ellipsis behind it says that there are more."""
    more = _MORE.search(passage.text)
    if more is not None:
        passage = passage.part(0, more.start())
    text = passage.text.strip() or None
    if file_format == "bibtex" and not is_free(passage.text):
        return People(of_bibtex(record_id, passage), text)
    stripped = passage.text.strip()
    quoted = list(_QUOTED.finditer(passage.text)) if stripped.startswith("[") and stripped.endswith("]") else []
    if quoted:
        return People(_of_pieces(record_id, passage, [m.span(1 if m[1] is not None else 2) for m in quoted]), text)
    bars = list(_BARS.finditer(passage.text)) if ";" not in stripped else []
    if bars:
        starts, ends = [0, *(bar.end() for bar in bars)], [*(bar.start() for bar in bars), len(passage.text)]
        return People(_of_pieces(record_id, passage, list(zip(starts, ends, strict=True))), text)
    return People(read_authors(record_id, passage, usual), text)


def _of_pieces(record_id: str, passage: Passage, pieces: Sequence[tuple[int, int]]) -> AuthorList:
    """Names whose places are known: commas inside of each set its parts apart."""
    between, groups = [], []
    behind = 0
    for number, (start, end) in enumerate(pieces):
        if number or start > behind:
            between.append((behind, start))
        inside = commas(passage, start, end)
        between += inside
        groups.append(1 + len(inside))
        behind = end
    if pieces[0][0] > 0:
        groups.insert(0, 1)
    if behind < len(passage.text):
        between.append((behind, len(passage.text)))
        groups.append(1)
    style = Style(GROUPED, tuple(between), tuple(groups))
    tokens = [plain_token(token) for token in tokens_of(passage, style.between)]
    return listed(record_id, passage, tokens, tidied(names_of(style, tokens)))


def _value_tokens(values: Sequence[tuple[str, Meaning, Mended]]) -> list[Token]:
    """One token a value; the values are joined by one space each."""
    tokens, start = [], 0
    for number, (_, _, mended) in enumerate(values, 1):
        raw = mended.text
        low = start + len(raw) - len(raw.lstrip())
        text = " ".join(raw.split())
        kind = kind_of(text)
        token = Token(number, text, low, max(low, start + len(raw.rstrip())), "name" if kind == "suffix" else kind)
        tokens.append(plain_token(token))
        start += len(raw) + 1
    return tokens


def _spans(values: Sequence[tuple[str, Meaning, Mended]], meaning: Meaning) -> list[tuple[int, int]]:
    """Where the values of one meaning stand in the text of all."""
    ends = list(accumulate(len(mended.text) + 1 for _, _, mended in values))
    return [
        (end - len(mended.text) - 1, end - 1)
        for end, (_, other, mended) in zip(ends, values, strict=True)
        if other is meaning
    ]


def _of_group(name: Name, text: str, groups: Sequence[tuple[int, int]]) -> Name:
    """A name as that of an organisation, where its value holds nothing else."""
    span = next(((low, high) for low, high in groups if low <= name.tokens[0].start < high), None)
    if span is None:
        return name
    return as_organisation(name, " ".join(text[slice(*span)].split()))


def _marks(
    passage: Passage, values: Sequence[tuple[str, Meaning, Mended]]
) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    """The separators of values that are a name each: the joints between them, and the commas inside."""
    between: list[tuple[int, int]] = []
    groups, start = [], 0
    for number, (_, _, mended) in enumerate(values):
        if number:
            between.append((start - 1, start))
        end = start + len(mended.text)
        inside = commas(passage, start, end)
        between += inside
        groups.append(1 + len(inside))
        start = end + 1
    return tuple(between), tuple(groups)


def _apart(values: Sequence[tuple[str, Meaning, Mended]], tokens: Sequence[Token]) -> list[Name]:
    """The names of people whose parts are values of their own, in the order in which they start."""
    groups: dict[str, dict[str, list[Token]]] = {}
    for (_, meaning, _), token in zip(values, tokens, strict=True):
        if token.kind not in {"placeholder", "punctuation"} or meaning.part is None:
            groups.setdefault(meaning.person, {}).setdefault(meaning.part or "name", []).append(token)
    split = any("family" in parts for parts in groups.values())
    names: list[Name] = []
    for parts in groups.values():
        name = _person(parts, first=not names and len(groups) > 1, others_split=split)
        if name is not None:
            names.append(name)
    if any(token.kind == "placeholder" for token in tokens):
        names = joined(names)
    return names


def _person(parts: dict[str, list[Token]], *, first: bool, others_split: bool) -> Name | None:
    """One person, or organisation, from the parts of the name that the source gives."""

    def said(*wanted: str) -> list[Token]:
        return [token for part in wanted for token in parts.get(part, ()) if token.kind == "name"]

    organisation = said("organisation")
    if organisation and not said("family"):
        return Name(tuple(organisation), _text(organisation), None, None, "organisation", ())
    family = said("dropping", "particle", "family")
    if said("family"):
        given = said("given", "middle") or said("initials")
        suffix = said("suffix")
        if not given:
            lone = lone_name(family[-1]._replace(text=_text(family)), first=first)
            return lone._replace(tokens=tuple(family), suffix=_text(suffix) or None)
        tokens = sorted([*family, *given, *suffix], key=lambda token: token.number)
        return with_suffix(Name(tuple(tokens), _text(family), _text(given), _text(suffix) or None, "person", ()))
    whole = said("person", "name")[:1]
    if not whole:
        alone = said("given")[:1]
        return lone_name(alone[0], first=first) if alone else None
    if others_split and not said("person") and whole[0].text.count(",") != 1:
        named = has_organisation_word(whole[0].text) or " " not in whole[0].text
        return Name(tuple(whole), whole[0].text, None, None, "organisation", () if named else (GUESSED,))
    return with_suffix(_whole_name(whole[0]))


def _whole_name(token: Token) -> Name:
    """A name that is one value: ``Last, First`` or ``First Last``."""
    family, comma, given = (part.strip() for part in token.text.partition(","))
    if comma and family and given and "," not in given and not has_organisation_word(token.text):
        return Name((token,), family, given, None, "person", ())
    return names_of(Style(GROUPED, (), (1,)), [token])[0]


def _text(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def _joined_text(names: Sequence[Name]) -> str | None:
    return "; ".join(", ".join(part for part in (n.family, n.given, n.suffix) if part) for n in names) or None
