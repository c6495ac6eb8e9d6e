"""What a record is known by: its folded abstract, its folded title, its authors, and the fingerprint made of them.

Not here: which records are one work (``grouping``).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints, Mask
from pipeline.link.fold import arrow_array, beyond_ascii, fold_ascii, fold_text, map_distinct
from pipeline.link.mentioned import Places, wide
from pipeline.link.names import SEPARATOR
from pipeline.link.naming import Named
from pipeline.link.numbers import Hashes, coded, distinct, id_numbers, ids_of, spread, text_numbers, where_there
from pipeline.link.printed import Printed, frame_at
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


def entries(records: pd.DataFrame) -> pd.DataFrame:
    """What ``evidence`` asks of records beside their prints: ``record``, its id as a number, ``year`` and ``venue``.

    The last is a number that is the same where folded venues are.
    """
    venue = map_distinct(records["venue"], fold_text, pa.string(), fold_ascii)
    return pd.DataFrame(
        {
            "record": id_numbers(records["record_id"]),
            "year": records["year"].array,
            "venue": where_there(venue, text_numbers),
        }
    )


def print_numbers(prints: pd.DataFrame) -> pd.DataFrame:
    """The ``record_prints`` as numbers, in their order; the columns are those of ``evidence``.

    Of a fingerprint they are the first 16 of its digits, which is what ids are made of.
    """
    abstract = where_there(prints["abstract_folded"], partial(id_numbers, start=0))
    title = where_there(prints["title_folded"], text_numbers)
    return pd.DataFrame(
        {
            "record": id_numbers(prints["record_id"]),
            "abstract_printed": prints["abstract_printed"].to_numpy(dtype=np.int64).view(np.uint64),
            "abstract": abstract,
            "abstract_key": abstract.where(prints["abstract_is_long"].to_numpy(dtype=bool)),
            "title": title,
            "title_key": title.where(prints["title_is_usable"].to_numpy(dtype=bool)),
            "distinctive": prints["distinctive"].to_numpy(dtype=bool),
        }
    )


def evidence(entries: pd.DataFrame, prints: pd.DataFrame) -> pd.DataFrame:
    """What each record is known by beside its authors, as numbers that are equal where texts are, in the order of ids.

    ``entries`` are those of the records, and ``prints`` their ``print_numbers``, both in one order. The frame has, on
    positions 0 to n-1: ``record``, ``year``, ``venue``, ``abstract_printed`` (of the text as it stands), ``abstract``
    and ``title`` (of the folded ones), ``abstract_key`` (the abstract where it is long enough), ``title_key`` (the
    title where it is neither generic nor very short) and ``distinctive`` (the title says enough without authors).
    Raises ValueError where the two are not of the same records.
    """
    if not np.array_equal(entries["record"].to_numpy(), prints["record"].to_numpy()):
        raise ValueError("the prints are of other records, or in another order; make the record_prints of these")
    return in_order(pd.concat([entries, prints.drop(columns="record")], axis=1))


def in_order(numbers: pd.DataFrame) -> pd.DataFrame:
    """The same in the order of the records' ids."""
    record = numbers["record"].to_numpy()
    if (record[1:] >= record[:-1]).all():
        return numbers
    return numbers.take(np.argsort(record, kind="stable")).reset_index(drop=True)


def prints_of(prints: pd.DataFrame, record_ids: pd.Series) -> pd.DataFrame:
    """The ``prints`` of these records, in their order; raises ValueError where one is missing."""
    places = pd.Index(prints["record_id"]).get_indexer(pd.Index(record_ids))
    if (places < 0).any():
        raise ValueError(f"nothing is known of record {record_ids.array[places < 0][0]}; make its record_prints")
    return prints.take(places).reset_index(drop=True)


def lists(known: pd.DataFrame, row: Ints | Places, called: Named, wanted: Mask) -> tuple[pd.DataFrame, pa.Array]:
    """The authors in the lists of the ``wanted`` rows, without those whose names hold damage: ``row`` and ``author``.

    An author is a position in the second, the names in their order; rows are in order, and of each its authors.
    ``known`` is the ``evidence``; ``row`` is the position there of each mention's record. Under a distinctive title a
    family name and an initial are enough to know an author by, since lists abbreviate; under another one it must be the
    whole name.
    """
    mentions = called.mentions
    asked = wanted[row] & ~mentions.damaged
    row, name = row[asked], mentions.name[asked]
    used = distinct(wide(name))  # which are few, where most records have an abstract and a title of their own
    keys = frame_at(called.shown, ["folded_family", "folded_given", "match_key"], used)
    at = np.searchsorted(used, name)
    brief = keys["folded_family"] + SEPARATOR + keys["folded_given"].str[:1]
    codes, names = coded(pd.concat([brief, keys["match_key"]], ignore_index=True), sort=True)
    author = np.where(known["distinctive"].to_numpy()[row], codes[at], codes[len(keys) + at])
    size = max(1, len(names))
    entries = distinct(wide(row) * size + author)
    return pd.DataFrame({"row": entries // size, "author": entries % size}), names


def title_fingerprints(
    known: pd.DataFrame, named: tuple[pd.DataFrame, pa.Array], rows: Ints, printed: Printed
) -> Hashes:
    """For some ``rows`` a fingerprint of title, authors and year, since a title alone is shared by other papers.

    It is given as a number, of its first 16 digits. ``known`` is the ``evidence``, with ``has_list``; ``named`` are the
    ``lists`` of these rows at least, and ``printed`` has their ``title_folded``.

    A record that has nothing to be known by is never the same as another one: its fingerprint is of its own id.
    """
    asked = known[["record", "year", "title_key", "has_list", "distinctive"]].take(rows)
    usable = (asked["title_key"].notna() & (asked["has_list"] | asked["distinctive"])).to_numpy(dtype=bool)
    found = np.zeros(len(rows), np.uint64)
    found[~usable] = lone_numbers(asked["record"].to_numpy()[~usable])
    titled = np.flatnonzero(usable)
    for places, titles in printed.some("title_folded", rows[titled]):
        at = titled[places]
        years = asked["year"].take(at).astype("string").fillna("")
        lines = zip(titles, _names_in(named, rows[at]), years, strict=True)
        found[at] = [int(_sha("title", title, names, year)[:16], 16) for title, names, year in lines]
    return found


def _names_in(named: tuple[pd.DataFrame, pa.Array], rows: Ints) -> Iterator[str]:
    """The authors of each of some rows, in their order, as one text."""
    row, author = named[0]["row"].to_numpy(), named[0]["author"].to_numpy()
    starts = np.searchsorted(row, rows)
    sizes = np.searchsorted(row, rows, "right") - starts
    names = named[1].take(pa.array(author[spread(starts, sizes)[1]])).to_pylist()
    for end, size in zip(np.cumsum(sizes).tolist(), sizes.tolist(), strict=True):
        yield "\x1e".join(names[end - size : end])


def lone_numbers(records: Hashes) -> Hashes:
    """The number of the ``record_fingerprint`` of each of some records."""
    some = (ids_of("r", records[start : start + _TEXTS_AT_ONCE]) for start in range(0, len(records), _TEXTS_AT_ONCE))
    prints = [int(record_fingerprint(record)[:16], 16) for ids in some for record in ids.to_pylist()]
    return np.array(prints, dtype=np.uint64)


def record_fingerprint(record_id: str) -> str:
    """The fingerprint of a record that nothing but its id tells from others."""
    return _sha("record", record_id)
