"""Damage that nobody could decide, and the mends that are least sure, each with the line that settles it."""

import csv
import html
import io
import re
from collections.abc import Sequence

import pandas as pd

from pipeline.report.choice import Choice, Chosen
from pipeline.report.gathering import by_certainty
from pipeline.report.grid import grid
from pipeline.report.material import Material
from pipeline.report.page import Section, counted, paragraph
from pipeline.report.repairs import mend_cell, place
from pipeline.report.text import escaped, marked, shown
from pipeline.report.words import Word

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def undecided(made_of: Material, choice: Choice) -> Section:
    """What a person should decide, most frequent first."""
    counts = by_certainty(made_of["mends"])
    left, inferred = counts.get("unresolved", 0), counts.get("inferred", 0)
    body = "<h3>Left as it was</h3>" + (_left(left, choice.left) if left else paragraph("Nothing was left."))
    if inferred:
        body += "<h3>Mended, and least sure</h3>" + _unsure(inferred, choice.unsure)
    return Section("undecided", "To decide", body)


def _left(count: int, chosen: Sequence[Chosen]) -> str:
    once: dict[str, Chosen] = {}
    for one in chosen:  # a word with two such places is one decision
        once.setdefault(one.word.text, one)
    found = [one.word for one in once.values()]
    shown = pd.DataFrame(
        {
            "word": found,
            "could": found,
            "line": [correction(word.text, word.with_likeliest() or "?") for word in found],
            "times": [one.times for one in once.values()],
            "place": [place(word) for word in found],
        }
    )
    table = grid(
        "undecided-table", shown,
        {"word": "Stands there", "could": "Could be", "line": "Line for corrections.csv", "times": "Times",
         "place": "First at"},
        counts=["times"], cells={"word": _word_cell, "could": _could_cell, "line": code_cell},
    )  # fmt: skip
    rest = count - sum(one.times for one in chosen)
    more = f" The most frequent are shown; {rest:,} more are in text_repairs.parquet." if rest else ""
    how = (
        f"{counted(count, 'damaged place')} stayed as in the file, since several letters could stand there.{more} "
        "Put the line, with the right letters in it, into corrections.csv beside the raw folder, below a first line "
        "that reads path,before,after,note; then run again. It holds the likeliest reading, which may be wrong."
    )
    return paragraph(how) + table


def _unsure(count: int, chosen: Sequence[Chosen]) -> str:
    found = [one.word for one in chosen]
    shown = pd.DataFrame(
        {
            "mend": found,
            "sure": [float(str(word.repair["confidence"])) for word in found],
            "others": found,
            "line": [correction(word.text, word.text) for word in found],
            "place": [place(word) for word in found],
        }
    )
    table = grid(
        "unsure-table", shown,
        {"mend": "Before → after", "sure": "Sure", "others": "Else", "line": "Line for corrections.csv",
         "place": "First at"},
        shares=["sure"], cells={"mend": mend_cell, "others": _could_cell, "line": code_cell},
    )  # fmt: skip
    how = (
        f"{counted(count, 'mend')} {'was' if count == 1 else 'were'} chosen by a model; the least sure come first. "
        "Where one is wrong, put its line, with the right letters in it, into corrections.csv."
    )
    return paragraph(how) + table


def correction(before: str, after: str, path: str = "any") -> str:
    """A row of corrections.csv, quoted as CSV asks for; none for text that a spreadsheet would take for a formula.

    It cannot be escaped, since a correction has to be the text itself (OWASP, "CSV injection").
    """
    if any(cell.startswith(_FORMULA) for cell in (path, before, after)):
        return "to be written by hand: a spreadsheet would take it for a formula"
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([path, before, after, ""])
    return out.getvalue()


def code_cell(line: object) -> str:
    """Text to be copied, character for character; control characters, which nobody can copy, are written out."""
    text = _CONTROL.sub(lambda found: shown(found[0]), str(line))
    return f'<code class="copy" dir="ltr">{html.escape(text)}</code>'


def _word_cell(word: object) -> str:
    assert isinstance(word, Word)  # noqa: S101  # a column of words
    return marked(word.after)


def _could_cell(word: object) -> str:
    assert isinstance(word, Word)  # noqa: S101  # a column of words
    others = word.repair["alternatives"]
    return ", ".join(f"<bdi>{escaped(str(other))}</bdi>" for other in others) if isinstance(others, list) else ""
