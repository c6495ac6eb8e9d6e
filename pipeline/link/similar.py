"""Which abstracts that share much of their text are of one work: what titles and numbers say against it.

Not here: which abstracts share text (``overlap``).
"""

import re
from collections.abc import Callable, Iterable, Iterator
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
from pipeline.link.numbers import Hashes, distinct, firsts, ids_of, places_of
from pipeline.link.overlap import NEARLY_ALL, Overlaps, overlaps
from pipeline.link.overlap_again import Before, Held, overlaps_again
from pipeline.link.printed import Printed, column_at
from pipeline.link.shelf import Shelf
from pipeline.link.shingles import numbered, picked, words_of
from schemas.registry import KEPT

SIMILAR_ABSTRACT: Final = "similar abstract"
# Titles less alike than this (0 to 100) are of two papers, unless nearly the whole abstract is the same.
LEAST_TITLE_LIKENESS: Final = 80.0
_NUMBERS: Final = re.compile(r"\d+|\b(?:ii|iii|iv|vi|vii|viii|ix)\b")
_CUT: Final = re.compile(r"(?<!\W)(?=\W*+\Z)\W*?(?:\.{3}|…)")
PAIRS: Final = ["left", "right", "shared", "containment"]


def similar_pairs(
    prints: pd.DataFrame, printed: Printed, shingles: Iterable[pd.DataFrame], shelf: Shelf | None = None
) -> pd.DataFrame:
    """Pairs of abstracts that share much of what they say, sorted, as ``abstract_pairs``: whatever else they are.

    ``prints`` are the ``print_numbers`` of all records, in the order of ids, ``printed`` has their ``title``, and
    ``shingles`` are their ``record_shingles``, in parts. What the index of shingles needs is on the ``shelf``.
    """
    compared = Compared.of(prints, printed)
    return compared.tables(overlaps(compared.numbered(shingles), len(compared.place), shelf))[0]


@dataclass(frozen=True)
class Compared:
    """The abstracts that are compared, in the order of their keys: of each a record that prints it.

    Abstracts that are equal when folded are looked at once, by the smallest hash of what is printed; boilerplate is
    not. ``place`` is the position of that record among all, whose ids are ``records`` as numbers; ``printed`` are the
    hashes, and ``number`` has for each of all records that of its abstract, or -1 where another one's is looked at.
    """

    records: Hashes
    place: Ints
    printed: Ints
    number: Ints

    @classmethod
    def of(cls, prints: pd.DataFrame, printed: Printed) -> "Compared":
        """From the ``print_numbers`` of all records, in the order of ids, and their ``title``."""
        keys = prints["abstract_key"]
        keys = keys.where(~boilerplate(keys, printed)[0])
        rows = np.flatnonzero(keys.notna())
        hashes = prints["abstract_printed"].to_numpy(dtype=np.uint64).view(np.int64)
        place = rows[_looked_at(keys.take(rows), hashes[rows])]
        number = np.full(len(prints), -1, dtype=np.int64)
        number[place] = np.arange(len(place))
        return cls(prints["record"].to_numpy(), place, hashes[place], number)

    def numbered(self, shingles: Iterable[pd.DataFrame]) -> Iterator[tuple[Hashes, Ints]]:
        """The shingles of these abstracts, from rows of ``record_shingles``."""
        return numbered(shingles, self.number, self.records)

    def tables(self, found: Overlaps) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What was found, as ``abstract_pairs`` and ``compared_abstracts``."""
        ends = {side: self.printed[found.pairs[side].to_numpy()] for side in ("left", "right")}
        pairs = KEPT["abstract_pairs"].typed(found.pairs.assign(**ends)[PAIRS])
        held = {"abstract_printed": self.printed, "shingles": found.every, "phrases": found.phrases}
        return pairs, KEPT["compared_abstracts"].typed(pd.DataFrame(held))


@dataclass(frozen=True)
class ComparedThen:
    """``abstract_pairs`` and ``compared_abstracts`` of then; and of records that print some hashes the shingles then.

    ``rows`` gives them as rows of ``record_shingles`` with the hash in ``abstract_printed``.
    """

    pairs: pd.DataFrame
    abstracts: pd.DataFrame
    rows: Callable[[Ints], pd.DataFrame]


def similar_again(
    compared: Compared,
    shingles: Callable[[], Iterable[pd.DataFrame]],
    some: Callable[[pa.Array], pd.DataFrame],
    then: ComparedThen,
) -> Overlaps | None:
    """What is similar now, from what was then; None where to compare all takes no longer.

    ``shingles`` gives the ``record_shingles`` of all records, in parts, and ``some`` those of some ids.
    """
    held = then.abstracts["abstract_printed"].to_numpy(dtype=np.int64).view(np.uint64)
    order = np.argsort(held)
    place, there = places_of(compared.printed.view(np.uint64), held[order])
    was = np.where(there, order[place] if len(order) else place, -1)
    stayed = was[there]
    if (np.diff(stayed) <= 0).any():  # other code put them in another order
        return None

    def number_then(hashes: pd.Series) -> Ints:
        return order[places_of(hashes.to_numpy(dtype=np.int64).view(np.uint64), held[order])[0]]

    def lost() -> Iterator[tuple[Hashes, Ints]]:
        gone = np.delete(held, stayed).view(np.int64)
        if len(gone):
            rows = then.rows(gone).drop_duplicates("abstract_printed")
            lists = arrow_array(rows["shingles"], None)
            hashes = lists.flatten().to_numpy(zero_copy_only=False).view(np.uint64)
            yield hashes, np.repeat(number_then(rows["abstract_printed"]), np.asarray(lists.value_lengths()))

    def of_texts(numbers: Ints) -> Iterator[tuple[Hashes, Ints]]:
        ids = ids_of("r", compared.records[compared.place[numbers]])
        return compared.numbered([some(ids)] if len(ids) else [])

    ends = {side: number_then(then.pairs[side]) for side in ("left", "right")}
    every, phrases = (then.abstracts[name].to_numpy(dtype=np.int64) for name in ("shingles", "phrases"))
    found = Overlaps(then.pairs.assign(**ends), every, phrases)
    all_of_them = Held(lambda places: picked(shingles(), compared.number, compared.records, places), of_texts)
    return overlaps_again(all_of_them, Before(was, found, lost()))


def _looked_at(keys: pd.Series, printed: Ints) -> Ints:
    """For each distinct key, in their order, a position of the one with the smallest print."""
    number = keys.to_numpy(dtype=np.uint64)
    order = np.lexsort([printed.view(np.uint64), number])
    return order[firsts(number[order])]


def similar_links(known: pd.DataFrame, rows: Ints, printed: Printed, pairs: pd.DataFrame) -> pd.DataFrame:
    """Links between records whose abstracts are alike: ``left``, ``right``, ``rule``, ``score``, ``shared``.

    ``known`` is the ``evidence``; abstracts of ``rows`` are told from others by ``abstract_key`` and each is linked by
    its first row. ``printed`` has ``title`` and ``abstract`` of records; ``pairs`` are the ``similar_pairs`` among the
    abstracts. Raises ValueError for a pair of other abstracts.
    """
    keys = known["abstract_key"].take(rows).reset_index(drop=True)
    hashes = known["abstract_printed"].to_numpy(dtype=np.uint64)[rows].view(np.int64)
    place = _looked_at(keys, hashes)
    left, right = (_find(hashes[place], pairs[side].to_numpy(dtype=np.int64)) for side in ("left", "right"))
    number = keys.to_numpy(dtype=np.uint64)
    pairs = pairs.assign(left=left, right=right, left_key=number[place[left]], right_key=number[place[right]])
    doubtful = pairs[pairs["containment"] < NEARLY_ALL]
    asked = np.flatnonzero(np.isin(number, np.concatenate([doubtful["left_key"], doubtful["right_key"]])))
    titles = pd.DataFrame({"key": number[asked], "title": column_at(printed, "title", rows[asked])}).dropna()
    against = _speak_against(doubtful, titles, printed, rows[place])
    pairs = pairs.drop(index=doubtful.index[against])
    order = np.argsort(number, kind="stable")
    first = rows[order[firsts(number[order])]]
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


def _speak_against(pairs: pd.DataFrame, titles: pd.DataFrame, printed: Printed, rows: Ints) -> npt.NDArray[np.bool_]:
    """Pairs whose titles are unlike or count differently; without two titles, whose abstracts do."""
    wanted = titles.drop_duplicates()
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
    against[~titled] = _count_differently(pairs[~titled], printed, rows)
    return against


def _count_differently(pairs: pd.DataFrame, printed: Printed, rows: Ints) -> npt.NDArray[np.bool_]:
    """Pairs of which the shorter abstract has a number that the longer one has not; their ends are ``rows``."""
    ends = [pairs[side].to_numpy() for side in ("left", "right")]
    asked = distinct(np.concatenate(ends))
    told: dict[int, tuple[int, frozenset[str]]] = {}
    for places, texts in printed.some("abstract", rows[asked]):
        numbers = ((len(text), _numbers(text)) for text in texts)
        told |= zip(asked[places].tolist(), numbers, strict=True)
    sides = zip(*([told[place] for place in end.tolist()] for end in ends), strict=True)
    against = [not min(pair, key=_size)[1] <= max(pair, key=_size)[1] for pair in sides]
    return np.array(against, dtype=bool)


def _size(told: tuple[int, frozenset[str]]) -> int:
    return told[0]


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBERS.findall(words_of(text).decode()))


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
