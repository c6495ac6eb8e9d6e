"""The tables of authors, each made when it is asked for, since all together would fill the memory.

Not here: which names are one author (``people``), and which mentions are which names (``authors``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.ambiguity import ambiguity
from pipeline.link.coauthors import Appearances
from pipeline.link.components import Ints
from pipeline.link.decisions import RULE
from pipeline.link.explain import explained
from pipeline.link.fold import map_distinct
from pipeline.link.identity import lists_of_ids
from pipeline.link.linked import Places
from pipeline.link.numbers import among, distinct, id_numbers, ids_of, spread
from pipeline.link.people import People
from pipeline.link.shown import display, shown_names
from pipeline.link.spellings import Spellings
from schemas import TABLES

# How sure the certainty of a name makes its link; estimates, as RANK.
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
SAME_NAME: Final = "same folded name"


@dataclass(frozen=True)
class Placed:
    """The mentions in the order of record and position, with what the tables about them are made of."""

    mentions: pd.DataFrame
    spelled: Spellings
    appearances: Appearances
    ids: pd.Series


@dataclass(frozen=True)
class GroupedAuthors:
    """Which mentions are which authors, as numbers; each ``table`` is made when it is asked for.

    ``name`` is that of each mention in their order, ``best`` the spelling that each name is shown by, ``number`` the
    author of each name, in the order of ids, and ``superseded`` lists the other ids of authors.
    """

    placed: Placed
    places: Places
    name: Ints
    best: pd.DataFrame
    people: People
    number: Ints
    superseded: pa.Array
    matches: Mapping[int, int]
    contradicts: Mapping[int, int]

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables; raises KeyError for another name."""
        return _MAKERS[name](self)


def _authors(made: GroupedAuthors) -> pd.DataFrame:
    """The table ``authors``, each as it is shown."""
    shown, appearances = shown_names(made.best, made.number), made.placed.appearances
    doubts = ambiguity(shown, appearances)
    works = int(appearances.work.max()) + 1
    listed = distinct(appearances.person * works + appearances.work)
    authors = shown[["family", "given", "kind", "match_key", "certainty"]].assign(
        author_id=made.placed.ids,
        display_name=display(shown),
        work_count=np.bincount(listed // works),
        ambiguous_name=doubts.notna(),
        ambiguity=doubts,
        superseded_ids=pd.arrays.ArrowExtensionArray(lists_of_ids("a", made.superseded)),
    )
    return TABLES["authors"].typed(authors)


def _mention_authors(made: GroupedAuthors) -> pd.DataFrame:
    """Each mention's author, and, where another name than its own gives the id, what joins the two."""
    placed, best, people = made.placed, made.best, made.people
    own = placed.ids.take(made.number)
    roots = np.flatnonzero((best["author_id"].array == own.array).astype(bool))
    why = explained(people.links, roots, len(best)).reindex(np.arange(len(best)))
    why.loc[roots, :] = np.nan
    other = best["match_key"].reindex(why["other"].fillna(-1)).array
    joined = why["rule"].notna()
    of_name = pd.DataFrame(
        {
            "author_id": own.array,
            "rule": why["rule"].where(joined, SAME_NAME).astype(pd.ArrowDtype(pa.string())),
            "sure": why["score"].astype(float).fillna(1.0),
            "shared_coauthors": why["shared"].where(joined & (why["rule"] != RULE)).astype(pd.ArrowDtype(pa.int64())),
            "linked_key": other,
        }
    )
    certainty = map_distinct(placed.spelled.table["certainty"], SCORE.__getitem__, pa.float64())
    frame = of_name.take(made.name).reset_index(drop=True)
    frame = frame.assign(
        record_id=placed.spelled.records.array.take(placed.spelled.record),
        position=placed.mentions["position"].array,
        score=np.minimum(frame["sure"], certainty.to_numpy(dtype=np.float64)[placed.spelled.spelling]),
    )
    return TABLES["mention_authors"].typed(frame.drop(columns="sure"))


def _pairs(made: GroupedAuthors) -> pd.DataFrame:
    pairs, number, ids = made.people.pairs, made.number, made.placed.ids
    ends = [ids.take(number[pairs[side].to_numpy()]).reset_index(drop=True) for side in ("left", "right")]
    first = (ends[0] < ends[1]).astype(bool)
    frame = pd.DataFrame(
        {
            "author_id": ends[0].where(first, ends[1]),
            "other_author_id": ends[1].where(first, ends[0]),
            "reason": pairs["reason"].array,
            "score": pairs["score"].array,
        }
    )
    frame = frame.sort_values(["author_id", "other_author_id"], ignore_index=True)
    return TABLES["possible_same_author"].typed(frame)


def _authorships(made: GroupedAuthors) -> pd.DataFrame:
    """The mentions of each work's best list; of an author who is in it twice the first."""
    placed, places = made.placed, made.places
    spelled, person, work = placed.spelled, placed.appearances.person, placed.appearances.work
    sizes = np.bincount(spelled.record)
    starts = np.cumsum(sizes) - sizes
    best = np.flatnonzero(among(id_numbers(spelled.records), np.sort(places.listed)))
    best = best[np.argsort(work[starts[best]])]
    rows = spread(starts[best], sizes[best])[1]
    rows = rows[~pd.Series(work[rows] * (int(person.max()) + 1) + person[rows]).duplicated().to_numpy()]
    mentions = placed.mentions.take(rows)
    frame = pd.DataFrame(
        {
            "work_id": pd.arrays.ArrowExtensionArray(ids_of("w", places.ids[work[rows]])),
            "position": mentions["position"].array,
            "author_id": placed.ids.array.take(person[rows]),
            "record_id": spelled.records.array.take(spelled.record[rows]),
            "name_as_printed": mentions["name_as_printed"].array,
            "certainty": spelled.table["certainty"].array.take(spelled.spelling[rows]),
        }
    )
    return TABLES["authorships"].typed(frame)


_MAKERS: Final[Mapping[str, Callable[[GroupedAuthors], pd.DataFrame]]] = {
    "authors": _authors,
    "mention_authors": _mention_authors,
    "authorships": _authorships,
    "possible_same_author": _pairs,
}
