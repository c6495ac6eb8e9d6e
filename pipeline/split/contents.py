"""What one record holds, from its lines by role: the texts of its fields, and its author list with the way back to the
lines.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from pipeline.layouts.references import parts_of, usual_order
from pipeline.layouts.shapes import label_at
from pipeline.repair import Mended
from pipeline.split.fields import field_text, line_text, value_of
from pipeline.split.overflow import are_plain, core_and_overflow
from pipeline.split.passages import Passage

Lines = Mapping[str, Sequence[Mended]]
"""The lines of one record by role."""

_YEAR: Final = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


class Content(NamedTuple):
    """The fields of one record as printed; None where nothing is."""

    title: str | None
    authors: Passage
    abstract: str | None
    overflow: str | None
    venue: str | None
    year: int | None


_CONTENT: Final = partial(tuple.__new__, Content)


def contents_of(records: Sequence[Lines], order: str) -> list[Content]:
    """The fields of each record from its lines by role; ``order`` is that of the references of its file."""
    return [_content(lines, order, cut) for lines, cut in zip(records, _abstracts(records), strict=True)]


def _abstracts(records: Sequence[Lines]) -> Iterator[tuple[str | None, str | None]]:
    """The abstract of each record, and what was glued to it; most are plain and need no look for either."""
    printed = ["\n".join([line.text for line in lines.get("abstract", ())]) for lines in records]
    for lines, text, is_plain in zip(records, printed, are_plain(printed), strict=True):
        abstract = value_of(text.strip(), "abstract") if is_plain else _field(lines, "abstract")
        yield core_and_overflow(abstract, may_head=not is_plain) if abstract else (None, None)


def _content(lines: Lines, order: str, abstract: tuple[str | None, str | None]) -> Content:
    if "reference" in lines:
        return _of_reference(lines, order, abstract)
    venue = _field(lines, "venue") if "venue" in lines else None
    dated = _field(lines, "year") if "year" in lines else None
    authors = _value(Passage(lines.get("authors", ())), "authors")
    return _CONTENT((_field(lines, "title"), authors, *abstract, venue, year_in(dated or venue or "")))


def order_of(records: Iterable[Lines]) -> str:
    """The order in which the references among the records of a file have their parts."""
    return usual_order([Passage(lines["reference"]).text for lines in records if "reference" in lines])


def _of_reference(lines: Lines, order: str, abstract: tuple[str | None, str | None]) -> Content:
    whole = Passage(lines["reference"])
    parts = parts_of(whole.text, order)

    def text(span: tuple[int, int] | None) -> str | None:
        return None if span is None else field_text([whole.text[slice(*span)]], "reference")

    venue = text(parts.venue)
    return Content(
        title=text(parts.title),
        authors=whole.part(*parts.authors) if parts.authors else Passage(()),
        abstract=abstract[0],
        overflow=abstract[1],
        venue=venue,
        year=year_in(text(parts.year) or venue or ""),
    )


def year_in(text: str) -> int | None:
    """The year that a date or a venue names; None where it names none, or several."""
    years = {int(year) for year in _YEAR.findall(text)} if text else set()
    return years.pop() if len(years) == 1 else None


def _field(lines: Lines, role: str) -> str | None:
    found = lines.get(role, ())
    return line_text(found[0].text, role) if len(found) == 1 else field_text([line.text for line in found], role)


def _value(passage: Passage, field: str) -> Passage:
    """A passage without the label of its field."""
    bare = passage.text.lstrip()
    label = label_at(bare)
    if label is None or label.field != field:
        return passage
    return passage.part(len(passage.text) - len(bare) + label.end, len(passage.text))
