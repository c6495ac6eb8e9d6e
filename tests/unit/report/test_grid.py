"""Tables on the page."""

import pandas as pd
import pytest

from pipeline.report.grid import grid, percent


@pytest.mark.parametrize(
    ("share", "reads"),
    [(0, "0 %"), (0.00001, "< 0.1 %"), (0.005, "0.5 %"), (0.25, "25 %"), (0.99999, "> 99.9 %"), (1, "100 %")],
)
def test_a_small_loss_never_reads_as_none(share: float, reads: str) -> None:
    assert percent(share).replace("\N{NO-BREAK SPACE}", " ") == reads


@pytest.mark.parametrize("columns", [2, 6])
def test_cells_and_heads_are_escaped_in_narrow_and_in_stacked_tables(columns: int) -> None:
    labels = {f"c{n}": "<b>&" for n in range(columns)}
    html = grid("t", pd.DataFrame({name: ["<script>", None, "&amp;"] for name in labels}), labels)
    assert "<script>" not in html
    assert "<b>" not in html
    assert html.count("&lt;script&gt;") == columns
    assert html.count("&amp;amp;") == columns
    assert html.count("–") == columns
    assert "None" not in html


def test_numbers_are_grouped_and_missing_ones_are_not_zero() -> None:
    frame = pd.DataFrame({"n": [1234567, None], "s": [0.5, None]}, dtype=object)
    html = grid("t", frame, {"n": "N", "s": "S"}, counts=["n"], shares=["s"])
    assert "1,234,567" in html
    assert html.count("–") == 2
