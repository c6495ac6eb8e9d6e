import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.link.overlap import LEAST_SHARED, MOST_TEXTS, overlapping, similar_texts
from pipeline.link.shingles import numbered, record_shingles, words_of
from pipeline.spill import DiskShelf
from schemas.arrow import to_frame

KELP, MOSS = (" ".join(f"{subject}{n}" for n in range(60)) for subject in ("kelp", "moss"))


def cut(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


@pytest.mark.parametrize(
    ("one", "other", "containment"),
    [
        (KELP, cut(KELP, 20), 1.0),
        (KELP, f"{KELP} {MOSS}", 1.0),
        (cut(KELP, 30), f"{cut(KELP, 20)} {cut(MOSS, 10)}", 16 / 26),
        (KELP, MOSS, None),
        (KELP, cut(KELP, 5 + LEAST_SHARED - 1), 1.0),
        (KELP, cut(KELP, 5 + LEAST_SHARED - 2), None),
        (f"{cut(KELP, 20)} {cut(MOSS, 40)}", f"{cut(KELP, 20)} {' '.join(f'ice{n}' for n in range(40))}", None),
    ],
)
def test_containment_is_of_the_shorter(one: str, other: str, containment: float | None) -> None:
    found = similar_texts([one, "nothing to do with it", other])
    assert found["containment"].tolist() == ([] if containment is None else [pytest.approx(containment)])
    assert found[["left", "right"]].values.tolist() == ([] if containment is None else [[0, 2]])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A kelp for-\nest", "a Kelp forest."),
        (r"a \emph{kelp} forest", "A kelp forest"),
        ("na\u00efve \u201ckelp\u201d", "na\u00c3\u00afve kelp"),
        ("e\ufb03cient\u2014kelp", "efficient kelp"),
    ],
)
def test_copies_have_the_same_words(one: str, other: str) -> None:
    assert words_of(one).split() == words_of(other).split()


def test_characters_of_scripts_without_spaces_are_words() -> None:
    assert len(words_of("\u6d77\u85fb\u68ee\u6797").split()) == 4


def test_a_set_phrase_is_no_evidence() -> None:
    phrase = cut(KELP, 20)
    texts = [f"{phrase} {' '.join(f'w{n}x{i}' for i in range(12))}" for n in range(MOST_TEXTS + 1)]
    assert similar_texts(texts).empty
    assert len(similar_texts(texts[:2])) == 1


def test_a_paper_that_everybody_lists_is_still_one() -> None:
    texts = [f"{KELP} {n}" for n in range(MOST_TEXTS + 5)]
    found = similar_texts(texts)
    assert {*found["left"], *found["right"]} == set(range(len(texts)))


def like_texts() -> list[str]:
    """Texts with set phrases, and pieces of one another."""
    dice = random.Random(4)
    words = [f"w{n}" for n in range(400)]
    phrases = [" ".join(dice.choices(words, k=12)) for _ in range(3)]
    texts = []
    for _ in range(120):
        texts.append(f"{dice.choice(phrases)} {' '.join(dice.choices(words, k=dice.randrange(30)))}")
        texts.append(cut(f"{dice.choice(texts)} {dice.choice(texts)}", dice.randrange(12, 80)))
    return texts


def test_buckets_and_shelves_change_nothing(tmp_path: Path) -> None:
    texts = like_texts()
    found = similar_texts(texts)
    assert len(found) > 100
    with DiskShelf(tmp_path, in_memory=0) as shelf:
        pd.testing.assert_frame_equal(similar_texts(texts, shelf, texts_a_bucket=9), found)


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("aK ß\u212aＡéÉ\u0301\u2014\u2009\u00a0ﬁİ-\\"), max_size=30))
def test_few_and_many_characters_beyond_ascii_are_read_alike(text: str) -> None:
    """A text with few of them is read another way than one with many."""
    many = "".join(map(chr, range(0xE0, 0xF7)))
    padded = f"{text} {'9' * 99} {many}"  # digits: a letter would be joined with what is hyphenated before it
    assert words_of(f"{text} {'9' * 99}").split() == words_of(padded).split()


def test_shingles_that_were_kept_say_the_same() -> None:
    texts = like_texts()
    ids = pd.Series([f"r{number:016x}" for number in range(len(texts))], dtype=pd.ArrowDtype(pa.string()))
    column = pd.Series([*texts[:-1], None], dtype=pd.ArrowDtype(pa.string()))
    frame = pd.DataFrame({"record_id": ids, "abstract": column})
    mixed = frame.sample(frac=1, random_state=3)
    kept = [to_frame(record_shingles(part)) for part in (mixed.iloc[:90], mixed.iloc[90:90], mixed.iloc[90:])]
    looked_at = np.flatnonzero(np.arange(len(texts) - 1) % 5)  # not every record's text is
    number = np.full(len(texts), -1, dtype=np.int64)
    number[looked_at] = np.arange(len(looked_at))
    some = [texts[row] for row in looked_at]
    found = overlapping(numbered(kept, number, np.arange(len(texts), dtype=np.uint64)), len(some))
    pd.testing.assert_frame_equal(found, similar_texts(some))
    assert len(found) > 50
    with pytest.raises(ValueError, match="which is not there"):
        overlapping(numbered(kept, number[:-1], np.arange(5, dtype=np.uint64)), len(some))
