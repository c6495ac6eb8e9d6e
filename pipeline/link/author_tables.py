"""The tables of authors, each made when it is asked for, since all together would fill the memory.

Not here: which names are one author (``people``), and which mentions are which names (``authors``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.ambiguity import ambiguity, short_names
from pipeline.link.coauthors import Appearances, parted
from pipeline.link.components import Ints
from pipeline.link.decisions import RULE
from pipeline.link.explain import explained
from pipeline.link.fold import map_distinct
from pipeline.link.identity import lists_of_ids
from pipeline.link.linked import Places
from pipeline.link.names import PARTS
from pipeline.link.numbers import Hashes, among, distinct, id_numbers, ids_of, spread
from pipeline.link.people import People
from pipeline.link.shown import display, shown_names
from pipeline.link.spellings import Spellings
from schemas import TABLES

# How sure the certainty of a name makes its link; estimates, as RANK.
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
SAME_NAME: Final = "same folded name"
_SHOWN: Final = [*PARTS, "kind", "certainty", "folded_family", "folded_given", "damaged", "match_key"]
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True)
class Placed:
    """The mentions in the order of record and position, with what the tables about them are made of."""

    mentions: pd.DataFrame
    spelled: Spellings
    appearances: Appearances
    ids: Hashes


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

    def parts(self, name: str) -> Iterator[pd.DataFrame]:
        """One of the tables, some rows at a time, those of one record or work together. KeyError for another name."""
        return _MAKERS[name](self)

    def table(self, name: str) -> pd.DataFrame:
        """One of the tables."""
        parts = list(self.parts(name))
        return parts[0] if len(parts) == 1 else TABLES[name].typed(pd.concat(parts, ignore_index=True))


def _spans(ordered: Ints) -> Iterator[slice]:
    """Some rows at a time; equal ones of ``ordered``, which is in order, stay together. One of none for no rows."""
    start = 0
    while True:
        end = len(ordered)
        if start + _AT_ONCE < end:
            end = int(np.searchsorted(ordered, ordered[start + _AT_ONCE - 1], "right"))
        yield slice(start, end)
        if end == len(ordered):
            return
        start = end


def _authors(made: GroupedAuthors) -> Iterator[pd.DataFrame]:
    """The table ``authors``, each as it is shown."""
    appearances = made.placed.appearances
    chosen = shown_names(made.best, made.number)
    best = made.best[_SHOWN]
    spans = list(_spans(np.arange(len(chosen))))
    short = np.concatenate([short_names(best.take(chosen[span])) for span in spans])
    is_parted = np.zeros(len(chosen), dtype=bool)
    is_parted[parted(np.flatnonzero(short), appearances)] = True
    works = int(appearances.work.max()) + 1
    counts = np.bincount(distinct(appearances.person * works + appearances.work) // works)
    for span in spans:
        shown = best.take(chosen[span]).reset_index(drop=True)
        doubts = ambiguity(shown, is_parted[span])
        others = lists_of_ids("a", made.superseded[span])
        authors = shown[["family", "given", "kind", "match_key", "certainty"]].assign(
            author_id=pd.arrays.ArrowExtensionArray(ids_of("a", made.placed.ids[span])),
            display_name=display(shown),
            work_count=counts[span],
            ambiguous_name=doubts.notna(),
            ambiguity=doubts,
            superseded_ids=pd.arrays.ArrowExtensionArray(others),
        )
        yield TABLES["authors"].typed(authors)


def _mention_authors(made: GroupedAuthors) -> Iterator[pd.DataFrame]:
    """Each mention's author, and, where another name than its own gives the id, what joins the two."""
    placed, of_name = made.placed, _of_names(made)
    sure = np.asarray(map_distinct(placed.spelled.table["certainty"], SCORE.__getitem__, pa.float64()))
    for span in _spans(placed.spelled.record):
        frame = of_name.take(made.name[span]).reset_index(drop=True)
        frame = frame.assign(
            author_id=pd.arrays.ArrowExtensionArray(ids_of("a", placed.ids[made.number[made.name[span]]])),
            record_id=placed.spelled.records.array.take(placed.spelled.record[span]),
            position=placed.mentions["position"].array[span],
            score=np.minimum(frame["sure"], sure[placed.spelled.spelling[span]]),
        )
        yield TABLES["mention_authors"].typed(frame.drop(columns="sure"))


def _of_names(made: GroupedAuthors) -> pd.DataFrame:
    """What is said of each mention that its name alone tells."""
    best, people = made.best, made.people
    roots = np.flatnonzero(id_numbers(best["author_id"]) == made.placed.ids[made.number])
    why = explained(people.links, roots, len(best)).reindex(np.arange(len(best)))
    why.loc[roots, :] = np.nan
    joined = why["rule"].notna()
    return pd.DataFrame(
        {
            "rule": why["rule"].where(joined, SAME_NAME).astype(pd.ArrowDtype(pa.string())),
            "sure": why["score"].astype(float).fillna(1.0),
            "shared_coauthors": why["shared"].where(joined & (why["rule"] != RULE)).astype(pd.ArrowDtype(pa.int64())),
            "linked_key": best["match_key"].reindex(why["other"].fillna(-1)).array,
        }
    )


def _pairs(made: GroupedAuthors) -> Iterator[pd.DataFrame]:
    """The table ``possible_same_author``, which is small enough to be made at once."""
    pairs, ids = made.people.pairs, made.placed.ids
    ends = [ids[made.number[pairs[side].to_numpy()]] for side in ("left", "right")]
    first, other = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort([other, first])
    frame = pd.DataFrame(
        {
            "author_id": pd.arrays.ArrowExtensionArray(ids_of("a", first[order])),
            "other_author_id": pd.arrays.ArrowExtensionArray(ids_of("a", other[order])),
            "reason": pairs["reason"].array.take(order),
            "score": pairs["score"].array.take(order),
        }
    )
    yield TABLES["possible_same_author"].typed(frame)


def _authorships(made: GroupedAuthors) -> Iterator[pd.DataFrame]:
    """The mentions of each work's best list; of an author who is in it twice the first."""
    placed, places = made.placed, made.places
    spelled, person, work = placed.spelled, placed.appearances.person, placed.appearances.work
    sizes = np.bincount(spelled.record)
    starts = np.cumsum(sizes) - sizes
    best = np.flatnonzero(among(id_numbers(spelled.records), np.sort(places.listed)))
    best = best[np.argsort(work[starts[best]])]
    every = spread(starts[best], sizes[best])[1]
    every = every[~pd.Series(work[every] * (int(person.max()) + 1) + person[every]).duplicated().to_numpy()]
    for span in _spans(work[every]):
        rows = every[span]
        mentions = placed.mentions.take(rows)
        frame = pd.DataFrame(
            {
                "work_id": pd.arrays.ArrowExtensionArray(ids_of("w", places.ids[work[rows]])),
                "position": mentions["position"].array,
                "author_id": pd.arrays.ArrowExtensionArray(ids_of("a", placed.ids[person[rows]])),
                "record_id": spelled.records.array.take(spelled.record[rows]),
                "name_as_printed": mentions["name_as_printed"].array,
                "certainty": spelled.table["certainty"].array.take(spelled.spelling[rows]),
            }
        )
        yield TABLES["authorships"].typed(frame)


_MAKERS: Final[Mapping[str, Callable[[GroupedAuthors], Iterator[pd.DataFrame]]]] = {
    "authors": _authors,
    "mention_authors": _mention_authors,
    "authorships": _authorships,
    "possible_same_author": _pairs,
}
