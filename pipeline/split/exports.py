"""Splitting one export: values with fields become records, roles and names. Pure, as ``files`` is for plain text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pipeline.exports import BROKEN, Row
from pipeline.exports.fields import plain
from pipeline.repair import Mended
from pipeline.split.contents import year_in
from pipeline.split.export_people import People, people_of
from pipeline.split.export_roles import Meaning, meanings
from pipeline.split.export_text import value_text
from pipeline.split.files import record_ids, split_file
from pipeline.split.organisations import has_organisation_word
from pipeline.split.passages import Passage
from pipeline.split.rows import FileSplit, Record, RoleOfLine
from pipeline.split.styles import GIVEN_FIRST, PAIRS, usual_style
from schemas.rules import PLACEHOLDERS

# In these formats anybody keeps anything.
_FREE: Final = frozenset({"csv", "tsv", "json", "jsonl"})
_NUMBERS: Final = frozenset({"doi", "pmid", "arxivid", "issn"})  # of publications and nothing else
_ABSTRACT: Final = re.compile(
    "abstract|ab$|n2$|zusammenfassung|r[eé]sum|riassunto|abstrakt|paperabstract|аннотация|摘要|要旨"
)
# What an ACL volume says of all its papers.
_VOLUME: Final = re.compile(r"(?:^|/)meta/(?P<name>booktitle|year)$")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry: the indices of its rows, and what each means."""

    indices: list[int]
    means: list[Meaning]

    def of(self, role: str) -> list[int]:
        """The indices of the rows of a role."""
        return [index for index, meaning in zip(self.indices, self.means, strict=True) if meaning.role == role]


@dataclass(frozen=True)
class ExportHabits:
    """What the entries that speak for a large export say of all: the style of author lists, and that it has papers."""

    usual: str
    of_publications: bool


@dataclass(frozen=True)
class _File:
    """An export: its rows before repair with their places, and their mended texts; ``habits`` are those of a part."""

    path: str
    format: str
    rows: Sequence[Row]
    lines: Sequence[Mended]
    habits: ExportHabits | None = None

    @cached_property
    def entries(self) -> dict[int, _Entry]:
        """The entries by their number; those without title, abstract and people are none."""
        groups: dict[int, list[int]] = {}
        for index, row in enumerate(self.rows):
            if row.entry is not None:
                groups.setdefault(row.entry, []).append(index)
        found = [(number, self._entry(indices)) for number, indices in groups.items()]
        known = self.format not in _FREE or (self.habits is not None and self.habits.of_publications)
        if not known and not any(map(self._is_of_publication, (entry for _, entry in found))):
            return {}
        return {number: entry for number, entry in found if any(map(entry.of, ("title", "abstract", "authors")))}

    def _is_of_publication(self, entry: _Entry) -> bool:
        """Has an entry what films, jobs and events have not: people with names, an abstract or a place of print?"""
        people = (self.lines[index].text for index in entry.of("authors"))
        if any(not text.islower() and text.strip().lower() not in PLACEHOLDERS for text in people):
            return True
        if any(plain(re.split(r"[./]", self.rows[i].field or "")[-1]) in _NUMBERS for i in entry.indices):
            return True
        fields = (plain(step) for i in entry.of("abstract") for step in re.split(r"[./]", self.rows[i].field or ""))
        return any(_ABSTRACT.match(name) for name in fields) or any(
            plain(re.split(r"[./]", self.rows[i].field or "")[-1]) != "source" for i in entry.of("venue")
        )

    def _entry(self, indices: list[int]) -> _Entry:
        fields, texts = [self.rows[i].field or "" for i in indices], [self.lines[i].text for i in indices]
        return _Entry(indices, meanings(self.format, fields, texts))

    @cached_property
    def usual(self) -> str:
        """The style of the author lists that are one value."""
        if self.habits is not None:
            return self.habits.usual
        lists = [self.lines[found[0]] for entry in self.entries.values() if len(found := entry.of("authors")) == 1]
        pieces = [piece for line in lists if ";" in line.text for piece in line.text.split(";") if piece.strip()]
        pieces = [piece for piece in pieces if not has_organisation_word(piece)]
        if pieces:  # what stands between semicolons is one name, so that a comma in it is no doubtful one
            return PAIRS if sum("," in piece for piece in pieces) * 2 >= len(pieces) else GIVEN_FIRST
        return usual_style(Passage([line]) for line in lists)

    @cached_property
    def volumes(self) -> dict[int, dict[str, str]]:
        """By the first row of each entry what the volume around it says."""
        said: dict[str, str] = {}
        found: dict[int, dict[str, str]] = {}
        for index, row in enumerate(self.rows):
            match = _VOLUME.search(row.field or "") if row.entry is None else None
            if match is not None:
                said = (
                    {**said, match["name"]: self.lines[index].text}
                    if match["name"] != "booktitle"
                    else {"booktitle": self.lines[index].text}
                )
            elif row.entry is not None:
                found.setdefault(row.entry, said)
        return found


def export_habits(path: str, file_format: str, rows: Sequence[Row], lines: Sequence[Mended]) -> ExportHabits:
    """What rows from all over a large export say of each of its parts."""
    file = _File(path, file_format, rows, lines)
    return ExportHabits(file.usual, bool(file.entries))


def split_export(
    path: str,
    file_format: str,
    rows: Sequence[Row],
    lines: Sequence[Mended],
    piece: int = 0,
    habits: ExportHabits | None = None,
) -> FileSplit:
    """Records, roles, names and unused tokens of one export; ``lines[i]`` is the mended text of ``rows[i]``.

    A page of the web without classed records is read by the layouts, as the text that it shows. An export without
    any entry yields no record: ``reason`` says why. ``piece`` is the number of the part of a large one that the rows
    are, which has the ``habits`` of the whole.
    """
    file = _File(path, file_format, rows, lines, habits)
    if not file.entries:
        return _as_text(file) if file_format == "html" else _without_entries(file)
    ids = record_ids(path, lines, {number: entry.indices for number, entry in file.entries.items()}, piece)
    records, people = [], []
    for number, entry in file.entries.items():
        people.append(_people(file, entry, ids[number]))
        records.append(_record(file, number, ids[number], people[-1]))
    broken = sum(row.field == BROKEN for row in rows)
    return FileSplit(
        tuple(records),
        tuple(_roles(file, ids)),
        tuple(mention for one in people for mention in one.names.mentions),
        tuple(token for one in people for token in one.names.unused),
        file_format,
        round(len(records) / (len(records) + broken), 4),
        None,
    )


def _people(file: _File, entry: _Entry, record_id: str) -> People:
    meaning = dict(zip(entry.indices, entry.means, strict=True))
    values = [(file.rows[index].field or "", meaning[index], file.lines[index]) for index in entry.of("authors")]
    return people_of(record_id, file.format, values, file.usual)


def _record(file: _File, number: int, record_id: str, people: People) -> Record:
    entry, row = file.entries[number], file.rows[file.entries[number].indices[0]]
    volume = file.volumes.get(number, {})
    texts = {
        role: [file.lines[index].text for index in entry.of(role)] for role in ("title", "abstract", "venue", "year")
    }
    labels = _labels(file, entry)
    abstract = [f"{labels.get(index, '')}{file.lines[index].text}" for index in entry.of("abstract")]
    venue = value_text(texts["venue"][:1] or [volume.get("booktitle", "")], "venue", file.format)
    years = (year_in(text) for text in [*texts["year"], volume.get("year", ""), venue or ""])
    return Record(
        record_id=record_id,
        path=file.path,
        line_start=row.entry_start,
        line_end=row.entry_end,
        layout=file.format,
        title=value_text(texts["title"][:1], "title", file.format),
        authors_text=people.text,
        author_tokens=people.names.tokens,
        abstract=value_text(abstract, "abstract", file.format),
        overflow=None,
        venue=venue,
        year=next((year for year in years if year is not None), None),
        page_owner=None,
    )


def _labels(file: _File, entry: _Entry) -> Mapping[int, str]:
    """The headings of the parts of an abstract, which PubMed writes as attributes before them."""
    wanted = entry.of("abstract")
    found = {}
    for index in entry.indices:
        field = file.rows[index].field or ""
        if field.endswith("/@Label") and index + 1 < len(file.rows):
            part = field.removesuffix("/@Label")
            owner = next((other for other in wanted if file.rows[other].field == part), None)
            if owner is not None:
                found[owner] = f"{file.lines[index].text}: "
    return found


def _roles(file: _File, ids: Mapping[int, str]) -> Iterator[RoleOfLine]:
    roles = {
        index: meaning.role
        for entry in file.entries.values()
        for index, meaning in zip(entry.indices, entry.means, strict=True)
    }
    for index, row in enumerate(file.rows):
        outer = "broken" if row.field == BROKEN else "chrome" if row.entry is None else "unclaimed"
        record_id = None if row.entry is None else ids.get(row.entry)
        yield RoleOfLine(file.path, row.line_no, roles.get(index, outer), record_id, f"{file.format}: {row.field}")


def _without_entries(file: _File) -> FileSplit:
    broken = sum(row.field == BROKEN for row in file.rows)
    reason = (
        f"{file.path}: is {file.format}, but none of its entries can be read ({broken} are broken); fetch it again"
        if broken
        else f"{file.path}: is {file.format}, but nothing in it is a record with a title or an abstract; take it out "
        "of the raw folder, or add the names of its fields to pipeline/exports/fields.py"
    )
    roles = tuple(RoleOfLine(file.path, row.line_no, "rejected", None, f"{file.format}: no entry") for row in file.rows)
    return FileSplit((), roles, (), (), None, 0.0, reason)


def _as_text(file: _File) -> FileSplit:
    """A page read by the layouts; its records get the lines of the file that their text stands on."""
    split = split_file(file.path, file.lines)
    records = [
        record._replace(
            line_start=file.rows[record.line_start - 1].entry_start,
            line_end=file.rows[record.line_end - 1].entry_end,
        )
        for record in split.records
    ]
    return replace(split, records=tuple(records))
