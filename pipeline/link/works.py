"""Records to works. Not here: what makes two records one work (``grouping``) and which record is best (``best``)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.link.best import best_list, best_text, best_year
from pipeline.link.components import Ints, components
from pipeline.link.fingerprint import evidence
from pipeline.link.grouping import SAME_ABSTRACT, abstract_links, title_links
from pipeline.link.names import match_keys
from schemas import TABLES


@dataclass(frozen=True)
class WorkLinks:
    """The tables ``works`` and ``work_records``."""

    works: pd.DataFrame
    work_records: pd.DataFrame


def link_works(records: pd.DataFrame, mentions: pd.DataFrame) -> WorkLinks:
    """Make works of ``records``; ``mentions`` (the table ``author_mentions``) tell papers of one title apart.

    Each record is in exactly one work. A work's id is "w" and 16 digits of the smallest fingerprint among its records;
    ``superseded_ids`` are those that the others would have alone. A record's fingerprint is of its folded abstract,
    or without one of its title, authors and year, and never of other records.
    """
    if records.empty:
        return WorkLinks(TABLES["works"].empty(), TABLES["work_records"].empty())
    ordered = records.sort_values("record_id", ignore_index=True)
    known, named = evidence(ordered, mentions)
    by_abstract, boilerplate = abstract_links(known, ordered["title"])
    rows = np.arange(len(known))
    unit = components(len(known), by_abstract["left"].to_numpy(), by_abstract["right"].to_numpy())
    has_abstract = known["abstract_key"].notna() & ~boilerplate
    by_title = title_links(known, named, unit, has_abstract)
    links = pd.concat([by_abstract, by_title], ignore_index=True)
    group = components(len(known), np.concatenate([rows, links["left"]]), np.concatenate([rows, links["right"]]))
    ids = _ids(known, group, has_abstract)
    placed = ordered.assign(work_id=pd.Series(group).map(ids["work_id"]).astype(ordered["record_id"].dtype))
    works = _works(placed, mentions, ids.set_index("work_id")["superseded_ids"])
    return WorkLinks(works, _work_records(placed, links))


def _ids(known: pd.DataFrame, group: Ints, has_abstract: pd.Series) -> pd.DataFrame:
    """For each group its ``work_id`` and ``superseded_ids``.

    A record whose abstract is boilerplate was a work by that abstract before it was found out, so that id is
    superseded too; it then stands in several works, which is what it was.
    """
    own = known["abstract_key"].where(has_abstract, known["title_fingerprint"])
    prints = pd.DataFrame({"group": group, "own": "w" + own.str[:16], "former": "w" + known["abstract_key"].str[:16]})
    work_id = prints.groupby("group")["own"].min()
    every = pd.concat([prints[["group", "own"]], prints[["group", "former"]].rename(columns={"former": "own"})])
    every = every.dropna().drop_duplicates().sort_values(["group", "own"])
    every = every[every["own"] != every["group"].map(work_id)]
    others: dict[int, list[str]] = {}
    for number, other in zip(every["group"].tolist(), every["own"].tolist(), strict=True):
        others.setdefault(number, []).append(other)
    superseded = pd.Series([others.get(number, []) for number in work_id.index.tolist()], index=work_id.index)
    return pd.DataFrame({"work_id": work_id, "superseded_ids": superseded})


def _works(placed: pd.DataFrame, mentions: pd.DataFrame, superseded: pd.Series) -> pd.DataFrame:
    keys = match_keys(mentions)
    listed = mentions[["record_id", "certainty"]].assign(author_id=keys["author_id"], damaged=keys["damaged"])
    listed = listed.merge(placed[["record_id", "work_id"]], on="record_id")
    works = placed.groupby("work_id").agg(record_count=("record_id", "size"))
    fields = [best_text(placed, name) for name in ("title", "abstract", "venue")]
    works = works.join([*fields, best_year(placed), best_list(listed)])
    works["author_count"] = works["author_count"].fillna(0)
    works["superseded_ids"] = superseded.reindex(works.index)
    return TABLES["works"].typed(works.sort_index().reset_index())


def _work_records(placed: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Each record's place, with the surest link that it has."""
    ends = pd.concat(
        [
            links[["left", "rule", "score"]].rename(columns={"left": "row"}),
            links[["right", "rule", "score"]].rename(columns={"right": "row"}),
        ]
    )
    ends = ends.assign(other=ends["rule"] != SAME_ABSTRACT)
    ends = ends.sort_values(["row", "other", "score"], ascending=[True, True, False])
    why = ends.drop_duplicates("row").set_index("row")[["rule", "score"]].reindex(placed.index)
    frame = placed[["work_id", "record_id", "path", "line_start", "line_end"]].assign(
        rule=why["rule"].fillna("alone"), score=why["score"].fillna(1.0)
    )
    return TABLES["work_records"].typed(frame.sort_values(["work_id", "record_id"], ignore_index=True))
