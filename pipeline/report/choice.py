"""Which repairs the page shows one by one, chosen for all its parts at once, so that their lines are read once."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.report.material import Material, tally
from pipeline.report.words import Word, words

_EXAMPLES: Final = 3  # of each kind, channel and certainty
_ALL_EXAMPLES: Final = 45
_LEFT: Final = 30
_UNSURE: Final = 15


@dataclass(frozen=True)
class Chosen:
    """A repair in its word, and how many there are of it."""

    word: Word
    times: int


@dataclass(frozen=True)
class Choice:
    """The repairs that the page shows: frequent mends, places left undecided, and the mends that are least sure."""

    examples: tuple[Chosen, ...]
    left: tuple[Chosen, ...]
    unsure: tuple[Chosen, ...]


def choose(made_of: Material) -> Choice:
    """Choose, and find the words."""
    rows = made_of["text_repairs"].reset_index(drop=True)
    parts = [_examples(rows), _left(rows), _unsure(rows)]
    wanted = sorted({number for part in parts for number in part})
    found = words(rows, wanted, made_of.lines) if wanted else {}
    return Choice(*(tuple(Chosen(found[n], times) for n, times in part.items() if n in found) for part in parts))


def _examples(rows: pd.DataFrame) -> dict[int, int]:
    """Row numbers and counts: the most frequent of each kind, channel and certainty, large groups first."""
    counts = tally(rows, "kind", "codec", "certainty", "before", "after")
    counts = counts[counts["certainty"] != "unresolved"]
    groups = counts.groupby(["kind", "codec", "certainty"], dropna=False, sort=False)
    chosen = counts.assign(of=groups["count"].transform("sum"))[groups.cumcount() < _EXAMPLES]
    chosen = chosen.sort_values(["of", "kind", "codec", "certainty", "count", "first"],
                                ascending=[False, True, True, True, False, True])  # fmt: skip
    return _by_number(chosen.head(_ALL_EXAMPLES))


def _left(rows: pd.DataFrame) -> dict[int, int]:
    """The most frequent undecided places; the evidence names the likeliest word, so that it tells words apart."""
    left = rows[rows["certainty"] == "unresolved"]
    counts = tally(left, "before", "evidence").head(_LEFT)
    return _by_number(counts.assign(first=left.index[counts["first"].astype("int64").to_numpy()]))


def _unsure(rows: pd.DataFrame) -> dict[int, int]:
    """The inferred mends of the lowest confidence, each word once."""
    inferred = rows[rows["certainty"] == "inferred"]
    counts = tally(inferred, "before", "after", "evidence", "confidence").sort_values(["confidence", "first"])
    counts = counts.head(_UNSURE)
    return _by_number(counts.assign(first=inferred.index[counts["first"].astype("int64").to_numpy()]))


def _by_number(counts: pd.DataFrame) -> dict[int, int]:
    return {int(number): int(count) for number, count in zip(counts["first"], counts["count"], strict=True)}
