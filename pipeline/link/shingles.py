"""Texts as shingles: five words in a row, whatever happened to what is between them, hashed to 64 bits.

Not here: which texts have shingles in common (``overlap``).
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array, beyond_ascii, replace_all
from pipeline.link.numbers import Hashes, id_numbers, places_of
from schemas.registry import KEPT

WORDS: Final = 5
_BYTES_AT_ONCE: Final = 1 << 18
_BASE: Final = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2^64
_STEPS: Final = np.array(
    [0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB],
    dtype=np.uint64,
)
_LETTERS: Final = bytes(
    ord(chr(b).lower()) if chr(b).isalnum() and b < 128 else b if b > 127 else 0 if b == 0 else 32 for b in range(256)
)
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])-\s+(?=[a-z])")
_COMMAND: Final = re.compile(r"\\[A-Za-z]+\*?|(?<=\w)[{}]+(?=\w)")
_BETWEEN: Final = re.compile("[\u00a0\u2000-\u200a\u2010-\u2015\u202f\u2212\u3000]")
_FEW: Final = 16
_WIDE: Final = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])")


def words_of(text: str) -> bytes:
    """Lower-case words with something else than letters and digits between them, whatever happened to the text.

    Words hyphenated at line ends are joined, LaTeX commands left out. In a text of mostly ASCII letters all others are
    left out, so that it agrees with a copy whose other letters are damaged. Elsewhere they count, and characters of
    scripts without spaces are words.
    """
    if "- " in text or "-\n" in text:
        text = _HYPHENATED.sub("", text)
    if "\\" in text:
        text = _COMMAND.sub("", text)
    if text.isascii():
        return text.encode().translate(_LETTERS)
    text = _plain(unicodedata.normalize("NFC", text))
    ascii_only = text.encode("ascii", "ignore")
    if 2 * (len(text) - len(ascii_only)) < len(text):
        return ascii_only.translate(_LETTERS)
    spaced = replace_all(text, _is_between, " ")
    return " ".join(_WIDE.split(spaced)).encode("utf-8", "replace").translate(_LETTERS)


def _is_between(character: str) -> bool:
    return not character.isalnum() and unicodedata.category(character)[0] != "M"


def _plain(text: str) -> str:
    """The text without case beyond ASCII, which spells ligatures out, too, and with plain spaces and hyphens.

    Where few characters are beyond ASCII, as in nearly all texts, it is quicker to replace them one after the other.
    """
    beyond = set(beyond_ascii(text))
    if len(beyond) > _FEW:
        return _BETWEEN.sub(" ", text.casefold())
    for character in beyond:
        plain = _plain_character(character)
        if plain != character:
            text = text.replace(character, plain)
    return text


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    return " " if _BETWEEN.match(character) else character.casefold()


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse."""
    base = np.full(size, _BASE, dtype=np.uint64)
    inverse = np.full(size, pow(_BASE, -1, 2**64), dtype=np.uint64)
    base[0] = inverse[0] = 1
    return np.multiply.accumulate(base), np.multiply.accumulate(inverse)


def _portions(texts: Collection[str]) -> Iterator[tuple[int, bytes]]:
    """The words of some texts in a row, each ended by a zero byte, and the number of the first of them."""
    portion: list[bytes] = []
    first, size = 0, 0
    for number, text in enumerate(texts):
        words = words_of(text)
        if size + len(words) > _BYTES_AT_ONCE and portion:
            yield first, b"\0".join(portion) + b"\0"
            portion, first, size = [], number, 0
        portion.append(words)
        size += len(words) + 1
    if portion:
        yield first, b"\0".join(portion) + b"\0"


def _mixed(hashes: Hashes) -> Hashes:
    """Each bit of the result depends on all bits (the finaliser of MurmurHash3)."""
    for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53)):
        hashes ^= hashes >> np.uint64(shift)
        hashes *= np.uint64(factor)
    hashes ^= hashes >> np.uint64(33)
    return hashes


def _hashed(data: bytes, powers: tuple[Hashes, Hashes]) -> tuple[Hashes, Ints]:
    """The shingles of some texts, and which of them each is of.

    A word's hash is a difference of running sums over all bytes (Karp and Rabin, 1987), so no word is made an object.
    """
    raw = np.frombuffer(data, dtype=np.uint8)
    inside = np.zeros(len(raw) + 2, dtype=np.int8)
    inside[1:-1] = (raw != 32) & (raw != 0)
    edges = np.diff(inside)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    sums = np.zeros(len(raw) + 1, dtype=np.uint64)
    np.cumsum(raw * powers[0][: len(raw)], out=sums[1:])
    words = _mixed((sums[ends] - sums[starts]) * powers[1][starts])
    count = len(words) - WORDS + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    shingles = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_STEPS):
        shingles += words[place : place + count] * factor
    text = np.searchsorted(np.flatnonzero(raw == 0), starts)
    whole = text[:count] == text[WORDS - 1 :]
    return _mixed(shingles[whole]), text[:count][whole]


def record_shingles(records: pd.DataFrame) -> pa.Table:
    """The shingles of the abstracts of ``records``, as ``record_shingles``; a record without one has no row."""
    told = records.loc[records["abstract"].notna(), ["record_id", "abstract"]]
    found = [(np.empty(0, np.uint64), np.empty(0, np.int64)), *shingles(told["abstract"].to_list())]
    hashes, text = (np.concatenate(parts) for parts in zip(*found, strict=True))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(text, minlength=len(told)))])
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(hashes.view(np.int64)))
    columns = {"record_id": arrow_array(told["record_id"], pa.string()), "shingles": lists}
    return KEPT["record_shingles"].of_columns(columns)


def numbered(held: Iterable[pd.DataFrame], number: Ints, records: Hashes) -> Iterator[tuple[Hashes, Ints]]:
    """What ``shingles`` gives, from rows of ``record_shingles`` for ``records``, numbers of ids in their order.

    ``number`` is that of each record's text, -1 of one that is not asked for. Raises ValueError for an unknown record.
    """
    for rows in held:
        asked = id_numbers(rows["record_id"])
        known, there = places_of(asked, records)
        if not there.all():
            raise ValueError(f"shingles of record {rows['record_id'].array[~there][0]}, which is not there")
        lists = arrow_array(rows["shingles"], None)
        hashes = lists.flatten().to_numpy(zero_copy_only=False).view(np.uint64)
        text = np.repeat(number[known], np.asarray(lists.value_lengths()))
        yield hashes[text >= 0], text[text >= 0]


def picked(
    held: Iterable[pd.DataFrame], number: Ints, records: Hashes, places: Callable[[Hashes], Ints]
) -> Iterator[tuple[Hashes, Ints]]:
    """The same of no more shingles than ``places`` picks of some at a time, which takes a third of the time."""
    for rows in held:
        lists = arrow_array(rows["shingles"], None)
        hashes = lists.flatten().to_numpy(zero_copy_only=False).view(np.uint64)
        at = places(hashes)
        row = np.searchsorted(np.cumsum(np.asarray(lists.value_lengths())), at, side="right")
        some, which = np.unique(row, return_inverse=True)
        known, there = places_of(id_numbers(rows["record_id"].take(some)), records)
        if not there.all():
            raise ValueError(f"shingles of record {rows['record_id'].array[some[~there][0]]}, which is not there")
        text = number[known][which]
        yield hashes[at[text >= 0]], text[text >= 0]


def shingles(texts: Collection[str]) -> Iterator[tuple[Hashes, Ints]]:
    """The shingles of some texts at a time, and the number of the text that each is of."""
    powers = _powers(_BYTES_AT_ONCE)
    for first, data in _portions(texts):
        if len(data) > len(powers[0]):
            powers = _powers(2 * len(data))
        hashes, text = _hashed(data, powers)
        yield hashes, text + first
