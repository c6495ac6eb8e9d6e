"""Texts that share much of what they say, found by an index of their shingles.

Containment, the part of the shorter text's shingles that the longer one has, sees through what is cut off or glued on,
where the Jaccard index does not (Broder, On the resemblance and containment of documents, 1997). Shingles are dealt to
buckets by their hash, and the pairs of texts that meet in them to buckets by their texts; no more than a bucket is
looked at at once, so that memory beside the shelf's does not grow with the number of texts. Not here: whether two such
texts are one work (``grouping``).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints
from pipeline.link.numbers import Hashes
from pipeline.link.shelf import MemoryShelf, Shelf
from pipeline.link.shingles import shingles

LEAST_SHARED: Final = 8
LEAST_CONTAINMENT: Final = 0.5
# A shingle in more texts than this is a set phrase and no evidence, unless nearly the whole text is shared: a paper
# that everybody lists is in more texts, too, and there the nearest few are compared.
MOST_TEXTS: Final = 40
NEARLY_ALL: Final = 0.9
NEIGHBOURS: Final = 3

TEXTS_A_BUCKET: Final = 1 << 14
_ENTRIES_AT_ONCE: Final = 1 << 20
_MEETINGS_AT_ONCE: Final = 1 << 23
# A meeting is counted where no set phrase makes it, and where the two are near each other; both counts are one number.
_COMMON, _NEAR = 1 << 32, 1


def similar_texts(
    texts: Collection[str], shelf: Shelf | None = None, texts_a_bucket: int = TEXTS_A_BUCKET
) -> pd.DataFrame:
    """``overlapping`` of some texts, which are taken apart for it."""
    return overlapping(shingles(texts), len(texts), shelf, texts_a_bucket)


@dataclass(frozen=True)
class Overlaps:
    """The pairs of texts, as ``overlapping`` gives them; of each text its distinct shingles, and the set phrases."""

    pairs: pd.DataFrame
    every: Ints
    phrases: Ints


def overlapping(
    dealt: Iterable[tuple[Hashes, Ints]],
    size: int,
    shelf: Shelf | None = None,
    texts_a_bucket: int = TEXTS_A_BUCKET,
) -> pd.DataFrame:
    """The pairs that ``overlaps`` finds."""
    return overlaps(dealt, size, shelf, texts_a_bucket).pairs


def bits_of(size: int) -> int:
    """How many bits the numbers of so many texts take."""
    return max(1, (size - 1).bit_length())


def overlaps(
    dealt: Iterable[tuple[Hashes, Ints]],
    size: int,
    shelf: Shelf | None = None,
    texts_a_bucket: int = TEXTS_A_BUCKET,
) -> Overlaps:
    """Pairs of texts of which the longer holds at least half of the shorter one.

    ``dealt`` are the shingles of ``size`` texts, as ``shingles`` gives them, in any order. Returns ``left`` < ``right``
    (numbers of texts), ``shared`` (distinct shingles in common) and ``containment`` (from 0.5 to 1), sorted. Time grows
    with the length of all texts, times its logarithm for sorting. On the ``shelf`` (memory, if none is given) are eight
    bytes for every distinct shingle of every text, and sixteen for every pair of texts in a bucket that meets; neither
    it nor the size of buckets changes the result.
    """
    kept = MemoryShelf() if shelf is None else shelf
    bits = bits_of(size)
    buckets = 1 << max(0, (-(-size // texts_a_bucket) - 1)).bit_length()
    _deal(dealt, bits, buckets, kept)
    edges = np.arange(1, buckets) * size // buckets * size  # pairs in order of the left text
    every, phrases = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for bucket in range(buckets):
        rows, lengths = runs(kept.take(f"shingles {bucket}"), bits)
        every += np.bincount(rows, minlength=size)
        frequent = np.repeat(lengths > MOST_TEXTS, lengths)
        phrases += np.bincount(rows[frequent], minlength=size)
        for pairs, counts in met(rows, lengths, size):
            _put_pairs(pairs, counts, kept, edges)
    found = [contained(*_summed(bucket, kept), every, phrases) for bucket in range(buckets)]
    return Overlaps(pd.concat(found, ignore_index=True), every, phrases)


def _deal(dealt: Iterable[tuple[Hashes, Ints]], bits: int, buckets: int, shelf: Shelf) -> None:
    """Put every shingle of every text into a bucket: upper bits of its hash, then ``bits`` bits of the text's number.

    One number an entry keeps the index small and sorting it fast. Of a million texts 44 bits of hash are left, which
    makes a few hundred chance meetings of single shingles.
    """
    upper = ~np.uint64((1 << bits) - 1)
    waiting: list[Hashes] = []

    def flush() -> None:
        entries = np.concatenate(waiting)
        waiting.clear()
        entries.sort()
        entries = entries[np.concatenate([[True], entries[1:] != entries[:-1]])] if len(entries) else entries
        edges = np.arange(1, buckets, dtype=np.uint64) << np.uint64(64 - (buckets - 1).bit_length())
        for bucket, part in enumerate(np.split(entries, np.searchsorted(entries, edges))):
            shelf.put(f"shingles {bucket}", part)

    for hashes, text in dealt:
        waiting.append((hashes & upper) | text.astype(np.uint64))
        if sum(map(len, waiting)) >= _ENTRIES_AT_ONCE:
            flush()
    if waiting:
        flush()


def runs(entries: Hashes, bits: int) -> tuple[Ints, Ints]:
    """The texts of each shingle, shingle after shingle, and how many of them each has."""
    entries.sort()
    keys = entries >> np.uint64(bits)
    firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.empty(0, np.int64)
    return (entries & np.uint64((1 << bits) - 1)).astype(np.int64), np.diff(np.append(firsts, len(entries)))


def met(rows: Ints, lengths: Ints, size: int) -> Iterator[tuple[Ints, Hashes]]:
    """Pairs of texts that have shingles in common, and their counts; each pair may come several times."""
    several = lengths > 1
    rows, lengths = rows[np.repeat(several, lengths)], lengths[several]
    ends, reach = np.cumsum(lengths), np.where(lengths > MOST_TEXTS, NEIGHBOURS, MOST_TEXTS)
    meetings = np.cumsum(lengths * np.minimum(lengths - 1, reach))
    total = int(meetings[-1]) if len(meetings) else 0
    cuts = np.searchsorted(meetings, np.arange(_MEETINGS_AT_ONCE, total, _MEETINGS_AT_ONCE))
    for some, some_rows in zip(np.split(lengths, cuts), np.split(rows, ends[cuts - 1] * (cuts > 0)), strict=True):
        yield _meetings(some_rows, some, size)


def _meetings(rows: Ints, lengths: Ints, size: int) -> tuple[Ints, Hashes]:
    """The pairs that meet in some runs, sorted, and what each counts for."""
    behind = np.repeat(np.cumsum(lengths), lengths) - 1 - np.arange(len(rows))  # how many of the run are still to come
    frequent = np.repeat(lengths > MOST_TEXTS, lengths)
    at = np.arange(len(rows))
    codes = [np.empty(0, dtype=np.int64)]
    for step in range(1, MOST_TEXTS):
        at = at[(behind[at] >= step) & ((step <= NEIGHBOURS) | ~frequent[at])]
        if not len(at):
            break
        kind = 2 * (~frequent[at]).astype(np.int64) + (step <= NEIGHBOURS)
        codes.append((rows[at] * size + rows[at + step]) * 4 + kind)
    met = np.concatenate(codes)
    met.sort()
    pairs = met >> 2
    worth = np.where(met & 2, np.uint64(_COMMON), np.uint64(0)) + (met & 1).astype(np.uint64) * np.uint64(_NEAR)
    return _added(pairs, worth)


def _added(pairs: Ints, counts: Hashes) -> tuple[Ints, Hashes]:
    """Sorted pairs once each, with the sums of their counts."""
    if not len(pairs):
        return pairs, counts
    firsts = np.flatnonzero(np.concatenate([[True], pairs[1:] != pairs[:-1]]))
    return pairs[firsts], np.add.reduceat(counts, firsts)


def _put_pairs(pairs: Ints, counts: Hashes, shelf: Shelf, edges: Ints) -> None:
    cuts = np.searchsorted(pairs, edges)
    for bucket, parts in enumerate(zip(np.split(pairs, cuts), np.split(counts, cuts), strict=True)):
        shelf.put(f"pairs {bucket}", parts[0].view(np.uint64))
        shelf.put(f"counts {bucket}", parts[1])


def _summed(bucket: int, shelf: Shelf) -> tuple[Ints, Hashes]:
    return summed(shelf.take(f"pairs {bucket}").view(np.int64), shelf.take(f"counts {bucket}"))


def summed(pairs: Ints, counts: Hashes) -> tuple[Ints, Hashes]:
    """Pairs once each, sorted, with the sums of their counts."""
    order = np.argsort(pairs, kind="stable")
    return _added(pairs[order], counts[order])


def contained(pairs: Ints, counts: Hashes, every: Ints, phrases: Ints) -> pd.DataFrame:
    """The pairs that share enough, of the two ways of counting by the one that says more; sorted."""
    left, right = pairs // len(every), pairs % len(every)
    common, near = (counts >> np.uint64(32)).astype(np.int64), (counts & np.uint64(_COMMON - 1)).astype(np.int64)
    found = []
    for shared, sizes, least in ((common, every - phrases, LEAST_CONTAINMENT), (near, every, NEARLY_ALL)):
        containment = shared / np.maximum(np.minimum(sizes[left], sizes[right]), 1)
        frame = pd.DataFrame({"left": left, "right": right, "shared": shared, "containment": containment})
        found.append(frame[(shared >= LEAST_SHARED) & (containment >= least)])
    both = pd.concat(found).sort_values(["left", "right", "containment"], ascending=[True, True, False])
    return both.drop_duplicates(["left", "right"], ignore_index=True)
