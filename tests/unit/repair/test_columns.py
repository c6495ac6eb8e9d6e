"""Words as columns of code points say what the words say as strings."""

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.columns import Cuts, Texts

RUN = re.compile("[^\x00-\x7f]+")
WORDS = st.lists(st.text("abé€😀\ud83d\ude00ÃŁ", min_size=1, max_size=6), max_size=8)


@settings(deadline=None)
@given(WORDS)
def test_texts_come_back(words: list[str]) -> None:
    texts = Texts.of(words)
    assert texts.strings() == words
    assert [texts.some(first, first + 2).strings() for first in range(len(words))] == [
        words[first : first + 2] for first in range(len(words))
    ]


@settings(deadline=None)
@given(WORDS)
def test_words_are_cut_at_their_runs(words: list[str]) -> None:
    cuts = Cuts.of(words)
    assert [cuts.runs[number] for number in cuts.number.tolist()] == [tuple(RUN.findall(word)) for word in words]
    assert len(set(cuts.runs)) == len(cuts.runs)
    assert cuts.whole.tolist() == [RUN.fullmatch(word) is not None for word in words]


@settings(deadline=None)
@given(WORDS.filter(bool))
def test_words_are_filled_with_other_runs(words: list[str]) -> None:
    cuts = Cuts.of(words)
    pool = [part for runs in cuts.runs for part in (f"<{run}>" for run in runs)]
    firsts = [sum(map(len, cuts.runs[:number])) for number in range(len(cuts.runs))]
    every = [*range(len(words))] * 2
    parts = [-1] * len(words) + [firsts[number] for number in cuts.number.tolist()]
    filled = cuts.filled(np.array(every), np.array(parts), pool)
    assert filled.strings() == [*words, *(RUN.sub(lambda run: f"<{run[0]}>", word) for word in words)]
