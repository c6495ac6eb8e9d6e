import pytest

from pipeline.split.fields import field_text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Abstract:We weigh fog."], "We weigh fog."),
        (["  Abstract —  We weigh\tfog. "], "We weigh fog."),
        (["ABSTRACT. We weigh", " fog."], "We weigh fog."),
        (["Résumé : Nous pesons."], "Nous pesons."),
        (["Abstract thought in bees is studied."], "Abstract thought in bees is studied."),
        (["Title: is not the label of this field"], "Title: is not the label of this field"),
        (["Abstract:", "We weigh fog."], "We weigh fog."),
        (["a\x0bb\x0cc\x85d e"], "a b c d e"),
        (["Abstract: null"], None),
        (["-"], None),
        (["  "], None),
        ([], None),
    ],
)
def test_field_text(lines, text):
    assert field_text(lines, "abstract") == text
