"""What files tell one another: which words they have, what they ask for, and who is answered what."""

import random
import re
from collections.abc import Mapping
from functools import reduce
from itertools import compress

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended, Repair, mend_file
from pipeline.repair.letters import lowered
from pipeline.repair.tables import word_rows
from pipeline.repair.twins import FileWords, file_words, shape_of, twins_of
from schemas.registry import KEPT


def dropped(text: str) -> str:
    """UTF-8 read as Thai, without control characters."""
    return "".join(c for c in text.encode().decode("iso8859-11", "replace") if not "\x80" <= c <= "\x9f")


def answers(files: Mapping[str, FileWords]) -> list[tuple[str, str, str]]:
    frames = [KEPT["file_words"].joined([word_rows(path, words)]) for path, words in files.items()]
    return list(twins_of(lambda _: frames).itertuples(index=False, name=None))


def has(*words: str) -> FileWords:
    return FileWords([shape_of(word) for word in words], [*words], [False] * len(words))


def asks(shape: str) -> FileWords:
    return FileWords([shape], [None], [True])


def both(one: FileWords, other: FileWords) -> FileWords:
    return FileWords(one.shape + other.shape, one.word + other.word, one.damaged + other.damaged)


@pytest.mark.parametrize("line", ["\ue000 {}, Ana", "{}, Ana\ue000\ue000", "{}\ue000a, Ana"])
def test_signs_of_private_use_in_a_text_are_no_open_places(line: str) -> None:
    found = file_words(mend_file([line.format(dropped("Mołdrzyk"))]))
    assert [*compress(found.shape, found.damaged)] in ([], ["mo?drzyk"])


def test_a_file_has_its_undamaged_words_and_asks_for_its_open_ones() -> None:
    lines = mend_file(["Škvorecký, Josef", f"{dropped('Mołdrzyk')}, Ana", "Ein Café, naïve"])
    assert file_words(lines) == both(has("café", "naïve", "škvorecký"), asks("mo?drzyk"))
    assert file_words(lines).shape == ["caf?", "na?ve", "?kvoreck?", "mo?drzyk"]


def test_a_word_that_was_read_asks_for_nothing_and_helps_nobody() -> None:
    mended = mend_file(["Wฤ torek, Marcin"])
    assert mended[0].text == "Wątorek, Marcin"
    assert file_words(mended) == has()


def test_a_word_asks_with_and_without_what_stands_behind_its_space() -> None:
    left = Repair(1, 2, "à", "à", "mojibake", "utf-8>iso8859-11", "unresolved", 0.4, ("ą", "ę"), "")
    assert file_words([Mended("Kàmski", (left,))]).shape == ["k?mski"]
    left = Repair(4, 5, "à", "à", "mojibake", "utf-8>iso8859-11", "unresolved", 0.4, ("ą", "ę"), "")
    assert file_words([Mended("Kamsà ki", (left,))]).shape == ["kams?", "kams?ki"]


def test_words_that_fit_anything_are_neither_offered_nor_asked_for() -> None:
    assert file_words(mend_file(["Łódź, Привет, 東京, Ño"])) == has()


def test_the_first_other_file_answers_and_the_file_itself_never_does() -> None:
    files = {"a": asks("mo?drzyk"), "c": has("mołdrzyk"), "b": has("mołdrzyk", "kočka"), "d": has("mołdrzyk")}
    assert answers(files) == [("a", "mołdrzyk", "b")]
    assert answers({"a": both(asks("mo?drzyk"), has("mołdrzyk"))}) == []
    assert answers({"a": both(asks("mo?drzyk"), has("mołdrzyk")), "b": has("mołdrzyk")}) == [("a", "mołdrzyk", "b")]


def test_every_word_of_the_shape_is_an_answer() -> None:
    files = {"a": asks("m?ller"), "b": has("müller"), "c": has("möller")}
    assert answers(files) == [("a", "möller", "c"), ("a", "müller", "b")]


def test_a_shape_of_very_many_words_says_nothing() -> None:
    many = [f"xx{char}yy" for char in "áàâäãåāăąéèêëēėęěíì"]
    assert answers({"a": asks("xx?yy"), "b": has(*many)}) == []
    assert len(answers({"a": asks("xx?yy"), "b": has(*many[:10])})) == 10


WORDS = st.sampled_from(["müller", "möller", "mołdrzyk", "café", "cafë"])


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.lists(WORDS), st.lists(WORDS))),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_answers_do_not_depend_on_the_order_of_files(
    drawn: dict[str, tuple[list[str], list[str]]], dice: random.Random
) -> None:
    files = {
        path: reduce(both, [asks(shape_of(word)) for word in lost], has(*have)) for path, (have, lost) in drawn.items()
    }
    shuffled = list(files.items())
    dice.shuffle(shuffled)
    assert answers(dict(shuffled)) == answers(files)


@pytest.mark.parametrize("name", ["Mołdrzyk", "Çuvalğan"])
def test_what_is_answered_mends_the_word_and_the_evidence_names_the_file(name: str) -> None:
    files = {"new.txt": [f"{dropped(name)}, Ana"], "old.txt": [f"{name}, Eva"]}
    words = KEPT["file_words"].joined([word_rows(path, file_words(mend_file(files[path]))) for path in files])
    twins = twins_of(lambda _: [words])
    assert set(twins["path"]) == {"new.txt"}
    (line,) = mend_file(files["new.txt"], dict(zip(twins["word"], twins["seen_in"], strict=True)))
    assert line.text == f"{name}, Ana"
    assert line.repairs[-1].evidence.endswith("stands undamaged in old.txt")


def test_no_files_have_no_twins() -> None:
    assert isinstance(twins_of(lambda _: []), pd.DataFrame)
    assert twins_of(lambda _: []).empty


@given(st.lists(st.text("abzİıŞçé\u212a²½٣  ,’\n_𝐀日Ж", max_size=60), max_size=4))
@settings(max_examples=60, deadline=None)
def test_the_words_of_a_file_are_those_that_a_look_at_each_tells(texts: list[str]) -> None:
    def in_ascii(text: str) -> int:
        return sum(map(str.isascii, text))

    runs = [run for text in texts for run in re.split("[\x00- ]+", text) if in_ascii(run) > 1]
    words = [word for run in runs for word in re.findall(r"[^\W\d_]{4,}", run) if not word.isascii()]
    found = file_words([Mended(text) for text in texts])
    assert found.word == sorted({lowered(word) for word in words if in_ascii(lowered(word)) > 1})
