"""From a work, an author, a record or a reject back to the bytes of the raw file, through each repair."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.pieces import pieces_of
from pipeline.ingest.unpacking import UnpackError, unpack
from pipeline.repair import undo
from pipeline.repair.tables import mended_of
from pipeline.storage import RawFolder
from pipeline.tables import TableSet
from schemas.arrow import to_rows

_TEXT = 100
_AROUND = 12


class UnknownIdError(LookupError):
    """No published table has this id."""


@dataclass
class Trace:
    """Walks the published tables; ``lines(id)`` yields the way back, indented, a line of text at a time."""

    tables: TableSet
    raw: RawFolder
    most: int = 5
    _cache: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def lines(self, wanted: str) -> Iterator[str]:
        """The way back from an id to bytes; raises UnknownIdError with the remedy."""
        walks = {"w": self._work, "a": self._author, "r": self._record, "x": self._reject}
        walk = walks.get(wanted[:1])
        if walk is None:
            raise UnknownIdError(f"{wanted}: ids start with w (work), a (author), r (record) or x (reject)")
        return walk(wanted)

    def _rows(self, table: str, column: str, value: object) -> list[dict[str, Any]]:
        frame = self._frame(table)
        return to_rows(frame[frame[column] == value])

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._cache:
            self._cache[name] = self.tables.read(name)
        return self._cache[name]

    def _current(self, table: str, column: str, wanted: str) -> list[str]:
        """The id itself, or the one that took its place; several where people or other papers have parted it."""
        frame = self._frame(table)
        if (frame[column] == wanted).any():
            return [wanted]
        both = zip(frame[column], frame["superseded_ids"], strict=True)
        if found := [str(current) for current, superseded in both if wanted in superseded]:
            return found
        raise UnknownIdError(f"{wanted}: not among the published {table}; look it up in {self.tables.path(table)}")

    def _work(self, wanted: str) -> Iterator[str]:
        work_id, *others = self._current("works", "work_id", wanted)
        work = self._rows("works", "work_id", work_id)[0]
        yield f"work {work_id}{_instead(work_id, wanted, others)}"
        for name in ("title", "abstract", "venue", "year"):
            if work[name] is not None:
                yield f"  {name}: {_cut(work[name])}  [from {work[f'{name}_record_id']}]"
        for place in self._rows("work_records", "work_id", work_id):
            yield f"  is here because: {_why_here(place)}"
            yield from _indented(self._record(str(place["record_id"])))

    def _author(self, wanted: str) -> Iterator[str]:
        author_id, *others = self._current("authors", "author_id", wanted)
        author = self._rows("authors", "author_id", author_id)[0]
        yield f"author {author_id}{_instead(author_id, wanted, others)}"
        yield f"  {author['display_name']}, {author['kind']}, matched as {author['match_key']}, {author['certainty']}"
        mentions = self._rows("mention_authors", "author_id", author_id)
        for link in mentions[: self.most]:
            rows = self._rows("author_mentions", "record_id", link["record_id"])
            mention = next(row for row in rows if row["position"] == link["position"])
            yield (
                f"  mention {mention['position']} of {mention['record_id']}: printed {mention['name_as_printed']!r}, "
                f"here because: {_why_named(link)}"
            )
            yield from _indented(self._record(str(link["record_id"]), about=str(mention["name_as_printed"])))
        if len(mentions) > self.most:
            yield f"  and {len(mentions) - self.most} more mentions (--most {len(mentions)} shows them)"

    def _record(self, wanted: str, about: str | None = None) -> Iterator[str]:
        rows = self._rows("records", "record_id", wanted)
        if not rows:
            raise UnknownIdError(f"{wanted}: not among the published records; it may be in rejects")
        record = rows[0]
        yield (
            f"record {wanted}: {record['path']}, lines {record['line_start']} to {record['line_end']}, "
            f"layout {record['layout']}"
        )
        roles = self._frame("line_roles")
        own = roles[(roles["record_id"] == wanted)]
        for role in to_rows(own):
            yield from _indented(self._line(role["path"], role["line_no"], role["role"], about))

    def _line(self, path: str, line_no: int, role: str, about: str | None) -> Iterator[str]:
        lines, repairs = self._frame("text_lines"), self._frame("text_repairs")
        line = to_rows(lines[(lines["path"] == path) & (lines["line_no"] == line_no)])[0]
        own = repairs[(repairs["path"] == path) & (repairs["line_no"] == line_no)]
        mended = mended_of(line["text"], own)
        decoded = undo(mended)
        place = f"line {line_no}" if line["field"] is None else f"line {line['file_line']}, field {line['field']}"
        yield f"{place} ({role}), bytes {line['byte_start']} to {line['byte_end']}: {_cut(decoded)}"
        at = decoded.find(about) if about else -1
        for repair in mended.repairs:
            if at >= 0 and about and not (repair.start < at + len(about) and at < repair.end):
                continue
            yield (
                f"  {repair.certainty}: {repair.before!r} -> {repair.after!r} ({repair.kind}"
                f"{', ' + repair.codec if repair.codec else ''}, {repair.confidence:.2f}): {repair.evidence}"
            )
            yield "    " + self._bytes(path, line, decoded, repair.start, repair.end)

    def _bytes(self, path: str, line: dict[str, Any], decoded: str, start: int, end: int) -> str:
        """The raw bytes of a span of a decoded line, with a few around them; of a value with escapes, all of it."""
        row = self._rows("sources", "path", path)[0]
        try:
            data, before = self._around(row, int(line["byte_start"]))
        except (OSError, UnpackError) as error:
            return f"the raw bytes cannot be had: {error}"
        if data is None:
            return f"the raw bytes cannot be shown: {path} has changed since this run"
        line_no = int(line["file_line"])
        encoding = codecs_of_lines(str(row["encoding"]), row["encoding_lines"], line_no)[line_no - 1]
        first, last = int(line["byte_start"]), int(line["byte_end"])
        value = data[first - before : last - before]
        if line["field"] is not None and value != decoded.encode(encoding, "replace"):
            return f"bytes {first} to {last}, the value as the file writes it: {value!r}"
        first = first + len(decoded[:start].encode(encoding, "replace"))
        last = first + len(decoded[start:end].encode(encoding, "replace"))
        low, high = first - before, last - before
        around = data[max(0, low - _AROUND) : high + _AROUND]
        return f"bytes {first} to {last}: {data[low:high].hex(' ')}  in {around!r}"

    def _around(self, row: dict[str, Any], place: int) -> tuple[bytes | None, int]:
        """The unpacked bytes of a file, or of the piece of it that has a place, None where they have changed, and how
        many are before them.
        """
        path, compression = str(row["path"]), str(row["compression"])
        for piece in pieces_of(row["pieces"], row["bytes"], row["line_count"]):
            if piece.byte_start <= place < piece.byte_end:
                data = self.raw.reader(path, compression)(piece.byte_start, piece.byte_end)
                return data if piece.holds(data) else None, piece.byte_start
        packed = self.raw.read(path)
        return unpack(packed, compression) if hashlib.sha256(packed).hexdigest() == row["sha256"] else None, 0

    def _reject(self, wanted: str) -> Iterator[str]:
        rows = self._rows("rejects", "reject_id", wanted)
        if not rows:
            raise UnknownIdError(f"{wanted}: not among the published rejects")
        reject = rows[0]
        yield f"reject {wanted}: refused by stage {reject['stage']} for table {reject['table']}"
        yield f"  {reject['reason']}"
        if reject["path"] is not None:
            yield f"  {reject['path']}, {_span(reject)}"
        for name, value in json.loads(reject["row"]).items():
            if value is not None:
                yield f"  {name}: {_cut(value)}"


def _instead(current: str, wanted: str, others: list[str]) -> str:
    """That an id has taken the place of the one that was asked for, and which others have, too."""
    if current == wanted:
        return ""
    return f" (has taken the place of {wanted}{', as have ' + ', '.join(others) if others else ''})"


def _span(reject: dict[str, Any]) -> str:
    """The lines of a refused row; a file that was refused as a whole has none."""
    if reject["line_start"] is None:
        return "the whole file"
    return f"lines {reject['line_start']} to {reject['line_end']}"


def _why_here(place: dict[str, Any]) -> str:
    """What ties a record to its work."""
    shared = f", {place['shared_shingles']} runs of five words in common" if place["shared_shingles"] else ""
    linked = f", with {place['linked_record_id']}" if place["linked_record_id"] else ""
    return f"{place['rule']} (score {place['score']:.2f}{shared}){linked}"


def _why_named(link: dict[str, Any]) -> str:
    """What ties a mention to its author."""
    shared = f", {link['shared_coauthors']} co-authors in common" if link["shared_coauthors"] else ""
    linked = f", with {link['linked_key']}" if link["linked_key"] else ""
    return f"{link['rule']} (score {link['score']:.2f}{shared}){linked}"


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= _TEXT else text[: _TEXT - 1] + "…"


def _indented(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield "  " + line
