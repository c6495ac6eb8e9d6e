"""Pairs of authors that may be one person, for people to judge: likenesses that are too weak for merging.

Not here: what merges (``names``). Nothing is compared with everything: candidates meet in blocks (a family name and
a piece of a given name), and a block so large that a likeness in it says nothing is left out.
"""

from collections.abc import Callable
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.link.damaged import fitting
from pipeline.link.fold import map_distinct, transliterate
from pipeline.link.names import tokens
from schemas import TABLES

# Thirty people of one family name that begin alike: any two of them being one is no longer news.
LARGEST_BLOCK: Final = 30
# Estimates in the order that trials with curated identities gave; for review, not probabilities.
SWAPPED, MIDDLE, SCRIPT, DAMAGED = 0.8, 0.7, 0.7, 0.7
SUFFIX, INITIAL_INSIDE, INITIAL, SKIPPED, SHORT_FORM = 0.6, 0.6, 0.4, 0.4, 0.3
SAME_PAPER: Final = 0.25  # added when two listings of one paper print the one name and the other
HIGHEST: Final = 0.95

_EQUAL, _INITIAL, _SHORT = 3, 2, 1


def _agreement(one: str, other: str) -> int:
    """How two given names agree: equal, one the other's initial, one the other's beginning (three letters or more)."""
    if one == other:
        return _EQUAL
    shorter, longer = sorted((one, other), key=len)
    if not longer.startswith(shorter):
        return 0
    return _INITIAL if len(shorter) == 1 else _SHORT if len(shorter) >= 3 else 0


def _rest_agreement(shorter: tuple[str, ...], longer: tuple[str, ...]) -> int:
    """The weakest agreement when the shorter list is found in the longer in order; 0 when it is not."""
    weakest, place = _EQUAL, 0
    for name in shorter:
        while place < len(longer) and _agreement(name, longer[place]) < _INITIAL:
            place += 1
        if place == len(longer):
            return 0
        weakest = min(weakest, _agreement(name, longer[place]))
        place += 1
    return weakest


def given_likeness(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, float] | None:
    """Why two lists of given names may be one person's, and how strong that is; None when they speak against it."""
    if not one or not other or one == other:
        return None
    shorter, longer = sorted((one, other), key=len)
    first, rest = _agreement(shorter[0], longer[0]), _rest_agreement(shorter[1:], longer[1:])
    if first == _EQUAL and rest == _EQUAL and len(shorter) < len(longer):
        return ("middle name missing", MIDDLE) if len(shorter[0]) > 1 else ("initials agree", INITIAL)
    if first >= _INITIAL and rest:
        inside = first == _EQUAL and len(shorter[0]) > 1
        return "initials agree", INITIAL_INSIDE if inside else INITIAL
    if first == _SHORT and rest:
        return "short form of the given name", SHORT_FORM
    if len(shorter) < len(longer) and max(map(len, shorter)) >= 3 and _rest_agreement(shorter, longer[1:]) == _EQUAL:
        return "first name missing", SKIPPED
    return None


def pairs_in_blocks(blocks: pd.DataFrame, largest: int = LARGEST_BLOCK) -> pd.DataFrame:
    """All pairs (``left`` < ``right``) of ``row`` with a ``key`` in common that at most ``largest`` rows have."""
    distinct = blocks.dropna().drop_duplicates()
    size = distinct.groupby("key")["row"].transform("size")
    kept = distinct[(size > 1) & (size <= largest)]
    pairs = kept.merge(kept, on="key", suffixes=("", "_other"))
    pairs = pairs[pairs["row"] < pairs["row_other"]]
    return pairs[["row", "row_other"]].set_axis(["left", "right"], axis=1).drop_duplicates()


def possible_same_author(best: pd.DataFrame, appearances: pd.DataFrame) -> pd.DataFrame:
    """The table ``possible_same_author``.

    ``best`` is the best mention of each author with its key's parts, indexed by ``author_id``; ``appearances`` has
    ``author_id``, ``record_id`` and ``work_id``. Two names in one list are two people (or a slip that the list itself
    does not settle), damaged or not: never a pair. Two names for one paper in different listings speak for a pair.
    """
    people = best[best["kind"] == "person"].sort_index()
    people = people.reset_index().assign(suffix=people["suffix"].fillna("").str.lower().str.strip(".").array)
    sound = people[~people["damaged"]]
    found = pd.concat([search(sound) for search in _SEARCHES] + [_damaged(people)], ignore_index=True)
    apart = (
        people["suffix"].take(found["left"].to_numpy()).array,
        people["suffix"].take(found["right"].to_numpy()).array,
    )
    found = found[(apart[0] == apart[1]) | (apart[0] == "") | (apart[1] == "")]
    found = found.sort_values(["left", "right", "score", "reason"], ascending=[True, True, False, True])
    found = found.drop_duplicates(["left", "right"])
    pairs = pd.DataFrame(
        {
            "author_id": people["author_id"].take(found["left"].to_numpy()).array,
            "other_author_id": people["author_id"].take(found["right"].to_numpy()).array,
            "reason": found["reason"].array,
            "score": found["score"].array,
        }
    )
    pairs = pairs[~_share(pairs, appearances, "record_id")]
    paper = _share(pairs, appearances, "work_id")
    pairs["score"] = pairs["score"].where(~paper, (pairs["score"] + SAME_PAPER).clip(upper=HIGHEST))
    pairs["reason"] = pairs["reason"].where(~paper, pairs["reason"] + "; two listings of one paper")
    return TABLES["possible_same_author"].typed(pairs.reset_index(drop=True))


def _share(pairs: pd.DataFrame, appearances: pd.DataFrame, place: str) -> pd.Series:
    """Which pairs both appear in one ``place`` (a record or a work)."""
    both = pd.concat([pairs["author_id"], pairs["other_author_id"]]).unique()
    where = appearances.loc[appearances["author_id"].isin(both), ["author_id", place]].drop_duplicates()
    met = pairs[["author_id", "other_author_id"]].reset_index(names="pair").merge(where, on="author_id")
    met = met.merge(where.rename(columns={"author_id": "other_author_id"}), on=["other_author_id", place])
    return pd.Series(pairs.index.isin(met["pair"]), index=pairs.index)


def _labelled(pairs: pd.DataFrame, reason: str, score: float) -> pd.DataFrame:
    return pairs.assign(reason=reason, score=score)


def _given_names(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of one family name whose given names are alike."""
    lists = dict(zip(people.index, map(tokens, people["given"].fillna("")), strict=True))
    family = people["folded_family"].to_dict()
    blocks: list[tuple[int, str]] = []
    for row, names in lists.items():
        if not names:
            continue
        blocks.append((row, f"{family[row]}|start|{names[0][:3]}"))
        blocks.append((row, f"{family[row]}|letter|{names[0][0]}"))
        blocks.extend((row, f"{family[row]}|name|{name}") for name in names if len(name) >= 3)
    pairs = pairs_in_blocks(pd.DataFrame(blocks, columns=["row", "key"]))
    like = [
        given_likeness(lists[left], lists[right]) for left, right in zip(pairs["left"], pairs["right"], strict=True)
    ]
    kept = pairs[[likeness is not None for likeness in like]]
    known = [likeness for likeness in like if likeness is not None]
    return kept.assign(reason=[reason for reason, _ in known], score=[score for _, score in known])


def _swapped(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs where the one's family name is the other's given name and the other way round."""
    names = people.loc[people["folded_given"] != "", ["folded_family", "folded_given"]].reset_index(names="left")
    other = names.set_axis(["right", "folded_given", "folded_family"], axis=1)
    pairs = names.merge(other, on=["folded_family", "folded_given"])
    return _labelled(
        pairs.loc[pairs["left"] < pairs["right"], ["left", "right"]], "family and given name swapped", SWAPPED
    )


def _suffixed(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same name but for a suffix."""
    key = people["folded_family"] + "|" + people["folded_given"]
    return _labelled(
        pairs_in_blocks(pd.DataFrame({"row": people.index, "key": key})), "same name without suffix", SUFFIX
    )


def _other_script(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same name in another script."""
    key = people["folded_family"] + "|" + people["folded_given"]
    latin = sum(
        (map_distinct(people[part], transliterate, pa.string()).fillna("") for part in ("family", "given")),
        start=pd.Series("", index=people.index, dtype=key.dtype),
    )
    blocks = pd.DataFrame({"row": people.index, "key": latin.where(latin != "")})
    pairs = pairs_in_blocks(blocks)
    foreign = ~key.str.isascii().astype(bool)
    mixed = foreign.loc[pairs["left"]].to_numpy() != foreign.loc[pairs["right"]].to_numpy()
    return _labelled(pairs[mixed], "same name in another script", SCRIPT)


def _damaged(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a damaged name and an undamaged one that fits its remaining letters; weaker when several fit."""
    pairs = fitting(people)
    ends = pd.DataFrame({"left": pairs[["left", "right"]].min(axis=1), "right": pairs[["left", "right"]].max(axis=1)})
    return ends.assign(reason="remaining letters of a damaged name agree", score=DAMAGED / pairs["fits"])


_SEARCHES: Final[tuple[Callable[[pd.DataFrame], pd.DataFrame], ...]] = (
    _given_names,
    _swapped,
    _suffixed,
    _other_script,
)
