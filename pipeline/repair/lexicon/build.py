"""Build the letter tables from openly licensed words and names: ``python -m pipeline.repair.lexicon.build``.

Needs faker (names, MIT) and wordfreq (word frequencies, data CC BY-SA 4.0), which nothing else here needs. Writes
``words.txt.xz`` (words with a letter outside ASCII, the language of each and how common it is there),
``trigrams.npz.xz`` (for every language the price of a letter behind two others) and ``characters.txt.xz`` (prices of
the letters of other scripts).
Not here: reading the tables (``letters``).
"""

import importlib
import io
import lzma
import math
import pkgutil
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import faker.providers.person
import numpy as np
import numpy.typing as npt
import wordfreq

# Language -> wordfreq's code (or none) and faker's locales.
LANGUAGES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "az": ("", ("az_AZ",)),
    "ca": ("ca", ()),
    "cs": ("cs", ("cs_CZ",)),
    "da": ("da", ("da_DK",)),
    "de": ("de", ("de_DE", "de_AT", "de_CH", "de_LI")),
    "en": ("en", ("en_US", "en_GB", "en_IN", "en_KE", "en_PK")),
    "es": ("es", ("es_ES", "es_MX", "es_AR", "es_CL", "es_CO", "es_CA")),
    "et": ("", ("et_EE",)),
    "fi": ("fi", ("fi_FI",)),
    "fr": ("fr", ("fr_FR", "fr_CH", "fr_BE", "fr_QC")),
    "ga": ("", ("ga_IE",)),
    "hu": ("hu", ("hu_HU",)),
    "is": ("is", ("is_IS",)),
    "it": ("it", ("it_IT",)),
    "lt": ("lt", ("lt_LT",)),
    "lv": ("lv", ("lv_LV",)),
    "nb": ("nb", ("no_NO",)),
    "nl": ("nl", ("nl_NL", "nl_BE")),
    "pl": ("pl", ("pl_PL",)),
    "pt": ("pt", ("pt_PT", "pt_BR")),
    "ro": ("ro", ("ro_RO",)),
    "sh": ("sh", ("hr_HR",)),
    "sk": ("sk", ("sk_SK",)),
    "sl": ("sl", ("sl_SI",)),
    "sv": ("sv", ("sv_SE",)),
    "tr": ("tr", ("tr_TR",)),
    "vi": ("vi", ("vi_VN",)),
}
LETTERS: Final = (
    "abcdefghijklmnopqrstuvwxyzßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćčďđēėęěğģīįıķĺļľłńņňōőœŕřśşšţťūůűųźżžơưșțə"
    "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
)
EDGE: Final = " "  # stands for the edge of a word in the trigrams
# Script -> wordfreq's codes and faker's locales that show how common its characters are.
SCRIPTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "CYRILLIC": (("ru", "uk", "bg", "mk"), ()),
    "GREEK": (("el",), ()),
    "HEBREW": (("he",), ()),
    "ARABIC": (("ar", "fa", "ur"), ()),
    "DEVANAGARI": (("hi",), ()),
    "BENGALI": (("bn",), ()),
    "TAMIL": (("ta",), ()),
    "CJK": (("zh", "ja"), ()),
    "HANGUL": (("ko",), ()),
    "THAI": ((), ("th_TH",)),
    "GEORGIAN": ((), ("ka_GE",)),
    "ARMENIAN": ((), ("hy_AM",)),
}
NAME_WEIGHT: Final = 6.0  # a name counts as a word of this Zipf value
SHARP_S_WEIGHT: Final = 5.0
WORDS_PER_LANGUAGE: Final = 60000
LEXICON_PER_LANGUAGE: Final = 7500
MIN_WEIGHT: Final = 32.0  # trigrams that weigh less in all languages together are left to the bigrams
STEP: Final = 0.2  # nats a unit of the stored prices
_TOKEN: Final = re.compile(r"[^\W\d_]+")
# Where German writes sharp s for ss: behind a diphthong, and behind the long vowels of these stems.
_FOLDED: Final = re.compile("(ei|ai|ie|äu|eu|stra|gr[oöuü]|f[uü]|mä|sü|sp[aä]|st[oö]|bl[oö]|flö|kl[oö])ss(?!ch|eits)")

Weights = dict[str, float]
Array = npt.NDArray[Any]
Keep = Callable[[str], bool]


_ALPHABET: Final = frozenset(LETTERS)


def lowered(word: str) -> str:
    """Small letters one by one, so that no letter becomes two (as the Turkish dotted capital would)."""
    return "".join(char.lower() if len(char.lower()) == 1 else "i" for char in unicodedata.normalize("NFC", word))


def names(locale: str) -> Iterator[str]:
    """The tokens of the name lists of one of faker's locales."""
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    for attribute in dir(provider):
        if "name" in attribute and not attribute.startswith(("format", "_")):
            value = getattr(provider, attribute)
            if isinstance(value, (list, tuple, dict)):
                for entry in value:
                    yield from _TOKEN.findall(entry) if isinstance(entry, str) else ()


def collect(keep: Keep) -> dict[str, Weights]:
    """For each language its words in small letters with their Zipf values; names weigh as common words."""
    known = {module.name for module in pkgutil.iter_modules(faker.providers.person.__path__)}
    collected = {}
    for language, (code, locales) in LANGUAGES.items():
        words: Weights = {}
        if code:
            common = wordfreq.get_frequency_dict(code, "best")
            ranked = sorted(common.items(), key=lambda item: -item[1])
            taken, special = 0, 0
            for word, frequency in ranked:
                odd = not word.isascii()
                if not _ALPHABET.issuperset(lowered(word)) or (special if odd else taken) >= WORDS_PER_LANGUAGE:
                    continue
                taken += 1
                special += odd
                words[lowered(word)] = max(0.5, float(np.log10(frequency)) + 9)
        for locale in locales:
            if locale in known:
                for name in names(locale):
                    if _ALPHABET.issuperset(lowered(name)):
                        words[lowered(name)] = max(words.get(lowered(name), 0.0), NAME_WEIGHT)
        if language == "de":
            # wordfreq folds sharp s to ss, so it must be told which words have one.
            listed = (Path(__file__).parent / "sharp_s.txt").read_text(encoding="utf-8").split()
            unfolded = {_FOLDED.sub(r"\1ß", word): weight for word, weight in words.items() if _FOLDED.search(word)}
            words = unfolded | words | dict.fromkeys(listed, SHARP_S_WEIGHT)
        collected[language] = {word: weight for word, weight in words.items() if keep(word)}
    return collected


def chosen(collected: Mapping[str, Weights]) -> dict[str, tuple[float, str]]:
    """The words of the lexicon: names, and the commonest words with a letter outside ASCII of each language.

    With how common each is in the language in which it is commonest.
    """
    lexicon: dict[str, tuple[float, str]] = {}
    for language, words in collected.items():
        odd = [(word, weight) for word, weight in words.items() if not word.isascii()]
        odd.sort(key=lambda item: (-item[1], item[0]))
        # English lists foreign words as they are misspelt there.
        for word, weight in odd[: LEXICON_PER_LANGUAGE if language != "en" else 0]:
            if weight > lexicon.get(word, (0.0, ""))[0]:
                lexicon[word] = weight, language
    return lexicon


def counted(collected: Mapping[str, Weights]) -> tuple[Array, Array]:
    """How much weight a pair and a triple of letters has in each language: arrays [letters..., languages]."""
    place = {letter: number for number, letter in enumerate(EDGE + LETTERS)}
    size = len(place)
    triples = np.zeros((size, size, size, len(collected)), np.float32)
    for number, words in enumerate(collected.values()):
        coded = np.zeros((size, size, size), np.float32)
        for word, weight in words.items():
            codes = [0, 0, *(place[letter] for letter in word), 0]
            np.add.at(coded, (codes[:-2], codes[1:-1], codes[2:]), max(0.3, weight - 1.5))
        triples[..., number] = coded
    return triples.sum(axis=0), triples


def priced(pairs: Array, triples: Array) -> dict[str, Array]:
    """Prices in units of ``STEP``: Witten and Bell's interpolation of triples, pairs and single letters."""
    singles = pairs.sum(axis=0)
    single = (singles + 0.3) / (singles.sum(axis=0) + 0.3 * len(singles))
    new = 2.0 * (pairs > 0).sum(axis=1, keepdims=True) + 1.0
    pair = (pairs + new * single) / (pairs.sum(axis=1, keepdims=True) + new)
    new = 2.0 * (triples > 0).sum(axis=2, keepdims=True) + 0.5
    triple = (triples + new * pair) / (triples.sum(axis=2, keepdims=True) + new)
    kept = np.argwhere(triples.sum(axis=3) >= MIN_WEIGHT).astype(np.uint8)
    return {
        "triples": kept,
        "triple_prices": _units(triple[tuple(kept.T)]),
        "pair_prices": _units(pair),
        "letters": np.array(list(EDGE + LETTERS)),
        "languages": np.array(list(LANGUAGES)),
    }


def _units(probability: Array) -> Array:
    units: Array = np.clip(np.rint(-np.log(probability) / STEP), 0, 255).astype(np.uint8)
    return units


def characters() -> str:
    """One line a price in nats: the characters of the scripts that are so common, by frequency in running text."""
    lines: dict[int, list[str]] = {}
    for script, (codes, locales) in SCRIPTS.items():
        weights: Weights = {}
        for code in codes:
            for word, frequency in wordfreq.get_frequency_dict(code, "best").items():
                for char in word:
                    weights[char] = weights.get(char, 0.0) + frequency / len(codes)
        for locale in locales:
            weights |= Counter("".join(names(locale)))
        heads = ("CJK", "HIRAGANA", "KATAKANA") if script == "CJK" else (script,)
        own = {char: count for char, count in weights.items() if unicodedata.name(char, "").startswith(heads)}
        total = sum(own.values())
        for char, count in own.items():
            lines.setdefault(min(13, max(2, round(-math.log(count / total)))), []).append(char)
    return "".join(f"{price}\t{''.join(sorted(found))}\n" for price, found in sorted(lines.items()))


def write(folder: Path, keep: Keep = lambda word: True) -> None:
    """Write both tables into a folder. ``keep`` leaves words out, to measure on words that the tables never saw."""
    collected = collect(keep)
    classes: dict[tuple[str, int], list[str]] = {}
    for word, (weight, language) in chosen(collected).items():
        classes.setdefault((language, round(weight)), []).append(word)
    text = "".join(
        f"#{weight} {language}\n" + "\n".join(sorted(words)) + "\n"
        for (language, weight), words in sorted(classes.items())
    )
    (folder / "words.txt.xz").write_bytes(lzma.compress(text.encode(), preset=9))
    (folder / "characters.txt.xz").write_bytes(lzma.compress(characters().encode(), preset=9))
    arrays = priced(*counted(collected))
    blob = io.BytesIO()
    np.savez(blob, allow_pickle=False, **arrays)
    (folder / "trigrams.npz.xz").write_bytes(lzma.compress(blob.getvalue(), preset=9))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
