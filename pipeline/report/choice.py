"""Which repairs the page shows one by one, chosen for all its parts at once, so that their lines are read once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.report.gathering import PLACE
from pipeline.report.material import Material
from pipeline.report.words import Place, Word, words

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
    # Of undecided places the evidence names the likeliest word, so that it tells words apart.
    parts = [_examples(made_of["examples"]), made_of["left"].head(_LEFT), made_of["unsure"].head(_UNSURE)]
    found = words(pd.concat([part[list(PLACE)] for part in parts]), made_of.at)
    return Choice(*(tuple(_chosen(part, found)) for part in parts))


def _examples(counts: pd.DataFrame) -> pd.DataFrame:
    """The most frequent of each kind, channel and certainty, large groups first."""
    groups = counts.groupby(["kind", "codec", "certainty"], dropna=False, sort=False)
    chosen = counts.assign(of=groups["count"].transform("sum"))[groups.cumcount() < _EXAMPLES]
    chosen = chosen.sort_values(["of", "kind", "codec", "certainty", "count", "first"],
                                ascending=[False, True, True, True, False, True])  # fmt: skip
    return chosen.head(_ALL_EXAMPLES)


def _chosen(counts: pd.DataFrame, found: Mapping[Place, Word]) -> Iterator[Chosen]:
    for count, *place in counts[["count", *PLACE]].itertuples(index=False, name=None):
        word = found.get((str(place[0]), int(place[1]), int(place[2])))
        if word is not None:
            yield Chosen(word, int(count))
