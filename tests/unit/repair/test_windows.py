"""Windows punctuation read as Latin-1 is punctuation where it belongs, and stays where it may be half of a letter."""

import pytest

from pipeline.repair import mend_file, undo
from pipeline.repair.windows import windows_punctuation


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("\x93Well,\x94 she said, \x91no.\x92", "“Well,” she said, ‘no.’"),
        ("\x84Gut\x93, sagte sie", "„Gut“, sagte sie"),
        ("It\x92s late\x85 and dark", "It’s late… and dark"),
        ("early \x96 or late", "early – or late"),
        ("größer \x97 und älter", "größer — und älter"),
    ],
)
def test_punctuation_in_its_place(text: str, meant: str) -> None:
    mended = windows_punctuation(text)
    assert mended.text == meant
    assert {repair.codec for repair in mended.repairs} == {"cp1252>latin-1"}
    assert undo(mend_file([text])[0]) == text


@pytest.mark.parametrize(
    "text", ["Nov\x87k", "caf\x92e", "Wa??a \x93x\x94", "\ufffd\x93x\x94", "Ã\x93 \x93x\x94", "plain", "a \x81 b"]
)
def test_what_may_be_half_of_a_letter_stays(text: str) -> None:
    assert windows_punctuation(text).text == text
