"""Which legacy codec a text without any mark is in.

charset-normalizer looks at the lines that are not UTF-8 and says which family it is. Between the codecs of Latin
letters it cannot choose in short texts, where a few letters decide: there the codec wins under which the fewest words
are spelled in a way that no one language knows, and of equals the more common. The judge knows alphabets only, no
frequencies; a listing of names in many languages has few words of each.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

# Letters beyond ASCII of the languages that each codec of Latin letters was made for, small ones only. The more
# common codec first.
_WESTERN: Final = (
    "àâæçèéêëîïôùûüÿœ",
    "äöüß",
    "áéíñóúü",
    "àáâãçéêíóôõúü",
    "àèéìíòóù",
    "åäöé",
    "æøåéô",
    "äöåšžé",
    "ëéïöüèê",
    "àçèéíïòóúü",
    "áðéíóúýþæö",
)
_CENTRAL: Final = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "äöüß", "ăâîşţ", "ëç")
_TURKISH: Final = ("çğıöşüâîû",)
_BALTIC: Final = ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž")
LATIN_CODECS: Final = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1254": (*_TURKISH, *_WESTERN),
    "cp1257": _BALTIC,
    "iso8859-15": _WESTERN,
    "mac-roman": _WESTERN,
    "mac-latin2": _CENTRAL,
    "cp850": _WESTERN,
    "cp852": _CENTRAL,
}
OTHER_CODECS: Final = (
    "cp1251",
    "koi8-r",
    "koi8-u",
    "iso8859-5",
    "mac-cyrillic",
    "cp866",
    "cp1253",
    "iso8859-7",
    "cp1255",
    "cp1256",
    "cp874",
    "gb18030",
    "big5",
    "cp932",
    "euc-jp",
    "cp949",
)
_BEYOND_ASCII: Final = re.compile(rb"(?:[\x00-\x7f]{0,80}[\x80-\xff]+)+[\x00-\x7f]{0,80}")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_WORD_BREAK: Final = re.compile(r"[\s,.;:()\[\]\"'/|!?-]+")
# Punctuation and signs beyond ASCII that stand alone or at the edge of a word in any language.
_SIGNS: Final = "‘’‚“”„–—…·•«»§°±×©®™€£\u00a0"
_MANY: Final = 20_000  # bytes; more evidence than that changes nothing and costs time


def detect(data: bytes) -> str | None:
    """The codec that explains bytes that are not UTF-8 best, by Python's name; None when none decodes them.

    Every codec that is named decodes all of ``data``. Where lines of UTF-8 stand among legacy lines, the file is read
    as legacy text as a whole: the UTF-8 lines become mojibake, which loses nothing and is undone exactly by repair.
    """
    evidence = b"\n".join(_surroundings(data))[:_MANY]
    names = [*LATIN_CODECS, *OTHER_CODECS]
    matches = from_bytes(evidence, cp_isolation=names, enable_fallback=False, preemptive_behaviour=False)
    likely = [_python_name(match.encoding) for match in matches]
    if not likely or likely[0] in LATIN_CODECS or _stand_alone(evidence):
        likely = sorted(LATIN_CODECS, key=lambda codec: _misspelled(evidence, codec))
    # Latin-1 decodes all bytes; what cp1252 leaves open is a control character there, which repair sees and reports.
    return next((name for name in [*likely[:1], *_fallback(likely)] if decodes(data, name)), None)


def _surroundings(data: bytes) -> Iterator[bytes]:
    """What stands around bytes beyond ASCII in lines that are not UTF-8; nothing else says anything of a codec."""
    for line in data.splitlines():
        if not decodes(line, "utf-8"):
            yield from _BEYOND_ASCII.findall(line)


def _stand_alone(evidence: bytes) -> bool:
    """Whether most bytes beyond ASCII stand alone among ASCII, as accented letters do in words of Latin letters.

    Other scripts fill words and sentences with them. A statistics of few bytes overlooks that, and makes
    Chinese of a French word, since most pairs of bytes are a character there.
    """
    runs = _HIGH.findall(evidence)
    return 2 * sum(len(run) == 1 for run in runs) > len(runs)


def _misspelled(evidence: bytes, codec: str) -> int:
    """Words that under ``codec`` no language of that codec spells; more than all words where it does not decode
    them.
    """
    try:
        words = [word for word in _WORD_BREAK.split(evidence.decode(codec)) if not word.isascii()]
    except UnicodeDecodeError:
        return len(evidence) + 1
    alphabets = [frozenset(letters + letters.upper()) for letters in LATIN_CODECS[codec]]
    return sum(1 for word in words if not _spelled(word.strip(_SIGNS), alphabets))


def _spelled(word: str, alphabets: list[frozenset[str]]) -> bool:
    foreign = {char for char in word if not char.isascii()}
    # A capital behind a small letter is rare in spelling and common where the codec is wrong.
    shouting = any(before.islower() and char.isupper() and not char.isascii() for before, char in pairwise(word))
    return not shouting and any(foreign <= alphabet for alphabet in alphabets)


def _fallback(likely: list[str]) -> list[str]:
    return ["iso8859-1"] if likely and likely[0] in LATIN_CODECS else likely[1:]


def _python_name(encoding: str) -> str:
    return codecs.lookup(encoding).name


def decodes(data: bytes, encoding: str) -> bool:
    """Whether the bytes are text in this codec, without a flaw."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
