"""Mentions to authors and authorships. Not here: keys (``names``) and pairs too weak for merging (``likeness``)."""

from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.link.fold import map_distinct
from pipeline.link.likeness import possible_same_author
from pipeline.link.names import cannot_tell_apart, match_keys
from pipeline.link.works import WorkLinks
from schemas import TABLES

# How sure a name is, as a rank for choosing and as the score of its link. Estimates: a constrained mend is right in
# all but a few cases, an inferred one in about 95 of 100, and of an unresolved name only the undamaged letters agree.
RANK: Final = {"clean": 0, "exact": 0, "constrained": 1, "inferred": 2, "unresolved": 3}
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
RULE: Final = "same folded name"


@dataclass(frozen=True)
class AuthorLinks:
    """The tables ``authors``, ``mention_authors``, ``authorships`` and ``possible_same_author``."""

    authors: pd.DataFrame
    mention_authors: pd.DataFrame
    authorships: pd.DataFrame
    possible_same_author: pd.DataFrame


def link_authors(mentions: pd.DataFrame, works: WorkLinks) -> AuthorLinks:
    """Make authors of ``mentions`` (the table ``author_mentions``), and authorships of the works' best lists.

    Each mention is of exactly one author: the one with its key, which is its kind and folded name. Names that only
    other records' lists of a work hold become authors but no authorships of it: such a name is more often
    another spelling of a listed one than a person whom the longest list forgot, and it would count somebody twice.
    Raises ValueError when a mention's record is in no work.
    """
    if mentions.empty:
        return AuthorLinks(
            *(TABLES[name].empty() for name in ("authors", "mention_authors", "authorships", "possible_same_author"))
        )
    named = mentions.reset_index(drop=True)
    named = named.join(match_keys(named))
    named = named.merge(works.work_records[["record_id", "work_id"]], on="record_id", how="left")
    if named["work_id"].isna().any():
        lost = named.loc[named["work_id"].isna(), "record_id"].iloc[0]
        raise ValueError(f"record {lost} has authors but is in no work; link works from the same records first")
    best = _best_mentions(named)
    authors = _authors(best, named)
    same = possible_same_author(best, named[["author_id", "record_id", "work_id"]])
    links = named[["record_id", "position", "author_id"]].assign(rule=RULE, score=named["certainty"].map(SCORE))
    links = links.sort_values(["record_id", "position"])
    return AuthorLinks(
        authors=authors,
        mention_authors=TABLES["mention_authors"].typed(links.reset_index(drop=True)),
        authorships=_authorships(named, works.works),
        possible_same_author=same,
    )


def _display(named: pd.DataFrame) -> pd.Series:
    shown = named["family"].where(named["given"].isna(), named["given"] + " " + named["family"])
    return shown.where(named["suffix"].isna(), shown + " " + named["suffix"])


def _marks(text: str) -> int:
    """Letters beyond ASCII: they are lost on the way more easily than won."""
    return sum(not c.isascii() and c.isalpha() for c in text)


def _best_mentions(named: pd.DataFrame) -> pd.DataFrame:
    """The mention that each author is shown by; indexed by ``author_id``.

    The surest first, then one in upper and lower case, then with the most diacritics, then the most frequent.
    """
    frame = named.assign(display_name=_display(named), rank=named["certainty"].map(RANK))
    frame["one_case"] = (frame["display_name"].str.isupper() | frame["display_name"].str.islower()).astype(bool)
    frame["marks"] = map_distinct(frame["display_name"], _marks, pa.int64())
    shape = ["author_id", "family", "given", "suffix"]
    frame["count"] = frame.groupby(shape, dropna=False)["record_id"].transform("size")
    order = ["rank", "one_case", "marks", "count", "display_name", "family", "record_id", "position"]
    ascending = [True, True, False, False, True, True, True, True]
    ordered = frame.sort_values(["author_id", *order], ascending=[True, *ascending])
    return ordered.drop_duplicates("author_id").set_index("author_id")


def _authors(best: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    authors = best[["display_name", "family", "given", "kind", "match_key", "certainty"]].assign(
        work_count=named.groupby("author_id")["work_id"].nunique(),
        ambiguous_name=cannot_tell_apart(best),
        superseded_ids=pd.Series([[]] * len(best), index=best.index),  # a key is all there is to an id so far
    )
    return TABLES["authors"].typed(authors.reset_index())


def _authorships(named: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """The mentions of each work's best list; of an author who is in it twice the first."""
    best = works.loc[works["authors_record_id"].notna(), ["work_id", "authors_record_id"]]
    listed = named.merge(best.rename(columns={"authors_record_id": "record_id"}), on=["work_id", "record_id"])
    listed = listed.sort_values(["work_id", "position"]).drop_duplicates(["work_id", "author_id"])
    columns = ["work_id", "position", "author_id", "record_id", "name_as_printed", "certainty"]
    return TABLES["authorships"].typed(listed[columns].reset_index(drop=True))
