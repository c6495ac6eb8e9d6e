import json
from pathlib import Path

import pytest

from pipeline.ingest import identify, read_lines

CASES = json.loads((Path(__file__).parents[2] / "cases" / "ingest" / "encodings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_encoding(case):
    data = case["text"].encode(case["stored_as"])
    source = identify("page.txt", data)
    assert (source.status, source.encoding, source.encoding_source) == (
        "read",
        case["encoding"],
        case["encoding_source"],
    )
    text = "\n".join(line.text for line in read_lines(data, source))
    assert text == case["text"].removeprefix("\ufeff").removesuffix("\n")


def texts(data: bytes) -> list[str]:
    return [line.text for line in read_lines(data, identify("page.txt", data))]


def test_file_cut_inside_a_character_keeps_the_rest():
    data = "Łęcka weighs fog\nand Säe weighs ropes, é".encode()[:-1]
    source = identify("page.txt", data)
    assert (source.status, source.encoding, source.encoding_source) == ("read", "utf-8", "valid")
    lines = read_lines(data, source)
    assert [line.text for line in lines] == ["Łęcka weighs fog", "and Säe weighs ropes, \ufffd"]
    assert lines[-1].byte_end == len(data)


def test_cut_character_that_is_the_only_one_beyond_ascii():
    assert texts("fog and 霧".encode()[:-1]) == ["fog and \ufffd"]


def test_utf16_cut_inside_a_code_unit_keeps_the_rest():
    data = "fog\nand ropes".encode("utf-16")[:-1]
    assert texts(data) == ["fog", "and rope\ufffd"]


def test_one_broken_byte_in_much_utf8_is_shown_where_it_is():
    data = "ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż\n".encode() + b"fog \xff nets\n"
    source = identify("page.txt", data)
    assert (source.encoding, source.encoding_source) == ("utf-8", "detected")
    assert texts(data)[1] == "fog \ufffd nets"


def test_lines_of_two_encodings_lose_nothing():
    data = "Łęcka, Żegota\n".encode() + "Möllner, Jörgfried, Brisbois, Odélie\n".encode("cp1252")
    source = identify("page.txt", data)
    assert source.status == "read"
    first, second = texts(data)
    assert second == "Möllner, Jörgfried, Brisbois, Odélie"
    assert first.encode(source.encoding).decode("utf-8") == "Łęcka, Żegota", "mojibake that repair can undo"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("crêpe brûlée", "cp1252"),
        ("Straßenfest", "cp1252"),
        ("Ćmielów, Żory", "cp1250"),
        ("Übermut tut selten", "cp1252"),
    ],
)
def test_a_few_letters_among_ascii_are_latin_letters(text: str, codec: str) -> None:
    assert text.encode(codec).decode(identify("a.txt", text.encode(codec)).encoding or "") == text
