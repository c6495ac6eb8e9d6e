"""Which records can be in another work than they were, or in one that says something else.

Works are made of records that share an abstract, a title or much of an abstract, and what is decided about them is
decided by records that share one of these with them. So a record with which no new, changed or lost one is connected
that way, however far, is where it was. Not here: what makes works of records (``works``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.link.components import Ints, Mask, components, star
from pipeline.link.similar import PAIRS


@dataclass(frozen=True)
class Then:
    """What an earlier run had.

    ``gone`` are the prints of records that are changed or lost, as they were, ``works`` the ids of the works that these
    were in, and ``pairs`` the ``similar_pairs`` of all.
    """

    gone: pd.DataFrame
    works: pd.Series
    pairs: pd.DataFrame


def touched(prints: pd.DataFrame, pairs: pd.DataFrame, new: Mask, works: pd.Series, then: Then) -> Mask:
    """Which of all records are to be linked again.

    ``prints`` are the ``record_prints`` of all records, ``pairs`` the ``similar_pairs`` of their abstracts, ``new``
    says which of them are new or changed, and ``works`` which work each was in ``then``, null for new ones.
    """
    differing = pd.concat([pairs, then.pairs]).drop_duplicates(PAIRS, keep=False)
    seeds = new | _is_in(prints["abstract_printed"], [*differing["left"], *differing["right"]])
    shared = [*_keys(prints), works]
    for values, lost in zip(shared, [*_keys(then.gone), then.works], strict=True):
        seeds |= _is_in(values, lost.dropna())
    links = [np.stack([_rows_of(prints, pairs[side].to_numpy(dtype=np.int64)) for side in ("left", "right")])]
    for values in shared:
        codes = np.asarray(pd.factorize(values)[0], dtype=np.int64)
        rows = np.flatnonzero(codes >= 0)
        links.append(rows[np.stack(star(codes[rows]))])
    left, right = np.concatenate(links, axis=1)
    group = components(len(prints), left, right)
    hit = np.zeros(len(prints), dtype=bool)
    hit[group[seeds]] = True
    found: Mask = hit[group]
    return found


def _keys(prints: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What records of one work may share, where it is evidence: abstract and title."""
    abstracts = prints["abstract_folded"].where(prints["abstract_is_long"])
    return abstracts, prints["title_folded"].where(prints["title_is_usable"])


def _is_in(values: pd.Series, wanted: Iterable[object]) -> Mask:
    return np.asarray(values.isin(list(wanted)), dtype=bool)


def _rows_of(prints: pd.DataFrame, printed: Ints) -> Ints:
    """For each hash of an abstract a record that has it."""
    held = prints["abstract_printed"].to_numpy(dtype=np.int64)
    order = np.argsort(held)
    found: Ints = order[np.searchsorted(held[order], printed)]
    return found
