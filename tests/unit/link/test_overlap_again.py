"""Pairs of texts of which most were compared before are those that are found when all are compared."""

import random
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link import overlap, overlap_again
from pipeline.link.components import Ints
from pipeline.link.numbers import Hashes
from pipeline.link.overlap import overlaps
from pipeline.link.overlap_again import Before, Held, overlaps_again

Text = list[int]


def dealt(texts: dict[int, Text], numbers: list[int]) -> Iterator[tuple[Hashes, Ints]]:
    """The shingles of texts, which have numbers in the order of their names."""
    for number, name in enumerate(numbers):
        hashes = np.array(texts[name], dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        yield hashes, np.full(len(hashes), number, dtype=np.int64)


def again(now: dict[int, Text], then: dict[int, Text]) -> overlap.Overlaps | None:
    """The pairs of ``now``, from those of ``then``; a text that is another one has another name."""
    names, names_then = sorted(now), sorted(then)

    def picked(places: Callable[[Hashes], Ints]) -> Iterator[tuple[Hashes, Ints]]:
        for hashes, text in dealt(now, names):
            at = places(hashes)
            yield hashes[at], text[at]

    def of_texts(asked: Ints) -> Iterator[tuple[Hashes, Ints]]:
        return (some for some in dealt(now, names) if np.isin(some[1], asked).all())

    was = np.array([names_then.index(name) if name in then else -1 for name in names], dtype=np.int64)
    gone = [number for number, name in enumerate(names_then) if name not in now]
    lost = (some for some in dealt(then, names_then) if np.isin(some[1], gone).all())
    found = overlaps(dealt(then, names_then), len(then))
    return overlaps_again(Held(picked, of_texts), Before(was, found, lost))


def text(dice: random.Random) -> Text:
    """Phrases that many texts have, those that a few have, and words of its own."""
    found = [phrase * 100 + n for phrase in dice.sample(range(6), dice.randint(0, 3)) for n in range(12)]
    found += [(10 + dice.randrange(12)) * 100 + n for n in range(dice.choice((0, 10, 20)))]
    return found + [dice.randrange(10**6, 10**9) for _ in range(dice.randint(0, 6))]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap_again, "_WORTH_IT", 1.0)


@pytest.mark.parametrize("most", [4, 8, 40])
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), size=st.integers(17, 32), lost=st.integers(0, 3), new=st.integers(0, 3))
def test_what_changes_is_enough(most: int, seed: int, size: int, lost: int, new: int) -> None:
    dice = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlap, "MOST_TEXTS", most)
        patch.setattr(overlap_again, "MOST_TEXTS", most)
        names = dice.sample(range(1000), size + new)
        every = {name: text(dice) for name in names}
        then = {name: every[name] for name in names[:size]}
        now = {name: every[name] for name in names[lost:]}
        found, whole = again(now, then), overlaps(dealt(now, sorted(now)), len(now))
    if found is None:
        assert overlap.bits_of(len(now)) != overlap.bits_of(len(then))
        return
    pd.testing.assert_frame_equal(found.pairs, whole.pairs)
    assert found.every.tolist() == whole.every.tolist()
    assert found.phrases.tolist() == whole.phrases.tolist()


def test_where_most_is_new_all_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overlap_again, "_WORTH_IT", 0.1)
    then = {name: [name * 100 + n for n in range(20)] for name in range(20)}
    assert again({**then, 30: [1], 31: [2], 32: [3]}, then) is None
    assert again({**then, 30: [1]}, then) is not None
