"""What one record holds, from its lines by role: the texts of its fields, and its author list with the way back to the
lines.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.layouts.references import parts_of, usual_order
from pipeline.layouts.shapes import label_of
from pipeline.repair import Mended
from pipeline.split.fields import field_text
from pipeline.split.overflow import core_and_overflow
from pipeline.split.passages import Passage

Lines = Mapping[str, Sequence[Mended]]
"""The lines of one record by role."""

_YEAR: Final = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Content:
    """The fields of one record as printed; None where nothing is."""

    title: str | None
    authors: Passage
    abstract: str | None
    overflow: str | None
    venue: str | None
    year: int | None


def content_of(lines: Lines, order: str) -> Content:
    """The fields of a record from its lines by role; ``order`` is that of the references of its file."""
    if "reference" in lines:
        return _of_reference(lines, order)
    venue = _field(lines, "venue")
    abstract, overflow = _abstract(lines)
    return Content(
        title=_field(lines, "title"),
        authors=_value(Passage(lines.get("authors", ())), "authors"),
        abstract=abstract,
        overflow=overflow,
        venue=venue,
        year=year_in(_field(lines, "year") or venue or ""),
    )


def order_of(records: Iterable[Lines]) -> str:
    """The order in which the references among the records of a file have their parts."""
    return usual_order([Passage(lines["reference"]).text for lines in records if "reference" in lines])


def _of_reference(lines: Lines, order: str) -> Content:
    whole = Passage(lines["reference"])
    parts = parts_of(whole.text, order)

    def text(span: tuple[int, int] | None) -> str | None:
        return None if span is None else field_text([whole.text[slice(*span)]], "reference")

    venue = text(parts.venue)
    abstract, overflow = _abstract(lines)
    return Content(
        title=text(parts.title),
        authors=whole.part(*parts.authors) if parts.authors else Passage(()),
        abstract=abstract,
        overflow=overflow,
        venue=venue,
        year=year_in(text(parts.year) or venue or ""),
    )


def year_in(text: str) -> int | None:
    """The year that a date or a venue names; None where it names none, or several."""
    years = {int(year) for year in _YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def _abstract(lines: Lines) -> tuple[str | None, str | None]:
    """The abstract up to its true end, and what was glued on behind."""
    whole = _field(lines, "abstract")
    return core_and_overflow(whole) if whole else (None, None)


def _field(lines: Lines, role: str) -> str | None:
    return field_text((line.text for line in lines.get(role, ())), role)


def _value(passage: Passage, field: str) -> Passage:
    """A passage without the label of its field."""
    label = label_of(passage.text.lstrip())
    if label is None or label[0] != field:
        return passage
    return passage.part(len(passage.text) - len(passage.text.lstrip()) + label[1], len(passage.text))
