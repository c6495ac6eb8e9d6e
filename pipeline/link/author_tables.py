"""The tables of authors, each made when it is asked for, since all together would fill the memory.

Not here: which names are one author (``people``), and which mentions are which names (``authors``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.ambiguity import LETTERED, ambiguity, short_names
from pipeline.link.coauthors import Appearances, parted
from pipeline.link.components import Ints
from pipeline.link.decisions import RULE
from pipeline.link.explain import explained
from pipeline.link.identity import lists_of_ids
from pipeline.link.linked import Places
from pipeline.link.mentioned import CERTAINTIES, Mentioned, certainties, wide
from pipeline.link.mentioned import Places as Numbers
from pipeline.link.naming import SHOWN, Named
from pipeline.link.numbers import Hashes, among, firsts, ids_of, spread
from pipeline.link.people import People
from pipeline.link.printed import Dealt, column_at, frame_at
from pipeline.link.shown import display, shown_names
from schemas import TABLES

# How sure the certainty of a name makes its link; estimates, as RANK.
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
SAME_NAME: Final = "same folded name"
_NO_NAME: Final = pd.Index([-1])
_LISTED_BY_NONE: Final = np.empty(0, np.int32)
_AT_ONCE: Final = 1 << 16


@dataclass(frozen=True)
class Placed:
    """The mentions, with what the tables about them are made of; ``printed`` is in the order of their table."""

    printed: Dealt
    mentions: Mentioned
    appearances: Appearances
    ids: Hashes


@dataclass(frozen=True)
class GroupedAuthors:
    """Which mentions are which authors, as numbers; each ``table`` is made when it is asked for.

    ``number`` is the author of each of the names, in the order of ids, and ``superseded`` lists the other ids of
    authors.
    """

    placed: Placed
    places: Places
    named: Named
    people: People
    number: Numbers
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


def _spans(ordered: Ints | Numbers) -> Iterator[slice]:
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
    chosen = shown_names(made.named.shown, made.named.count, made.number)
    spans = list(_spans(np.arange(len(chosen))))
    short = np.concatenate([short_names(frame_at(made.named.shown, LETTERED, chosen[span])) for span in spans])
    is_parted = np.zeros(len(chosen), dtype=bool)
    is_parted[parted(np.flatnonzero(short), appearances)] = True
    works = int(appearances.work.max()) + 1
    entries = wide(appearances.person) * works + appearances.work
    entries.sort()
    counts = np.bincount(entries[firsts(entries)] // works)
    del entries
    for span in spans:
        shown = frame_at(made.named.shown, SHOWN, chosen[span])
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
    placed, joined = made.placed, _joined(made)
    mentions = placed.mentions
    sure = np.array([SCORE[certainty] for certainty in CERTAINTIES])
    for span in _spans(mentions.record):
        names = mentions.name[span]
        at = np.searchsorted(joined.index, names)
        at[joined.index.append(_NO_NAME)[at] != names] = -1
        said = {name: joined[name].array.take(at, allow_fill=True) for name in joined}
        rule = pd.Series(said["rule"]).fillna(SAME_NAME)
        score = pd.Series(said["sure"]).fillna(1.0)
        frame = pd.DataFrame(
            {
                "rule": rule,
                "shared_coauthors": said["shared_coauthors"],
                "linked_key": said["linked_key"],
                "author_id": pd.arrays.ArrowExtensionArray(ids_of("a", placed.ids[made.number[names]])),
                "record_id": pd.arrays.ArrowExtensionArray(ids_of("r", mentions.records[mentions.record[span]])),
                "position": mentions.position[span],
                "score": np.minimum(score.to_numpy(dtype=np.float64), sure[mentions.certainty[span]]),
            }
        )
        yield TABLES["mention_authors"].typed(frame)


def _joined(made: GroupedAuthors) -> pd.DataFrame:
    """What is said of mentions of the names that another name gives the id, by the number of the name, in order."""
    named, people = made.named, made.people
    is_root = named.ids == made.placed.ids[made.number]
    why = explained(people.links, np.flatnonzero(is_root), len(named.ids))
    why = why[~is_root[why.index.to_numpy(dtype=np.int64)] & why["rule"].notna().to_numpy(dtype=bool)].sort_index()
    other = why["other"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "rule": why["rule"].astype(pd.ArrowDtype(pa.string())),
            "sure": why["score"].astype(pd.ArrowDtype(pa.float64())),
            "shared_coauthors": why["shared"].where(why["rule"] != RULE).astype(pd.ArrowDtype(pa.int64())),
            "linked_key": column_at(named.shown, "match_key", other).array,
        },
        index=why.index,
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
    mentions, person, work = placed.mentions, placed.appearances.person, placed.appearances.work
    sizes = np.bincount(mentions.record)
    starts = np.cumsum(sizes) - sizes
    best = np.flatnonzero(among(mentions.records, np.sort(places.listed)))
    best = best[np.argsort(work[starts[best]])]
    cuts = range(0, len(best), _AT_ONCE)
    every = np.concatenate(
        [_LISTED_BY_NONE, *(_once(best[cut : cut + _AT_ONCE], starts, sizes, person) for cut in cuts)]
    )
    spans = list(_spans(work[every]))
    printed = placed.printed.dealt("name_as_printed", [wide(mentions.order[every[span]]) for span in spans])
    for span, names in zip(spans, printed, strict=True):
        rows = every[span]
        frame = pd.DataFrame(
            {
                "work_id": pd.arrays.ArrowExtensionArray(ids_of("w", places.ids[work[rows]])),
                "position": mentions.position[rows],
                "author_id": pd.arrays.ArrowExtensionArray(ids_of("a", placed.ids[person[rows]])),
                "record_id": pd.arrays.ArrowExtensionArray(ids_of("r", mentions.records[mentions.record[rows]])),
                "name_as_printed": names.array,
                "certainty": pd.arrays.ArrowExtensionArray(certainties(mentions.certainty[rows])),
            }
        )
        yield TABLES["authorships"].typed(frame)


def _once(records: Ints, starts: Ints, sizes: Ints, person: Ints | Numbers) -> Numbers:
    """The mentions of some records, of a person who is in one twice the first."""
    owner, every = spread(starts[records], sizes[records])
    twice = pd.Series(owner * (int(person.max()) + 1) + person[every]).duplicated().to_numpy()
    return every[~twice].astype(np.int32)


_MAKERS: Final[Mapping[str, Callable[[GroupedAuthors], Iterator[pd.DataFrame]]]] = {
    "authors": _authors,
    "mention_authors": _mention_authors,
    "authorships": _authorships,
    "possible_same_author": _pairs,
}
