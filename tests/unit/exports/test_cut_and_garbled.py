"""No input raises, no complete entry is lost, every value's bytes hold it, and nothing of the text is in no value."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.exports import BROKEN, Export, format_of, read_format, read_rows, recognised
from pipeline.exports.formats import READERS
from pipeline.ingest import identify

CASES = Path(__file__).parents[2] / "cases" / "exports"
FILES = sorted(json.loads((CASES / "expected.json").read_text(encoding="utf-8")))


def text_of(name: str) -> str:
    return (CASES / name).read_text(encoding="utf-8")


def ends_itself(entry: str) -> bool:
    """An entry of XML that only the start of the next one ends is not complete by itself."""
    tag = re.match(r"<([\w:]+)", entry)
    return tag is None or entry.endswith(f"</{tag[1]}>")


def said(export: Export) -> set[tuple[tuple[int, int], tuple[str, ...]]]:
    """Each entry with its span and what it says."""
    found = set()
    for number, (start, end) in enumerate(export.entries):
        texts = tuple(v.text for v in export.values if v.entry == number)
        found.add(((start, end), texts))
    return found


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("html")])
@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1))
def test_a_cut_file_keeps_its_complete_entries(name: str, share: float) -> None:
    text = text_of(name)
    whole, place = read_format(text, format_of(text)), int(share * len(text))
    before = [entry for entry in whole.entries if entry[1] < place - 1 and ends_itself(text[slice(*entry)])]
    cut = read_format(text[:place], format_of(text))
    if format_of(text[:place]) == format_of(text):
        assert said(cut) >= {one for one in said(whole) if one[0] in before}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith("html") and name != "meta_tags.html"])
@settings(max_examples=40, deadline=None)
@given(share=st.floats(0, 1))
def test_a_cut_page_keeps_its_complete_entries(name: str, share: float) -> None:
    text = text_of(name)
    whole, place = read_format(text, "html"), int(share * len(text))
    fields = {"title", "authors", "author", "abstract"}
    cut = read_format(text[:place], "html")
    for number, (_, end) in enumerate(whole.entries):
        if end < place - 1:
            wanted = [v.text for v in whole.values if v.entry == number and v.field in fields]
            assert wanted in [
                [v.text for v in cut.values if v.entry == other and v.field in fields]
                for other in range(len(cut.entries))
            ]


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_garbled_text_raises_nothing(name: str, data: st.DataObject) -> None:
    text = text_of(name)
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 40))
    noise = data.draw(st.text("{}[]<>\"'\\,;:=@&#-/ \t\nab1é\x00", max_size=12))
    garbled = text[:place] + noise + text[place + length :]
    for reader in (READERS[format_of(text)], *([READERS[format_of(garbled)]] if format_of(garbled) != "text" else [])):
        export = reader(garbled)
        for value in export.values:
            assert 0 <= value.start <= value.end <= len(garbled)
            assert "\n" not in value.text
            assert value.entry is None or value.entry < len(export.entries)
            if value.entry is not None:
                assert export.entries[value.entry][0] <= value.start <= value.end <= export.entries[value.entry][1]


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@settings(max_examples=80, deadline=None)
@given(text=st.text("{}[]<>/\"'\\,;:=@&#- \t\nabTYERPMIDtitleauthor1é\x00", max_size=120))
def test_noise_raises_nothing(reader: object, text: str) -> None:
    assert callable(reader)
    reader(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", FILES)
def test_the_bytes_of_a_value_hold_it(name: str, newline: str, encoding: str) -> None:
    data = text_of(name).replace("\n", newline).encode(encoding)
    source = recognised(identify(name, data), data)
    assert source.format != "text"
    lines = re.split("\r\n|\r|\n", data.decode(encoding))
    plain = 0
    for row in read_rows(data, source):
        raw = data[row.byte_start : row.byte_end].decode(source.encoding or "")
        assert raw
        assert re.split("\r\n|\r|\n", raw)[0] in lines[row.file_line - 1]
        if not re.search(r"[\\&\"<\n\r]", raw) and "abstract_inverted_index" not in (row.field or ""):
            assert raw == row.text
            plain += 1
    assert plain > 5


@pytest.mark.parametrize("name", FILES)
def test_no_word_is_in_no_value(name: str) -> None:
    text = text_of(name)
    export = read_format(text, format_of(text))
    held = " ".join(text[value.start : value.end] for value in export.values)
    for word in re.findall(r"[A-Z][a-zé]{5,}", re.sub(r"<[^<>]*>|<!--.*?-->", " ", text, flags=re.DOTALL)):
        if format_of(text) not in {"json", "jsonl"} and f"{word} =" not in text:
            assert word in held


def test_broken_entries_are_values_of_their_own() -> None:
    text = text_of("broken_and_cut.bib")
    export = read_format(text, "bibtex")
    assert [value.text.split(",")[0] for value in export.values if value.field == BROKEN] == [
        "@article{broken",
        "@article{cut",
    ]
    assert export.cut


@pytest.mark.parametrize("block", ["@string{m\n}", "@article{k,\n}", "@article{k\n title {no sign}\n}"])
def test_a_block_without_any_field_costs_only_itself(block: str) -> None:
    whole = "@article{whole,\n  title = {On things},\n  author = {Noether, Emmy},\n  year = 1921\n}\n"
    export = read_format(f"% Written by a program\n{block}\n\n{whole}", "bibtex")
    assert "On things" in [value.text for value in export.values if value.entry == len(export.entries) - 1]
