"""The second step: characters that are no damage of encoding but no text either, each change recorded.

HTML entities, LaTeX accents in lists of names (``latex``), control and invisible characters, ligatures of print, odd
spaces and the normal form NFC. Typography (quotes, dashes, full and half width) stays as printed. Not here: encoding
damage (``mend``), which must be mended first, since removing control characters destroys its evidence.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from html.entities import html5
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.latex import latex
from pipeline.repair.model import Mended, Repair, apply_repairs, compose

_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TERMINAL: Final = r"\x1b\[[0-9;]*[A-Za-z]"
_CONTROL: Final = re.compile(
    _TERMINAL + r"|[\ud800-\udbff][\udc00-\udfff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\xad\u061c]"
    r"|[\u200b-\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNDECIDED: Final = re.compile(r"[\x80-\x84\x86-\x9f]")
_BREAKS: Final = frozenset("\x0b\x0c\x85\u2028\u2029")
_JOINERS: Final = frozenset("\u200c\u200d")
_LIGATURE: Final = re.compile("[\u0149\ufb00-\ufb06]")  # with the n of Afrikaans, which Unicode gave up
_SPACE: Final = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_MARKS: Final = frozenset({"Mn", "Mc", "Me"})
_MAX_ESCAPES: Final = 3
_UNTIDY: Final = (_CONTROL, _UNDECIDED, _LIGATURE, _SPACE, re.compile(r"[&\\]"))


@lru_cache(maxsize=1)
def untidy() -> npt.NDArray[np.bool_]:
    """For each code point below 0x10000 whether it can be a reason to tidy a text; the last stands for all beyond.

    A text without such characters stays as it is. NFC can change nothing but marks, jamo and what it changes alone.
    """
    every = "".join(map(chr, range(0x10000)))
    marks = np.fromiter(map(_MARKS.__contains__, map(unicodedata.category, every)), np.bool_, len(every))
    marks |= ~np.fromiter(map(partial(unicodedata.is_normalized, "NFC"), every), np.bool_, len(every))
    for low, high in ((0x1100, 0x1200), (0xA960, 0xA980), (0xD7B0, 0xD800), (0xFFFF, 0x10000)):
        marks[low:high] = True
    for pattern in _UNTIDY:
        for match in pattern.finditer(every):
            marks[match.start() : match.end()] = True
    return marks


def tidy(text: str) -> Mended:
    """Entities, controls, ligatures, spaces and NFC, in that order; idempotent."""
    whole = Mended(text)
    if text.isascii() and not _reasons(text):
        return whole
    for step in _STEPS:
        step_done = step(whole.text)
        if step_done.repairs:
            whole = compose(whole, step_done)
    return whole


def _reasons(text: str) -> bool:
    """Whether there is anything to tidy in a text in ASCII."""
    return (
        ("&" in text and _ENTITY.search(text) is not None)
        or (not text.isprintable() and _CONTROL.search(text) is not None)
        or ("\\" in text and bool(latex(text).repairs))
    )


def unescape(text: str) -> Mended:
    """HTML entities decoded, also those that were escaped twice."""
    whole = Mended(text)
    for _ in range(_MAX_ESCAPES):
        step = _edited(whole.text, _ENTITY, _entity, "entity", "an HTML entity stood for a character")
        if not step.repairs:
            break
        whole = compose(whole, step)
    return whole


def _entity(match: re.Match[str]) -> str:
    if match[0][1] != "#":
        return html5.get(match[0][1:], match[0])
    # A number that means nothing gives nothing or U+FFFD; then the entity is kept, since it says more.
    char = html.unescape(match[0])
    return match[0] if char in {"", "\ufffd", "\n", "\r"} else char


def _controls(text: str) -> Mended:
    return _edited(text, _CONTROL, _control, "control", "an invisible or control character")


def _control(match: re.Match[str]) -> str:
    found = match[0]
    if found in _BREAKS:
        return " "
    if "\ud800" <= found[0] <= "\udfff":
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if found in _JOINERS:
        around = match.string[max(0, match.start() - 1) : match.start()] + match.string[match.end() : match.end() + 1]
        return "" if not any(_joins(char) for char in around) else found
    return ""


def _joins(char: str) -> bool:
    """Joiners mean something beside Arabic and Indic letters and emoji, and nothing beside European letters."""
    return char >= "\u0590" and not "\u1e00" <= char < "\u2300"


def _undecided(text: str) -> Mended:
    """C1 characters that no step could read: nobody typed them, and what they were is not known, so they stay."""
    left = [
        Repair(m.start(), m.end(), m[0], m[0], "control", None, "unresolved", 0.5, _windows(m[0]),
               "a C1 control in a text: punctuation of windows-1252 or a part of a letter")
        for m in _UNDECIDED.finditer(text)
    ]  # fmt: skip
    return apply_repairs(text, left)


def _windows(char: str) -> tuple[str, ...]:
    read = char.encode("latin-1").decode("cp1252", "ignore")
    return (read,) if read else ()


def _ligatures(text: str) -> Mended:
    return _edited(text, _LIGATURE, _spelt, "ligature", "a ligature of print")


def _spelt(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _spaces(text: str) -> Mended:
    return _edited(text, _SPACE, lambda _: " ", "space", "a space of another kind")


def _normal_form(text: str) -> Mended:
    if unicodedata.is_normalized("NFC", text):
        return Mended(text)
    edits = [
        _edit(start, part, unicodedata.normalize("NFC", part), "normal form", "composed to NFC")
        for start, part in _segments(text)
        if not unicodedata.is_normalized("NFC", part)
    ]
    return apply_repairs(text, edits)


def _segments(text: str) -> Iterator[tuple[int, str]]:
    """Cut where composing the parts one by one gives the same as composing the whole."""
    start = 0
    for place in range(1, len(text) + 1):
        if place < len(text):
            seam = text[start:place], text[place]
            if text[place].isascii() and text[place - 1].isascii():
                start = place
                continue
            alone = unicodedata.normalize("NFC", seam[0]) + unicodedata.normalize("NFC", seam[1])
            if unicodedata.combining(text[place]) or unicodedata.normalize("NFC", "".join(seam)) != alone:
                continue
        yield start, text[start:place]
        start = place


_STEPS: Final[tuple[Callable[[str], Mended], ...]] = (
    unescape,
    latex,
    _controls,
    _undecided,
    _ligatures,
    _spaces,
    _normal_form,
)


def _edited(
    text: str,
    pattern: re.Pattern[str],
    change: Callable[[re.Match[str]], str],
    kind: str,
    evidence: str,
) -> Mended:
    found = ((match, change(match)) for match in pattern.finditer(text))
    return apply_repairs(
        text, [_edit(match.start(), match[0], after, kind, evidence) for match, after in found if after != match[0]]
    )


def _edit(start: int, before: str, after: str, kind: str, evidence: str) -> Repair:
    return Repair(start, start + len(before), before, after, kind, None, "exact", 1.0, (), evidence)
