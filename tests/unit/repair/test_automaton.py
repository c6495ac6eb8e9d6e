"""All codecs at once: none is missed that the shape of a word allows, nor given up while a word can still go on."""

from itertools import compress

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.automaton import yielding
from pipeline.repair.channels import CODECS, Codec
from pipeline.repair.gaps import parsed

_CHARS = "aZ ?\ufffdÃÅÄÑÐàâðé¤±¶\x80\x9f\xa0เธลРОґΓλ’”ŁćשÇ漢"
words = st.text(st.sampled_from(_CHARS) | st.characters(max_codepoint=0x2100), max_size=8)
read = st.builds(
    lambda text, codec, kept: "".join([codec.table[byte] for byte in compress(text.encode(), kept)]),
    st.text(st.characters(categories=["L"]), max_size=4),
    st.sampled_from([codec for codec in CODECS if not codec.multibyte]),
    st.lists(st.booleans(), min_size=16, max_size=16),
)


def _codecs(bits: int) -> set[Codec]:
    return {codec for place, codec in enumerate(CODECS) if bits >> place & 1}


@settings(deadline=None)  # the shapes of all codecs are made by the first word
@given(words | read)
def test_no_codec_is_missed_that_explains_a_word(word: str) -> None:
    explaining = {codec for codec in CODECS if not codec.multibyte and parsed(word, codec) is not None}
    assert explaining <= _codecs(yielding(word)[0])


@given(words | read, st.integers(0, 8))
def test_what_cannot_begin_a_word_is_no_beginning_of_one(word: str, length: int) -> None:
    assert _codecs(yielding(word)[0]) <= _codecs(yielding(word)[1]) <= _codecs(yielding(word[:length])[1])


def test_genuine_words_are_given_up() -> None:
    assert [yielding(word)[1] for word in ("Façade", "한국어", "Москва")] == [0, 0, 0]
