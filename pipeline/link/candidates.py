"""Pairs of names that may be one person's, each with its reason and how strong that is.

Nothing is compared with everything: candidates meet in blocks (a family name and a piece of a given name), and a block
so large that a likeness in it says nothing is left out. Not here: what given names have in common (``likeness``), and
which pairs are one person (``people``).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.link.damaged import fitting
from pipeline.link.fold import arrow_array, fold_name, map_distinct, transliterate
from pipeline.link.likeness import given_likeness, nicknames
from pipeline.link.names import tokens
from pipeline.link.numbers import codes_together, distinct

# Thirty people of one family name that begin alike: any two of them being one is no longer news.
LARGEST_BLOCK: Final = 30
# People of one family and first name, who become one only where a co-author says so.
LARGEST_NAMESAKES: Final = 200
# Estimates in the order that trials with curated identities gave; for review, not probabilities.
SWAPPED, SCRIPT, DAMAGED, ELSEWHERE, SUFFIX, COMPOUND, TYPO = 0.8, 0.7, 0.7, 0.6, 0.6, 0.5, 0.3
REMAINING_LETTERS: Final = "remaining letters of a damaged name agree"
ONE_LETTER: Final = "one letter differs"
# Shorter names differ in one letter too often.
_LEAST_TYPO: Final = 6
_LEAST_BESIDE: Final = 4
_PAIRS_AT_ONCE: Final = 1 << 16
_BETWEEN_PARTS: Final = r"[-\s\pZ\x1c-\x1f\x85]"  # what Python splits at, and hyphens


def pairs_in_blocks(blocks: pd.DataFrame, largest: int = LARGEST_BLOCK) -> pd.DataFrame:
    """All pairs (``left`` < ``right``) of ``row`` with a ``key`` in common that at most ``largest`` rows have."""
    codes = np.asarray(pd.factorize(blocks["key"])[0], dtype=np.int64)
    rows = blocks["row"].to_numpy(dtype=np.int64)
    base = int(rows.max(initial=0)) + 1
    entries = distinct(codes[codes >= 0] * base + rows[codes >= 0])
    size = np.bincount(entries // base)[entries // base] if len(entries) else entries
    kept = entries[(size > 1) & (size <= largest)]
    key, row = kept // base, kept % base
    met = [np.empty(0, dtype=np.int64)]
    at = np.arange(len(kept))
    for step in range(1, largest):
        at = at[at + step < len(kept)]
        at = at[key[at] == key[at + step]]
        if not len(at):
            break
        met.append(row[at] * base + row[at + step])
    pairs = distinct(np.concatenate(met))
    return pd.DataFrame({"left": pairs // base, "right": pairs % base})


def candidates(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs ``left`` < ``right`` (positions in ``people``), each once, with its strongest ``reason`` and ``score``.

    ``people`` has ``family``, ``given``, ``suffix`` (lower case, "" for none), ``folded_family``, ``folded_given`` and
    ``damaged``, and a plain index. Two suffixes that differ speak against a pair; one that is missing does not.
    """
    sound = people[~people["damaged"]]
    found = pd.concat([search(sound) for search in _SEARCHES] + [_damaged(people)], ignore_index=True)
    found = found.astype({"left": "int64", "right": "int64", "score": "float64"})
    suffix = people["suffix"].to_numpy(dtype=object)
    ends = suffix[found["left"]], suffix[found["right"]]
    found = found[(ends[0] == ends[1]) | (ends[0] == "") | (ends[1] == "")]
    found = found.sort_values(["left", "right", "score", "reason"], ascending=[True, True, False, True])
    first: pd.DataFrame = found.drop_duplicates(["left", "right"], ignore_index=True)
    return first


def _labelled(pairs: pd.DataFrame, reason: str, score: float) -> pd.DataFrame:
    return pairs.assign(reason=reason, score=score)


def _blocks(row: object, *parts: pd.Series) -> pd.DataFrame:
    key = codes_together(*(np.asarray(pd.factorize(part)[0], dtype=np.int64) for part in parts))
    return pd.DataFrame({"row": np.asarray(row)[key >= 0], "key": key[key >= 0]})


def given_tokens(people: pd.DataFrame) -> pd.Series:
    """The folded given names of each person one by one, as tuples in an object array."""
    given = arrow_array(people["given"].fillna(""), pa.string()).dictionary_encode()
    lists = np.empty(len(given.dictionary), dtype=object)
    for place, text in enumerate(given.dictionary.to_pylist()):  # not at once: numpy would make a table of them
        lists[place] = tokens(text)
    return pd.Series(lists[given.indices.to_numpy()], people.index, dtype=object)


def _given_names(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of one family name whose given names are alike."""
    lists = given_tokens(people)
    listed = map_distinct(people["given"].fillna(""), tokens, pa.list_(pa.string()))
    some = listed.list.len().to_numpy(dtype=np.int64) > 0
    named = people[some]
    first = listed[some].list[0]
    family = named["folded_family"]
    flat = arrow_array(listed[some], pa.list_(pa.string()))
    rows = pc.list_parent_indices(flat).to_numpy()
    names = pd.Series(pd.arrays.ArrowExtensionArray(pc.list_flatten(flat)))
    whole = (names.str.len() >= 3).to_numpy(dtype=bool)
    called = map_distinct(first, lambda name: sorted(nicknames().get(name, ())), pa.list_(pa.string())).explode()
    called = called[called.notna()].astype(pd.ArrowDtype(pa.string()))
    near = [
        _blocks(named.index, family, first.str[:3]),
        _blocks(
            named.index[rows[whole]],
            family.take(rows[whole]).reset_index(drop=True),
            names[whole].reset_index(drop=True),
        ),
        _blocks(called.index, family[called.index], called),
    ]
    initials = pairs_in_blocks(_blocks(named.index, family, first.str[:1]))
    single = lists.map(lambda tokens: bool(tokens) and len(tokens[0]) == 1).to_numpy()
    initials = initials[
        single[people.index.get_indexer(pd.Index(initials["left"]))]
        | single[people.index.get_indexer(pd.Index(initials["right"]))]
    ]
    namesakes = pairs_in_blocks(_blocks(named.index, family, first), LARGEST_NAMESAKES)
    pairs = pd.concat([*map(pairs_in_blocks, near), initials, namesakes]).drop_duplicates(ignore_index=True)
    like = [given_likeness(one, other) for one, other in zip(lists[pairs["left"]], lists[pairs["right"]], strict=True)]
    kept: pd.DataFrame = pairs[[likeness is not None for likeness in like]]
    known = [likeness for likeness in like if likeness is not None]
    return kept.assign(reason=[reason for reason, _ in known], score=[score for _, score in known])


def _swapped(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs where the one's family name is the other's given name and the other way round."""
    names = people.loc[people["folded_given"] != "", ["folded_family", "folded_given"]].reset_index(names="left")
    other = names.set_axis(["right", "folded_given", "folded_family"], axis=1)
    pairs = names.merge(other, on=["folded_family", "folded_given"])
    pairs = pairs.loc[pairs["left"] < pairs["right"], ["left", "right"]]
    return _labelled(pairs, "family and given name swapped", SWAPPED)


def _elsewhere(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same names in the same order, of which other ones are the family's."""
    given = people[people["folded_given"] != ""]
    pairs = pairs_in_blocks(_blocks(given.index, given["folded_given"] + given["folded_family"]))
    family = people["folded_family"]
    unlike = family.loc[pairs["left"]].to_numpy() != family.loc[pairs["right"]].to_numpy()
    return _labelled(pairs[unlike], "family name begins elsewhere", ELSEWHERE)


def _compound(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of one given name where the one's family name is the first or the last part of the other's."""
    parts = people["family"][people["family"].str.contains(_BETWEEN_PARTS, regex=True).to_numpy(dtype=bool)]
    parts = map_distinct(parts, _parts, pa.list_(pa.string()))
    named = (people["folded_given"].str.len() >= 3).loc[parts.index].to_numpy(dtype=bool)
    several = parts[(parts.list.len() > 1).to_numpy(dtype=bool) & named]
    ends = pd.concat([several.list[0], several.list[-1]])
    given = people["folded_given"]
    compound = pd.DataFrame({"left": ends.index, "family": ends.array, "given": given[ends.index].array})
    whole = pd.DataFrame({"right": people.index, "family": people["folded_family"].array, "given": given.array})
    pairs = compound.merge(whole, on=["family", "given"])[["left", "right"]]
    ordered = pd.DataFrame({"left": pairs.min(axis=1), "right": pairs.max(axis=1)})
    ordered = ordered[ordered["left"] < ordered["right"]].drop_duplicates()
    return _labelled(ordered, "part of a compound family name", COMPOUND)


def _parts(family: str) -> list[str]:
    """The folded parts of a compound family name; none of one that cannot be compound."""
    parts = family.replace("-", " ").split()
    return [folded for part in parts if len(folded := fold_name(part)) >= 3] if len(parts) > 1 else []


def _suffixed(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same name but for a suffix."""
    key = people["folded_family"] + "|" + people["folded_given"]
    several = people["suffix"].ne("").groupby(key).transform("any")
    pairs = pairs_in_blocks(_blocks(people.index[several], key[several]))
    return _labelled(pairs, "same name without suffix", SUFFIX)


def _other_script(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the same name in another script."""
    key = people["folded_family"] + "|" + people["folded_given"]
    foreign = ~key.str.isascii().astype(bool)
    if not foreign.any():
        return _labelled(pd.DataFrame({"left": [], "right": []}, dtype="int64"), "", SCRIPT)
    latin = key.where(~foreign, map_distinct(key, transliterate, pa.string()))
    latin = latin.str.replace("|", "")
    pairs = pairs_in_blocks(_blocks(people.index, latin.where(latin != "")))
    mixed = foreign.loc[pairs["left"]].to_numpy() != foreign.loc[pairs["right"]].to_numpy()
    return _labelled(pairs[mixed], "same name in another script", SCRIPT)


def _typing_errors(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of which the one part is the same and the other, a long one, differs in one letter or two swapped ones."""
    found = []
    for same, other in (("folded_given", "folded_family"), ("folded_family", "folded_given")):
        long = people[(people[other].str.len() >= _LEAST_TYPO) & (people[same].str.len() >= _LEAST_BESIDE)]
        ends = [_blocks(long.index, long[same], end) for end in (long[other].str[:3], long[other].str[-3:])]
        pairs = pd.concat(map(pairs_in_blocks, ends)).drop_duplicates(ignore_index=True)
        for start in range(0, len(pairs), _PAIRS_AT_ONCE):
            some = pairs.iloc[start : start + _PAIRS_AT_ONCE]
            names = [long[other].loc[some[side]].to_numpy(dtype=object) for side in ("left", "right")]
            found.append(some[process.cpdist(*names, scorer=OSA.distance, score_cutoff=1, workers=1) == 1])
    empty = pd.DataFrame({"left": [], "right": []}, dtype="int64")
    return _labelled(pd.concat([empty, *found]), ONE_LETTER, TYPO)


def _damaged(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a damaged name and an undamaged one that fits its remaining letters; weaker when several fit."""
    pairs = fitting(people)
    ends = pd.DataFrame({"left": pairs[["left", "right"]].min(axis=1), "right": pairs[["left", "right"]].max(axis=1)})
    return ends.assign(reason=REMAINING_LETTERS, score=DAMAGED / pairs["fits"])


_SEARCHES: Final[tuple[Callable[[pd.DataFrame], pd.DataFrame], ...]] = (
    _given_names,
    _swapped,
    _elsewhere,
    _compound,
    _suffixed,
    _other_script,
    _typing_errors,
)
