"""Pairs of names that may be one person's, each with its reason and how strong that is.

Nothing is compared with everything: candidates meet in blocks (a family name and a piece of a given name), and a block
so large that a likeness in it says nothing is left out. Not here: what given names have in common (``likeness``), and
which pairs are one person (``people``).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.link.blocks import People
from pipeline.link.components import Ints
from pipeline.link.damaged import fitting
from pipeline.link.fold import arrow_array, fold_name, transliterate
from pipeline.link.likeness import given_likeness, nicknames
from pipeline.link.numbers import among, coded, distinct, spread

# People of one family and first name, who become one only where a co-author says so.
LARGEST_NAMESAKES: Final = 200
# Estimates in the order that trials with curated identities gave; for review, not probabilities.
SWAPPED, SCRIPT, DAMAGED, ELSEWHERE, SUFFIX, COMPOUND, TYPO = 0.8, 0.7, 0.7, 0.6, 0.6, 0.5, 0.3
REMAINING_LETTERS: Final = "remaining letters of a damaged name agree"
ONE_LETTER: Final = "one letter differs"
# Shorter names differ in one letter too often.
_LEAST_TYPO: Final = 6
_LEAST_BESIDE: Final = 4
LEAST_PART: Final = 3
_PAIRS_AT_ONCE: Final = 1 << 16
NOBODY: Final = np.empty(0, np.int64)
_BETWEEN_PARTS: Final = r"[-\s\pZ\x1c-\x1f\x85]"  # what Python splits at, and hyphens


@dataclass(frozen=True)
class Found:
    """Pairs, as ``blocks`` has them, with one reason and how strong it is."""

    pairs: Ints
    reason: str
    score: float


def candidates(people: pd.DataFrame) -> pd.DataFrame:
    """Pairs ``left`` < ``right`` (positions in ``people``), each once, with its strongest ``reason`` and ``score``.

    ``people`` has ``kind``, ``family``, ``given``, ``suffix`` (lower case, "" for none), ``folded_family``,
    ``folded_given`` and ``damaged``, and a plain index; only persons are paired. Two suffixes that differ speak against
    a pair; one that is missing does not.
    """
    names = People.of(people)
    searches = [search for some in SEARCHES.values() for search in some]
    return strongest([*_searched(names, searches), *damaged(people)], names.size)


def searched(people: pd.DataFrame, key: str, rows: Ints, size: int) -> Iterator[Found]:
    """What the ``SEARCHES`` by one key find among some names, which are at ``rows`` of all ``size``, in order."""
    names = People.of(people)
    for one in _searched(names, SEARCHES[key]):
        left, right = np.divmod(one.pairs, max(1, names.size))
        yield replace(one, pairs=rows[left] * size + rows[right])


def _searched(names: People, searches: Iterable[Callable[[People], Iterable[Found]]]) -> Iterator[Found]:
    """What searches find, without pairs whose suffixes differ."""
    for one in (one for search in searches for one in search(names)):
        ends = [names.suffix[end] for end in np.divmod(one.pairs, max(1, names.size))]
        yield replace(one, pairs=one.pairs[(ends[0] == ends[1]) | (ends[0] == 0) | (ends[1] == 0)])


def strongest(found: Iterable[Found], size: int) -> pd.DataFrame:
    """The pairs that were found among ``size`` names, each once, as ``candidates`` gives them."""
    found = sorted(found, key=lambda one: (-one.score, one.reason))
    pairs, first = np.unique(np.concatenate([NOBODY, *(one.pairs for one in found)]), return_index=True)
    why = np.repeat(np.arange(len(found)), [len(one.pairs) for one in found])[first]
    left, right = np.divmod(pairs, max(1, size))
    reasons = np.array([one.reason for one in found], dtype=object)[why]
    scores = np.array([one.score for one in found], dtype=np.float64)[why]
    return pd.DataFrame({"left": left, "right": right, "reason": pd.Series(reasons, dtype=object), "score": scores})


def _given_names(people: People) -> Iterator[Found]:
    """Pairs of one family name whose given names are alike."""
    given, rows = people.printed, people.sound[people.printed.first[people.sound] >= 0]
    family, first = people.family[rows], given.first[rows]
    whole, name = given.every(rows)
    long = (np.asarray(pc.utf8_length(given.names)) >= LEAST_PART)[name]
    called, full = _called(given.names, first)
    initials = people.meeting(rows, family, given.begins(1)[rows])
    single = np.array([bool(names) and len(names[0]) == 1 for names in given.lists], dtype=bool)[given.code]
    initials = initials[single[initials // people.size] | single[initials % people.size]]
    near = [
        people.meeting(rows, family, given.begins(3)[rows]),
        people.meeting(whole[long], people.family[whole[long]], name[long]),
        people.meeting(rows[called], family[called], full),
        people.meeting(rows, family, first, largest=LARGEST_NAMESAKES),
    ]
    return _alike(people, distinct(np.concatenate([initials, *near])))


def _called(names: pa.Array, first: Ints) -> tuple[Ints, Ints]:
    """Positions in ``first``, numbers of ``names``, each with the number of a name in full that it may stand for."""
    known: dict[str, int] = {}
    full = [[known.setdefault(name, len(known)) for name in nicknames().get(one, ())] for one in names.to_pylist()]
    sizes = np.array([len(some) for some in full], dtype=np.int64)
    flat = np.array([one for some in full for one in some], dtype=np.int64)
    owner, at = spread((np.cumsum(sizes) - sizes)[first], sizes[first])
    return owner, flat[at]


def _alike(people: People, pairs: Ints) -> Iterator[Found]:
    """Those of the pairs whose given names are alike, which is asked once of the same given names."""
    code, lists = people.printed.code, people.printed.lists
    names = code[pairs // people.size] * len(lists) + code[pairs % people.size]
    asked, place = np.unique(names, return_inverse=True)
    likeness: dict[tuple[str, float] | None, int] = {None: 0}
    ends = zip((asked // len(lists)).tolist(), (asked % len(lists)).tolist(), strict=True)
    said = [likeness.setdefault(given_likeness(lists[one], lists[other]), len(likeness)) for one, other in ends]
    why = np.array(said, dtype=np.int64)[place]
    return (Found(pairs[why == number], *known) for known, number in likeness.items() if known is not None)


def _swapped(people: People) -> Iterator[Found]:
    """Pairs where the one's family name is the other's given name and the other way round."""
    rows = people.sound[people.letters[people.given[people.sound]] > 0]
    family, given = people.family[rows], people.given[rows]
    size = len(people.texts)
    rows = rows[among(family * size + given, distinct(given * size + family))]
    names = pd.DataFrame({"left": rows, "family": people.family[rows], "given": people.given[rows]})
    both = names.merge(names.set_axis(["right", "given", "family"], axis=1), on=["family", "given"])
    yield Found(_ordered(people, both["left"], both["right"]), "family and given name swapped", SWAPPED)


def _ordered(people: People, one: pd.Series, other: pd.Series) -> Ints:
    """Pairs from the two ends of each, without those of a name with itself."""
    ends = np.asarray(one, dtype=np.int64), np.asarray(other, dtype=np.int64)
    left, right = np.minimum(*ends), np.maximum(*ends)
    return distinct((left * people.size + right)[left < right])


def _elsewhere(people: People) -> Iterator[Found]:
    """Pairs with the same names in the same order, of which other ones are the family's."""
    rows = people.sound[people.letters[people.given[people.sound]] > 0]
    pairs = people.meeting(rows, _joined(people.texts, people.given[rows], people.family[rows]))
    unlike = people.family[pairs // people.size] != people.family[pairs % people.size]
    yield Found(pairs[unlike], "family name begins elsewhere", ELSEWHERE)


def _joined(texts: pa.Array, *codes: Ints) -> Ints:
    """Numbers that are equal where the texts of the codes are, one behind the other; -1 where those are empty."""
    joined = pc.binary_join_element_wise(*(texts.take(pa.array(code)) for code in codes), "")
    return coded(_series(pc.if_else(pc.equal(pc.binary_length(joined), 0), None, joined)))[0]


def _series(array: pa.Array) -> pd.Series:
    return pd.Series(pd.arrays.ArrowExtensionArray(array))


def _compound(people: People) -> Iterator[Found]:
    """Pairs of one given name where the one's family name is the first or the last part of the other's."""
    printed = arrow_array(people.frame["family"], pa.string())
    several = np.asarray(pc.match_substring_regex(printed, _BETWEEN_PARTS))[people.sound]
    rows = people.sound[several & (people.letters[people.given[people.sound]] >= LEAST_PART)]
    parts = [_parts(family) for family in printed.take(pa.array(rows)).to_pylist()]
    ends = [(row, names[end]) for row, names in zip(rows.tolist(), parts, strict=True) if names for end in (0, -1)]
    known = pc.index_in(pa.array([end for _, end in ends], pa.string()), value_set=people.texts)
    row = np.array([row for row, _ in ends], dtype=np.int64)
    compound = pd.DataFrame({"row": row, "family": pc.fill_null(known, -1).to_numpy(), "given": people.given[row]})
    whole = people.sound[among(people.family[people.sound], distinct(compound["family"].to_numpy(dtype=np.int64)))]
    simple = pd.DataFrame({"other": whole, "family": people.family[whole], "given": people.given[whole]})
    both = compound.merge(simple, on=["family", "given"])
    yield Found(_ordered(people, both["row"], both["other"]), "part of a compound family name", COMPOUND)


def _parts(family: str) -> list[str]:
    """The folded parts of a compound family name; none of one that cannot be compound."""
    parts = family.replace("-", " ").split()
    found = [folded for part in parts if len(folded := fold_name(part)) >= LEAST_PART] if len(parts) > 1 else []
    return found if len(found) > 1 else []


def _suffixed(people: People) -> Iterator[Found]:
    """Pairs with the same name but for a suffix."""
    name = people.name(people.sound)
    some = among(name, distinct(name[people.suffix[people.sound] > 0]))
    yield Found(people.meeting(people.sound[some], name[some]), "same name without suffix", SUFFIX)


def _other_script(people: People) -> Iterator[Found]:
    """Pairs with the same name in another script."""
    beyond = pc.invert(pc.string_is_ascii(people.texts))
    foreign = np.asarray(beyond)[people.family] | np.asarray(beyond)[people.given]
    if foreign[people.sound].any():
        latin = [transliterate(text) for text in people.texts.filter(beyond).to_pylist()]
        texts = pc.replace_with_mask(people.texts, beyond, pa.array(latin, pa.string()))
        name = _joined(texts, people.family[people.sound], people.given[people.sound])
        pairs = people.meeting(people.sound, name)
        mixed = foreign[pairs // people.size] != foreign[pairs % people.size]
        yield Found(pairs[mixed], "same name in another script", SCRIPT)


def _typing_errors_in_family(people: People) -> Iterator[Found]:
    return _typing_errors(people, people.given, people.family)


def _typing_errors_in_given(people: People) -> Iterator[Found]:
    return _typing_errors(people, people.family, people.given)


def _typing_errors(people: People, same: Ints, other: Ints) -> Iterator[Found]:
    """Pairs of which the one part is the same and the other, a long one, differs in one letter or two swapped ones."""
    long = (people.letters[other] >= _LEAST_TYPO) & (people.letters[same] >= _LEAST_BESIDE)
    rows = people.sound[long[people.sound]]
    ends = [_coded_slices(people.texts, *end) for end in ((0, 3), (-3, None))]
    pairs = distinct(np.concatenate([people.meeting(rows, same[rows], end[other[rows]]) for end in ends]))
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[start : start + _PAIRS_AT_ONCE]
        ends_of = some // people.size, some % people.size
        names = [people.texts.take(pa.array(other[end])).to_pylist() for end in ends_of]
        one = process.cpdist(*names, scorer=OSA.distance, score_cutoff=1, workers=1) == 1
        yield Found(some[one], ONE_LETTER, TYPO)


def _coded_slices(texts: pa.Array, start: int, stop: int | None) -> Ints:
    return np.asarray(pc.utf8_slice_codeunits(texts, start, stop).dictionary_encode().indices, dtype=np.int64)


def damaged(people: pd.DataFrame) -> Iterator[Found]:
    """Pairs of a damaged name and an undamaged one that fits its remaining letters; weaker when several fit."""
    pairs = fitting(people[(people["kind"] == "person").to_numpy(dtype=bool)])
    return fitted(people, pairs, np.arange(len(people)), len(people))


def fitted(people: pd.DataFrame, pairs: pd.DataFrame, rows: Ints, size: int) -> Iterator[Found]:
    """The pairs that are ``fitting`` among some names, which are at ``rows`` of all ``size``, in order."""
    suffix = people["suffix"].to_numpy(dtype=object)
    for fits in distinct(pairs["fits"].to_numpy(dtype=np.int64)).tolist():
        some = pairs[pairs["fits"] == fits]
        left, right = (some[side].to_numpy(dtype=np.int64) for side in ("left", "right"))
        kept = (suffix[left] == suffix[right]) | (suffix[left] == "") | (suffix[right] == "")
        ends = rows[left[kept]], rows[right[kept]]
        found = distinct(np.minimum(*ends) * size + np.maximum(*ends))
        yield Found(found, REMAINING_LETTERS, DAMAGED / fits)


FAMILY, GIVEN, LETTERS, LATIN = "family", "given", "letters", "latin"
SEARCHES: Final[dict[str, tuple[Callable[[People], Iterable[Found]], ...]]] = {
    FAMILY: (_given_names, _suffixed, _typing_errors_in_given),
    GIVEN: (_compound, _typing_errors_in_family),
    LETTERS: (_swapped, _elsewhere),
    LATIN: (_other_script,),
}
"""What is looked for among names that have something in common: a family name, a given name, or all letters."""
