"""What a record is known by: its folded abstract, its folded title, its authors, and the fingerprint made of them.

Not here: which records are one work (``grouping``).
"""

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints, Mask
from pipeline.link.fold import arrow_array, beyond_ascii, fold_text
from pipeline.link.names import SEPARATOR
from pipeline.link.numbers import coded, distinct
from pipeline.link.spellings import Spellings
from schemas.arrow import to_frame
from schemas.registry import KEPT

# Folded letters of an abstract from which on it is evidence. "This paper has been withdrawn by the author because of an
# error" has 57, a publisher's "not available" notes up to 90; the shortest real abstracts in listings have some 150.
LEAST_ABSTRACT: Final = 100
# A title that says something together with an author, and one that says enough alone.
LEAST_TITLE: Final = 8
DISTINCTIVE_LETTERS: Final = 12
DISTINCTIVE_WORDS: Final = 3
_TEXTS_AT_ONCE: Final = 4096
_PRINTS: Final = ["abstract_printed", "abstract_folded", "abstract_key"]
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
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(beyond_ascii(text)))


def _is_usable(folded: str) -> bool:
    return _size(folded) >= LEAST_TITLE and _without_digits(folded) not in generic_titles()


def _is_distinctive(title: str, folded: str) -> bool:
    return len(_WORDS.findall(title)) >= DISTINCTIVE_WORDS and _size(folded) >= DISTINCTIVE_LETTERS


def _titles(titles: pd.Series) -> pd.DataFrame:
    """``title_folded``, ``title_key`` (null when generic or very short) and ``distinctive`` of each title."""
    array = arrow_array(titles, pa.string()).dictionary_encode()
    distinct = array.dictionary.to_pylist()
    folded = [fold_text(title) for title in distinct]
    columns = {
        "title_folded": pa.array(folded, pa.string()),
        "title_key": pa.array([title if _is_usable(title) else None for title in folded], pa.string()),
        "distinctive": pa.array(map(_is_distinctive, distinct, folded), pa.bool_()),
    }
    frame = pd.DataFrame(
        {name: pd.arrays.ArrowExtensionArray(c.take(array.indices)) for name, c in columns.items()}, index=titles.index
    )
    return frame.assign(distinctive=frame["distinctive"].fillna(value=False).astype(bool))


def _abstracts(abstracts: pd.Series) -> pd.DataFrame:
    """What is known of each abstract.

    ``abstract_printed``, a number made of the text as it stands; ``abstract_folded``, the fingerprint of the folded
    text; and ``abstract_key``, the same where the abstract is long enough.
    """
    array = arrow_array(abstracts, pa.string())
    some = (array.slice(start, _TEXTS_AT_ONCE).to_pylist() for start in range(0, len(array), _TEXTS_AT_ONCE))
    tables = [pa.Table.from_arrays(_prints(texts), names=_PRINTS) for texts in some]
    frame = to_frame(pa.concat_tables(tables).combine_chunks()) if tables else pd.DataFrame(columns=_PRINTS)
    return frame.set_axis(abstracts.index)


def _prints(texts: Sequence[str | None]) -> list[pa.Array]:
    folded = [None if text is None else fold_text(text) for text in texts]
    prints = [None if text is None else _sha("abstract", text) for text in folded]
    long = [text is not None and _size(text) >= LEAST_ABSTRACT for text in folded]
    return [
        pa.array([0 if text is None else _number(text) for text in texts], pa.uint64()),
        pa.array(prints, pa.string()),
        pa.array([text if enough else None for text, enough in zip(prints, long, strict=True)], pa.string()),
    ]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _sha(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def record_prints(records: pd.DataFrame) -> pd.DataFrame:
    """What is known of the texts of records by themselves, as ``record_prints``: most of the work of ``evidence``."""
    known = pd.concat([_abstracts(records["abstract"]), _titles(records["title"])], axis=1)
    printed = known["abstract_printed"].to_numpy(dtype=np.uint64).view(np.int64)
    kept = known[["abstract_folded", "title_folded", "distinctive"]].assign(
        record_id=records["record_id"],
        abstract_printed=printed,
        abstract_is_long=known["abstract_key"].notna(),
        title_is_usable=known["title_key"].notna(),
    )
    return KEPT["record_prints"].typed(kept)


def evidence(records: pd.DataFrame, prints: pd.DataFrame | None = None) -> pd.DataFrame:
    """What each record is known by beside its authors.

    ``records`` are in the order of ``record_id``; ``prints`` are the ``record_prints`` of the records in any order,
    where they are known. The frame has, on positions 0 to n-1: ``record_id``, ``year``, ``abstract_printed`` (a
    number), ``abstract_folded`` (a fingerprint) and ``title_folded``, ``abstract_key`` (the abstract's fingerprint;
    null when there is none long enough), ``title_key`` (folded; null when generic or very short) and ``distinctive``
    (the title says enough without authors).
    """
    known = record_prints(records) if prints is None else prints_of(prints, records["record_id"])
    folded, title = known["abstract_folded"], known["title_folded"]
    return records[["record_id", "year"]].assign(
        abstract_printed=known["abstract_printed"].to_numpy(dtype=np.int64).view(np.uint64),
        abstract_folded=folded,
        abstract_key=folded.where(known["abstract_is_long"]),
        title_folded=title,
        title_key=title.where(known["title_is_usable"]),
        distinctive=known["distinctive"].astype(bool),
    )


def prints_of(prints: pd.DataFrame, record_ids: pd.Series) -> pd.DataFrame:
    """The ``prints`` of these records, in their order; raises ValueError where one is missing."""
    places = pd.Index(prints["record_id"]).get_indexer(pd.Index(record_ids))
    if (places < 0).any():
        raise ValueError(f"nothing is known of record {record_ids.array[places < 0][0]}; make its record_prints")
    return prints.take(places).reset_index(drop=True)


def lists(known: pd.DataFrame, row: Ints, spellings: Spellings, wanted: Mask) -> pd.DataFrame:
    """The authors in the lists of the ``wanted`` rows, without those whose names hold damage: ``row`` and ``author``.

    ``known`` is the ``evidence``; ``row`` is the position there of each mention's record. Under a distinctive title a
    family name and an initial are enough to know an author by, since lists abbreviate; under another one it must be the
    whole name.
    """
    keys = spellings.table
    asked = wanted[row] & ~keys["damaged"].to_numpy(dtype=bool)[spellings.spelling]
    row, spelling = row[asked], spellings.spelling[asked]
    brief = keys["folded_family"] + SEPARATOR + keys["folded_given"].str[:1]
    codes, names = coded(pd.concat([brief, keys["match_key"]], ignore_index=True), sort=True)
    author = np.where(known["distinctive"].to_numpy()[row], codes[spelling], codes[len(keys) + spelling])
    size = max(1, len(names))
    entries = distinct(row * size + author)
    authors = pd.arrays.ArrowExtensionArray(names.take(pa.array(entries % size)))
    return pd.DataFrame({"row": entries // size, "author": authors})


def title_fingerprints(known: pd.DataFrame, named: pd.DataFrame, wanted: Mask) -> pd.Series:
    """For the ``wanted`` rows a fingerprint of title, authors and year, since a title alone is shared by other papers.

    ``known`` is the ``evidence``, with ``has_list``, and ``named`` has the ``lists`` of these rows at least.

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
