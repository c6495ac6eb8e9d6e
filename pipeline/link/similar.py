"""Which abstracts that share much of their text are of one work: what titles and numbers say against it.

Not here: which abstracts share text (``shingles``).
"""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from rapidfuzz import fuzz, process

from pipeline.link.fold import map_distinct
from pipeline.link.shingles import NEARLY_ALL, similar_texts, words_of

SIMILAR_ABSTRACT: Final = "similar abstract"
# Titles less alike than this (0 to 100) are of two papers, unless nearly the whole abstract is the same.
LEAST_TITLE_LIKENESS: Final = 80.0
_NUMBERS: Final = re.compile(r"\d+|\b(?:ii|iii|iv|vi|vii|viii|ix)\b")
_CUT: Final = re.compile(r"(?<!\W)(?=\W*+\Z)\W*?(?:\.{3}|…)")


def similar_links(abstracts: pd.DataFrame, titles: pd.DataFrame, texts: pd.Series) -> pd.DataFrame:
    """Links between records whose abstracts are alike: ``left``, ``right``, ``rule``, ``score``, ``shared``.

    ``abstracts`` has ``row``, a position in ``texts``, and ``key``, equal for equal folded abstracts; ``titles`` has
    ``key`` and ``title``. Each key is looked at once, by the smallest of its texts, and linked by its first row.
    """
    number, keys = pd.factorize(abstracts["key"], sort=True)
    rows = abstracts["row"].to_numpy()
    several = np.flatnonzero(np.bincount(number)[number] > 1)
    smallest = np.lexsort([pd.factorize(texts.take(rows[several]), sort=True)[0], number[several]])[::-1]
    place = np.empty(len(keys), dtype=np.int64)
    place[number] = rows
    place[number[several[smallest]]] = rows[several[smallest]]
    looked_at = pd.DataFrame({"key": keys, "text": texts.array[place]})
    pairs = similar_texts(looked_at["text"].tolist())
    pairs["left_key"], pairs["right_key"] = (looked_at["key"].array[pairs[side]] for side in ("left", "right"))
    doubtful = pairs[pairs["containment"] < NEARLY_ALL]
    pairs = pairs.drop(index=doubtful.index[_speak_against(doubtful, titles, looked_at["text"])])
    first = abstracts.groupby("key")["row"].min()
    return pd.DataFrame(
        {
            "left": first.loc[pairs["left_key"]].to_numpy(),
            "right": first.loc[pairs["right_key"]].to_numpy(),
            "rule": SIMILAR_ABSTRACT,
            "score": pairs["containment"].to_numpy(),
            "shared": pairs["shared"].to_numpy(),
        }
    )


def _speak_against(pairs: pd.DataFrame, titles: pd.DataFrame, texts: pd.Series) -> npt.NDArray[np.bool_]:
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
        for one, other in zip(texts.array[rest["left"]], texts.array[rest["right"]], strict=True)
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
