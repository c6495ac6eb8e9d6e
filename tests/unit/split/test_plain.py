"""Plain lists are read at a glance, and as the long way reads them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import Mended
from pipeline.split.names import listed, names_of, read_authors
from pipeline.split.passages import Passage
from pipeline.split.plain import plain_pairs
from pipeline.split.styles import PAIRS, style_of, usual_style
from pipeline.split.tokens import tokens_of

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
