"""An export that is read part by part has the values, entries and broken blocks that it has when it is read whole."""

import csv
import io
import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.exports import Export, format_of, read_format
from pipeline.exports.delimited import escapes_quotes
from pipeline.exports.parts import BACKSLASH, Cutter, Manner

WORDS = st.sampled_from(["storks", "çay", "herons", '"cranes"', "TY  - no", "a, b; c", "%0 x", "{", "end.", "\\"])
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=3)
RECORDS = st.lists(st.tuples(LINES, LINES, LINES), min_size=3, max_size=14)
NOISE = st.sampled_from(["", '"', "\n", "\n\n", "{", "}", ",", "ER  - \n", "\\", "]", '{"title": "x"}\n', "\nstray\n"])
Record = tuple[list[str], list[str], list[str]]


def table(records: list[Record], delimiter: str = ",", **how: object) -> str:
    page = io.StringIO()
    out = csv.writer(page, delimiter=delimiter, lineterminator="\n", **how)  # type: ignore[arg-type]
    out.writerow(["Title", "Authors", "Abstract"])
    out.writerows(["\n".join(lines) for lines in record] for record in records)
    return page.getvalue()


def backslashed(records: list[Record]) -> str:
    return table(records, quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\")


def trimmed(records: list[Record]) -> str:
    rows = [f"{' '.join(title)},{' '.join(who)}".replace('"', "") for title, who, _ in records]
    return "Title,Authors,Abstract\n" + "".join(f"{row},{'x' * (len(row) % 2)}".rstrip(",") + "\n" for row in rows)


def json_lines(records: list[Record]) -> str:
    objects = ({"title": " ".join(t), "authors": a, "abstract": "\n".join(b)} for t, a, b in records)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def tagged(start: str, tags: tuple[str, str, str], end: str, more: str) -> Callable[[list[Record]], str]:
    def written(records: list[Record]) -> str:
        page = []
        for record in records:
            page.append(start)
            for tag, lines in zip(tags, record, strict=True):
                page += [tag + lines[0], *(more + line for line in lines[1:])]
            page += [end] if end else []
        return "\n".join(page) + "\n"

    return written


FORMATS: dict[str, Callable[[list[Record]], str]] = {
    "csv": table,
    "csv with backslashes": backslashed,
    "csv of short rows": trimmed,
    "tsv": lambda records: table(records, "\t"),
    "jsonl": json_lines,
    "ris": tagged("TY  - JOUR", ("TI  - ", "AU  - ", "AB  - "), "ER  - \n", "  "),
    "enw": tagged("%0 Journal Article", ("%T ", "%A ", "%X "), "", ""),
    "wos": tagged("PT J", ("TI ", "AU ", "AB "), "ER\n", "   "),
    "refworks": tagged("RT Journal Article", ("T1 ", "A1 ", "AB "), "", "   "),
}


def parts_of(text: str, name: str, size: int) -> tuple[Manner, list[str]]:
    """The text cut into parts of about so many characters, as a file is."""
    manner = Manner(name, text, frozenset({BACKSLASH} if escapes_quotes(text) else ()))
    assert manner.can_be_cut
    cutter, start, parts = Cutter(manner), 0, []
    while (place := cutter.cut(text[start:], size, at_end=True)) is not None:
        parts.append(text[start : start + place])
        start += place
    return cutter.finish(text[start:]), [*parts, text[start:]]


def read_in_parts(text: str, name: str, size: int) -> tuple[Export, int]:
    manner, parts = parts_of(text, name, size)
    values, entries, start, cut = [], [], 0, False
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        export = manner.read(part, first=number == 0, last=last)
        before = len(entries)
        for one in export.values:
            entry = None if one.entry is None else one.entry + before
            values.append(type(one)(one.field, one.text, one.start + start, one.end + start, entry))
        entries += [(low + start, high + start) for low, high in export.entries]
        start, cut = start + len(part), export.cut
    return Export(tuple(values), tuple(entries), cut), len(parts)


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=20, deadline=None)
@given(records=RECORDS, size=st.integers(1, 600))
def test_parts_of_any_size_have_the_same_values(kind: str, records: list[Record], size: int) -> None:
    text = FORMATS[kind](records)
    name = kind.partition(" ")[0]
    if format_of(text) == name:
        assert read_in_parts(text, name, size)[0] == read_format(text, name)


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=30, deadline=None)
@given(records=RECORDS, size=st.integers(1, 600), data=st.data())
def test_also_of_text_that_is_damaged_or_cut(kind: str, records: list[Record], size: int, data: st.DataObject) -> None:
    text, name = FORMATS[kind](records), kind.partition(" ")[0]
    head = text.find("\n", text.find("\n") + 1)
    place = data.draw(st.integers(min(head, len(text) - 1), len(text)))
    text = text[:place] + data.draw(NOISE) + text[place + data.draw(st.integers(0, 30)) :]
    text = text[: data.draw(st.integers(place, len(text)))]
    if format_of(text) == name and Manner(name, text).can_be_cut:
        assert read_in_parts(text, name, size)[0] == read_format(text, name)


@pytest.mark.parametrize("kind", FORMATS)
def test_files_are_cut(kind: str) -> None:
    records = [([f"Storks {n}", "of gardens"], ["Doe, Jane"], [f"We show {n}, and more."]) for n in range(40)]
    text, name = FORMATS[kind](records), kind.partition(" ")[0]
    export, count = read_in_parts(text, name, 300)
    assert count > 3
    assert export == read_format(text, name)
    _, parts = parts_of(text, name, 300)
    assert all(one.endswith("\n") for one, _ in pairwise(parts))


def test_a_quote_that_stays_open_is_no_reason_to_hold_the_file() -> None:
    """So much text does not tell whether a quote is closed: more must be read before the part ends there."""
    rows = 'Title,Authors,Abstract\na,b,c\nd,e,f\n"open,g,h\n' + "i,j,k\n" * 30
    manner = Manner("csv", rows)
    assert Cutter(manner).cut(rows, 40, at_end=False) is None
    assert Cutter(manner).cut(rows, 40, at_end=True) is not None
