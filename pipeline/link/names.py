"""A mention's name as a key: what merges by itself, what is kept apart, and which names cannot tell people apart.

Not here: the authors that keys make (``authors``) and likenesses that are too weak for merging (``likeness``).
"""

import hashlib
import re
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.link.fold import arrow_array, fold_ascii, fold_name, is_visibly_damaged, map_distinct

# Below this many undamaged letters a damaged name could be almost anybody's; each stays an author of its own.
LEAST_LETTERS: Final = 4
PARTS: Final = ("family", "given", "suffix")
SEPARATOR: Final = "|"
DAMAGED_MARK: Final = "?"
UNRESOLVED: Final = "unresolved_damage"
_INTACT: Final = re.compile(r"[A-Za-z]")
# A letter of any script with a full stop, or a bare Latin letter; a bare letter of other scripts may be a whole name.
_INITIALS: Final = re.compile(r"(?:(?:[^\W\d_]\.|[A-Za-zÀ-ɏ](?=[\s\-]|$))[\s\-]*)+")
_CAPITALS: Final = re.compile(r"[A-Z]{2,3}")


def flagged(mentions: pd.DataFrame, flag: str) -> pd.Series:
    """Which mentions carry a flag."""
    flags = arrow_array(mentions["flags"], pa.list_(pa.string()))
    marked = np.zeros(len(mentions), dtype=bool)
    hits = pc.fill_null(pc.equal(pc.list_flatten(flags), flag), fill_value=False)
    marked[pc.list_parent_indices(flags).filter(hits).to_numpy()] = True
    return pd.Series(marked, index=mentions.index)


def is_damaged(mentions: pd.DataFrame) -> pd.Series:
    """Which mentions hold damage that was left: said so by repair, or to be seen in the name."""
    damaged = (mentions["certainty"] == "unresolved").astype(bool) | flagged(mentions, UNRESOLVED)
    for part in PARTS:
        seen = map_distinct(mentions[part], is_visibly_damaged, pa.bool_(), lambda texts: pa.repeat(False, len(texts)))
        damaged |= seen.fillna(value=False).astype(bool)
    return damaged


def match_keys(mentions: pd.DataFrame) -> pd.DataFrame:
    """The key of each mention, with its parts.

    Returns, on the index of ``mentions``, ``folded_family``, ``folded_given`` (text, empty when there is none),
    ``damaged`` (bool), ``match_key``, ``author_id``, and ``alone`` (bool): whether no other mention can have this key,
    since the mention's place is in it. A key is made of the mention alone, so nothing else changes an id.

    A suffix is part of the key: a father and his son are two people. A damaged name is not folded, because what its
    damaged characters look like is not what they were: it gets a key of the characters as they stand, which meets
    only the same name damaged the same way; one with too few letters left meets nothing at all.
    """
    parts = {part: map_distinct(mentions[part], fold_name, pa.string(), fold_ascii).fillna("") for part in PARTS}
    key = parts["family"] + SEPARATOR + parts["given"]
    suffixed = parts["suffix"] != ""
    key = key.where(~suffixed, key + SEPARATOR + parts["suffix"])
    damaged = is_damaged(mentions)
    unfolded = damaged | ((parts["family"] == "") & (parts["given"] == ""))
    alone = pd.Series(data=False, index=mentions.index)
    if unfolded.any():
        printed = _as_printed_keys(mentions[unfolded])
        key[unfolded], alone[unfolded] = printed["key"], printed["alone"]
    ids = map_distinct(mentions["kind"] + "\x1f" + key, _author_id, pa.string())
    return pd.DataFrame(
        {
            "folded_family": parts["family"],
            "folded_given": parts["given"],
            "damaged": damaged,
            "match_key": key,
            "author_id": ids,
            "alone": alone,
        },
        index=mentions.index,
    )


def _as_printed_keys(mentions: pd.DataFrame) -> pd.DataFrame:
    printed = {part: mentions[part].fillna("").str.lower().str.replace(SEPARATOR, " ") for part in PARTS}
    name = printed["family"] + SEPARATOR + printed["given"]
    name = name.where(printed["suffix"] == "", name + SEPARATOR + printed["suffix"])
    letters = map_distinct(printed["family"] + printed["given"], lambda s: len(_INTACT.findall(s)), pa.int64())
    alone = (letters < LEAST_LETTERS).astype(bool)
    place = mentions["record_id"].astype("object") + "#" + mentions["position"].astype("int64").astype(str)
    key = name.astype("object").where(~alone, name.astype("object") + SEPARATOR + place)
    return pd.DataFrame({"key": (DAMAGED_MARK + key).astype(pd.ArrowDtype(pa.string())), "alone": alone})


def _author_id(kind_and_key: str) -> str:
    return "a" + hashlib.sha256(kind_and_key.encode()).hexdigest()[:16]


def is_initials(given: str) -> bool:
    """Whether given names are nothing but initials ("J.", "J.-P.", "J R", "JR")."""
    return _INITIALS.fullmatch(given) is not None or _CAPITALS.fullmatch(given) is not None


def cannot_tell_apart(people: pd.DataFrame) -> pd.Series:
    """Names of people that many may bear: a single name, a family name with initials only, or damage that was left.

    ``people`` has ``kind``, ``given`` and ``damaged``.
    """
    initials = map_distinct(people["given"], is_initials, pa.bool_()).fillna(value=True).astype(bool)
    return people["damaged"].astype(bool) | ((people["kind"] == "person").astype(bool) & initials)


def tokens(given: str) -> tuple[str, ...]:
    """Given names one by one, folded; two or three capitals in a row are initials one by one."""
    if _CAPITALS.fullmatch(given):
        return tuple(given.lower())
    return tuple(folded for token in re.split(r"[\s.\-‐-―]+", given) if (folded := fold_name(token)))
