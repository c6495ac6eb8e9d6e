"""Records to works. Not here: what makes two records one work (``grouping``) and which record is best (``best``)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.best import best_list, best_text, best_year
from pipeline.link.components import Ints, components, kept_links
from pipeline.link.decisions import RULE, Decided, Decision, decide
from pipeline.link.disagreements import TEXTS, differing
from pipeline.link.explain import best_linked, explained
from pipeline.link.fingerprint import (
    entries,
    evidence,
    lists,
    print_numbers,
    prints_of,
    record_prints,
    title_fingerprints,
)
from pipeline.link.grouping import abstract_links, make_links, title_links
from pipeline.link.identity import ids_alone, numbers_of, work_ids
from pipeline.link.linked import Linked, Places, tables_of
from pipeline.link.mentioned import Mentioned
from pipeline.link.naming import Named, named
from pipeline.link.numbers import Hashes, ids_of, places_of
from pipeline.link.printed import Held, Printed
from pipeline.link.shingles import record_shingles
from pipeline.link.similar import similar_links, similar_pairs
from schemas import TABLES
from schemas.arrow import to_frame

COLUMNS: Final = [
    *("record_id", "path", "line_start", "line_end"),
    *("title", "abstract", "venue", "year", "authors_text"),
]
"""What linking reads of records."""
_TEXTS_AT_ONCE: Final = 1 << 14


@dataclass(frozen=True)
class WorkLinks:
    """The tables that they are named for, and what each decision was about or contradicts."""

    works: pd.DataFrame
    work_records: pd.DataFrame
    work_disagreements: pd.DataFrame
    matches: Mapping[int, int] = field(default_factory=dict)
    contradicts: Mapping[int, int] = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """Where records are, as numbers."""
        return Places.of(self.works, self.work_records)


def link_works(
    records: pd.DataFrame,
    mentions: pd.DataFrame | Callable[[], Named],
    decisions: Sequence[Decision] = (),
    prints: pd.DataFrame | None = None,
    pairs: Callable[[], pd.DataFrame] | None = None,
) -> WorkLinks:
    """Make works of ``records``; ``mentions`` tell papers of one title apart: the table, or what gives its names.

    Each record is in exactly one work. A work's id is "w" and 16 digits of the smallest fingerprint among its records;
    ``superseded_ids`` are those that the others would have alone. A record's fingerprint is of its folded abstract,
    or without one of its title, authors and year, and never of other records. ``decisions`` of people win.
    ``prints`` are the ``record_prints`` of the records, and ``pairs`` gives the ``similar_pairs`` of their abstracts,
    where they are known. Pairs and names are asked for late.
    """
    if records.empty:
        works, places, differing = (TABLES[name].empty() for name in ("works", "work_records", "work_disagreements"))
        return WorkLinks(works, places, differing)
    ordered = records[COLUMNS].reset_index(drop=True)
    if not ordered["record_id"].is_monotonic_increasing:  # else the texts, most of all memory, need not be copied
        ordered = ordered.sort_values("record_id", ignore_index=True)
    prints = record_prints(ordered) if prints is None else prints_of(prints, ordered["record_id"])
    known = evidence(entries(ordered), print_numbers(prints))
    printed = Held(ordered.assign(title_folded=prints["title_folded"].array))
    called = (lambda: named(mentions)) if isinstance(mentions, pd.DataFrame) else mentions
    linked = link_records(known, printed, called, decisions, pairs or (lambda: _pairs(ordered, known, printed)))
    return WorkLinks(**tables_of(linked, printed), matches=linked.matches, contradicts=linked.contradicts)


def link_records(
    known: pd.DataFrame,
    printed: Printed,
    called: Callable[[], Named],
    decisions: Sequence[Decision],
    pairs: Callable[[], pd.DataFrame],
) -> Linked:
    """What ``link_works`` makes of records, as numbers: ``known`` is their ``evidence``, and ``printed`` their texts.

    ``printed`` has the columns of records and ``title_folded``, and only texts that are compared are asked for.
    """
    same, boilerplate = abstract_links(known, printed)
    has_abstract = known["abstract_key"].notna() & ~boilerplate
    names = called()
    listed = _listed(known["record"].to_numpy(), names.mentions)
    row, bare = listed["row"].to_numpy(), ~has_abstract.to_numpy(dtype=bool)
    sound = np.bincount(row, ~listed["damaged"].to_numpy(dtype=bool), len(known))
    known = known.assign(has_list=sound > 0)
    lists_of = lists(known, row, names, bare | known["title_key"].duplicated(keep=False).to_numpy())
    rows = np.flatnonzero(bare)
    alone = ids_alone(known, rows, title_fingerprints(known, lists_of, rows, printed))
    decided = decide(decisions, numbers_of(alone, decisions))
    similar = similar_links(known, np.flatnonzero(has_abstract), printed, pairs())
    links, unit = _grouped([_decided(decided), same, similar], decided, len(known))
    by_title = title_links(known, lists_of[0], unit, has_abstract)
    links, group = _grouped([links, by_title], decided, len(known))
    ids, superseded, work = work_ids(alone, group)
    best, author_count = _best(known, printed, listed, work, len(ids))
    return Linked(
        record=known["record"].to_numpy(),
        year=known["year"],
        work=work,
        ids=ids,
        superseded=superseded,
        best=best,
        author_count=author_count,
        why=explained(links, best_linked(links, group), len(known)),
        differing=differing(known, work, best, listed),
        matches=decided.matches,
        contradicts=decided.contradicts,
    )


def _decided(decided: Decided) -> pd.DataFrame:
    return make_links(*decided.same, RULE, 1.0)


def _pairs(ordered: pd.DataFrame, known: pd.DataFrame, printed: Printed) -> pd.DataFrame:
    """The similar pairs, where they are not known; some texts are taken apart at a time."""
    some = (ordered.iloc[start : start + _TEXTS_AT_ONCE] for start in range(0, len(ordered), _TEXTS_AT_ONCE))
    return similar_pairs(known, printed, (to_frame(record_shingles(rows)) for rows in some))


def _grouped(parts: list[pd.DataFrame], decided: Decided, size: int) -> tuple[pd.DataFrame, Ints]:
    """The links that hold, and the groups that they make; what people keep apart stays apart."""
    links = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    if len(decided.apart[0]):
        links["undecided"] = links["rule"] != RULE
        links = links.sort_values(["undecided", "score", "rule", "left", "right"], ascending=[True, False] + [True] * 3)
        ends = links["left"].to_numpy(), links["right"].to_numpy()
        links = links[kept_links(size, ends, decided.apart, int((~links["undecided"]).sum()))]
        links = links.drop(columns="undecided").reset_index(drop=True)
    return links, components(size, links["left"].to_numpy(), links["right"].to_numpy())


def _listed(records: Hashes, mentions: Mentioned) -> pd.DataFrame:
    """The mentions with numbers of record and author."""
    place, there = places_of(mentions.records, records)
    if not there.all():
        lost = ids_of("r", mentions.records[~there][:1])[0]
        raise ValueError(f"record {lost} has authors but is not among the records")
    columns = {name: getattr(mentions, name) for name in ("certainty", "damaged", "letters")}
    return pd.DataFrame(
        {"row": place.astype(np.int32)[mentions.record], "author": mentions.name, **columns}, copy=False
    )


def _best(
    known: pd.DataFrame, printed: Printed, listed: pd.DataFrame, work: Ints, count: int
) -> tuple[dict[str, Ints], Ints]:
    """The record that each of ``count`` works takes each field from, and how many authors the best lists name."""
    best = {name: best_text(printed, name, known[name], work, count) for name in TEXTS}
    best["year"] = best_year(known["year"], known["venue"], work, count)
    best["authors"], author_count = best_list(listed, work, count)
    return best, author_count
