"""Corrections by people: they win over every inference, and are recorded as a kind of their own.

Not here: where corrections are kept (``storage``), and what makes one valid (the contract ``corrections``).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.repair.model import Mended, Repair, apply_repairs, decoded_span, moved, undo

KIND = "correction"
ANY = "any"
_ROW: Final = re.compile(r"row ([0-9]+) of the corrections")


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the corrections: in the file at ``path``, or in ``any``, ``before`` is to be read as ``after``."""

    row_no: int
    path: str
    before: str
    after: str
    note: str = ""


def correct_file(path: str, lines: Sequence[Mended], corrections: Sequence[Correction]) -> list[Mended]:
    """Apply corrections to the mended lines of one file.

    ``before`` is looked for in the decoded line, and, where it is not there, in the repaired one: people copy what
    they see. Rows for this file come before those for any, and earlier ones before later ones; none touches what
    another has corrected.
    """
    own = sorted((c for c in corrections if c.path in (path, ANY)), key=lambda c: (c.path == ANY, c.row_no))
    if not own:
        return list(lines)
    return [_corrected(line, own) for line in lines]


def uses(evidence: Iterable[str]) -> Counter[int]:
    """How often each row, by its number, was used; ``evidence`` is that of the repairs of the kind ``KIND``."""
    return Counter(int(match[1]) for said in evidence if (match := _ROW.match(said)))


def _corrected(line: Mended, corrections: Sequence[Correction]) -> Mended:
    for correction in corrections:
        decoded = undo(line)
        for start, end in [*_found(decoded, correction.before)]:
            if not _taken(line, start, end):
                line = _replaced(line, start, end, correction)
        if correction.before in decoded:
            continue
        for start, end in reversed([*_found(line.text, correction.before)]):
            place = decoded_span(line, start, end)
            if not _taken(line, *place):
                line = _replaced(line, *place, correction, seen=True)
    return line


def _found(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    start = text.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + len(wanted))


def _taken(line: Mended, start: int, end: int) -> bool:
    return any(repair.kind == KIND and repair.start < end and start < repair.end for repair in line.repairs)


def _replaced(line: Mended, start: int, end: int, correction: Correction, *, seen: bool = False) -> Mended:
    """The line with a correction in place of what repairs made of the span; repairs that reach out of it go whole."""
    decoded = undo(line)
    touched = [repair for repair in line.repairs if repair.start < end and start < repair.end]
    first, last = min([start, *(r.start for r in touched)]), max([end, *(r.end for r in touched)])
    others = [repair for repair in line.repairs if repair not in touched]
    before = decoded[first:last]
    now = _text_of(line, first, last) if seen else before
    repair = Repair(
        start=first,
        end=last,
        before=before,
        after=now.replace(correction.before, correction.after, 1),
        kind=KIND,
        codec=None,
        certainty="exact",
        confidence=1.0,
        alternatives=(),
        evidence=f"row {correction.row_no} of the corrections" + (f": {correction.note}" if correction.note else ""),
    )
    return apply_repairs(decoded, [*others, repair])


def _text_of(line: Mended, start: int, end: int) -> str:
    """What a span of the decoded line, made of whole repairs and unchanged text, reads after repair."""
    inside = [r for r in line.repairs if start <= r.start and r.end <= end]
    return apply_repairs(undo(line)[start:end], moved(inside, -start)).text
