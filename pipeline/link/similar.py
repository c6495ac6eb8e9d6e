"""Which abstracts that share much of their text are of one work: what titles and numbers say against it.

Not here: which abstracts share text (``overlap``).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipeline.link.components import Ints
from pipeline.link.fold import arrow_array, map_distinct
from pipeline.link.overlap import NEARLY_ALL, similar_texts
from pipeline.link.shelf import Shelf
from pipeline.link.shingles import Hashes, words_of

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


def similar_links(
    abstracts: pd.DataFrame,
    titles: pd.DataFrame,
    texts: pd.Series,
    shelf: Shelf | None = None,
    held: Callable[[Ints], Iterable[tuple[Hashes, Ints]]] | None = None,
) -> pd.DataFrame:
    """Links between records whose abstracts are alike: ``left``, ``right``, ``rule``, ``score``, ``shared``.

    ``abstracts`` has ``row``, a position in ``texts``, ``key``, equal for equal folded abstracts, and ``printed``,
    equal for equal ones; ``titles`` has ``key`` and ``title``. Each key is looked at once, by the smallest ``printed``,
    and linked by its first row. What the index of shingles needs is on the ``shelf``. ``held`` gives the shingles,
    where they are known, when it is told the number of each text of ``texts``, -1 for those that are not looked at.
    """
    number, keys = pd.factorize(abstracts["key"], sort=True)
    rows = abstracts["row"].to_numpy()
    place = np.empty(len(keys), dtype=np.int64)
    smallest = np.lexsort([abstracts["printed"].to_numpy(), number])[::-1]
    place[number[smallest]] = rows[smallest]
    looked_at = _Texts(arrow_array(texts, pa.string()), place)
    numbers = np.full(len(texts), -1, dtype=np.int64)
    numbers[place] = np.arange(len(place))
    pairs = similar_texts(looked_at, shelf, held=held(numbers) if held else None)
    pairs["left_key"], pairs["right_key"] = (keys.take(pairs[side].to_numpy()) for side in ("left", "right"))
    doubtful = pairs[pairs["containment"] < NEARLY_ALL]
    pairs = pairs.drop(index=doubtful.index[_speak_against(doubtful, titles, looked_at)])
    first = np.full(len(keys), len(texts), dtype=np.int64)
    np.minimum.at(first, number, rows)
    return pd.DataFrame(
        {
            "left": first[pairs["left"]],
            "right": first[pairs["right"]],
            "rule": SIMILAR_ABSTRACT,
            "score": pairs["containment"].to_numpy(),
            "shared": pairs["shared"].to_numpy(),
        }
    )


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
