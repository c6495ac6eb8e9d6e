"""Mentions to authors and authorships. Not here: keys (``names``) and which keys are one person (``people``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.author_tables import GroupedAuthors, Placed
from pipeline.link.candidates import candidates
from pipeline.link.coauthors import Appearances
from pipeline.link.components import Ints
from pipeline.link.decisions import Decision, decide
from pipeline.link.identity import group_ids
from pipeline.link.linked import Places
from pipeline.link.numbers import distinct, id_numbers, places_of
from pipeline.link.people import group_people
from pipeline.link.shown import best_spellings
from pipeline.link.spellings import Spellings, spellings_of
from schemas import TABLES

PRINTED: Final = ["position", "name_as_printed"]
AUTHOR_TABLES: Final = ("authors", "mention_authors", "authorships", "possible_same_author")


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
    shown, count = best_spellings(spellings.table)
    return Names(spellings, shown, count, candidates(_compared(spellings.table, shown)))


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
    found = group_authors(mentions, places, decisions, names)
    if found is None:
        authors, mentioned, authorships, pairs = (TABLES[name].empty() for name in AUTHOR_TABLES)
        return AuthorLinks(authors, mentioned, authorships, pairs)
    tables = {name: found.table(name) for name in AUTHOR_TABLES}
    return AuthorLinks(**tables, matches=found.matches, contradicts=found.contradicts)


def group_authors(
    mentions: pd.DataFrame, places: Places, decisions: Sequence[Decision] = (), names: Names | None = None
) -> GroupedAuthors | None:
    """What ``link_authors`` makes of mentions, before its tables are made; None of none."""
    if mentions.empty:
        return None
    known = names_of(mentions) if names is None else names
    spelled = known.spellings
    work = _works_of(spelled.records, places)
    name = spelled.table["name"].to_numpy(dtype=np.int64)[spelled.spelling]
    appearances = Appearances(name, spelled.record, work[spelled.record])
    own = spelled.table["author_id"].take(known.shown)
    decided = decide(decisions, {name: [row] for row, name in enumerate(own)} if decisions else {})
    people = group_people(_compared(spelled.table, known.shown), known.pairs, appearances, decided)
    number = np.searchsorted(distinct(people.group), people.group)
    smallest, others = group_ids(pd.DataFrame({"group": number, "id": id_numbers(own), "own": True}))
    order = np.argsort(smallest)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    number, others = place[number], others.take(pa.array(order))
    best = known.best  # not before, since what is compared is there twice until then
    told = replace(spelled, table=spelled.table[["certainty"]])  # the names themselves are in ``best``
    placed = Placed(mentions[PRINTED].take(spelled.order), told, appearances.of(number), smallest[order])
    return GroupedAuthors(placed, places, name, best, people, number, others, decided.matches, decided.contradicts)


def _works_of(records: pd.Series, places: Places) -> Ints:
    """The number of each record's work."""
    row, there = places_of(id_numbers(records), places.record)
    if not there.all():
        lost = records.array[~there][0]
        raise ValueError(f"record {lost} has authors but is in no work; link works from the same records first")
    return places.work[row]


def _compared(table: pd.DataFrame, shown: Ints) -> pd.DataFrame:
    best = table[["family", "given", "kind", "folded_family", "folded_given", "damaged", "suffix"]].take(shown)
    suffix = best["suffix"].fillna("").str.lower().str.strip(".")
    return best.assign(suffix=suffix).reset_index(drop=True)
