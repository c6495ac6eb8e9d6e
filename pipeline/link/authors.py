"""Mentions to authors and authorships. Not here: keys (``names``) and which keys are one person (``people``)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.apart import candidates_apart, compared
from pipeline.link.author_tables import GroupedAuthors, Placed
from pipeline.link.candidates import candidates
from pipeline.link.coauthors import Appearances
from pipeline.link.decisions import Decision, decide
from pipeline.link.identity import group_ids
from pipeline.link.linked import Places
from pipeline.link.mentioned import Places as Numbers
from pipeline.link.naming import COMPARED, Named, Store, named, named_in_parts
from pipeline.link.numbers import Hashes, distinct, ids_of, places_of
from pipeline.link.people import Involved, group_people, involved
from pipeline.link.printed import Dealt, Held, frame_at
from schemas import TABLES

PRINTED: Final = "name_as_printed"
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

    ``pairs`` of names are those that may be one person's, as ``candidates`` gives them.
    """

    named: Named
    pairs: pd.DataFrame


def names_of(mentions: pd.DataFrame) -> Names:
    """The names in the table ``author_mentions``; half of the work on authors, which needs no works."""
    known = named(mentions)
    shown = pd.concat([compared(part) for part in known.shown.parts(COMPARED)], ignore_index=True)
    return Names(known, candidates(shown))


def names_in_parts(parts: Iterable[pd.DataFrame], size: int, store: Store) -> Names:
    """The same of ``size`` mentions, of which some come at a time; texts are where the store has them."""
    known = named_in_parts(parts, size, store)
    with store.shelf() as shelf:
        return Names(known, candidates_apart(known.shown, len(known.ids), shelf))


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
    found = group_authors(Held(mentions), places, names_of(mentions) if names is None else names, decisions)
    if found is None:
        authors, mentioned, authorships, pairs = (TABLES[name].empty() for name in AUTHOR_TABLES)
        return AuthorLinks(authors, mentioned, authorships, pairs)
    tables = {name: found.table(name) for name in AUTHOR_TABLES}
    return AuthorLinks(**tables, matches=found.matches, contradicts=found.contradicts)


def group_authors(
    printed: Dealt, places: Places, names: Names, decisions: Sequence[Decision] = ()
) -> GroupedAuthors | None:
    """What ``link_authors`` makes of mentions, before its tables are made; None of none.

    ``printed`` has what is ``PRINTED`` by mentions, in the order of their table.
    """
    known, mentions = names.named, names.named.mentions
    if not len(mentions.order):
        return None
    work = _works_of(mentions.records, places)
    appearances = Appearances(mentions.name, mentions.record, work[mentions.record])
    own = ids_of("a", known.ids).to_pylist() if decisions else []
    decided = decide(decisions, {name: [row] for row, name in enumerate(own)})
    rows = involved(names.pairs, decided)
    asked = Involved(rows, compared(frame_at(known.shown, COMPARED, rows)), len(known.ids))
    people = group_people(asked, names.pairs, appearances, decided)
    number = np.searchsorted(distinct(people.group), people.group).astype(np.int32)
    smallest, others = group_ids(pd.DataFrame({"group": number, "id": known.ids, "own": True}))
    order = np.argsort(smallest)
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    number, others = place[number], others.take(pa.array(order))
    placed = Placed(printed, mentions, appearances.of(number), smallest[order])
    return GroupedAuthors(placed, places, known, people, number, others, decided.matches, decided.contradicts)


def _works_of(records: Hashes, places: Places) -> Numbers:
    """The number of each record's work."""
    row, there = places_of(records, places.record)
    if not there.all():
        lost = ids_of("r", records[~there][:1])[0]
        raise ValueError(f"record {lost} has authors but is in no work; link works from the same records first")
    return places.work[row].astype(np.int32)
