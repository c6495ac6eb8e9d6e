"""Folding: the forms of text that linking compares, and damage that can be seen in a text by itself.

Folded forms are for matching only and are never shown. Not here: what is compared (``fingerprint``, ``names``).
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from unidecode import unidecode

_FEW: Final = 32  # characters that are sooner replaced one after the other than looked up at each place
_ASCII: Final = bytes(range(128))
_ASCII_NOT_LETTERS: Final = bytes(b for b in range(128) if not chr(b).isalnum())
# U+FFFD, C1 controls and private-use characters never belong to a text. A letter of a script that Latin is not mixed
# with, next to a Latin letter, or the usual two- and three-character images of one letter, is mojibake that was left.
_DAMAGE: Final = re.compile(
    "[\ufffd\x80-\x9f\ue000-\uf8ff]"
    "|[ÃÂ][\xa0-\xbf€-™]|â€"
    "|(?<=[A-Za-z])[\u0e00-\u0e7f\u0590-\u05ff]|[\u0e00-\u0e7f\u0590-\u05ff](?=[A-Za-z])"
)
_BEYOND_ASCII: Final = re.compile(r"[A-Za-z]?[^\x00-\x7f]+(?:[A-Za-z][^\x00-\x7f]+)*[A-Za-z]?")


def arrow_array(values: pd.Series, type_: pa.DataType) -> pa.Array:
    """A column as one Arrow array."""
    array = pa.array(values, type_, from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def map_distinct(
    values: pd.Series,
    function: Callable[[str], object],
    type_: pa.DataType,
    of_ascii: Callable[[pa.Array], pa.Array] | None = None,
) -> pd.Series:
    """``function`` of every string, called once a distinct one; null stays null. The result is Arrow-backed.

    ``of_ascii`` gives the same of many strings of ASCII at once, whatever it gives of others.
    """
    array = arrow_array(values, pa.string()).dictionary_encode()
    if of_ascii is None:
        mapped = pa.array([function(text) for text in array.dictionary.to_pylist()], type_)
    else:
        others = pc.invert(pc.string_is_ascii(array.dictionary))
        told = [function(text) for text in array.dictionary.filter(others).to_pylist()]
        mapped = pc.replace_with_mask(of_ascii(array.dictionary), others, pa.array(told, type_))
    return pd.Series(pd.arrays.ArrowExtensionArray(mapped.take(array.indices)), index=values.index)


def fold_text(text: str) -> str:
    """Prose as its letters and digits alone, in NFKC and without case.

    Line breaks, hyphens, ligatures, width and typography do not count; diacritics and scripts do.
    """
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_NOT_LETTERS).decode()
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = _without(folded, _ASCII_NOT_LETTERS)  # most of what goes, and much quicker than a letter at a time
    return kept if kept.isalnum() else replace_all(kept, lambda character: not character.isalnum(), "")


def fold_ascii(texts: pa.Array) -> pa.Array:
    """``fold_text`` and ``fold_name`` of strings of ASCII, all at once."""
    return pc.replace_substring_regex(pc.ascii_lower(texts), "[^0-9a-z]+", "")


def replace_all(text: str, unwanted: Callable[[str], bool], by: str) -> str:
    """The text with every unwanted character replaced, where a text has few kinds of characters for its length."""
    found = [character for character in set(text) if unwanted(character)]
    if len(found) > _FEW:
        return text.translate(dict.fromkeys(map(ord, found), by))
    for character in found:
        text = text.replace(character, by)
    return text


def _without(text: str, ascii_bytes: bytes) -> str:
    return text.encode("utf-8", "surrogatepass").translate(None, ascii_bytes).decode("utf-8", "surrogatepass")


def beyond_ascii(text: str) -> str:
    """The characters of a text that are not ASCII."""
    return _without(text, _ASCII)


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if character.isalnum():
        latin = unicodedata.name(character, "").startswith("LATIN ")
        return "".join(c for c in unidecode(character).lower() if c.isalnum()) if latin else character
    # The vowel signs of Thai, Hindi and the like are marks and tell names apart; Latin accents are marks and do not.
    is_sign = unicodedata.category(character) in {"Mn", "Mc"} and not "\u0300" <= character <= "\u036f"
    return character if is_sign else ""


def fold_name(name: str) -> str:
    """A name's letters and digits without case, Latin letters without diacritics.

    Letters of other scripts stay themselves: a transliteration into Latin makes one name of many (all the Chinese
    names that are read alike, a Thai letter that is the image of a damaged Latin one), which is no ground for merging.
    """
    if name.isascii():
        return fold_text(name)
    return "".join(map(_fold_character, unicodedata.normalize("NFKC", name).casefold()))


def transliterate(name: str) -> str:
    """A name in Latin letters, whatever its script: enough to suggest that two names are one, not to merge them."""
    return fold_text(unidecode(unicodedata.normalize("NFKC", name)))


def count_damage(values: pd.Series) -> pd.Series:
    """How many marks of damage each text shows; 0 for null."""
    array = arrow_array(values, pa.string())
    ascii_only = pc.fill_null(pc.string_is_ascii(array), fill_value=True)
    if pc.all(ascii_only).as_py() is not False:
        return pd.Series(0, index=values.index)
    return map_distinct(values, _marks_of_damage, pa.int64()).fillna(0).astype("int64")


def _marks_of_damage(text: str) -> int:
    # Only what is beyond ASCII, and its neighbours, can show any; the rest of a long text need not be searched.
    return 0 if text.isascii() else sum(len(_DAMAGE.findall(run)) for run in _BEYOND_ASCII.findall(text))


def is_visibly_damaged(text: str) -> bool:
    """Whether the text shows damage by itself."""
    return not text.isascii() and _DAMAGE.search(text) is not None
