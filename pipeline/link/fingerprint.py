"""What a record is known by: its folded abstract, its folded title, its authors, and the fingerprint made of them.

Not here: which records are one work (``grouping``).
"""

import hashlib
import re
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from pipeline.link.fold import fold_text, map_distinct
from pipeline.link.names import SEPARATOR

# Folded letters of an abstract from which on it is evidence. "This paper has been withdrawn by the author because of an
# error" has 57, a publisher's "not available" notes up to 90; the shortest real abstracts in listings have some 150.
LEAST_ABSTRACT: Final = 100
# A title that says something together with an author, and one that says enough alone.
LEAST_TITLE: Final = 8
DISTINCTIVE_LETTERS: Final = 12
DISTINCTIVE_WORDS: Final = 3
_WORDS: Final = re.compile(r"[぀-ヿ㐀-鿿]|[^\W_]+")
_WIDE: Final = re.compile(r"[぀-ヿ㐀-鿿가-힯]")


def _without_digits(folded: str) -> str:
    return re.sub(r"\d+", "", folded)


@lru_cache(maxsize=1)
def generic_titles() -> frozenset[str]:
    """Folded titles that many papers share ("Editorial", "Preface"), from ``generic_titles.txt``."""
    lines = resources.files(__package__).joinpath("generic_titles.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(_without_digits(fold_text(line)) for line in lines if line and not line.startswith("#"))


def _size(text: str) -> int:
    """Letters, where one that is a syllable or a word counts as two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _usable_title(title: str) -> str | None:
    folded = fold_text(title)
    return folded if _size(folded) >= LEAST_TITLE and _without_digits(folded) not in generic_titles() else None


def _is_distinctive(title: str) -> bool:
    return len(_WORDS.findall(title)) >= DISTINCTIVE_WORDS and _size(fold_text(title)) >= DISTINCTIVE_LETTERS


def _long_abstract(abstract: str) -> str | None:
    folded = fold_text(abstract)
    return _sha("abstract", folded) if _size(folded) >= LEAST_ABSTRACT else None


def _sha(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def evidence(records: pd.DataFrame, mentions: pd.DataFrame, keys: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each record is known by, and who is in its list.

    ``keys`` are the ``match_keys`` of ``mentions``. The first frame has, on positions 0 to n-1 in the order of
    ``record_id``: ``record_id``, ``year``, ``abstract_key`` (the abstract's fingerprint; null when there is none long
    enough), ``title_key`` (folded; null when generic or very short), ``distinctive`` (the title says enough without
    authors) and ``has_list``. The second has ``row`` (a position of the first) and ``author``.
    """
    ordered = records.sort_values("record_id", ignore_index=True)
    frame = pd.DataFrame(
        {
            "record_id": ordered["record_id"],
            "year": ordered["year"],
            "abstract_key": map_distinct(ordered["abstract"], _long_abstract, pa.string()),
            "title_key": map_distinct(ordered["title"], _usable_title, pa.string()),
            "distinctive": map_distinct(ordered["title"], _is_distinctive, pa.bool_()).fillna(value=False).astype(bool),
        }
    )
    named = _named(frame, mentions, keys)
    frame["has_list"] = np.isin(np.arange(len(frame)), named["row"].to_numpy())
    return frame, named


def _named(frame: pd.DataFrame, mentions: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """The authors of each row's list, without those whose names hold damage.

    Under a distinctive title a family name and an initial are enough to know an author by, since lists abbreviate;
    under another one it must be the whole name.
    """
    row = pd.Index(frame["record_id"]).get_indexer(pd.Index(mentions["record_id"]))
    if (row < 0).any():
        raise ValueError(f"record {mentions['record_id'].array[row < 0][0]} has authors but is not among the records")
    brief = keys["folded_family"] + SEPARATOR + keys["folded_given"].str[:1]
    author = brief.where(frame["distinctive"].to_numpy()[row], keys["match_key"])
    named = pd.DataFrame({"row": row, "author": author})[~keys["damaged"]]
    return named.drop_duplicates().sort_values(["row", "author"], ignore_index=True)


def title_fingerprints(known: pd.DataFrame, named: pd.DataFrame, wanted: npt.NDArray[np.bool_]) -> pd.Series:
    """For the ``wanted`` rows a fingerprint of title, authors and year, since a title alone is shared by other papers.

    A record that has nothing to be known by is never the same as another one: its fingerprint is of its own id.
    """
    authors: dict[int, list[str]] = {}
    own = named[wanted[named["row"].to_numpy()]]
    for row, author in zip(own["row"].tolist(), own["author"].tolist(), strict=True):
        authors.setdefault(row, []).append(author)
    asked = known[wanted]
    usable = asked["title_key"].notna() & (asked["has_list"] | asked["distinctive"])
    years = asked["year"].astype("string").fillna("")
    rows = zip(asked.index, usable, asked["record_id"], asked["title_key"], years, strict=True)
    prints = [
        _sha("title", title, "\x1e".join(authors.get(row, [])), year) if known else record_fingerprint(record)
        for row, known, record, title, year in rows
    ]
    return pd.Series(prints, index=asked.index, dtype=pd.ArrowDtype(pa.string()))


def record_fingerprint(record_id: str) -> str:
    """The fingerprint of a record that nothing but its id tells from others."""
    return _sha("record", record_id)
