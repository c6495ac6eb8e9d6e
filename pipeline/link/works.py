"""Records to works. Not here: what makes two records one work (``grouping``) and which record is best (``best``)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.best import best_list, best_text, best_year, picked
from pipeline.link.components import Ints, components, kept_links
from pipeline.link.decisions import RULE, Decided, Decision, decide
from pipeline.link.disagreements import disagreements
from pipeline.link.explain import best_linked, explained
from pipeline.link.fingerprint import evidence, lists, prints_of, record_prints, title_fingerprints
from pipeline.link.fold import fold_ascii, fold_text, map_distinct
from pipeline.link.grouping import abstract_links, make_links, title_links
from pipeline.link.identity import ids_alone, numbers_of, work_ids
from pipeline.link.shingles import record_shingles
from pipeline.link.similar import SIMILAR_ABSTRACT, similar_links, similar_pairs
from pipeline.link.spellings import Spellings, spellings_of
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

    def counted(self, authorships: pd.DataFrame) -> "WorkLinks":
        """The same with authors counted anew: two names of one list that people call one person are one author."""
        counts = self.works["work_id"].map(authorships.groupby("work_id").size()).fillna(0)
        return replace(self, works=TABLES["works"].typed(self.works.assign(author_count=counts)))


def link_works(
    records: pd.DataFrame,
    mentions: pd.DataFrame | Callable[[], Spellings],
    decisions: Sequence[Decision] = (),
    prints: pd.DataFrame | None = None,
    pairs: Callable[[], pd.DataFrame] | None = None,
) -> WorkLinks:
    """Make works of ``records``; ``mentions`` tell papers of one title apart: the table, or what gives its spellings.

    Each record is in exactly one work. A work's id is "w" and 16 digits of the smallest fingerprint among its records;
    ``superseded_ids`` are those that the others would have alone. A record's fingerprint is of its folded abstract,
    or without one of its title, authors and year, and never of other records. ``decisions`` of people win.
    ``prints`` are the ``record_prints`` of the records, and ``pairs`` gives the ``similar_pairs`` of their abstracts,
    where they are known. Pairs and spellings are asked for late.
    """
    if records.empty:
        works, places, differing = (TABLES[name].empty() for name in ("works", "work_records", "work_disagreements"))
        return WorkLinks(works, places, differing)
    ordered = records[COLUMNS].reset_index(drop=True)
    if not ordered["record_id"].is_monotonic_increasing:  # else the texts, most of all memory, need not be copied
        ordered = ordered.sort_values("record_id", ignore_index=True)
    known = evidence(ordered, prints)
    same, boilerplate = abstract_links(known, ordered["title"])
    has_abstract = known["abstract_key"].notna() & ~boilerplate
    spellings = spellings_of(mentions) if isinstance(mentions, pd.DataFrame) else mentions()
    listed = _listed(ordered, spellings)
    row, bare = listed["row"].to_numpy(), ~has_abstract.to_numpy(dtype=bool)
    sound = np.bincount(row, ~listed["damaged"].to_numpy(dtype=bool), len(known))
    known = known.assign(has_list=sound > 0)
    named = lists(known, row, spellings, bare | known["title_key"].duplicated(keep=False).to_numpy())
    alone = ids_alone(known, title_fingerprints(known, named, bare))
    decided = decide(decisions, numbers_of(alone, decisions))
    folded = _folded(ordered, known)
    similar = _similar(ordered, known, has_abstract, _pairs(ordered, prints) if pairs is None else pairs())
    links, unit = _grouped([_decided(decided), same, similar], decided, len(known))
    by_title = title_links(known, named, unit, has_abstract)
    links, group = _grouped([links, by_title], decided, len(known))
    ids, work = work_ids(alone, group)
    best, author_count = _best(ordered, folded, listed, work, len(ids))
    placed = ordered.assign(work_id=ids["work_id"].take(work).array)
    return WorkLinks(
        works=_works(ordered, best, ids, np.bincount(work), author_count),
        work_records=_work_records(placed, work, explained(links, best_linked(links, group), len(known))),
        work_disagreements=disagreements(placed, work, best, folded, listed),
        matches=decided.matches,
        contradicts=decided.contradicts,
    )


def _decided(decided: Decided) -> pd.DataFrame:
    return make_links(*decided.same, RULE, 1.0)


def _pairs(ordered: pd.DataFrame, prints: pd.DataFrame | None) -> pd.DataFrame:
    """The similar pairs, where they are not known; some texts are taken apart at a time."""
    some = (ordered.iloc[start : start + _TEXTS_AT_ONCE] for start in range(0, len(ordered), _TEXTS_AT_ONCE))
    known = record_prints(ordered) if prints is None else prints_of(prints, ordered["record_id"])
    return similar_pairs(known, ordered["title"], (to_frame(record_shingles(rows)) for rows in some))


def _similar(ordered: pd.DataFrame, known: pd.DataFrame, has_abstract: pd.Series, pairs: pd.DataFrame) -> pd.DataFrame:
    rows = np.flatnonzero(has_abstract)
    columns = {"key": "abstract_key", "printed": "abstract_printed"}
    abstracts = pd.DataFrame({"row": rows, **{name: known[column].array[rows] for name, column in columns.items()}})
    titles = pd.DataFrame({"key": abstracts["key"], "title": ordered["title"].array[rows]})
    return similar_links(abstracts, titles.dropna(), ordered["abstract"], pairs)


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


def _listed(ordered: pd.DataFrame, spellings: Spellings) -> pd.DataFrame:
    """The mentions with numbers of record and author."""
    place = pd.Index(ordered["record_id"]).get_indexer(pd.Index(spellings.records))
    if (place < 0).any():
        raise ValueError(f"record {spellings.records.array[place < 0][0]} has authors but is not among the records")
    table, spelling = spellings.table, spellings.spelling
    frame = pd.DataFrame({"row": place[spellings.record], "author": table["name"].to_numpy(dtype=np.int64)[spelling]})
    letters = table["folded_given"].str.len().to_numpy(dtype=np.int64)[spelling]
    damaged = table["damaged"].to_numpy(dtype=bool)[spelling]
    return frame.assign(certainty=table["certainty"].array.take(spelling), damaged=damaged, letters=letters)


def _folded(ordered: pd.DataFrame, known: pd.DataFrame) -> dict[str, Ints]:
    """Codes of the texts of each record that are equal where the folded texts are."""
    texts = {
        "title": known["title_folded"],
        "abstract": known["abstract_folded"],
        "venue": map_distinct(ordered["venue"], fold_text, pa.string(), fold_ascii),
    }
    return {name: np.asarray(pd.factorize(values)[0], dtype=np.int64) for name, values in texts.items()}


def _best(
    ordered: pd.DataFrame, folded: Mapping[str, Ints], listed: pd.DataFrame, work: Ints, count: int
) -> tuple[dict[str, Ints], Ints]:
    """The record that each of ``count`` works takes each field from, and how many authors the best lists name."""
    best = {name: best_text(ordered[name], codes, work, count) for name, codes in folded.items()}
    best["year"] = best_year(ordered["year"], ordered["venue"], work, count)
    best["authors"], author_count = best_list(listed, work, count)
    return best, author_count


def _works(
    ordered: pd.DataFrame, best: Mapping[str, Ints], ids: pd.DataFrame, record_count: Ints, author_count: Ints
) -> pd.DataFrame:
    """The table ``works``; ``ids``, the counts and each field's records are of the same works in the order of ids."""
    columns = {name: picked(ordered[name], rows) for name, rows in best.items() if name != "authors"}
    columns |= {f"{name}_record_id": picked(ordered["record_id"], rows) for name, rows in best.items()}
    counts = {"record_count": record_count, "author_count": author_count}
    return TABLES["works"].typed(pd.concat([ids, pd.DataFrame({**columns, **counts})], axis=1))


def _work_records(placed: pd.DataFrame, work: Ints, why: pd.DataFrame) -> pd.DataFrame:
    """Each record's place, with the link that ties it to its work; numbers of works are in the order of their ids."""
    other = placed["record_id"].reindex(why["other"].fillna(-1)).array
    frame = placed[["work_id", "record_id", "path", "line_start", "line_end"]].assign(
        rule=why["rule"].fillna("alone"),
        score=why["score"].fillna(1.0),
        shared_shingles=why["shared"].where(why["rule"] == SIMILAR_ABSTRACT),
        linked_record_id=other,
    )
    return TABLES["work_records"].typed(frame.take(np.argsort(work, kind="stable")).reset_index(drop=True))
