"""Which abstracts that share much of their text are of one work: what titles and numbers say against it.

Not here: which abstracts share text (``overlap``).
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array, map_distinct
from pipeline.link.grouping import boilerplate
from pipeline.link.overlap import NEARLY_ALL, overlapping
from pipeline.link.shelf import Shelf
from pipeline.link.shingles import numbered, words_of
from schemas.registry import KEPT

SIMILAR_ABSTRACT: Final = "similar abstract"
# Titles less alike than this (0 to 100) are of two papers, unless nearly the whole abstract is the same.
LEAST_TITLE_LIKENESS: Final = 80.0
_NUMBERS: Final = re.compile(r"\d+|\b(?:ii|iii|iv|vi|vii|viii|ix)\b")
_CUT: Final = re.compile(r"(?<!\W)(?=\W*+\Z)\W*?(?:\.{3}|…)")


_TEXTS_AT_ONCE: Final = 4096


@dataclass(frozen=True)
class _Texts(Collection[str]):
    """Some of the texts of a column, which are made strings of Python when they are asked for, a few at a time."""

    column: pa.Array
    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, text: object) -> bool:
        return any(text == other for other in self)

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self.rows), _TEXTS_AT_ONCE):
            yield from self.column.take(pa.array(self.rows[start : start + _TEXTS_AT_ONCE])).to_pylist()

    def at(self, places: Ints) -> "_Texts":
        """Those at some places."""
        return _Texts(self.column, self.rows[places])


PAIRS: Final = ["left", "right", "shared", "containment"]


def similar_pairs(
    prints: pd.DataFrame, titles: pd.Series, shingles: Iterable[pd.DataFrame], shelf: Shelf | None = None
) -> pd.DataFrame:
    """Pairs of abstracts that share much of what they say, sorted, as ``abstract_pairs``: whatever else they are.

    ``prints`` are the ``record_prints`` of all records, in any order, ``titles`` are theirs, and ``shingles`` their
    ``record_shingles``, in parts. Abstracts that are equal when folded are looked at once, by the smallest hash of what
    is printed; boilerplate is not. What the index of shingles needs is on the ``shelf``.
    """
    keys = prints["abstract_folded"].where(prints["abstract_is_long"])
    keys = keys.where(~boilerplate(keys, titles)[0])
    rows = np.flatnonzero(keys.notna())
    printed = prints["abstract_printed"].to_numpy(dtype=np.int64)
    place = rows[_looked_at(keys.take(rows), printed[rows])]
    numbers = np.full(len(prints), -1, dtype=np.int64)
    numbers[place] = np.arange(len(place))
    pairs = overlapping(numbered(shingles, numbers, prints["record_id"]), len(place), shelf)
    ends = {side: printed[place][pairs[side].to_numpy()] for side in ("left", "right")}
    return KEPT["abstract_pairs"].typed(pairs.assign(**ends)[PAIRS])


def _looked_at(keys: pd.Series, printed: Ints) -> Ints:
    """For each distinct key, in their order, a position of the one with the smallest print."""
    number, distinct = pd.factorize(keys, sort=True)
    found = np.empty(len(distinct), dtype=np.int64)
    smallest = np.lexsort([printed.view(np.uint64), number])[::-1]
    found[number[smallest]] = smallest
    return found


def similar_links(abstracts: pd.DataFrame, titles: pd.DataFrame, texts: pd.Series, pairs: pd.DataFrame) -> pd.DataFrame:
    """Links between records whose abstracts are alike: ``left``, ``right``, ``rule``, ``score``, ``shared``.

    ``abstracts`` has ``row``, a position in ``texts``, ``key``, equal for equal folded abstracts, and ``printed``, a
    hash of each; ``titles`` has ``key`` and ``title``; ``pairs`` are the ``similar_pairs`` among them. Each key is
    linked by its first row. Raises ValueError for a pair of other abstracts.
    """
    rows, printed = abstracts["row"].to_numpy(), abstracts["printed"].to_numpy(dtype=np.uint64).view(np.int64)
    place = _looked_at(abstracts["key"], printed)
    left, right = (_find(printed[place], pairs[side].to_numpy(dtype=np.int64)) for side in ("left", "right"))
    number, keys = pd.factorize(abstracts["key"], sort=True)
    pairs = pairs.assign(left=left, right=right, left_key=keys.take(left), right_key=keys.take(right))
    doubtful = pairs[pairs["containment"] < NEARLY_ALL]
    against = _speak_against(doubtful, titles, _Texts(arrow_array(texts, pa.string()), rows[place]))
    pairs = pairs.drop(index=doubtful.index[against])
    first = np.full(len(keys), len(texts), dtype=np.int64)
    np.minimum.at(first, number, rows)
    return pd.DataFrame(
        {
            "left": first[pairs["left"]],
            "right": first[pairs["right"]],
            "rule": SIMILAR_ABSTRACT,
            "score": pairs["containment"].to_numpy(dtype=np.float64),
            "shared": pairs["shared"].to_numpy(dtype=np.int64),
        }
    )


def _find(printed: Ints, wanted: Ints) -> Ints:
    """Where each of ``wanted`` is in ``printed``."""
    order = np.argsort(printed)
    found: Ints = order[np.minimum(np.searchsorted(printed[order], wanted), len(order) - 1)] if len(order) else order
    if len(wanted) and not (len(found) and np.array_equal(printed[found], wanted)):
        raise ValueError("a pair of abstracts of which one is of no record; find the pairs of these records")
    return found


def _speak_against(pairs: pd.DataFrame, titles: pd.DataFrame, texts: _Texts) -> npt.NDArray[np.bool_]:
    """Pairs whose titles are unlike or count differently; without two titles, whose abstracts do."""
    wanted = titles[titles["key"].isin([*pairs["left_key"], *pairs["right_key"]])].drop_duplicates()
    wanted = wanted.assign(
        words=map_distinct(wanted["title"], lambda title: " ".join(words_of(title).decode().split()), pa.string()),
        cut=map_distinct(wanted["title"], lambda title: _CUT.search(title) is not None, pa.bool_()),
    )
    sides = [wanted.add_prefix(f"{side}_") for side in ("left", "right")]
    both = pairs[["left_key", "right_key"]].reset_index(names="pair")
    both = both.merge(sides[0], on="left_key").merge(sides[1], on="right_key")
    agreeing = both["pair"][np.array(titles_agree(both), dtype=bool)]
    titled = pairs.index.isin(both["pair"])
    against = titled & ~pairs.index.isin(agreeing)
    rest = pairs[~titled]
    numbers = [
        not _numbers(min(one, other, key=len)) <= _numbers(max(one, other, key=len))
        for one, other in zip(*(texts.at(rest[side].to_numpy()) for side in ("left", "right")), strict=True)
    ]
    against[~titled] = np.array(numbers, dtype=bool)
    return against


def _numbers(text: str) -> set[str]:
    return set(_NUMBERS.findall(words_of(text).decode()))


def titles_agree(both: pd.DataFrame) -> list[bool]:
    """Whether two titles are alike and have the same numbers; of one that is cut off, as far as it goes."""
    ends = [[*both[f"{side}_words"]] for side in ("left", "right")]
    cut = (both["left_cut"] | both["right_cut"]).tolist()
    sizes = [min(map(len, pair)) if short else None for *pair, short in zip(*ends, cut, strict=True)]
    ends = [[words[:size] for words, size in zip(side, sizes, strict=True)] for side in ends]
    likeness: list[float] = []
    if cut:
        likeness = process.cpdist(*ends, scorer=fuzz.ratio, workers=1).tolist()
    return [
        bool(alike >= LEAST_TITLE_LIKENESS) and (short or set(_NUMBERS.findall(one)) == set(_NUMBERS.findall(other)))
        for one, other, alike, short in zip(*ends, likeness, cut, strict=True)
    ]
