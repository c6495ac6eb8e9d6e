import json
from pathlib import Path

import pytest

from pipeline.ingest import identify, read_lines
from pipeline.repair.plausible import price

FOLDER = Path(__file__).parents[2] / "cases" / "ingest"
CASES = json.loads((FOLDER / "encodings.json").read_text(encoding="utf-8"))
LANGUAGES = json.loads((FOLDER / "languages.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("judge", [None, price], ids=["alphabets", "model"])
@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_encoding(case, judge):
    data = case["text"].encode(case["stored_as"])
    source = identify("page.txt", data, judge)
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


@pytest.mark.parametrize("judge", [None, price])
def test_each_line_is_read_in_its_own_encoding(judge):
    lines = ["Łęcka, Żegota", "fog", "Möllner, Jörgfried, Brisbois, Odélie", "", "Šimčík", "Odélie, Säe"]
    codecs = ["utf-8", "ascii", "cp1252", "ascii", "utf-8", "cp1252"]
    data = b"".join(line.encode(codec) + b"\r\n" for line, codec in zip(lines, codecs, strict=True))
    source = identify("page.txt", data, judge)
    assert (source.encoding, source.encoding_source) == ("utf-8+cp1252", "detected")
    assert source.encoding_lines == "cp1252: 3, 6"
    read = read_lines(data, source)
    assert [line.text for line in read] == lines
    assert [data[line.byte_start : line.byte_end] for line in read] == [
        line.encode(codec) for line, codec in zip(lines, codecs, strict=True)
    ]


def test_two_legacy_encodings_in_blocks():
    page = {case["language"]: "\n".join([*case["names"], case["text"], ""]) for case in LANGUAGES}
    data = page["Polish"].encode("cp1250") + page["Greek"].encode("cp1253")
    source = identify("page.txt", data, price)
    assert (source.encoding, source.encoding_lines) == ("cp1250+cp1253", "cp1253: 7-12")
    assert [line.text for line in read_lines(data, source)] == (page["Polish"] + page["Greek"]).splitlines()


@pytest.mark.parametrize("case", [pytest.param(case, id=case["language"]) for case in LANGUAGES])
def test_a_page_in_any_language_and_codec(case):
    text = "\n".join(["Fog nets on coastal hills", *case["names"], case["text"], ""])
    codecs = [*case["codecs"], "utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be", "utf-32", "utf-8"]
    wrong = {}
    for codec in codecs:
        data = text.encode(codec)
        source = identify("page.txt", data, price)
        if [line.text for line in read_lines(data, source)] != text.splitlines():
            wrong[codec] = source.encoding
    assert not wrong


@pytest.mark.parametrize(
    ("head", "codec", "truth", "label"),
    [
        ('<meta charset="iso-8859-2">', "cp1251", "cp1251", "iso-8859-2"),
        ('<?xml version="1.0" encoding="koi8-r"?>', "utf-8", "utf-8", "koi8-r"),
        ("From: a\nContent-Type: text/plain;\n charset=iso-8859-7", "cp1251", "cp1251", "iso-8859-7"),
        ("# coding: utf-8", "cp1251", "cp1251", "utf-8"),
    ],
)
def test_a_false_declaration_is_noted_and_not_believed(head, codec, truth, label):
    text = head + "\nЛетними ночами мы взвешиваем росу на крышах, и больше всего воды собирается перед рассветом.\n"
    data = text.encode(codec)
    source = identify("page.txt", data, price)
    assert source.encoding == truth
    assert f"says at byte {data.index(label.encode())} that it is {label}, which its bytes are not" in source.note
    assert [line.text for line in read_lines(data, source)] == text.splitlines()


def test_a_declaration_that_holds_decides_what_is_unclear():
    data = b"Content-Type: text/plain; charset=iso-8859-7\n\n\xc3\xe5\xf9\xf1\n"
    source = identify("page.txt", data, price)
    assert (source.encoding, source.encoding_source, source.note) == ("iso8859-7", "declared", None)


def test_few_nul_bytes_are_kept_and_noted():
    data = b"fog \x00 nets and more text than zero bytes\nropes\n"
    source = identify("a.txt", data)
    assert (source.status, source.encoding) == ("read", "utf-8")
    assert "1 NUL bytes, the first at byte 4" in source.note
    assert texts(data)[0] == "fog \x00 nets and more text than zero bytes"


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
