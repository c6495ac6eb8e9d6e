"""Rows of a table: cells with their places in the text, whatever else is on the lines."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.exports.delimited import DelimitedRow, Style

COMMAS = Style(",", ("title", "year"), backslash=False)


def cells(row: DelimitedRow) -> list[str]:
    return [cell.text for cell in row.cells]


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(st.sampled_from("aé ;\t\r\\"), max_size=6), min_size=1, max_size=5))
def test_a_row_is_cut_at_its_delimiters_with_quotes_and_without(pieces: list[str]) -> None:
    plain = list(COMMAS.rows(",".join([*pieces, "last"]) + "\nnext"))
    quoted = list(COMMAS.rows(",".join([*pieces, '"last"']) + "\nnext"))
    assert [cells(row) for row in plain] == [cells(row) for row in quoted]
    assert [(cell.start, cell.end) for cell in plain[0].cells[:-1]] == [
        (cell.start, cell.end) for cell in quoted[0].cells[:-1]
    ]


def test_cells_say_where_they_stand() -> None:
    text = "\n a title , 2001\r\nb,\n"
    rows = list(COMMAS.rows(text))
    assert [cells(row) for row in rows] == [["a title", "2001"], ["b", ""]]
    assert [text[cell.start : cell.end] for row in rows for cell in row.cells] == ["a title", "2001", "b", ""]
