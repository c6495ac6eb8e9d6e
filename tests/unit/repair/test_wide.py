"""Bytes lost in East Asian codecs: what the codec could not pair is filled, where the rest of the word tells it."""

import pytest

from pipeline.repair import mend_text, undo
from pipeline.repair.channels import BY_NAME
from pipeline.repair.wide import parsed_wide


def unpaired(text: str, codec: str, mark: str) -> str:
    """UTF-8 read as an East Asian codec, with a mark for each byte that it could not pair."""
    return text.encode().decode(codec, "replace").replace("\ufffd", mark)


@pytest.mark.parametrize("mark", ["\ufffd", "?"])
@pytest.mark.parametrize(
    ("text", "codec"),
    [("Bolesław Wróblewską", "cp932"), ("Rumeysə Ələkbərzadə", "cp932"), ("Ələkbərov", "cp949"), ("Mləczko", "cp949")],
)
def test_what_the_codec_could_not_pair_is_right_or_left(text: str, codec: str, mark: str) -> None:
    damaged = unpaired(text, codec, mark)
    assert mark in damaged
    mended = mend_text(damaged)
    left = [repair for repair in mended.repairs if repair.certainty == "unresolved"]
    assert mended.text == text or left
    assert undo(mended) == damaged
    assert mend_text(mended.text).text == mended.text


def test_a_lost_lead_and_a_swallowed_letter_are_read() -> None:
    assert mend_text(unpaired("Rumeysə Ələkbərzadə", "cp932", "?")).text == "Rumeysə Ələkbərzadə"
    assert mend_text(unpaired("Ələkbərov", "cp949", "\ufffd")).text == "Ələkbərov"


def test_a_reading_must_be_read_as_just_this_text() -> None:
    codec = BY_NAME["cp932"]
    cut = parsed_wide(unpaired("Wałą", "cp932", "\ufffd"), codec)
    assert cut is not None
    texts = {option.text for sequence in cut for option in sequence.options}
    assert all(unpaired(text, "cp932", "\ufffd") in unpaired("Wałą", "cp932", "\ufffd") for text in texts)
    assert parsed_wide("中文\ufffd", codec) is None
    assert parsed_wide("中文", codec) is None


@pytest.mark.parametrize("text", ["什么?ok", "What?中文是什么?", "東京 (Tokyo)?", "안녕? Kim", "ﾃｽﾄ?"])
def test_questions_in_east_asian_text_stay(text: str) -> None:
    assert mend_text(text).text == text
