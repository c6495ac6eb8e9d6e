"""Which legacy codec lines without any mark are in: the one under which their words are the likeliest.

What a word costs under a codec is said by a model of text (``Price``), with a fine for words that no language of the
codec spells so, and a handicap for rare codecs. Where no model is at hand, charset-normalizer names the family of
scripts, and the alphabets choose between the codecs of Latin letters, which a statistics of few letters cannot.

A page of names in many languages has few words of each: 31 languages in 87 codecs are told at five names a file in 99
of 100 files, where charset-normalizer with the alphabets tells 89 (``tests/benchmarks/encoding_detection.py``).
"""

import codecs
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

Price = Callable[[str], float]
"""The price of a piece of text between spaces or ASCII signs, in nats: the less likely, the dearer."""

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
# Codec: alphabets, and the handicap in nats of one that is rarer than its neighbours.
_LATIN: Final[dict[str, tuple[tuple[str, ...], float]]] = {
    "cp1252": (_WESTERN, 0.0),
    "cp1250": (_CENTRAL, 0.0),
    "iso8859-2": (_CENTRAL, 0.5),
    "cp1254": ((*_TURKISH, *_WESTERN), 1.0),
    "cp1257": (_BALTIC, 1.0),
    "iso8859-15": (_WESTERN, 1.0),
    "iso8859-13": (_BALTIC, 2.0),
    "mac-roman": (_WESTERN, 2.0),
    "cp850": (_WESTERN, 2.0),
    "cp852": (_CENTRAL, 2.0),
    "mac-latin2": (_CENTRAL, 3.0),
    "cp857": (_TURKISH, 3.0),
    "mac-turkish": (_TURKISH, 4.0),
    "mac-iceland": (("áðéíóúýþæö",), 4.0),
    "mac-croatian": (("čćđšž",), 4.0),
    # decodes all bytes: what cp1252 leaves open is a control character here, which repair sees and reports
    "iso8859-1": (_WESTERN, 6.0),
}
_OTHER: Final = {
    "cp1251": 0.0,
    "koi8-r": 1.0,
    "koi8-u": 1.5,
    "iso8859-5": 1.0,
    "cp866": 1.0,
    "mac-cyrillic": 5.0,
    "cp1253": 0.5,
    "iso8859-7": 1.0,
    "cp1255": 1.0,
    "cp1256": 1.0,
    "iso8859-6": 2.0,
    "cp874": 0.5,
    "gb18030": 0.5,
    "big5": 0.5,
    "cp932": 0.5,
    "euc-jp": 0.5,
    "cp949": 0.5,
}
_MISSPELLED: Final = 3.0  # nats for a word that no language of the codec spells so
_WORD: Final = re.compile(rb"(?<![^\x00-\x20])[\x21-\x7f]*+[\x80-\xff][^\x00-\x20]*+")
_PIECE: Final = re.compile(r"[^\x00-\x26\x28-\x2c\x2e\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_LONGEST: Final = 2000  # bytes of a word that are looked at: text without spaces is one word
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
# Punctuation and signs beyond ASCII that stand alone or at the edge of a word in any language.
_SIGNS: Final = "‘’‚“”„–—…·•«»§°±×©®™€£\u00a0"
_FEW, _MANY, _FINALISTS = 60, 400, 12  # words for every codec, and for the best of them; more changes nothing


def words_of(lines: Iterable[bytes]) -> list[bytes]:
    """The words of lines that have bytes beyond ASCII, each once; nothing else says anything of a codec."""
    return list(dict.fromkeys(word for line in lines for word in _WORD.findall(line)))


def ranked(words: Sequence[bytes], price: Price | None) -> list[str]:
    """The codecs that decode the words, the likeliest first; none when no codec decodes them."""
    if price is None:
        return _ranked_without_model(_sample(words, _MANY))
    few, many = _sample(words, _FEW), _sample(words, _MANY)
    best = _by_cost(few, (*_LATIN, *_OTHER), price)
    return best if len(many) == len(few) else _by_cost(many, best[:_FINALISTS], price)


def handicap(codec: str) -> float:
    """What a codec must be better by than the most common one, in nats, because fewer files are in it."""
    return _LATIN[codec][1] if codec in _LATIN else _OTHER.get(codec, 0.0)


def _by_cost(words: Sequence[bytes], names: Iterable[str], price: Price) -> list[str]:
    costs = {codec: found + handicap(codec) for codec in names if (found := cost(words, codec, price)) is not None}
    return sorted(costs, key=costs.__getitem__)


def cost(words: Iterable[bytes], codec: str, price: Price) -> float | None:
    """What words cost under a codec, in nats; None where it does not decode them."""
    alphabets, total = _alphabets(codec), 0.0
    for word in words:
        text = _beginning(word, codec)
        if text is None:
            return None
        for piece in _PIECE.findall(text):
            total += price(piece)
            if alphabets and not piece.isascii() and not _spelled(piece.strip(_SIGNS), alphabets):
                total += _MISSPELLED
    return total


def decodes(data: bytes, encoding: str) -> bool:
    """Whether the bytes are text in this codec, without a flaw."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _sample(words: Sequence[bytes], most: int) -> Sequence[bytes]:
    """Some words from all over the file."""
    return words if len(words) <= most else [words[number * len(words) // most] for number in range(most)]


def _beginning(word: bytes, codec: str) -> str | None:
    try:
        decoder = codecs.getincrementaldecoder(codec)()
        return decoder.decode(word[:_LONGEST], final=len(word) <= _LONGEST)
    except UnicodeDecodeError:
        return None


@lru_cache
def _alphabets(codec: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(letters + letters.upper()) for letters in _LATIN[codec][0]) if codec in _LATIN else ()


def _spelled(word: str, alphabets: Iterable[frozenset[str]]) -> bool:
    foreign = {char for char in word if not char.isascii()}
    # A capital behind a small letter is rare in spelling and common where the codec is wrong.
    shouting = any(before.islower() and char.isupper() and not char.isascii() for before, char in pairwise(word))
    return not shouting and any(foreign <= alphabet for alphabet in alphabets)


def _ranked_without_model(words: Sequence[bytes]) -> list[str]:
    evidence = b" ".join(words)
    matches = from_bytes(evidence, cp_isolation=[*_LATIN, *_OTHER], enable_fallback=False, preemptive_behaviour=False)
    likely = [codecs.lookup(match.encoding).name for match in matches]
    if not likely or likely[0] in _LATIN or _stand_alone(evidence):
        return sorted(
            (codec for codec in _LATIN if decodes(evidence, codec)),
            key=lambda codec: sum(not _spelled(word.strip(_SIGNS), _alphabets(codec)) for word in _split(words, codec)),
        )
    return likely


def _split(words: Iterable[bytes], codec: str) -> list[str]:
    pieces = [piece for word in words for piece in _PIECE.findall(word.decode(codec))]
    return [piece for piece in pieces if not piece.isascii()]


def _stand_alone(evidence: bytes) -> bool:
    """Whether most bytes beyond ASCII stand alone among ASCII, as accented letters do in words of Latin letters.

    Other scripts fill words and sentences with them. A statistics of few bytes overlooks that, and makes
    Chinese of a French word, since most pairs of bytes are a character there.
    """
    runs = _HIGH.findall(evidence)
    return 2 * sum(len(run) == 1 for run in runs) > len(runs)
