"""A damaged name as a pattern of what it can have been, and the undamaged names that fit it.

Only for suggesting pairs: the letters that are lost stay lost, so nothing is merged here.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from pipeline.link.fold import fold_name

# More undamaged names than this in one block, or fitting one pattern, say nothing about any of them.
LARGEST_BLOCK: Final = 200
MOST_FITS: Final = 5
ENDS: Final = ["family_how", "family_end", "given_how", "given_end"]
"""What a block of names has in common."""
_LOST, _KEPT = "lost", "kept"


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN ")


def _is_foreign(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" and not _is_latin(character)


def segments(text: str) -> list[tuple[str, str]]:
    """Runs of damaged and of undamaged characters: ("lost", the run) and ("kept", its folded letters).

    Letters of another script, or replacement characters, among Latin letters are the damage alone. Otherwise every
    accented letter or sign may belong to it. A question mark is what some writers put for a lost letter.
    """
    characters = unicodedata.normalize("NFC", text)
    beyond = {c for c in characters if not c.isascii() and not c.isspace()}
    strange = {c for c in characters if c in "?\ufffd" or (c in beyond and _is_foreign(c))}
    signs = {c for c in beyond - strange if not _is_latin(c)}
    lost = strange if strange and not signs else beyond | strange
    runs: list[tuple[str, str]] = []
    for character in characters:
        kind, piece = (_LOST, character) if character in lost else (_KEPT, fold_name(character))
        if runs and piece and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + piece)
        elif piece:
            runs.append((kind, piece))
    return runs


def pattern(runs: list[tuple[str, str]]) -> str:
    """A regular expression for the folded names that the runs can have been.

    A letter leaves one to two damaged characters and folds to one or two letters.
    """
    return "".join(re.escape(piece) if kind == _KEPT else f"\\w{{1,{len(piece) + 1}}}" for kind, piece in runs)


def _handle(runs: list[tuple[str, str]]) -> tuple[str, str] | None:
    """What to look a part up by: the whole of it when undamaged, else two letters of an undamaged end."""
    if all(kind == _KEPT for kind, _ in runs):
        return "whole", "".join(piece for _, piece in runs)
    for how, (kind, piece), end in (("start", runs[0], slice(None, 2)), ("end", runs[-1], slice(-2, None))):
        if kind == _KEPT and len(piece) >= 2:
            return how, piece[end]
    return None


def _look_up(values: pd.Series, how: str) -> pd.Series:
    return values if how == "whole" else values.str[:2] if how == "start" else values.str[-2:]


def fitting(people: pd.DataFrame, asked: pd.DataFrame | None = None) -> pd.DataFrame:
    """Pairs of a damaged and an undamaged name that fits its remaining letters: ``left``, ``right``, ``fits``.

    ``people`` has ``family``, ``given``, ``folded_family``, ``folded_given`` and ``damaged``; ``left`` and ``right``
    are labels of its index; ``fits`` is how many undamaged names fit. At least one part must show an undamaged end.
    ``asked`` are the ``handles`` of the damaged ones, or those of them that are to be looked at.
    """
    sound = people.loc[~people["damaged"], ["folded_family", "folded_given"]]
    asked = handles(people[people["damaged"]]) if asked is None else asked
    found = []
    for keys in looked_up(sound, asked):
        keys["size"] = keys.groupby(ENDS)["right"].transform("size")
        found.append(asked.merge(keys[keys["size"] <= LARGEST_BLOCK], on=ENDS))
    pairs = pd.concat(found) if found else pd.DataFrame({"left": [], "right": [], "pattern": []})
    names = sound["folded_family"] + "|" + sound["folded_given"]
    wanted = zip(pairs["pattern"], names.loc[pairs["right"]], strict=True)
    fit = [re.fullmatch(lost_letters, name) is not None for lost_letters, name in wanted]
    pairs = pairs.loc[fit, ["left", "right"]].astype("int64")
    pairs["fits"] = pairs.groupby("left")["right"].transform("size")
    return pairs[pairs["fits"] <= MOST_FITS]


def looked_up(sound: pd.DataFrame, asked: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Undamaged names with the ends that are asked for: ``right``, the label of the name, and the ends."""
    for (family_how, given_how), group in asked.groupby(["family_how", "given_how"]):
        family = _look_up(sound["folded_family"], str(family_how))
        some = sound[family.isin(group["family_end"])]
        keys = pd.DataFrame(
            {
                "right": some.index,
                "family_how": family_how,
                "family_end": family[some.index].to_numpy(),
                "given_how": given_how,
                "given_end": _look_up(some["folded_given"], str(given_how)).to_numpy(),
            }
        )
        yield keys.merge(group[["family_end", "given_end"]].drop_duplicates(), on=["family_end", "given_end"])


def few_fit(asked: pd.DataFrame, parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Those of the ``handles`` whose block is not too large among undamaged names, of which some come at a time."""
    counts = [keys.groupby(ENDS).size() for sound in parts for keys in looked_up(sound, asked)]
    if not counts:
        return asked
    size = pd.concat(counts).groupby(level=ENDS).sum()
    few = size[size <= LARGEST_BLOCK].index
    return asked[pd.MultiIndex.from_frame(asked[ENDS]).isin(few)]


def handles(damaged: pd.DataFrame) -> pd.DataFrame:
    """What each damaged name, ``left``, is looked up by: an end of both parts; and the ``pattern`` of the name."""
    rows = []
    for left, family, given in zip(damaged.index, damaged["family"], damaged["given"].fillna(""), strict=True):
        parts = segments(family), segments(given)
        ends = [_handle(runs) for runs in parts]
        if ends[0] is not None and ends[1] is not None:
            rows.append((left, *ends[0], *ends[1], pattern(parts[0]) + r"\|" + pattern(parts[1])))
    return pd.DataFrame(rows, columns=["left", "family_how", "family_end", "given_how", "given_end", "pattern"])
