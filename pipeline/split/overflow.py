"""Where an abstract ends when more of the paper was glued to it: an introduction, keywords, a line of copyright.

Cut is only where the evidence is clear; else the text stays whole. A heading says it by itself. Without one, a text
that is glued on has other words (the cohesion of Hearst's TextTiling, Computational Linguistics 23, 1997, at its lowest
between two sentences) and cites, which abstracts seldom do, or makes the whole far longer than abstracts are.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import not_
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_HEADINGS: Final = re.compile(
    r"(?<=[.!?…。”\"')])\s+(?="
    r"(?:(?:1|I)\.?\s+)?(?:I\s?NTRODUCTION\b|Introduction[.:]?\s+(?=[A-Z]))"
    r"|(?:Key\s?words(?: and phrases)?|Keyword|KEYWORDS|Index Terms|INDEX TERMS|CCS CONCEPTS|CCS Concepts|"
    r"General Terms|Categories and Subject Descriptors|Schlüssel[Ww]örter|Schlagwörter|Mots[- ][Cc]l[ée]s?|"
    r"Palabras [Cc]lave|Palavras[- ][Cc]have|Parole [Cc]hiave|Słowa [Kk]luczowe|Ключевые слова)"
    r"\s*(?:[:：.]|—|[-–](?=\s|[A-Z]))"
    r"|ACM Reference Format|Permission to make digital or hard copies|Preprint submitted to\s"
    r"|(?:©|\([cC]\)|Copyright\s+(?:©|\([cC]\))?)\s*(?:(?:19|20)\d\d|Springer|Elsevier|IEEE|ACM|The Author)"
    r"|(?:Page|p\.)\s+\d+\s+of\s+\d+\b"
    r")"
)
# What each of these has in it. Arrow's engine, RE2, tells at several times the speed of Python's which texts have none,
# nor white space other than single spaces, as most, and need no further look.
_MAY_HEAD: Final = (
    r"NTRODUCTION|Introduction|Key|KEY|Index Terms|INDEX TERMS|CCS C|General Terms|Categories and|Schl|Mots|Palabras"
    r"|Palavras|Parole|Słowa|Ключевые|ACM Reference|Permission to|Preprint|©|\([cC]\)|Copyright|Page|p\."
)
_MAY_NOT_BE_PLAIN: Final = f"{_MAY_HEAD}|  |[\\x00-\\x1f\\x7f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_CITATION: Final = re.compile(
    r"\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]"
    r"|\([^()]{0,40}\b[A-Z][^\W\d_]+(?: et al\.?|\s(?:and|&)\s[A-Z]\w+)?,?\s(?:19|20)\d\d[a-z]?(?:;[^()]{0,200})?\)"
    r"|\bet al\."
)
_SENTENCE: Final = re.compile(r"(?<=[^\W\d_A-Z][.!?])[\"”’)]*\s+(?=[A-Z\"“])")
_SHORTENED: Final = frozenset({"al.", "e.g.", "i.e.", "etc.", "cf.", "vs.", "fig.", "eq.", "dr.", "resp.", "approx."})
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
# Words of all abstracts, which say nothing about what one is about.
_EVERYWHERE: Final = frozenset({
    "abstract", "also", "approach", "been", "both", "data", "different", "from", "have", "however", "into", "learning",
    "many", "method", "methods", "model", "models", "more", "most", "other", "over", "paper", "performance", "problem",
    "propose", "results", "show", "some", "such", "task", "tasks", "than", "that", "their", "then", "these", "they",
    "this", "used", "using", "very", "well", "were", "when", "where", "which", "while", "with", "based", "between",
    "only", "there",
})  # fmt: skip
# Words are compared by so many letters, which takes most endings off.
_STEM: Final = 6
# Neither side of a boundary has less: a few sentences share few words by accident.
_LEAST_WORDS: Final = 30
_LEAST_HEAD: Final = 300
_LEAST_TAIL: Final = 300
# The share of the words of each side that the other has too: below the first with a citation behind the boundary and
# none before it, below the second where the whole is longer than abstracts are.
_APART: Final = 0.1
_FAR_APART: Final = 0.065
_WHOLE: Final = 900
_TOO_LONG: Final = 1800


Cut = tuple[str, str | None]


def are_plain(texts: Sequence[str]) -> list[bool]:
    """Which abstracts have no heading in them, and no white space but single spaces; a few of those have neither."""
    found: list[bool] = pc.match_substring_regex(pa.array(texts, pa.string()), _MAY_NOT_BE_PLAIN).to_pylist()
    return list(map(not_, found))


def core_and_overflow(text: str, *, may_head: bool = True) -> Cut:
    """An abstract up to its true end, and what was glued on behind; None where nothing was or nobody can tell.

    What is cut comes back, but for the white space between, when the two are put together. ``may_head`` is whether
    there may be a heading in it.
    """
    place = (_heading(text) if may_head else None) or _shift(text)
    return (text[:place].rstrip(), text[place:].lstrip()) if place else (text, None)


def _heading(text: str) -> int | None:
    """The first heading of something that is no abstract, where an abstract stands before it."""
    places = (found.start() for found in _HEADINGS.finditer(text))
    return next((place for place in places if len(_WORD.findall(text[:place])) >= _LEAST_WORDS), None)


def _shift(text: str) -> int | None:
    """The boundary of two sentences where the text changes its words, if the change is clear."""
    if len(text) < _WHOLE or (len(text) < _TOO_LONG and not _cites(text)):
        return None
    starts = [0, *(found.end() for found in _SENTENCE.finditer(text) if not _is_shortened(text, found.start()))]
    sides = _Sides(_stems(text))
    best, place = 1.0, None
    for start, end in pairwise(starts):
        sides.move(_stems(text[start:end]))
        if min(sides.sizes) < _LEAST_WORDS or end < _LEAST_HEAD or len(text) - end < _LEAST_TAIL:
            continue
        shared = (sides.shared[0] / sides.sizes[0] + sides.shared[1] / sides.sizes[1]) / 2
        if shared < best:
            best, place = shared, end
    if place is None:
        return None
    cites = _CITATION.search(text, place) is not None and _CITATION.search(text[:place]) is None
    clear = best < _APART if cites else best < _FAR_APART and len(text) >= _TOO_LONG
    return place if clear else None


def _stems(text: str) -> list[str]:
    return [word[:_STEM] for word in _WORD.findall(text.lower()) if word not in _EVERYWHERE]


class _Sides:
    """The words before and behind a boundary that moves on: how many, and how many stand on the other side too."""

    def __init__(self, words: Sequence[str]) -> None:
        self._before: Counter[str] = Counter()
        self._behind = Counter(words)
        self.sizes, self.shared = (0, len(words)), (0, 0)

    def move(self, words: Sequence[str]) -> None:
        """Move the boundary behind some words that stood behind it."""
        (head, tail), (in_tail, in_head) = self.sizes, self.shared
        for word in words:
            before, behind = self._before[word], self._behind[word]
            if before and behind:
                in_tail, in_head = in_tail - before, in_head - behind
            left = max(0, behind - 1)
            if left:
                in_tail, in_head = in_tail + before + 1, in_head + left
            self._before[word], self._behind[word] = before + 1, left
            head, tail = head + 1, tail - behind + left
        self.sizes, self.shared = (head, tail), (in_tail, in_head)


def _cites(text: str) -> bool:
    """Does a text cite? Most have none of the signs that every citation has."""
    return ("(" in text or "[" in text or "et al." in text) and _CITATION.search(text) is not None


def _is_shortened(text: str, end: int) -> bool:
    return text[:end].rsplit(maxsplit=1)[-1].lower().lstrip("(") in _SHORTENED
