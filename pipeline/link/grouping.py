"""Which records are one work: links between records, each with its rule and how sure it is.

The same abstract, or the same title where nothing speaks against it. A link that is in doubt is not made: two rows for
one paper are easier to see and to join than one row for two papers is to part. Not here: abstracts that are only alike
(``similar``), and the works that the links make (``works``).
"""

import re
from typing import Final

import numpy as np
import pandas as pd

from pipeline.link.components import Ints, Mask, components, star
from pipeline.link.printed import Printed, column_at

SAME_ABSTRACT, SAME_TITLE = "same abstract", "same title"
# Estimates, not measurements: an exact abstract is as sure as linking gets; under two titles it is the paper that was
# renamed on its way to print; a title with an author in common; a title with nothing against it.
SURE, RENAMED, SHARED_AUTHOR, TITLE_ONLY = 1.0, 0.9, 0.95, 0.8
# An abstract under so many unlike titles is a page's boilerplate, not an abstract.
BOILERPLATE_TITLES: Final = 3
# Preprint and print of one paper are often a year apart.
YEARS_APART: Final = 1


def unlike_titles(titles: list[str], enough: int = BOILERPLATE_TITLES) -> int:
    """How many clearly different titles there are, counted up to ``enough``.

    Titles are unlike that share less than half of their words.
    """
    seen: list[set[str]] = []
    for title in titles:
        words = set(re.findall(r"\w+", title.casefold()))
        if all(2 * len(words & other) < len(words | other) for other in seen):
            seen.append(words)
            if len(seen) == enough:
                break
    return len(seen)


def boilerplate(keys: pd.Series, printed: Printed) -> tuple[Mask, Mask]:
    """The positions whose abstract turned out to be boilerplate, and those whose abstract has two unlike titles.

    ``keys`` are equal for equal abstracts, null for none; ``printed`` has the ``title`` of each.
    """
    repeated = np.flatnonzero(keys.notna() & keys.duplicated(keep=False))
    frame = pd.DataFrame({"key": keys.take(repeated).array, "title": column_at(printed, "title", repeated).array})
    distinct = frame.dropna().drop_duplicates()
    several = distinct[distinct.duplicated("key", keep=False)].sort_values(["key", "title"])
    unlike = several.groupby("key")["title"].agg(lambda group: unlike_titles(group.tolist())).astype("int64")
    found = np.zeros((2, len(keys)), dtype=bool)
    for place, least in enumerate((BOILERPLATE_TITLES, 2)):
        found[place, repeated] = frame["key"].isin(unlike.index[unlike >= least]).to_numpy(dtype=bool)
    return found[0], found[1]


def abstract_links(known: pd.DataFrame, printed: Printed) -> tuple[pd.DataFrame, pd.Series]:
    """Links between records with the same abstract, and the positions whose abstract turned out to be boilerplate.

    One abstract under two different titles is one work: papers are renamed between preprint and print, and whole
    abstracts do not come about twice. The lower score says that somebody may want to look.
    """
    empty, renamed = boilerplate(known["abstract_key"], printed)
    codes = pd.factorize(known["abstract_key"].where(~empty))[0]
    rows = np.flatnonzero(codes >= 0)
    left, right = star(codes[rows])
    score = np.where(renamed[rows[left]], RENAMED, SURE)
    return make_links(rows[left], rows[right], SAME_ABSTRACT, score), pd.Series(empty, index=known.index)


def make_links(left: Ints, right: Ints, rule: str, score: object) -> pd.DataFrame:
    """Links between records; ``shared`` counts shingles, where there are any to count."""
    return pd.DataFrame(
        {
            "left": np.asarray(left, "int64"),
            "right": np.asarray(right, "int64"),
            "rule": rule,
            "score": score,
            "shared": 0,
        }
    )


def title_links(known: pd.DataFrame, named: pd.DataFrame, unit: Ints, has_abstract: pd.Series) -> pd.DataFrame:
    """Links of records that have a title but no abstract, to works of that title and to each other.

    ``named`` has the ``lists`` of at least the records whose title others print, too: most titles are printed once and
    need not be looked at. ``unit`` is each record's group by abstract. An author in common decides where both have
    lists; different papers of one title have different authors. A record that fits two works joins neither.
    """
    titled = known["title_key"].notna() & known["title_key"].duplicated(keep=False)
    lone = titled & ~has_abstract & (known["has_list"] | known["distinctive"])
    anchored = titled & has_abstract
    listed = _with_lists(known, named, unit, lone, anchored)
    member = pd.DataFrame(
        {
            "title": known["title_key"],
            "year": known["year"],
            "listed": known["has_list"].groupby(unit).transform("any"),
            "alone": lone,
            "anchored": anchored,
        }
    )
    member = member[(lone | anchored) & known["distinctive"]]
    group = _joined(np.arange(len(known)), unit, listed)
    works = _bare_works(member.assign(group=group[member.index]))
    group = _joined(np.arange(len(known)), group, works)
    return pd.concat([listed, works, _bare_records(member.assign(group=group[member.index]))], ignore_index=True)


def _joined(rows: Ints, group: Ints, links: pd.DataFrame) -> Ints:
    """Groups after more links."""
    left, right = links["left"].to_numpy(), links["right"].to_numpy()
    return components(len(rows), np.concatenate([rows, left]), np.concatenate([group, right]))


def _with_lists(
    known: pd.DataFrame, named: pd.DataFrame, unit: Ints, lone: pd.Series, anchored: pd.Series
) -> pd.DataFrame:
    """Records of one title that share an author, and the one work with an abstract that shares one with them."""
    shared = named.assign(
        title=known["title_key"].take(named["row"].to_numpy()).array, unit=unit[named["row"]]
    ).dropna()
    spot = np.asarray(shared.groupby(["title", "author"]).ngroup(), dtype=np.int64)
    rows = shared["row"].to_numpy()
    mine = lone.to_numpy()[rows]
    left, right = star(spot[mine])
    among = make_links(rows[mine][left], rows[mine][right], SAME_TITLE, SHARED_AUTHOR)
    group = components(len(known), among["left"].to_numpy(), among["right"].to_numpy())
    theirs = anchored.to_numpy()[rows]
    works = pd.DataFrame({"spot": spot[theirs], "unit": shared["unit"].to_numpy()[theirs]}).groupby("spot")["unit"]
    bounds = pd.DataFrame({"first": works.min(), "last": works.max()})
    met = pd.DataFrame({"group": group[rows[mine]], "spot": spot[mine]}).merge(bounds, left_on="spot", right_index=True)
    fits = met.groupby("group").agg(first=("first", "min"), last=("last", "max"))
    one = fits[fits["first"] == fits["last"]]
    return pd.concat(
        [among, make_links(one.index.to_numpy(), one["first"].to_numpy(), SAME_TITLE, SHARED_AUTHOR)], ignore_index=True
    )


def _bare_records(member: pd.DataFrame) -> pd.DataFrame:
    """Records without a list: those of one year are one, and join the only work of their title."""
    bare = member[member["alone"] & ~member["listed"]]
    others = member[~(member["alone"] & ~member["listed"])]
    spots = bare.groupby(["title", "year"], dropna=False).ngroup()
    left, right = star(np.asarray(spots, dtype=np.int64))
    rows = bare.index.to_numpy()
    links = [make_links(rows[left], rows[right], SAME_TITLE, TITLE_ONLY)]
    works = others.groupby("title").agg(
        first=("group", "min"), last=("group", "max"), early=("year", "min"), late=("year", "max")
    )
    none = (
        bare.loc[~bare["title"].isin(others["title"])]
        .groupby("title")
        .agg(first=("group", "min"), early=("year", "min"), late=("year", "max"))
    )
    spans = (none["late"] - none["early"]).fillna(0) <= YEARS_APART
    targets = pd.concat([works.loc[works["first"] == works["last"]], none[spans.astype(bool)]])
    joined = bare.merge(targets[["first", "early", "late"]], left_on="title", right_index=True)
    agree = (joined["year"] >= joined["early"] - YEARS_APART) & (joined["year"] <= joined["late"] + YEARS_APART)
    joined = joined[agree.fillna(value=True).astype(bool) & (joined.index != joined["first"])]
    links.append(make_links(joined.index.to_numpy(), joined["first"].to_numpy(), SAME_TITLE, TITLE_ONLY))
    return pd.concat(links, ignore_index=True)


def _bare_works(member: pd.DataFrame) -> pd.DataFrame:
    """Works with an abstract and no list: the only group of their title that has one joins them."""
    groups = (
        member[member["listed"] | member["anchored"]]
        .groupby(["title", "group"], as_index=False)
        .agg(listed=("listed", "any"), anchored=("anchored", "any"), early=("year", "min"), late=("year", "max"))
    )
    pairs = groups[groups["title"].map(groups["title"].value_counts()) == 2]
    work, lists = pairs[pairs["anchored"] & ~pairs["listed"]], pairs[~pairs["anchored"]]
    both = work.merge(lists, on="title", suffixes=("", "_other"))
    apart = (both["early"] - both["late_other"] > YEARS_APART) | (both["early_other"] - both["late"] > YEARS_APART)
    both = both[~apart.fillna(value=False).astype(bool)]
    return make_links(both["group"].to_numpy(), both["group_other"].to_numpy(), SAME_TITLE, TITLE_ONLY)
