"""What records of a work say otherwise than the work does. Not here: which of them is believed (``best``)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.components import Ints
from pipeline.link.numbers import among, distinct
from schemas import TABLES


def disagreements(
    placed: pd.DataFrame, work: Ints, best: Mapping[str, Ints], folded: Mapping[str, Ints], listed: pd.DataFrame
) -> pd.DataFrame:
    """The table ``work_disagreements``.

    ``placed`` are records with ``work_id``, ``work`` the number of each one's work, ``best`` for each field the
    position of the record that each work believes, ``folded`` codes that are equal for equal folded texts, and
    ``listed`` has ``row`` and ``author``. Texts that differ in case, spaces or punctuation alone agree. An author list
    agrees that names the same people.
    """
    several = np.bincount(work)[work] > 1

    def believed(name: str) -> tuple[Ints, Ints]:
        rows = np.flatnonzero(several & placed[name].notna().to_numpy(dtype=bool))
        return rows, best[name][work[rows]]

    found = []
    for name, codes in folded.items():
        rows, others = believed(name)
        rows = rows[codes[rows] != codes[others]]
        found.append(_rows(placed, rows, name, placed[name].take(rows)))
    rows, others = believed("year")
    years = placed["year"].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = rows[years[rows] != years[others]]
    found.append(_rows(placed, rows, "year", placed["year"].take(rows).astype("int64").astype(str)))
    rows = _unlike_lists(np.flatnonzero(several), best["authors"][work], listed)
    found.append(_rows(placed, rows, "authors", placed["authors_text"].take(rows).fillna("")))
    return TABLES["work_disagreements"].typed(
        pd.concat(found).sort_values(["work_id", "record_id", "field"], ignore_index=True)
    )


def _rows(placed: pd.DataFrame, rows: Ints, name: str, values: pd.Series) -> pd.DataFrame:
    text = pd.ArrowDtype(pa.string())
    frame = placed[["work_id", "record_id"]].take(rows).assign(field=name, value=values.array)
    return frame.astype({"field": text, "value": text})


def _unlike_lists(rows: Ints, best: Ints, listed: pd.DataFrame) -> Ints:
    """Those of ``rows`` that have a list, with other people than the list of ``best``, given for every row."""
    involved = np.zeros(len(best) + 1, dtype=bool)  # the last is for works without a list, which have NONE
    involved[rows] = involved[best[rows]] = True
    named = listed[involved[listed["row"].to_numpy()]]
    row, author = named["row"].to_numpy(), named["author"].to_numpy()
    base = int(author.max(initial=0)) + 1
    names = distinct(row * base + author)
    counts = np.bincount(names // base, minlength=len(best))
    rows = rows[(counts[rows] > 0) & (rows != best[rows])]
    asked = names[among(names // base, rows)]
    both = among(best[asked // base] * base + asked % base, names)
    shared = np.bincount(asked[both] // base, minlength=len(best))[rows]
    unlike: Ints = rows[(shared != counts[rows]) | (shared != counts[best[rows]])]
    return unlike
