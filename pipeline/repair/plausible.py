"""How plausible a piece of text is, by the shape of its characters: the price of writing it, in nats.

Prices are rough negative log-probabilities of a character in running text, and of the step from one character to
the next: a Thai letter among Latin ones, a capital inside a word, a box drawing or a control character are dear.
The difference of two prices is how much better one reading is than the other. Letters of Latin words are judged
more finely by the letter model (``letters``). Not here: channels and decisions.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pipeline.repair.letters import character_prices, letter_model, lowered


@dataclass(frozen=True, slots=True)
class Shape:
    """What the price list knows of one character. ``script`` is empty for what is no letter."""

    script: str
    price: float
    case: str = ""
    mark: bool = False


# First letters of the Unicode name -> script. Kana and Han are written together, so they are one.
_SCRIPTS: Final = (
    "LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "THAI", "LAO", "HANGUL", "CJK", "HIRAGANA", "KATAKANA",
    "ARMENIAN", "GEORGIAN", "DEVANAGARI", "BENGALI", "TAMIL", "KHMER", "ETHIOPIC", "TELUGU", "MALAYALAM", "KANNADA",
    "GUJARATI", "GURMUKHI", "SINHALA", "MYANMAR", "TIBETAN", "MONGOLIAN", "CHEROKEE",
)  # fmt: skip
_ONE_SCRIPT: Final = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "BOPOMOFO": "CJK"}

# Latin letters of the alphabets of Europe, Turkey, Azerbaijan and Vietnam; what stands in no list is rarer.
_COMMON_LATIN: Final = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœ"
    "ŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžƏəƠơƯưȘșȚț"
)
_KNOWN_SIGNS: Final = frozenset("✓✔✗★☆☀☎☑☺♠♣♦⚠⚡✅✈✉✨❄❌❗❤➡⭐→←↑↓↔⇒■□●○▪♥♡♪℃№≤≥≠≈∞√∑∂∆πµ−∈¢¥¦¬¶¤÷")
COMMONEST: Final = frozenset("áéíóúàèäöüçñÁÉÖÜ")
COMMON: Final = 0.8  # nats by which they are cheaper than others in a language that is in no table
_COMMON_MARKS: Final = frozenset(
    map(chr, [*range(0x300, 0x305), *range(0x306, 0x309), *range(0x30A, 0x30D), 0x323, *range(0x326, 0x329)])
)
_COMMON_POINTS: Final = frozenset("’‘“”–—…«»„‚¿¡·•°©®™§€£²³½±×´†\u00a0")
# What a letter costs that the table of characters does not list.
_RARE: Final = {
    "CJK": 17.0,
    "HANGUL": 17.0,
    "CYRILLIC": 10.0,
    "GREEK": 10.0,
    "ARABIC": 10.0,
    "HEBREW": 10.0,
    "THAI": 7.0,
}


@lru_cache(maxsize=65536)
def shape(char: str) -> Shape:
    """Price, script and case of one character."""
    category = unicodedata.category(char)
    if char.isascii() and category[0] == "L":
        return Shape("LATIN", 3.0, "upper" if char.isupper() else "lower")
    return _letter(char, category) if category[0] in "LM" else Shape("", _price_of_sign(char, category))


def _letter(char: str, category: str) -> Shape:
    name = unicodedata.name(char, "").partition(" ")[0]
    script = _ONE_SCRIPT.get(name, name)
    if category[0] == "M":
        return Shape(script if script in _SCRIPTS else "", _price_of_mark(char, script), mark=True)
    case = "upper" if category == "Lu" else "lower" if category == "Ll" else ""
    if char in _EDITIONS:
        return Shape("OTHER", _OF_EDITIONS, case)
    return Shape(script or "OTHER", _price_of_letter(char, script), case)


def _price_of_mark(char: str, script: str) -> float:
    if script == "COMBINING":
        return 5.0 if char in _COMMON_MARKS else 12.0
    return character_prices().get(char, 10.0) if script in _SCRIPTS else _UNHEARD_OF


def _price_of_sign(char: str, category: str) -> float:
    if char.isascii():
        return 3.0 if char.isprintable() else 8.0
    if char in _COMMON_POINTS:
        return 6.0
    if char == "\ufffd":
        return 12.0
    if char in _EDITIONS:
        return _OF_EDITIONS
    if category == "Nd" and not any(low <= char <= high for low, high in _COMMON_DIGITS):
        return _UNHEARD_OF
    return 8.0 if char in _KNOWN_SIGNS else _SIGNS.get(category, 9.0)


_UNHEARD_OF: Final = 20.0
_OF_EDITIONS: Final = 30.0  # more than the words of a file can say for a channel that would yield one
# Letters and marks that editions of old texts and phonetic notation have, and no language.
_EDITIONS: Final = frozenset(map(chr, [*range(0x2C60, 0x2C80), *range(0xA700, 0xA800), *range(0xAB30, 0xAB70)]))
# Arabic, Persian, Indic, Thai, and those of full width.
_COMMON_DIGITS: Final = (("\u0660", "\u0669"), ("\u06f0", "\u06f9"), ("\u0966", "\u0e59"), ("\uff10", "\uff19"))
_SIGNS: Final = {
    "Cc": 14.0,
    "Cn": _UNHEARD_OF,
    "Co": _UNHEARD_OF,
    "Cs": _UNHEARD_OF,
    "Cf": 8.0,
    "Sk": 10.0,
    "Nd": 6.0,
    "Po": 8.0,
    "Pi": 7.0,
    "Pf": 7.0,
    "Pd": 8.0,
    "Zs": 8.0,
    "So": 11.0,
    "Sm": 10.0,
}


def _price_of_letter(char: str, script: str) -> float:
    if script == "LATIN":
        if char in _COMMON_LATIN or 0x1EA0 <= ord(char) <= 0x1EF9:
            return 5.0
        return 9.5 if ord(char) < 0x180 or 0x1E00 <= ord(char) < 0x1F00 else 12.5
    known = char.lower() if char.lower().upper() == char else char  # the ohm shares its small letter with a capital
    return character_prices().get(known, _RARE.get(script, 8.0)) if script in _SCRIPTS else _UNHEARD_OF


_NEW_WORD: Final = 2.0  # any first letter of a script after none; Latin words have the letter model's edges
_OTHER_SCRIPT: Final = 7.0  # a step between two alphabets inside a word
_MIXED_ALPHABETS: Final = 11.0  # the same between Latin, Greek, Cyrillic and Armenian letters
_BESIDE_CJK: Final = 4.0  # East Asian text sets Latin words without spaces
_NEXT_WORD: Final = 2.0  # the same where the second begins with a capital, as a word does
CAPITAL_INSIDE: Final = 9.5  # a capital behind a small letter
_SIGN_INSIDE: Final = 4.0  # a sign with letters on both sides
_LOOSE_MARK: Final = 12.0  # a combining mark that has no letter of its script in front
BEFORE_CAPITALS: Final = frozenset({"Mc", "Mac", "De", "Di", "La", "Le", "Van", "O", "D"})
_COMMON_WORD: Final = 6  # Zipf value of words of one letter that stand in any text
MARKED: Final = 5.0  # a combining mark in a Latin word
TOO_LONG: Final = 0.7  # for each letter that makes a word longer than names are, when one is made of two
LONGEST: Final = 13  # letters of a name
_THINKABLE: Final = 8.5
NO_LANGUAGE: Final = 2.0  # a Latin word of a language that the letter model does not know
_ANY_ASCII: Final = 3.0  # and each of its ASCII letters
_SIGN_BEHIND: Final = 3.0  # a sign right behind a letter that does not belong there
_ALPHABETIC: Final = frozenset(_SCRIPTS) - {"CJK", "HANGUL"}  # scripts in which one character is hardly ever a word
_HARDLY_MET: Final = 13.0  # the price of a Chinese character that stands nowhere alone
_LONE_LETTER: Final = 7.0  # a word of one letter of another script
_BEHIND_WORDS: Final = frozenset("’”»…–—·²³°™®†‡₂\u00a0 ")
_INSIDE_WORDS: Final = frozenset("'-’·\u00ad\u200c\u200d")
MOST_KNOWN: Final = 1 << 17  # texts of which the prices are kept


@lru_cache(maxsize=1)
def known_prices() -> dict[tuple[str, bool], float]:
    """The prices that were worked out so far, by text and whether it was asked strictly."""
    return {}


def price(text: str, *, strict: bool = False) -> float:
    """The price of a piece of text that stands between spaces or ASCII signs, in nats.

    ``strict``: Latin words must be of a language of the letter model, which is asked of readings that would make
    Latin letters of a script that is often set beside them. Many texts at once are priced faster (``bulk``).
    """
    known = known_prices()
    found = known.get((text, strict))
    if found is None:
        if len(known) >= MOST_KNOWN:
            known.clear()
        found = known[text, strict] = _price(text, strict=strict)
    return found


def strange(text: str) -> float:
    """Nats by which a text is dearer in the languages of the letter model than in one of which nothing is known."""
    return price(text, strict=True) - price(text)


def _price(text: str, *, strict: bool) -> float:
    shapes = (OUTSIDE, *map(shape, text), OUTSIDE)
    words, rest, latin = 0.0, 0.0, -1  # the prices of Latin words, and of all that is no letter of theirs
    for place in range(1, len(shapes)):
        left, here = shapes[place - 1], shapes[place]
        cost = step(left, here)
        if here.script == "LATIN" and not here.mark:
            latin, rest = place if latin < 0 else latin, rest + cost
            continue
        if latin >= 0 and not here.mark:
            words += _latin(text[latin - 1 : place - 1], cuts(shapes[latin - 1]), cuts(here), strict=strict)
            latin = -1
        cost += here.price
        if not here.script and left.script and here is not OUTSIDE:
            cost += sign(text[place - 1], inside=bool(shapes[place + 1].script))
        elif here.script and not left.script and not shapes[min(place + 1, len(shapes) - 1)].script:
            cost += lonely(here)
        rest += cost
    return rest + words


def lonely(here: Shape) -> float:
    """What it costs that a letter of another script than Latin stands alone."""
    wordless = here.script in _ALPHABETIC or here.price > _HARDLY_MET
    return _LONE_LETTER if wordless and not here.mark else 0.0


def sign(char: str, *, inside: bool) -> float:
    """What it costs that a sign stands right behind a letter, or between two."""
    if inside:
        return 0.0 if char in _INSIDE_WORDS else _SIGN_INSIDE
    return 0.0 if char in _BEHIND_WORDS else _SIGN_BEHIND


OUTSIDE: Final = Shape("", 0.0)


def cuts(neighbour: Shape) -> bool:
    """Whether a Latin word that ends at this neighbour is cut there, and not by a space or a point."""
    return bool(neighbour.script) or neighbour.price > 8.0


@lru_cache(maxsize=65536)
def _latin(word: str, opened: bool, cut: bool, *, strict: bool) -> float:
    letters = word if word.isascii() else "".join([char for char in word if not shape(char).mark])
    marks = MARKED * (len(word) - len(letters))
    # The languages of the tables are not all that there are: in any other, all letters are about equally dear.
    elsewhere = NO_LANGUAGE + sum([anywhere(char) for char in letters])
    elsewhere -= COMMON * sum([1 for char in letters if char in COMMONEST])
    lone = alone(letters) if len(letters) == 1 else 0.0
    capitals = odd_capitals(letters)
    marks += CAPITAL_INSIDE * capitals + lone
    tabled = letter_model().price(lowered(letters), opened=opened, closed=not cut, written=not capitals)
    return marks + (tabled + TOO_LONG * max(0, len(letters) - LONGEST) if strict else min(elsewhere, tabled))


def anywhere(char: str) -> float:
    """The price of a Latin letter in a language that is in no table."""
    return _ANY_ASCII if char < "\x80" else shape(char).price + 0.5


def alone(char: str) -> float:
    """What it costs that a Latin letter is all of a word."""
    word = not char.isascii() and letter_model().words.get(lowered(char), 0) < _COMMON_WORD
    return _LONE_LETTER if word else 0.0


def odd_capitals(word: str) -> int:
    """Capitals inside a word that is not all capitals; Mc, Mac and the like may be followed by one."""
    if word.islower() or word.isupper():
        return 0
    if word[1:].islower():
        return 0
    if word[0] in BEFORE_CAPITALS and not word[1].isascii() and word[2:].islower():
        return 1  # an apostrophe that is gone stood before a capital, as in DAngelo, but then hardly one with an accent
    return sum(1 for place in range(1, len(word)) if word[place].isupper() and word[:place] not in BEFORE_CAPITALS)


def likely(char: str) -> bool:
    """Whether a character is common enough to be thought of where bytes were lost: letters and the usual points."""
    return shape(char).price <= _THINKABLE if shape(char).script else char in _COMMON_POINTS - {"×"}


def scripts_glued(text: str) -> int:
    """How many times letters of two scripts stand side by side."""
    scripts = [shape(char).script for char in text]
    return sum([1 for left, right in pairwise(scripts) if left and right and left != right])


@lru_cache(maxsize=65536)
def odd_word(word: str) -> int:
    """What speaks against a text being one word: capitals inside, and more than one script."""
    scripts = {shape(char).script for char in word} - {""}
    return odd_capitals(word) + len(scripts) - 1 if scripts else 0


def step(left: Shape, right: Shape) -> float:
    """What it costs that one character follows another."""
    if right.mark:
        return 0.0 if left.script and right.script in {left.script, ""} else _LOOSE_MARK
    if not right.script:
        return 0.0
    if not left.script:
        return _NEW_WORD if right.script != "LATIN" else 0.0
    return _between(left, right)


def _between(left: Shape, right: Shape) -> float:
    """The step between two letters."""
    if left.script == right.script:
        return CAPITAL_INSIDE if left.case == "lower" and right.case == "upper" and left.script != "LATIN" else 0.0
    if right.script == "LATIN" and right.case == "upper":
        return _NEXT_WORD
    if left.case and right.case:
        return _MIXED_ALPHABETS
    return _OTHER_SCRIPT if {left.script, right.script}.isdisjoint({"CJK", "HANGUL"}) else _BESIDE_CJK
