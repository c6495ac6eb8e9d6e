"""Abstracts that share much of their text, found by an index of shingles: five words in a row, hashed to 64 bits.

Containment, the part of the shorter text's shingles that the longer one has, sees through what is cut off or glued on,
where the Jaccard index does not (Broder, On the resemblance and containment of documents, 1997). Not here: whether two
such texts are one work (``grouping``).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.link.components import Ints

WORDS: Final = 5
LEAST_SHARED: Final = 8
LEAST_CONTAINMENT: Final = 0.5
# A shingle in more texts than this is a set phrase and no evidence, unless nearly the whole text is shared: a paper
# that everybody lists is in more texts, too, and there the nearest few are compared.
MOST_TEXTS: Final = 40
NEARLY_ALL: Final = 0.9
_NEIGHBOURS: Final = 3

Hashes = npt.NDArray[np.uint64]
_BYTES_AT_ONCE: Final = 1 << 18
_PAIRS_AT_ONCE: Final = 1 << 25
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
_NOT_ASCII: Final = re.compile("[^\x00-\x7f]+")
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
    text = _BETWEEN.sub(" ", unicodedata.normalize("NFC", text).casefold())  # which spells ligatures out, too
    beyond = sum(map(len, _NOT_ASCII.findall(text)))
    if 2 * beyond < len(text):
        return text.encode("ascii", "ignore").translate(_LETTERS)
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)
    return _WIDE.sub(r" \1 ", spaced).encode("utf-8", "replace").translate(_LETTERS)


def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the base and of its inverse."""
    base = np.full(size, _BASE, dtype=np.uint64)
    inverse = np.full(size, pow(_BASE, -1, 2**64), dtype=np.uint64)
    base[0] = inverse[0] = 1
    return np.multiply.accumulate(base), np.multiply.accumulate(inverse)


def _portions(texts: Sequence[str]) -> Iterator[tuple[int, bytes]]:
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


def _index(texts: Sequence[str], bits: int) -> Hashes:
    """Every distinct shingle of every text: upper bits of its hash, then ``bits`` bits of the text's number; sorted.

    One number an entry keeps the index small and sorting it fast. Of a million texts 44 bits of hash are left, which
    makes a few hundred chance meetings of single shingles.
    """
    powers = _powers(_BYTES_AT_ONCE + max(map(len, texts), default=0) * 12 + 2)
    upper = ~np.uint64((1 << bits) - 1)
    parts = [np.empty(0, dtype=np.uint64)]
    for first, data in _portions(texts):
        hashes, text = _hashed(data, powers)
        parts.append((hashes & upper) | (text + first).astype(np.uint64))
    entries = np.concatenate(parts)
    del parts
    entries.sort()
    return entries[np.concatenate([[True], entries[1:] != entries[:-1]])] if len(entries) else entries


def similar_texts(texts: Sequence[str]) -> pd.DataFrame:
    """Pairs of texts of which the longer holds at least half of the shorter one.

    Returns ``left`` < ``right`` (positions in ``texts``), ``shared`` (distinct shingles in common) and ``containment``
    (from 0.5 to 1), sorted. Time grows with the length of all texts, times its logarithm for sorting.
    """
    bits = max(1, (len(texts) - 1).bit_length())
    entries = _index(texts, bits)
    rows = (entries & np.uint64((1 << bits) - 1)).astype(np.int64)
    keys = entries >> np.uint64(bits)
    del entries
    firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    del keys
    lengths = np.diff(np.append(firsts, len(rows)))
    every = np.bincount(rows, minlength=len(texts))
    frequent = lengths > MOST_TEXTS
    several = (lengths > 1) & ~frequent
    phrases = np.bincount(rows[_places(firsts[frequent], lengths[frequent])], minlength=len(texts))
    common = _counted(rows, firsts[several], lengths[several], MOST_TEXTS, len(texts))
    pairs = _contained(common, every - phrases, LEAST_CONTAINMENT)
    if frequent.any():
        nearest = _counted(rows, firsts[lengths > 1], lengths[lengths > 1], _NEIGHBOURS, len(texts))
        pairs = pd.concat([pairs, _contained(nearest, every, NEARLY_ALL)])
    pairs = pairs.sort_values(["left", "right", "containment"], ascending=[True, True, False])
    return pairs.drop_duplicates(["left", "right"], ignore_index=True)


def _places(firsts: Ints, lengths: Ints) -> Ints:
    """The positions of runs, run after run."""
    total = int(lengths.sum())
    offsets = np.repeat(firsts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths) if total else 0
    return np.arange(total) + offsets


def _counted(rows: Ints, firsts: Ints, lengths: Ints, reach: int, size: int) -> tuple[Ints, Ints, Ints]:
    """For pairs of texts in one run, at most ``reach`` places apart: left, right, and in how many runs they are.

    Only pairs of at least ``LEAST_SHARED`` runs. The pairs are counted a range of left texts at a time, so that memory
    stays bounded.
    """
    members = rows[_places(firsts, lengths)]
    left_over = _places(np.zeros(len(lengths), np.int64), lengths)
    left_over = np.repeat(lengths, lengths) - 1 - left_over  # how many of the run come behind each member
    total = int(np.minimum(left_over, reach).sum())
    portions = max(1, -(-total // _PAIRS_AT_ONCE))
    work = np.bincount(members, weights=np.minimum(left_over, reach), minlength=size).cumsum()
    bounds = np.searchsorted(work, np.linspace(0, total, portions + 1)[1:-1])
    found = []
    for low, high in zip([0, *bounds], [*bounds, size], strict=True):
        at = np.flatnonzero((members >= low) & (members < high) & (left_over > 0))
        meetings = []
        for step in range(1, reach + 1):
            at = at[left_over[at] >= step]
            if not len(at):
                break
            meetings.append(members[at] * size + members[at + step])
        if meetings:
            met = np.concatenate(meetings)
            met.sort()
            edges = np.flatnonzero(np.concatenate([[True], met[1:] != met[:-1], [True]]))
            count = np.diff(edges)
            often = count >= LEAST_SHARED
            found.append((met[edges[:-1][often]], count[often]))
    pair = np.concatenate([np.empty(0, np.int64), *(pair for pair, _ in found)])
    return pair // size, pair % size, np.concatenate([np.empty(0, np.int64), *(count for _, count in found)])


def _contained(counted: tuple[Ints, Ints, Ints], sizes: Ints, least: float) -> pd.DataFrame:
    left, right, shared = counted
    containment = shared / np.maximum(np.minimum(sizes[left], sizes[right]), 1)
    frame = pd.DataFrame({"left": left, "right": right, "shared": shared, "containment": containment})
    return frame[containment >= least]
