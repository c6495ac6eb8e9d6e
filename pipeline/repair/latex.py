r"""LaTeX accents in lists of names: ``Erd{\H{o}}s``, ``\v{S}ime\v{c}ek``, ``Stra\ss{}e``.

Only in lines that are lists of names. LaTeX in titles and abstracts is how their authors write, and stays. Not here:
where such lines stand in a listing, which nobody knows before it is split.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from pipeline.repair.model import Mended, Repair, apply_repairs

# Accent commands and the combining characters that they set (LaTeX 2e, "fntguide" and "encguide").
_ACCENTS: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
_LETTERS: Final = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "dj": "đ", "DJ": "Đ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "ng": "ŋ",
    "NG": "Ŋ",
}  # fmt: skip
_NAMES: Final = "|".join(sorted(_LETTERS, key=len, reverse=True))
# An accent over a letter: \'e \'{e} \'{\i} \v{c} \v c, all of it perhaps in braces. A command that is a letter needs
# a brace or a space before the letter that it is set on, since \vc is another command.
_ON: Final = r"\{\s*(?P<{0}>\\?[^\W\d_])\s*\}|(?P<{1}>\\[ij](?![A-Za-z])|[^\W\d_])"
_MARK: Final = r"\\(?P<mark>[`'^~=.\"])\s*(?:" + _ON.replace("{0}", "a").replace("{1}", "b") + ")"
_WORD: Final = r"\\(?P<word>[uvHtcdbrk])(?:\s*\{\s*(?P<c>\\?[A-Za-z])\s*\}|\s+(?P<d>\\[ij](?![A-Za-z])|[A-Za-z]))"
_LETTER: Final = rf"\\(?P<letter>{_NAMES})(?:\{{\}}|\s+(?=[^\W\d_])|(?![A-Za-z]))"
_COMMAND: Final = re.compile(
    rf"\{{(?:{_MARK}|{_WORD}|{_LETTER})\}}".replace("(?P<", "(?P<in_") + f"|{_MARK}|{_WORD}|{_LETTER}"
)
_FORMULA: Final = re.compile(r"(?<!\\)(\${1,2})(?:[^$\\]|\\.)+?\1|\\\((?:(?!\\[()]).)*+\\\)")
# An accent that a reference manager escaped although it was LaTeX already: R$\backslash$'{\{}e{\}}nyi.
_TWICE: Final = re.compile(
    r"\$\\backslash\$(?:(?P<mark>[`'=.\"])|(?P<word>[uvHcdbrk])(?=\{\\\{\}))"
    r"(?:\{\\\{\}(?P<a>[^\W\d_])\{\\\}\}|(?P<b>[^\W\d_]))"
)
# Commands that stand for a sign, as reference managers write them; \relax stands for nothing.
_SIGNS: Final = {
    "textless": "<", "textgreater": ">", "textasciitilde": "~", "textasciicircum": "^", "textbackslash": "\\",
    "textbar": "|", "textunderscore": "_", "textdollar": "$", "textquotedbl": '"', "relax": "",
}  # fmt: skip
_ESCAPED: Final = re.compile(
    rf"\\(?P<sign>[&%#_$])|\{{\\(?P<braced>{'|'.join(_SIGNS)})(?:\{{\}})?\s?\}}"
    rf"|\\(?P<bare>{'|'.join(_SIGNS)})(?:\{{\}}|\s+|(?![A-Za-z]))"
)
_SEPARATOR: Final = re.compile(r"[,;]|\s(?:and|und|et|y|&)\s")
_MOST_WORDS: Final = 5  # of one name between separators
_NAMELIKE: Final = 0.8  # share of parts that must look like names


def latex(text: str) -> Mended:
    """LaTeX accents of a list of names as letters; any other text as it is. Idempotent."""
    if "\\" not in text or _COMMAND.search(text) is None or not is_name_list(text):
        return Mended(text)
    return latex_letters(text)


def latex_letters(text: str) -> Mended:
    """LaTeX accents as letters, wherever they stand but in formulas."""
    repairs = []
    formulas = [match.span() for match in _FORMULA.finditer(text)]
    for match in _COMMAND.finditer(text):
        if any(start <= match.start() < end for start, end in formulas):
            continue
        letter = _letter({key.removeprefix("in_"): value for key, value in match.groupdict().items() if value})
        if letter:
            repairs.append(
                Repair(match.start(), match.end(), match[0], letter, "latex", None, "exact", 1.0, (), "a LaTeX accent")
            )
    return apply_repairs(text, repairs)


def latex_twice(text: str) -> Mended:
    """The letters of accents that were escaped once more, so that a backslash would be printed and no accent."""
    return apply_repairs(
        text,
        [
            Repair(m.start(), m.end(), m[0], letter, "latex", None, "exact", 1.0, (), "a LaTeX accent, escaped twice")
            for m in _TWICE.finditer(text)
            if (letter := _letter({key: value for key, value in m.groupdict().items() if value}))
        ],
    )


def latex_signs(text: str) -> Mended:
    r"""The signs that LaTeX wants a backslash before (``\&``), without it; formulas are left alone."""
    formulas = [match.span() for match in _FORMULA.finditer(text)]
    return apply_repairs(
        text,
        [
            Repair(m.start(), m.end(), m[0], _sign(m), "latex", None, "exact", 1.0, (), "a sign that LaTeX escapes")
            for m in _ESCAPED.finditer(text)
            if not any(start <= m.start() < end for start, end in formulas)
        ],
    )


def _sign(match: re.Match[str]) -> str:
    return match["sign"] or _SIGNS[match["braced"] or match["bare"]]


def _letter(found: dict[str, str]) -> str | None:
    """The letter that a command stands for; None where there is none such."""
    if "letter" in found:
        return _LETTERS[found["letter"]]
    base = next(found[key] for key in "abcd" if key in found).removeprefix("\\")
    composed = unicodedata.normalize("NFC", base + _ACCENTS.get(found.get("mark") or found.get("word") or "", ""))
    return composed if len(composed) == 1 and composed != base else None


def is_name_list(text: str) -> bool:
    r"""Whether a line is a list of names: parts between separators that are short, without numbers, and capitalised.

    No formula, no sentence. A label at the start (``Authors:``) is allowed for.
    """
    if "$" in text:
        return False
    parts = [part.strip() for part in _SEPARATOR.split(text.partition(":")[2] or text)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return False
    return sum(map(_is_namelike, parts)) >= _NAMELIKE * len(parts)


def _is_namelike(part: str) -> bool:
    words = "".join(_drawn(part)).split()
    return 0 < len(words) <= _MOST_WORDS and not any(c.isdigit() for c in part) and any(w[0].isupper() for w in words)


def _drawn(part: str) -> Iterator[str]:
    """The characters of a part, as they will be read: without braces and backslashes."""
    position = 0
    for match in _COMMAND.finditer(part):
        yield part[position : match.start()]
        yield _letter({k.removeprefix("in_"): v for k, v in match.groupdict().items() if v}) or match[0]
        position = match.end()
    yield part[position:]
