"""The lines of plain text are rows: as columns, and one by one, they say what the lines of the file say."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.exports import LineRows, Row, texts_of
from pipeline.ingest import identify, read_lines
from pipeline.ingest.reading import read_columns

LINES = st.lists(st.sampled_from(["", "fog", "Łódź", "a\tb", "\ufeff", "漢字"]), max_size=6)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


@given(LINES, ENDS, st.booleans())
def test_rows_are_the_lines(lines: list[str], end: str, closed: bool) -> None:
    data = (end.join(lines) + (end if closed else "")).encode()
    source = identify("page.txt", data)
    if source.status != "read":
        return
    rows = LineRows(read_columns(data, source))
    each = [Row(n, low, high, text, n, None, None, n, n) for n, low, high, text in read_lines(data, source)]
    assert list(rows) == rows[:] == each
    assert texts_of(rows) == texts_of(each) == rows.texts
    columns = {**rows.columns(), "text": rows.texts}
    assert [Row(*row) for row in zip(*(np.asarray(columns[n], object) for n in Row._fields), strict=True)] == each
    assert [data[row.byte_start : row.byte_end].decode() for row in rows] == rows.texts
