"""A described layout as a layout: the roles of lines by its shape, and the share of a file that they explain."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from pipeline.layouts.blocks import MAX_HEAD
from pipeline.layouts.described.columns import roles_by_columns
from pipeline.layouts.described.labels import roles_by_labels
from pipeline.layouts.described.looks import fits
from pipeline.layouts.described.spec import Columns, Labels, Spec, Units
from pipeline.layouts.described.units import roles_by_units
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.references import is_reference, usual_order
from pipeline.layouts.shapes import is_furniture

Values = dict[str, str]
"""The texts of the fields of one record, by role."""


def layout_of(spec: Spec) -> Layout:
    """The layout that a description says."""
    return Layout(spec.name, partial(score_of, spec.shape), partial(roles_of_lines, spec.shape))


def roles_of_lines(shape: Columns | Labels | Units, lines: Sequence[str]) -> list[LineRole]:
    """The role of each line by a shape."""
    if isinstance(shape, Columns):
        return roles_by_columns(shape, lines)
    return roles_by_labels(shape, lines) if isinstance(shape, Labels) else roles_by_units(shape, lines)


def score_of(shape: Columns | Labels | Units, lines: Sequence[str]) -> float:
    """Share of the lines with text that are in records whose title, authors and abstract, where there, look like that.

    Parts of the page are not counted: a few before the first record, what comes again, known buttons.
    """
    given = roles_of_lines(shape, lines)
    told = told_of(values_of(lines, given))
    often = Counter(line.strip() for line in lines)
    counted = inside = head = 0
    begun = False
    for line, role in zip(lines, given, strict=True):
        begun |= role.entry is not None
        if role.role == "blank" or (role.role == "chrome" and (often[line.strip()] > 1 or is_furniture(line))):
            continue
        if not begun and head < MAX_HEAD:
            head += 1
            continue
        counted += 1
        inside += role.entry in told
    return inside / counted if counted else 0.0


def values_of(lines: Sequence[str], given: Sequence[LineRole]) -> dict[int, Values]:
    """The texts of each record by role, from the roles of lines and their parts."""
    pieces: dict[int, dict[str, list[str]]] = {}
    for line, role in zip(lines, given, strict=True):
        if role.entry is None:
            continue
        record = pieces.setdefault(role.entry, {})
        parts = [(role.role, 0, len(line))] if role.parts is None else role.parts
        for field, low, high in parts:
            record.setdefault(field, []).append(line[low:high].strip())
    return {
        entry: {field: " ".join(" ".join(texts).split()) for field, texts in record.items()}
        for entry, record in pieces.items()
    }


def told_of(records: dict[int, Values]) -> set[int]:
    """The records with a reference, or a title and authors or abstract, in which they look like what they are said to
    be.
    """
    order = usual_order([values["reference"] for values in records.values() if "reference" in values])
    return {entry for entry, values in records.items() if _is_told(values, order)}


def _is_told(values: Values, order: str) -> bool:
    if "reference" in values:
        return is_reference(values["reference"], order)
    proof = values.keys() & {"authors", "abstract"}
    return (
        "title" in values
        and bool(proof)
        and all(fits(role, values[role]) for role in ("title", "authors") if role in values)
    )
