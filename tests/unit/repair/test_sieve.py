"""One look at all words at once misses no codec with which a run can be undone, nor a word that may go on."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair.automaton import hopeful, yielding
from pipeline.repair.channels import CODECS
from pipeline.repair.sieve import FEW, sifted
from pipeline.repair.undone import undone
from pipeline.repair.ways import RUN

_CHARS = "aZ\ufffdÃÅÄÑÐàâðéÊê¤±¶\x80\x9f\xa0เธลРОґΓλ’”—ŁćשÇ漢淩锟繁헿\u0304\U00020000\uffff\ud800"
words = st.text(
    st.sampled_from(_CHARS) | st.characters(min_codepoint=0x80, max_codepoint=0x2FF), min_size=1, max_size=8
)
read = st.builds(
    lambda head, text, place, tail: head + text.encode().decode(CODECS[place].name, "replace") + tail,
    st.sampled_from(["", "a", "Gö", "ł"]),
    st.text(st.characters(min_codepoint=0x80, categories=["L", "P", "S"]), min_size=1, max_size=4),
    st.integers(0, len(CODECS) - 1),
    st.sampled_from(["", "tz", "’s", "…"]),
)
LISTS = st.lists(words | read, min_size=FEW + 1, max_size=3 * FEW, unique=True)


@given(LISTS)
@settings(deadline=None, max_examples=80)
def test_no_codec_is_missed(some: list[str]) -> None:
    for word, bits in zip(some, sifted(some).tolist(), strict=True):
        able = {codec.name for place, codec in enumerate(CODECS) if bits >> place & 1}
        assert {chain[-1] for chain, _ in undone(tuple(RUN.findall(word)), ())} <= able


@given(LISTS)
@settings(deadline=None, max_examples=80)
def test_words_are_hopeful_as_they_are_one_by_one(some: list[str]) -> None:
    for word, bits in zip(some, hopeful(some).tolist(), strict=True):
        assert bits or not yielding(word)[1]


def test_genuine_words_are_passed_over_and_damaged_ones_are_not() -> None:
    genuine = [
        "Façade",
        "naïve",
        "한국어",
        "구제제",
        "Москва",
        "тест",
        "Αθήνα",
        "ภาษาไทย",
        "中文书",
        "שלום",
        "Łódź",
        "Öland",
    ]
    damaged = ["GÃ¶tz", "Tรณth", "Ã©tÃ©", "ĂŠtĂŠ"]
    many = [word + end for end in ("", "a", "b", "c") for word in genuine]
    found = sifted(many + damaged).tolist()
    assert all(found[len(many) :])
    assert sum(map(bool, found)) < len(damaged) + FEW
