"""Which records are which works, as numbers, and the tables that are made of that: all works at once, or some.

Not here: how records become works (``works``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints, Mask
from pipeline.link.disagreements import TEXTS
from pipeline.link.fold import arrow_array
from pipeline.link.identity import lists_of_ids
from pipeline.link.numbers import Hashes, id_numbers, ids_of
from pipeline.link.printed import Printed, column_at
from pipeline.link.similar import SIMILAR_ABSTRACT
from schemas import TABLES

_TEXT = pd.ArrowDtype(pa.string())


@dataclass(frozen=True)
class Places:
    """Where records are, as numbers of ids: ``work`` has for each ``record``, in order, a position in ``ids``.

    ``ids`` are those of works, in order, and ``listed`` the records whose lists of authors the works have.
    """

    record: Hashes
    work: Ints
    ids: Hashes
    listed: Hashes

    @classmethod
    def of(cls, works: pd.DataFrame, work_records: pd.DataFrame) -> "Places":
        """As the tables say, which are in the order of works."""
        ids, record = id_numbers(works["work_id"]), id_numbers(work_records["record_id"])
        order = np.argsort(record)
        work = np.searchsorted(ids, id_numbers(work_records["work_id"]))[order]
        return cls(record[order], work, ids, id_numbers(works["authors_record_id"].dropna()))


@dataclass(frozen=True)
class Linked:
    """Works and their records.

    ``record`` and ``ids`` are the ids of records and works as numbers, in order, ``work`` the number of each record's
    work. Of each work there are its ``superseded`` ids, the record that each field is ``best`` taken from (negative for
    none), and ``author_count``; ``why`` has the links of records, by their positions, and ``differing`` the records
    that print something else than their work says, for each field.
    """

    record: Hashes
    year: pd.Series
    work: Ints
    ids: Hashes
    superseded: pa.Array
    best: Mapping[str, Ints]
    author_count: Ints
    why: pd.DataFrame
    differing: Mapping[str, Ints]
    matches: Mapping[int, int] = field(default_factory=dict)
    contradicts: Mapping[int, int] = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """The same, as far as authors need it."""
        best = self.best["authors"]
        return Places(self.record, self.work, self.ids, self.record[best[best >= 0]])

    @cached_property
    def order(self) -> Ints:
        """The records by work, and of each work by their ids."""
        return np.argsort(self.work, kind="stable")

    @cached_property
    def ends(self) -> Ints:
        """Where in ``order`` the records of each work end."""
        return np.cumsum(np.bincount(self.work, minlength=len(self.ids)))

    def members(self, works: range) -> Ints:
        """The records of some works one after the other, in ``order``."""
        return self.order[(self.ends[works.start - 1] if works.start else 0) : self.ends[works.stop - 1]]

    def counted(self, authorships: pd.DataFrame) -> "Linked":
        """The same with authors counted anew: two names of one list that people call one person are one author."""
        work = np.searchsorted(self.ids, id_numbers(authorships["work_id"]))
        return replace(self, author_count=np.bincount(work, minlength=len(self.ids)))


def tables_of(linked: Linked, printed: Printed, works: range | None = None) -> dict[str, pd.DataFrame]:
    """The tables ``works``, ``work_records`` and ``work_disagreements``, or their rows of some works."""
    some = range(len(linked.ids)) if works is None else works
    rows = linked.members(some)
    return {
        "works": _works(linked, printed, some),
        "work_records": _work_records(linked, printed, rows),
        "work_disagreements": _disagreements(linked, printed, some),
    }


def _works(linked: Linked, printed: Printed, works: range) -> pd.DataFrame:
    some = slice(works.start, works.stop)
    best = {name: rows[some] for name, rows in linked.best.items()}
    columns = {name: _placed(column_at(printed, name, best[name][best[name] >= 0]), best[name] >= 0) for name in TEXTS}
    columns["year"] = _placed(linked.year.take(best["year"][best["year"] >= 0]), best["year"] >= 0)
    for name, rows in best.items():
        columns[f"{name}_record_id"] = _placed(_column(ids_of("r", linked.record[rows[rows >= 0]])), rows >= 0)
    ends = linked.ends[some]
    frame = pd.DataFrame(
        {
            "work_id": _column(ids_of("w", linked.ids[some])),
            **columns,
            "record_count": np.diff(ends, prepend=linked.ends[works.start - 1] if works.start else 0),
            "author_count": linked.author_count[some],
            "superseded_ids": _column(lists_of_ids("w", linked.superseded[some])),
        }
    )
    return TABLES["works"].typed(frame)


def _column(values: pa.Array) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(values))


def _placed(values: pd.Series, there: Mask) -> pd.Series:
    """The values one after the other where they are there, and null elsewhere."""
    return _column(arrow_array(values, None).take(pa.array(np.cumsum(there) - 1, mask=~there)))


def _work_records(linked: Linked, printed: Printed, rows: Ints) -> pd.DataFrame:
    """Each record's place, with the link that ties it to its work."""
    why = linked.why.reindex(rows).reset_index(drop=True)
    tied = why["other"].notna().to_numpy(dtype=bool)
    other = ids_of("r", linked.record[why["other"].to_numpy(dtype=np.float64)[tied].astype(np.int64)])
    frame = pd.DataFrame(
        {
            "work_id": _column(ids_of("w", linked.ids[linked.work[rows]])),
            "record_id": _column(ids_of("r", linked.record[rows])),
            **{name: column_at(printed, name, rows) for name in ("path", "line_start", "line_end")},
            "rule": why["rule"].fillna("alone"),
            "score": why["score"].fillna(1.0),
            "shared_shingles": why["shared"].where(why["rule"] == SIMILAR_ABSTRACT),
            "linked_record_id": _placed(_column(other), tied),
        }
    )
    return TABLES["work_records"].typed(frame)


def _disagreements(linked: Linked, printed: Printed, works: range) -> pd.DataFrame:
    found = []
    for name, every in linked.differing.items():
        work = linked.work[every]
        rows = every[(work >= works.start) & (work < works.stop)]
        if name == "year":
            value = linked.year.take(rows).astype("int64").astype(str)
        else:
            value = column_at(printed, "authors_text" if name == "authors" else name, rows).fillna("")
        ids = _column(ids_of("w", linked.ids[linked.work[rows]])), _column(ids_of("r", linked.record[rows]))
        frame = pd.DataFrame({"work_id": ids[0], "record_id": ids[1], "field": name, "value": value.array})
        found.append(frame.astype({"field": _TEXT, "value": _TEXT}))
    both = pd.concat(found).sort_values(["work_id", "record_id", "field"], ignore_index=True)
    return TABLES["work_disagreements"].typed(both)
