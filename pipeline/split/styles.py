"""In which style an author list is written, decided for the whole list with the support of its file.

The styles: "pairs" is `Last, First, Last, First`; "given first" is `First Last, First Last and First Last`; "grouped"
is `Last, First; Last, First` or `Last, First and Last, First`. What names are made of a list of each style is in
``names``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count, pairwise
from typing import Final

from pipeline.layouts.shapes import PARTICLES, label_of
from pipeline.split.organisations import ORGANISATION_FROM, evidence, has_organisation_word
from pipeline.split.passages import Passage
from pipeline.split.plain import Plain, plain_list
from pipeline.split.tokens import COMMA, Token, bare_list, is_marked, kind_of, separators, tokens_of

PAIRS: Final = "pairs"
GIVEN_FIRST: Final = "given first"
GROUPED: Final = "grouped"

_AND: Final = r"(?:and|und|&|et(?!\.?\s+al\b))"
_ET_AL: Final = r"(?<!\s)\s++(?=et\.?\s+al\b)"
_COMMAS: Final = r"[,，、]"
_CONJUNCTION: Final = re.compile(rf"(?<!\s)\s++{_AND}\s++", re.IGNORECASE)
_SEMICOLON: Final = re.compile(r"[;；|]|\s[·•/](?=\s)")
_LIST: Final = re.compile(rf"{_COMMAS}\s*{_AND}\s+|{_COMMAS}\s*|(?<!\s)\s++{_AND}\s++|{_ET_AL}", re.IGNORECASE)
_EVERY: Final = re.compile(rf"(?:{_COMMAS}|[;；])\s*")
# In pairs "and" alone may be part of an organisation's name, so there it separates behind a comma only.
_PAIRS: Final = re.compile(rf"{_COMMAS}\s*{_AND}\s+|{_COMMAS}\s*|{_ET_AL}", re.IGNORECASE)
_GROUPS: Final = re.compile(rf"[;；|]\s*(?:{_AND}\s+)?|\s[·•/]\s+|(?<!\s)\s++{_AND}\s++|{_ET_AL}", re.IGNORECASE)
# "y" and the like stand in names as often as between them.
_SOFT: Final = re.compile(r"(?<!\s)\s++(?:y|e|i|och|og|en|ja)\s++")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.?[\s-]*){1,3}")
# A family name with bare initials behind it ("van Hove JP"), as medicine cites.
_BEHIND: Final = re.compile(
    r"[^\W\d_](?:(?![^\W\d_A-Z])\S)*[^\W\d_A-Z]\S*(?: [^\W\d_]\S+)* [A-Z]{1,3}\.?(?: (?:Jr|Sr|2nd|3rd)\.?)?"
)
_HAN: Final = re.compile("[\u3400-\u9fff·]{2,5}")
_LEADING: Final = re.compile(r"[^\W\d_]\.[\s-]*\S")
_KEPT: Final = 1 << 10
_TOKEN: Final = partial(tuple.__new__, Token)
# A list whose own evidence is weaker than that has the style of its file.
_STRONG: Final = 0.8
_HALF: Final = 0.5
# Pairs of compound names are as many words as names written given name first; so many of them are none.
_MANY: Final = 6
# More people than that follow an organisation that leads a list of names written given name first.
_LED: Final = 2
# An organisation with a colon before the first name of such a list ("OpenAI: ...").
_LEADING_COLON: Final = re.compile(r"\s*+[^\s,;:]+(?: [^\s,;:]+){0,3}:(?P<space> +)(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Style:
    """How a list is written, with the spans that separate its tokens.

    ``groups`` holds, for "grouped", the number of the tokens of each name.
    """

    name: str
    between: tuple[tuple[int, int], ...]
    groups: tuple[int, ...] = ()


@lru_cache(maxsize=_KEPT)
def read_list(passage: Passage, usual: str) -> tuple[Style, tuple[Token, ...]]:
    """The style of one list, as ``style_of`` says it, and its tokens; a list is asked for its odds and then for names.

    A passage is itself alone, so that what is kept is found by no other of the same text.
    """
    plain = plain_list(passage.text) if passage.is_sound else None
    if plain is not None:
        return _read_plain(passage, plain, usual)
    style = style_of(passage, usual)
    return style, tuple(tokens_of(passage, style.between))


def _read_plain(passage: Passage, plain: Plain, usual: str) -> tuple[Style, tuple[Token, ...]]:
    """The same of a plain list: its commas are what separates, and nothing is attached to its tokens."""
    spans, name = plain.spans, PAIRS
    if "placeholder" not in plain.kinds:
        name = _proven(plain.names, passage.text, marked=0) or usual
    between = commas = [(end, start) for (_, end), (start, _) in pairwise(spans)]
    if name == GIVEN_FIRST:
        between = _with_soft(passage, commas)
    if len(between) > len(commas):
        return Style(name, tuple(between)), tuple(tokens_of(passage, between))
    columns = count(1), plain.tokens, *zip(*spans, strict=True), plain.kinds
    return Style(name, tuple(between)), tuple(map(_TOKEN, zip(*columns, strict=False)))


def style_of(passage: Passage, usual: str = PAIRS) -> Style:
    """The style of one list; ``usual`` is that of the file, for lists that have no evidence of their own."""
    group_marks = separators(passage, _GROUPS)
    if ";" in passage.text and _are_behind(_EVERY.split(passage.text)):
        return Style(GIVEN_FIRST, tuple(separators(passage, _EVERY)))
    if separators(passage, _SEMICOLON) or _are_grouped(passage, group_marks):
        return _grouped(passage, group_marks)
    if (own_style(passage) or usual) == PAIRS:
        return Style(PAIRS, tuple(_with_last_pair(passage, separators(passage, _PAIRS))))
    kept = [mark for mark in separators(passage, _LIST) if not _inside_organisation(passage.text, mark)]
    return Style(GIVEN_FIRST, tuple(_with_colon(passage, _with_soft(passage, kept))))


def usual_style(passages: Iterable[Passage]) -> str:
    """The style that most tokens of a file's lists speak for; pairs where they say nothing."""
    votes = {PAIRS: 0, GIVEN_FIRST: 0}
    for passage in passages:
        plain = plain_list(passage.text)
        if plain is not None and plain.pairs is not None:
            votes[PAIRS] += plain.pairs.tokens
            continue
        texts = _tokens(passage.text) if plain is None else plain.names
        has_placeholder = _has_placeholder(texts) if plain is None else "placeholder" in plain.kinds
        paired = has_placeholder or _pairs_share(texts) >= _HALF or _do_alternate(texts)
        vote = PAIRS if paired else GIVEN_FIRST
        votes[vote] += len(texts) if passage.text.strip() else 0
    return GIVEN_FIRST if votes[GIVEN_FIRST] > votes[PAIRS] else PAIRS


def own_style(passage: Passage) -> str | None:
    """The style that a list proves by itself, or None.

    Placeholders stand in pairs only. Family names are as a rule one word, so that the even tokens of a list of pairs
    are; names written given name first are two words or more, all of them, or start with initials. Marks of footnotes
    and affiliations stand behind whole names, and names in Chinese characters alone are whole.
    """
    texts = _tokens(passage.text)
    return PAIRS if _has_placeholder(texts) else _proven(texts, passage.text, marked=_count_marked(passage))


def _proven(texts: Sequence[str], text: str, *, marked: int) -> str | None:
    """The same by the tokens of a list without placeholders, its text, and how many names have a mark behind them."""
    if texts and all(_HAN.fullmatch(one) for one in texts):
        return GIVEN_FIRST
    if (len(texts) > 1 and _pairs_share(texts) >= _STRONG) or _do_alternate(texts):
        return PAIRS
    are_whole = marked * 2 > len(texts) or all(map(_BEHIND.fullmatch, texts)) or _is_led(texts)
    if len(texts) > 1 and are_whole:
        return GIVEN_FIRST
    if not texts or any(" " not in one or _INITIALS.fullmatch(one) for one in texts):
        return None
    joined = len(texts) > 1 and _CONJUNCTION.search(text) is not None
    several = len(texts) >= _MANY or (len(texts) > 2 and len(texts) % 2 == 1)
    leading = len(texts) > 1 and all(_LEADING.match(one) or _half_shouted(one) for one in texts)
    return GIVEN_FIRST if joined or several or leading else None


def _are_behind(texts: Iterable[str]) -> bool:
    """Names with initials behind them, and groups, as PubMed lists them: "Meitner L, Hahn O; Lead Study Group"."""
    stripped = [text.strip() for text in texts if text.strip()]
    people = [text for text in stripped if not has_organisation_word(text)]
    return len(people) > 1 and len(stripped) > len(people) and all(map(_BEHIND.fullmatch, people))


def _do_alternate(texts: Sequence[str]) -> bool:
    """Two words, one word, and so on: family names of two words, each with a given name behind it."""
    return len(texts) > 2 and len(texts) % 2 == 0 and all((" " in text) == (n % 2 == 0) for n, text in enumerate(texts))


def _is_led(texts: Sequence[str]) -> bool:
    """Does an organisation of one word lead a list of whole names?"""
    if len(texts) <= _LED or " " in texts[0] or not all(" " in text for text in texts[1:]):
        return False
    return evidence(texts[0], first=True, marked=False, shouted=False) >= ORGANISATION_FROM


def _half_shouted(text: str) -> bool:
    """A family name in capitals beside given names that are not ("NAKAHARU Sae")."""
    loud = [len(word) > 2 and word.isupper() for word in text.split()]
    return any(loud) and not all(loud)


def _count_marked(passage: Passage) -> int:
    return sum(is_marked(piece.strip()) for piece in _pieces(passage.text, separators(passage, _LIST)))


def _tokens(text: str) -> list[str]:
    texts = [token.strip() for token in _LIST.split(bare_list(text))]
    return [token for token in texts if token and kind_of(token) not in {"suffix", "et al."}]


def _has_placeholder(texts: Iterable[str]) -> bool:
    return any(kind_of(text) == "placeholder" for text in texts)


def _pairs_share(texts: Sequence[str]) -> float:
    """The share of tokens at the places of family names that are one word, particles aside, or that have initials
    alone behind them.
    """
    if not texts:
        return 0.0
    families, given = texts[::2], [*texts[1::2], ""]
    alone = [
        sum(word not in PARTICLES for word in text.split()) < 2 or bool(_INITIALS.fullmatch(first))
        for text, first in zip(families, given, strict=False)
    ]
    return sum(alone) / len(families)


def _are_grouped(passage: Passage, marks: Sequence[tuple[int, int]]) -> bool:
    """`Last, First and Last, First`: between every two conjunctions one name with one comma, or with a suffix."""
    pieces = [COMMA.split(piece) for piece in _pieces(passage.text, marks) if kind_of(piece.strip()) != "et al."]
    names = [[part for part in parts if kind_of(part.strip()) != "suffix"] for parts in pieces]
    return len(pieces) > 1 and all(len(parts) == 2 for parts in names)


def _grouped(passage: Passage, marks: Sequence[tuple[int, int]]) -> Style:
    """Names between the marks; inside of each the commas set family, given name and suffix apart."""
    kept = {mark for mark in marks if not _inside_organisation(passage.text, mark)}
    inside = {place for start, end in kept for place in range(start, end)}
    between = sorted([*kept, *(comma for comma in separators(passage, COMMA) if comma[0] not in inside)])
    groups, size = [], 1
    for mark in between:
        if mark in kept:
            groups.append(size)
            size = 1
        else:
            size += 1
    return Style(GROUPED, tuple(between), (*groups, size))


def _with_last_pair(passage: Passage, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """With the conjunction before the last pair, where none but whole pairs stand on both sides."""
    bare = [mark for mark in separators(passage, _CONJUNCTION) if mark not in marks]
    if len(bare) != 1:
        return list(marks)
    left, right = _pieces(passage.text, bare)
    pairs = len(COMMA.findall(left)) % 2 == 1 and len(COMMA.findall(right)) == 1
    return sorted([*marks, *bare]) if pairs else list(marks)


def _pieces(text: str, marks: Sequence[tuple[int, int]]) -> list[str]:
    starts, ends = [0, *(end for _, end in marks)], [*(start for start, _ in marks), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _inside_organisation(text: str, mark: tuple[int, int]) -> bool:
    """Is a conjunction part of an organisation's name ("Institute of Fog and Dew")?

    One side of it names a kind of organisation, and behind it no name of a person follows that is longer than a word.
    """
    if _CONJUNCTION.fullmatch(text[mark[0] : mark[1]]) is None:
        return False
    left = COMMA.split(text[: mark[0]])[-1]
    right = COMMA.split(text[mark[1] :])[0]
    return has_organisation_word(left) != has_organisation_word(right) and " of " in f"{left} {right}"


def _with_colon(passage: Passage, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """With the space behind the colon of an organisation that leads the list; the colon stays with it."""
    found = _LEADING_COLON.match(passage.text)
    if found is None or label_of(passage.text.lstrip()) is not None or passage.is_damaged(found.start("space")):
        return list(marks)
    return [found.span("space"), *marks]


def _with_soft(passage: Passage, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """With the conjunctions in the last name that may be parts of it, where whole names stand on both sides."""
    start = marks[-1][1] if marks else 0
    for found in _SOFT.finditer(passage.text, start):
        left, right = passage.text[start : found.start()], passage.text[found.end() :]
        if min(len(left.split()), len(right.split())) >= 2:
            return [*marks, found.span()]
    return list(marks)
