"""Repairs in the words that they stand in: a letter alone tells a reader nothing, ``Nešetřil`` does."""

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.report.gathering import PLACE
from pipeline.report.material import At
from pipeline.report.text import Piece
from schemas import TABLES
from schemas.arrow import to_rows

Place = tuple[str, int, int]
"""The file, the line, and the character in the decoded line that a repair starts at."""

_WORD_END: Final = re.compile(r"[\s,;()<>\"]")
_REACH: Final = 30


@dataclass(frozen=True)
class Word:
    """The word around one repair, before and after all repairs in it, and its repairs, a row of the table each."""

    repair: dict[str, object]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    repairs: tuple[dict[str, object], ...]

    @property
    def text(self) -> str:
        """The word as the published text has it."""
        return "".join(piece.text for piece in self.after)

    def with_likeliest(self) -> str | None:
        """The word with the first alternative wherever a repair was left undecided; None where there is none."""
        parts, rows = [], iter(self.repairs)
        for piece in self.after:
            row = next(rows) if piece.mended else None
            if row and row["certainty"] == "unresolved":
                if not row["alternatives"]:
                    return None
                parts.append(str(row["alternatives"][0]))  # type: ignore[index]
            else:
                parts.append(piece.text)
        return "".join(parts)


def words(places: pd.DataFrame, at: At) -> dict[Place, Word]:
    """The words of repairs, by the place that each starts at; ``places`` has these as the columns ``PLACE``."""
    if places.empty:
        return {}
    lines = places[["path", "line_no"]].drop_duplicates()
    texts = {(row["path"], row["line_no"]): row["text"] for row in to_rows(at("text_lines", [*lines, "text"], lines))}
    beside: dict[tuple[str, int], list[dict[str, object]]] = {}
    repairs = at("text_repairs", TABLES["text_repairs"].arrow_schema.names, lines)
    for row in to_rows(repairs.sort_values(["path", "line_no", "start"])):
        beside.setdefault((row["path"], row["line_no"]), []).append(row)
    found = {}
    for path, line_no, start in places[list(PLACE)].itertuples(index=False, name=None):
        place = (str(path), int(line_no))
        if place in texts:
            wanted = next(row for row in beside[place] if row["start"] == start)
            found[*place, int(start)] = _word(texts[place], wanted, beside[place])
    return found


def _word(text: str, wanted: dict[str, object], repairs: list[dict[str, object]]) -> Word:
    placed, shift = [], 0
    for row in repairs:
        start = int(str(row["start"])) + shift
        placed.append((start, start + len(str(row["after"])), row))
        shift += len(str(row["after"])) - len(str(row["before"]))
    low, high = next((a, b) for a, b, row in placed if row["start"] == wanted["start"])
    low = _edge(text[max(0, low - _REACH) : low][::-1], low, -1)
    high = _edge(text[high : high + _REACH], high, 1)
    inside = [item for item in placed if (item[0] < high and item[1] > low) or low <= item[0] == item[1] <= high]
    low, high = min([low, *(a for a, _, _ in inside)]), max([high, *(b for _, b, _ in inside)])
    before, after, position = [], [], low
    for start, end, row in inside:
        between = Piece(text[position:start])
        before += [between, Piece(str(row["before"]), mended=True)]
        after += [between, Piece(str(row["after"]), mended=True)]
        position = end
    rest = Piece(text[position:high])
    return Word(wanted, (*before, rest), (*after, rest), tuple(row for _, _, row in inside))


def _edge(beyond: str, start: int, step: int) -> int:
    """Where the word ends on one side; ``beyond`` is the text on that side, nearest character first."""
    end = _WORD_END.search(beyond)
    return start + step * (end.start() if end else len(beyond))
