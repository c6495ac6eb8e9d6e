"""Mentions to authors and authorships. Not here: keys (``names``) and which keys are one person (``people``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.ambiguity import ambiguity
from pipeline.link.candidates import candidates
from pipeline.link.coauthors import Appearances
from pipeline.link.components import Ints
from pipeline.link.decisions import RULE, Decision, decide
from pipeline.link.explain import explained
from pipeline.link.fold import arrow_array, map_distinct
from pipeline.link.identity import group_ids, lists_of_ids
from pipeline.link.linked import Places
from pipeline.link.numbers import among, coded, codes_together, distinct, firsts, id_numbers, ids_of, places_of, spread
from pipeline.link.people import People, group_people
from pipeline.link.spellings import Spellings, spellings_of
from schemas import TABLES

# How sure a name is, as a rank for choosing and as the score of its link. Estimates: a constrained mend is right in
# all but a few cases, an inferred one in about 95 of 100, and of an unresolved name only the undamaged letters agree.
RANK: Final = {"clean": 0, "exact": 0, "constrained": 1, "inferred": 2, "unresolved": 3}
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
SAME_NAME: Final = "same folded name"
PRINTED: Final = ["position", "name_as_printed"]
_TABLES: Final = ("authors", "mention_authors", "authorships", "possible_same_author")


@dataclass(frozen=True)
class AuthorLinks:
    """The tables that they are named for, and what each decision was about or contradicts."""

    authors: pd.DataFrame
    mention_authors: pd.DataFrame
    authorships: pd.DataFrame
    possible_same_author: pd.DataFrame
    matches: Mapping[int, int] = field(default_factory=dict)
    contradicts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """What mentions say by themselves, whatever their records are.

    ``shown`` has, for each name, in the order of the ids that names have alone, the row of the spelling that it is
    shown by, and ``count`` how often that is printed; ``pairs`` are those that may be one person's, as ``candidates``
    gives them.
    """

    spellings: Spellings
    shown: Ints
    count: Ints
    pairs: pd.DataFrame

    @property
    def best(self) -> pd.DataFrame:
        """The spelling that each name is shown by."""
        return self.spellings.table.take(self.shown).reset_index(drop=True).assign(count=self.count)


def names_of(mentions: pd.DataFrame) -> Names:
    """The names in the table ``author_mentions``; half of the work on authors, which needs no works."""
    return named(spellings_of(mentions))


def named(spellings: Spellings) -> Names:
    """The names that spellings are of."""
    shown, count = _best_spellings(spellings.table)
    best = spellings.table.take(shown).reset_index(drop=True)
    return Names(spellings, shown, count, candidates(_compared(best)))


def link_authors(
    mentions: pd.DataFrame, places: Places, decisions: Sequence[Decision] = (), names: Names | None = None
) -> AuthorLinks:
    """Make authors of ``mentions`` (the table ``author_mentions``), and authorships of the works' best lists.

    ``places`` says in which works records are. Each mention is of exactly one author. Mentions of one kind and folded
    name are of one author, and so are names that evidence or people join. An author's id is the smallest of those that
    its names would have alone, which are made of kind and key; ``superseded_ids`` are the others. Names that only other
    records' lists of a work hold become authors but no authorships of it: such a name is more often another spelling of
    a listed one than a person whom the longest list forgot, and it would count somebody twice. ``names`` are those of
    the mentions, where they are known, and then nothing is asked of mentions but what is ``PRINTED``. Raises ValueError
    when a mention's record is in no work.
    """
    if mentions.empty:
        authors, mentioned, authorships, pairs = (TABLES[name].empty() for name in _TABLES)
        return AuthorLinks(authors, mentioned, authorships, pairs)
    known = names_of(mentions) if names is None else names
    spelled, best = known.spellings, known.best
    work = _works_of(spelled.records, places)
    name = spelled.table["name"].to_numpy(dtype=np.int64)[spelled.spelling]
    appearances = Appearances(name, spelled.record, work[spelled.record])
    decided = decide(decisions, {own: [row] for row, own in enumerate(best["author_id"])} if decisions else {})
    people = group_people(_compared(best), known.pairs, appearances, decided)
    number = np.searchsorted(distinct(people.group), people.group)
    own = id_numbers(best["author_id"])
    smallest, others = group_ids(pd.DataFrame({"group": number, "id": own, "own": True}))
    superseded = pd.arrays.ArrowExtensionArray(lists_of_ids("a", others))
    named = pd.arrays.ArrowExtensionArray(ids_of("a", smallest))
    ids = pd.DataFrame({"id": named, "superseded_ids": superseded})
    appearances = appearances.of(number)
    placed = _Placed(mentions[PRINTED].take(spelled.order), spelled, appearances, ids["id"])
    return AuthorLinks(
        authors=_authors(_shown(best, number), appearances, ids),
        mention_authors=_mention_authors(placed, name, best, people, ids["id"].take(number)),
        authorships=_authorships(placed, places),
        possible_same_author=_pairs(people, number, ids["id"]),
        matches=decided.matches,
        contradicts=decided.contradicts,
    )


def _works_of(records: pd.Series, places: Places) -> Ints:
    """The number of each record's work."""
    row, there = places_of(id_numbers(records), places.record)
    if not there.all():
        lost = records.array[~there][0]
        raise ValueError(f"record {lost} has authors but is in no work; link works from the same records first")
    return places.work[row]


@dataclass(frozen=True)
class _Placed:
    """The mentions in the order of record and position, with what the tables about them are made of."""

    mentions: pd.DataFrame
    spelled: Spellings
    appearances: Appearances
    ids: pd.Series


def _display(spellings: pd.DataFrame) -> pd.Series:
    shown = spellings["family"].where(spellings["given"].isna(), spellings["given"] + " " + spellings["family"])
    return shown.where(spellings["suffix"].isna(), shown + " " + spellings["suffix"])


def _marks(texts: pd.Series) -> Ints:
    """How many letters beyond ASCII each text has: they are lost on the way more easily than won."""
    beyond = pc.replace_substring_regex(arrow_array(texts, pa.string()), r"[\x00-\x7F]+", "")
    letters = pc.replace_substring_regex(beyond, r"\PL+", "")
    return np.asarray(pc.utf8_length(letters), dtype=np.int64)


def _doubts(spellings: pd.DataFrame) -> tuple[Ints, ...]:
    """What is asked first when one of several spellings is to be shown, the last the most: the least of each is best.

    The surest first, then one in upper and lower case, then with the most diacritics.
    """
    display = _display(spellings)
    one_case = np.asarray(display.str.isupper() | display.str.islower(), dtype=np.int64)
    rank = np.asarray(map_distinct(spellings["certainty"], RANK.__getitem__, pa.int64()), dtype=np.int64)
    return -_marks(display), one_case, rank


def _best_spellings(table: pd.DataFrame) -> tuple[Ints, Ints]:
    """The spelling that each name is shown by, in the order of ``name``, and how often it is printed.

    Of several the one that is in least doubt, then the most frequent.
    """
    name, count = table["name"].to_numpy(dtype=np.int64), table["times"].to_numpy(dtype=np.int64, copy=True)
    several = np.flatnonzero(np.bincount(name)[name] > 1)  # as few have, so that few texts are looked at
    some = table.take(several)
    display, family = coded(_display(some), sort=True)[0], coded(some["family"], sort=True)[0]
    alike = np.unique(codes_together(name[several], display, family), return_inverse=True)[1]
    count[several] = np.bincount(alike, weights=count[several]).astype(np.int64)[alike]
    order = several[np.lexsort([family, display, -count[several], *_doubts(some), name[several]])]
    shown = _first_of_each(name, order)
    return shown, count[shown]


def _first_of_each(group: Ints, order: Ints) -> Ints:
    """For each group (0 to n-1) its member, and where there are several, which ``order`` has, the first of them."""
    found = np.empty(int(group.max(initial=-1)) + 1, dtype=np.int64)
    found[group] = np.arange(len(group))
    first = order[firsts(group[order])]
    found[group[first]] = first
    return found


def _compared(best: pd.DataFrame) -> pd.DataFrame:
    suffix = best["suffix"].fillna("").str.lower().str.strip(".")
    columns = ["family", "given", "kind", "folded_family", "folded_given", "damaged"]
    return best[columns].assign(suffix=suffix)


def _shown(best: pd.DataFrame, number: Ints) -> pd.DataFrame:
    """Of each group the name that it is shown by: the surest, and of several the fullest."""
    several = np.flatnonzero(np.bincount(number)[number] > 1)
    some = best.take(several)
    letters = some["folded_given"].str.len().to_numpy(dtype=np.int64)
    order = several[np.lexsort([several, -some["count"].to_numpy(), -letters, *_doubts(some), number[several]])]
    return best.take(_first_of_each(number, order)).reset_index(drop=True)


def _authors(shown: pd.DataFrame, appearances: Appearances, ids: pd.DataFrame) -> pd.DataFrame:
    """The table ``authors``, each as it is shown."""
    doubts = ambiguity(shown, appearances)
    works = int(appearances.work.max()) + 1
    listed = distinct(appearances.person * works + appearances.work)
    authors = shown[["family", "given", "kind", "match_key", "certainty"]].assign(
        author_id=ids["id"],
        display_name=_display(shown),
        work_count=np.bincount(listed // works),
        ambiguous_name=doubts.notna(),
        ambiguity=doubts,
        superseded_ids=ids["superseded_ids"],
    )
    return TABLES["authors"].typed(authors.sort_values("author_id", ignore_index=True))


def _mention_authors(placed: _Placed, name: Ints, best: pd.DataFrame, people: People, own: pd.Series) -> pd.DataFrame:
    """Each mention's author, and, where another name than its own gives the id, what joins the two."""
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
    frame = of_name.take(name).reset_index(drop=True)
    frame = frame.assign(
        record_id=placed.spelled.records.array.take(placed.spelled.record),
        position=placed.mentions["position"].array,
        score=np.minimum(frame["sure"], certainty.to_numpy(dtype=np.float64)[placed.spelled.spelling]),
    )
    return TABLES["mention_authors"].typed(frame.drop(columns="sure"))


def _pairs(people: People, number: Ints, ids: pd.Series) -> pd.DataFrame:
    pairs = people.pairs
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


def _authorships(placed: _Placed, places: Places) -> pd.DataFrame:
    """The mentions of each work's best list; of an author who is in it twice the first."""
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
