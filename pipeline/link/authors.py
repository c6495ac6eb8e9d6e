"""Mentions to authors and authorships. Not here: keys (``names``) and which keys are one person (``people``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.ambiguity import ambiguity
from pipeline.link.components import Ints
from pipeline.link.decisions import RULE, Decision, decide
from pipeline.link.explain import explained
from pipeline.link.fold import arrow_array, map_distinct
from pipeline.link.identity import group_ids
from pipeline.link.names import match_keys
from pipeline.link.people import People, group_people, likely_pairs
from pipeline.link.works import WorkLinks
from schemas import TABLES

# How sure a name is, as a rank for choosing and as the score of its link. Estimates: a constrained mend is right in
# all but a few cases, an inferred one in about 95 of 100, and of an unresolved name only the undamaged letters agree.
RANK: Final = {"clean": 0, "exact": 0, "constrained": 1, "inferred": 2, "unresolved": 3}
SCORE: Final = {"clean": 1.0, "exact": 1.0, "constrained": 0.95, "inferred": 0.9, "unresolved": 0.5}
SAME_NAME: Final = "same folded name"
_COLUMNS: Final = [
    *("record_id", "position", "name_as_printed", "family", "given", "suffix", "kind", "certainty"),
]
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

    ``keys`` are their ``match_keys``; ``best`` has, for each name, in the order of the ids that names have alone, the
    mention that it is shown by; ``pairs`` are those of these that may be one person's, as ``likely_pairs`` gives them.
    """

    keys: pd.DataFrame
    best: pd.DataFrame
    pairs: pd.DataFrame


def names_of(mentions: pd.DataFrame) -> Names:
    """The names in the table ``author_mentions``; half of the work on authors, which needs no works."""
    keys = match_keys(mentions)
    if mentions.empty:
        return Names(keys, keys, keys)
    best = _best_mentions(_numbered(mentions, keys))
    return Names(keys, best, likely_pairs(_compared(best)))


def link_authors(
    mentions: pd.DataFrame, works: WorkLinks, decisions: Sequence[Decision] = (), names: Names | None = None
) -> AuthorLinks:
    """Make authors of ``mentions`` (the table ``author_mentions``), and authorships of the works' best lists.

    Each mention is of exactly one author. Mentions of one kind and folded name are of one author, and so are names that
    evidence or people join. An author's id is the smallest of those that its names would have alone, which are made of
    kind and key; ``superseded_ids`` are the others. Names that only other records' lists of a work hold become authors
    but no authorships of it: such a name is more often another spelling of a listed one than a person whom the longest
    list forgot, and it would count somebody twice. ``names`` are those of the mentions, where they are known. Raises
    ValueError when a mention's record is in no work.
    """
    if mentions.empty:
        authors, places, authorships, pairs = (TABLES[name].empty() for name in _TABLES)
        return AuthorLinks(authors, places, authorships, pairs)
    known = names_of(mentions) if names is None else names
    named, best = _placed(_numbered(mentions, known.keys), works), known.best
    appearances = named[["person", "record", "work"]]
    decided = decide(decisions, {name: [row] for row, name in enumerate(best["author_id"])} if decisions else {})
    people = group_people(_compared(best), known.pairs, appearances, decided)
    number = np.unique(people.group, return_inverse=True)[1].astype(np.int64)
    ids = group_ids(pd.DataFrame({"group": number, "id": best["author_id"], "own": True}))
    named["author_id"] = ids["id"].take(number[named["person"]]).array
    shown = _shown(best, number)
    doubts = ambiguity(shown, appearances.assign(person=number[appearances["person"]]))
    authors = shown[["display_name", "family", "given", "kind", "match_key", "certainty"]].assign(
        author_id=ids["id"],
        work_count=np.bincount(
            named[["person", "work"]].assign(person=number[named["person"]]).drop_duplicates()["person"]
        ),
        ambiguous_name=doubts.notna(),
        ambiguity=doubts,
        superseded_ids=ids["superseded_ids"],
    )
    return AuthorLinks(
        authors=TABLES["authors"].typed(authors.sort_values("author_id", ignore_index=True)),
        mention_authors=_mention_authors(named, best, people, ids["id"].take(number)),
        authorships=_authorships(named, works.works),
        possible_same_author=_pairs(people, number, ids["id"]),
        matches=decided.matches,
        contradicts=decided.contradicts,
    )


def _numbered(mentions: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """The mentions in order, with their keys, and with numbers of their names."""
    named = mentions[_COLUMNS].join(keys).sort_values(["record_id", "position"], ignore_index=True)
    return named.assign(person=pd.factorize(named["author_id"], sort=True)[0])


def _placed(named: pd.DataFrame, works: WorkLinks) -> pd.DataFrame:
    """The same with numbers of record and work."""
    places = works.work_records
    record = pd.Index(places["record_id"]).get_indexer(pd.Index(named["record_id"]))
    if (record < 0).any():
        lost = named["record_id"].array[record < 0][0]
        raise ValueError(f"record {lost} has authors but is in no work; link works from the same records first")
    work = pd.factorize(places["work_id"], sort=True)[0]
    return named.assign(
        record=record,
        work=work[record],
        work_id=places["work_id"].take(record).array,
    )


def _display(named: pd.DataFrame) -> pd.Series:
    shown = named["family"].where(named["given"].isna(), named["given"] + " " + named["family"])
    return shown.where(named["suffix"].isna(), shown + " " + named["suffix"])


def _marks(texts: pd.Series) -> Ints:
    """How many letters beyond ASCII each text has: they are lost on the way more easily than won."""
    beyond = pc.replace_substring_regex(arrow_array(texts, pa.string()), r"[\x00-\x7F]+", "")
    letters = pc.replace_substring_regex(beyond, r"\PL+", "")
    return np.asarray(pc.utf8_length(letters), dtype=np.int64)


def _codes(values: pd.Series, *, sort: bool = False) -> Ints:
    """Numbers of the values, in their order if asked, -1 for null."""
    return np.asarray(pd.factorize(values, sort=sort)[0], dtype=np.int64)


def _together(*codes: Ints) -> Ints:
    """Numbers that are equal where all of the codes are."""
    number = codes[0]
    for code in codes[1:]:
        number = np.asarray(pd.factorize(number * (int(code.max(initial=0)) + 2) + code + 1)[0], dtype=np.int64)
    return number


def _best_mentions(named: pd.DataFrame) -> pd.DataFrame:
    """The mention that each name is shown by, in the order of ``person``.

    The surest first, then one in upper and lower case, then with the most diacritics, then the most frequent.
    """
    written = (_codes(named[name]) for name in ("family", "given", "suffix", "certainty", "damaged"))
    shape = _together(named["person"].to_numpy(dtype=np.int64), *written)
    first, times = np.unique(shape, return_index=True, return_counts=True)[1:]
    frame = named.take(first).reset_index(drop=True)
    display = _display(frame)
    spelling, family = _codes(display, sort=True), _codes(frame["family"], sort=True)
    alike = _together(frame["person"].to_numpy(dtype=np.int64), spelling, family)
    frame = frame.assign(
        display_name=display,
        rank=map_distinct(frame["certainty"], RANK.__getitem__, pa.int64()).to_numpy(dtype=np.int64),
        one_case=(display.str.isupper() | display.str.islower()).to_numpy(dtype=bool),
        marks=-_marks(display),
        count=np.bincount(alike, weights=times).astype(np.int64)[alike],
    )
    keys = (frame[name].to_numpy() for name in ("marks", "one_case", "rank", "person"))
    order = np.lexsort([family, spelling, -frame["count"].to_numpy(), *keys])
    person = frame["person"].to_numpy()[order]
    return frame.take(order[np.concatenate([[True], person[1:] != person[:-1]])]).reset_index(drop=True)


def _compared(best: pd.DataFrame) -> pd.DataFrame:
    suffix = best["suffix"].fillna("").str.lower().str.strip(".")
    columns = ["family", "given", "kind", "folded_family", "folded_given", "damaged"]
    return best[columns].assign(suffix=suffix)


def _shown(best: pd.DataFrame, number: Ints) -> pd.DataFrame:
    """Of each group the name that it is shown by: the surest, and of several the fullest."""
    given = -best["folded_given"].str.len().to_numpy(dtype=np.int64)
    columns = (best[name].to_numpy() for name in ("marks", "one_case", "rank"))
    order = np.lexsort([np.arange(len(best)), -best["count"].to_numpy(), given, *columns, number])
    groups = number[order]
    return best.take(order[np.concatenate([[True], groups[1:] != groups[:-1]])]).reset_index(drop=True)


def _mention_authors(named: pd.DataFrame, best: pd.DataFrame, people: People, own: pd.Series) -> pd.DataFrame:
    """Each mention's author, and, where another name than its own gives the id, what joins the two."""
    roots = np.flatnonzero((best["author_id"].array == own.array).astype(bool))
    why = explained(people.links, roots, len(best))
    why.loc[roots, :] = np.nan
    other = best["match_key"].reindex(why["other"].fillna(-1))
    of_name = why.assign(other=other.array).take(named["person"].to_numpy()).reset_index(drop=True)
    joined = of_name["rule"].notna()
    frame = named[["record_id", "position", "author_id"]].assign(
        rule=of_name["rule"].where(joined, SAME_NAME),
        score=np.minimum(
            map_distinct(named["certainty"], SCORE.__getitem__, pa.float64()).to_numpy(dtype=np.float64),
            of_name["score"].astype(float).fillna(1.0),
        ),
        shared_coauthors=of_name["shared"].where(joined & (of_name["rule"] != RULE)),
        linked_key=of_name["other"],
    )
    return TABLES["mention_authors"].typed(frame)


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


def _authorships(named: pd.DataFrame, works: pd.DataFrame) -> pd.DataFrame:
    """The mentions of each work's best list; of an author who is in it twice the first."""
    listed = named[named["record_id"].isin(works["authors_record_id"])].reset_index(drop=True)
    work = listed["work"].to_numpy()  # numbers in the order of the ids
    order = np.lexsort([listed["position"].to_numpy(dtype=np.int64), work])
    names = pd.DataFrame({"work": work, "author": _codes(listed["author_id"])}).take(order)
    listed = listed.take(order[~names.duplicated().to_numpy()])
    columns = ["work_id", "position", "author_id", "record_id", "name_as_printed", "certainty"]
    return TABLES["authorships"].typed(listed[columns].reset_index(drop=True))
