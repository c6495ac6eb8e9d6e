"""Plain lists are read at a glance, and as the long way reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended
from pipeline.split.appendages import may_be_titled
from pipeline.split.names import listed, names_of, read_authors
from pipeline.split.passages import Passage
from pipeline.split.plain import plain_pairs
from pipeline.split.styles import PAIRS, style_of, usual_style
from pipeline.split.tokens import kind_of, plain_kind, tokens_of

TOKENS = st.sampled_from(
    [
        "Quellmalz",
        "Ö.",
        "Zoë",
        "van der Brak",
        "Ann Marie",
        "Okafor",
        "null",
        "Jr.",
        "et al.",
        "others",
        "und",
        "Fog and Dew",
        "Dew Consortium",
        "李",
        "李明",
        "王小",
        "O'Neil",
        "Ana P.",
        ":",
        "-",
        "",
        "NAKAHARU",
        "ba-da",
        "B",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(TOKENS, max_size=9), st.sampled_from([", ", ",", " , ", "; ", ",  "]), st.sampled_from(["", " "]))
def test_like_the_long_way(tokens, comma, edge):
    passage = Passage([Mended(edge + comma.join(tokens) + edge)])
    usual = usual_style([passage])
    style = style_of(passage, usual)
    found = tokens_of(passage, style.between)
    assert read_authors("r1", passage, usual) == listed("r1", passage, found, names_of(style, found))
    if plain_pairs(passage.text) is not None:
        assert style.name == usual == PAIRS


WORDS = st.sampled_from([
    "Ana", "Zoë", "Li", "de", "van", "O'Neil", "Ba-Da", "J.", "D.", "Ph", "Ph.", "Phd", "PhD", "phd", "Phil", "Psy",
    "Ed", "MD", "M.D.", "Dr", "Dr.", "Mr", "Mrs", "Jr", "Prof", "Prof.", "Professor", "By", "by", "And", "and", "Und",
    "et", "Et.", "al", "Al.", "Others", "Etal", "Null", "none", "II", "Sc", "MSc", "rer", "B.Sc", "Phd-X", "St",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4).map(" ".join))
def test_words_of_names_have_no_mark(text):
    if plain_kind(text) == "name":
        assert kind_of(text) == "name"
        assert not may_be_titled(text)


@pytest.mark.parametrize(
    "text", ["Quellmalz, Ö.", "van Brak, Zoë, Okafor, Ann Marie, Lund, B., O'Neil, Ana, Dor, J.-P."]
)
def test_plain(text):
    families, given = pairs = plain_pairs(text)
    assert [*families, *given] == [*text.split(", ")[::2], *text.split(", ")[1::2]]
    assert [text[start:end] for start, end in pairs.spans] == pairs.printed


@pytest.mark.parametrize("text", ["", "A", "A, B, C", "A, B; C, D", "A, B, null, C", "A, B, A, B", "A, B and C, D"])
def test_not_plain(text):
    assert plain_pairs(text) is None
