"""Which names are one person: a middle name that is missing, damage that an undamaged name explains, and people's word.

Never two names of one paper, and everybody in a group must be able to be everybody else in it. Whatever is weaker is a
possible pair. Not here: which names are compared (``candidates``).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.blocks import Given
from pipeline.link.candidates import DAMAGED, ONE_LETTER, REMAINING_LETTERS
from pipeline.link.coauthors import Appearances, meet, shared_coauthors
from pipeline.link.components import Ints, Mask, components, kept_links
from pipeline.link.decisions import RULE, Decided
from pipeline.link.likeness import INITIAL_INSIDE, INITIALS_AGREE, MIDDLE, MIDDLE_MISSING, compatible
from pipeline.link.numbers import among, distinct

MIDDLE_NAME, TWIN = "missing middle name", "undamaged twin"
# Edges that curated identities confirmed: 60 of 62 with a co-author, 388 of 398 damaged names with one fitting name.
SURE_MIDDLE, SURE_TWIN = 0.95, 0.9
# A damaged name of so few letters left needs a co-author besides.
LEAST_TWIN_LETTERS: Final = 6
SAME_PAPER, SAME_COMPANY = 0.25, 0.15  # what two listings of one paper, and a co-author in common, add to a pair
HIGHEST: Final = 0.95
# A pair in whom one letter differs is none unless somebody knows both.
_NEEDS_COMPANY: Final = (ONE_LETTER,)


@dataclass(frozen=True)
class People:
    """``group`` of each name (a number), the ``links`` that hold groups together, and ``pairs`` that may be one."""

    group: Ints
    links: pd.DataFrame
    pairs: pd.DataFrame


@dataclass(frozen=True)
class Involved:
    """Those of ``size`` names that pairs and decisions are about, at ``rows``: ``people`` has what is compared."""

    rows: Ints
    people: pd.DataFrame
    size: int

    def at(self, names: Ints) -> Ints:
        """Where in ``people`` some of them are."""
        return np.searchsorted(self.rows, names)


def involved(found: pd.DataFrame, decided: Decided) -> Ints:
    """The names that pairs and decisions are about, in order."""
    sides = [found["left"].to_numpy(dtype=np.int64), found["right"].to_numpy(dtype=np.int64)]
    return distinct(np.concatenate([*sides, *decided.same, *decided.apart]).astype(np.int64))


def group_people(people: Involved, found: pd.DataFrame, appearances: Appearances, decided: Decided) -> People:
    """Group names into people.

    ``people`` has the ``involved`` names as ``candidates`` wants them, and ``found`` are the candidates among all; a
    person of ``appearances`` is the number of a name.
    """
    ends = found["left"].to_numpy(), found["right"].to_numpy()
    found = found.assign(
        listed=meet(*ends, appearances.person, appearances.record),
        paper=meet(*ends, appearances.person, appearances.work),
        shared=shared_coauthors(*ends, appearances),
    )
    found = found[~found["listed"]].assign(strength=lambda pairs: pairs["shared"] + pairs["paper"])
    links = _merging(found, people)
    links = _kept(links, people, appearances, decided)
    group = components(people.size, links["left"].to_numpy(), links["right"].to_numpy())
    return People(group, links, _possible(found, group, appearances, decided))


def _merging(found: pd.DataFrame, names: Involved) -> pd.DataFrame:
    """The pairs whose evidence is enough, as links: the best first."""
    known = (found["shared"] > 0) | found["paper"]
    people, ends = names.people, [names.at(found[side].to_numpy()) for side in ("left", "right")]
    suffix = people["suffix"].to_numpy(dtype=object)
    middle = (
        known
        & (
            ((found["reason"] == MIDDLE_MISSING) & (found["score"] == MIDDLE))
            | ((found["reason"] == INITIALS_AGREE) & (found["score"] == INITIAL_INSIDE))
        )
        & (suffix[ends[0]] == suffix[ends[1]])
    )
    letters = (people["folded_family"].str.len() + people["folded_given"].str.len()).to_numpy()
    enough = np.minimum(letters[ends[0]], letters[ends[1]]) > LEAST_TWIN_LETTERS
    twin = (found["reason"] == REMAINING_LETTERS) & (found["score"] == DAMAGED) & (enough | known)
    links = found[middle | twin].assign(
        rule=np.where(middle[middle | twin], MIDDLE_NAME, TWIN),
        score=np.where(middle[middle | twin], SURE_MIDDLE, SURE_TWIN),
    )
    order = ["score", "strength", "left", "right"]
    links = links.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    best: pd.DataFrame = links[["left", "right", "rule", "score", "shared", "strength"]]
    return best


def _kept(links: pd.DataFrame, names: Involved, appearances: Appearances, decided: Decided) -> pd.DataFrame:
    """The links that join nobody with somebody else; what people have decided comes first."""
    size, people = names.size, names.people
    by_people = pd.DataFrame(
        {"left": decided.same[0], "right": decided.same[1], "rule": RULE, "score": 1.0, "shared": 0, "strength": 0}
    )
    links = pd.concat([by_people, links] if len(by_people) else [links], ignore_index=True)
    links = links.astype({"left": "int64", "right": "int64"})
    group = components(size, links["left"].to_numpy(), links["right"].to_numpy())
    member = np.flatnonzero(np.bincount(group, minlength=size)[group] > 1)
    both = pd.DataFrame({"left": member, "group": group[member]})
    both = both.merge(both.rename(columns={"left": "right"}), on="group")
    both = both[both["left"] < both["right"]]
    ends = both["left"].to_numpy(), both["right"].to_numpy()
    damaged = people["damaged"].to_numpy(dtype=bool)
    at = names.at(ends[0]), names.at(ends[1])
    unlike = ~(damaged[at[0]] | damaged[at[1]])
    unlike &= ~_in(links[links["rule"] == MIDDLE_NAME], *ends)  # whose given names have been compared
    unlike[unlike] = _incompatible(people["given"], at[0][unlike], at[1][unlike])
    told = np.concatenate(decided.same)  # whom people join is compatible by their word
    unlike &= ~(np.isin(ends[0], told) | np.isin(ends[1], told))
    apart = unlike | meet(*ends, appearances.person, appearances.record)
    apart_ends = np.concatenate([decided.apart[0], ends[0][apart]]), np.concatenate([decided.apart[1], ends[1][apart]])
    links = links[(links["rule"] == RULE) | ~_undecidable(links, *apart_ends)]
    kept = kept_links(size, (links["left"].to_numpy(), links["right"].to_numpy()), apart_ends, len(by_people))
    return links[kept].drop(columns="strength").reset_index(drop=True)


def _incompatible(given: pd.Series, left: Ints, right: Ints) -> list[bool]:
    """Of which pairs the given names cannot be one person's."""
    printed = Given(given.take(np.concatenate([left, right])))
    one, other = np.split(printed.code, 2)
    lists = printed.lists
    return [not compatible(lists[a], lists[b]) for a, b in zip(one.tolist(), other.tolist(), strict=True)]


def _in(links: pd.DataFrame, left: Ints, right: Ints) -> Mask:
    """Which pairs, of which left is the smaller, are linked."""
    ends = links["left"].to_numpy(), links["right"].to_numpy()
    size = max(int(some.max(initial=0)) for some in (*ends, right)) + 1
    return among(left * size + right, distinct(np.minimum(*ends) * size + np.maximum(*ends)))


def _undecidable(links: pd.DataFrame, left: Ints, right: Ints) -> Mask:
    """Links of a name to several that are not each other, with equally good evidence: which is right, nobody knows."""
    ends = [
        links.reset_index(names="link"),
        links.rename(columns={"left": "right", "right": "left"}).reset_index(names="link"),
    ]
    fans = pd.concat(ends)[["link", "left", "right", "rule", "strength"]]
    rivals = fans.merge(fans, on=["left", "rule", "strength"], suffixes=("", "_other"))
    pair = np.minimum(rivals["right"], rivals["right_other"]), np.maximum(rivals["right"], rivals["right_other"])
    apart = pd.MultiIndex.from_arrays([np.minimum(left, right), np.maximum(left, right)])
    hits = rivals.loc[pd.MultiIndex.from_arrays(pair).isin(apart), "link"]
    return links.index.isin(hits)


def _possible(found: pd.DataFrame, group: Ints, appearances: Appearances, decided: Decided) -> pd.DataFrame:
    """Pairs of groups that may be one person: the strongest reason for each, with what else speaks for it."""
    pairs = found[~found["reason"].isin(_NEEDS_COMPANY) | (found["shared"] > 0) | found["paper"]]
    ends = group[pairs["left"]], group[pairs["right"]]
    pairs = pairs.assign(left=np.minimum(*ends), right=np.maximum(*ends))
    met = appearances.of(group)
    told = pd.MultiIndex.from_arrays(
        [np.minimum(*(group[side] for side in decided.apart)), np.maximum(*(group[side] for side in decided.apart))]
    )
    listed = meet(pairs["left"].to_numpy(), pairs["right"].to_numpy(), met.person, met.record)
    said = pd.MultiIndex.from_frame(pairs[["left", "right"]]).isin(told)
    pairs = pairs[(pairs["left"] != pairs["right"]).to_numpy() & ~listed & ~said]
    company = np.where(pairs["shared"] > 0, SAME_COMPANY, 0.0) + np.where(pairs["paper"], SAME_PAPER, 0.0)
    several = pairs["shared"].astype(str) + " co-authors in common"
    words = np.where(pairs["shared"] > 1, "; " + several, np.where(pairs["shared"] == 1, "; a co-author in common", ""))
    pairs = pairs.assign(
        reason=pairs["reason"].astype(object) + words + np.where(pairs["paper"], "; two listings of one paper", ""),
        score=np.where(company > 0, np.minimum(pairs["score"] + company, HIGHEST), pairs["score"]),
    )
    pairs = pairs.sort_values(["left", "right", "score", "reason"], ascending=[True, True, False, True])
    return pairs.drop_duplicates(["left", "right"])[["left", "right", "reason", "score"]]
