"""Descriptions that could be true of a file: separators that stand equally often on every line, words that come back at
the start of lines, and units between what comes back.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pipeline.layouts.blocks import Block
from pipeline.layouts.described.columns import pieces_of
from pipeline.layouts.described.labels import RULE, roles_by_labels
from pipeline.layouts.described.looks import roles_of
from pipeline.layouts.described.reading import values_of
from pipeline.layouts.described.spec import Columns, Labels, Spec, Units
from pipeline.layouts.described.units import prefix, records_of, units_of

NAME: Final = "proposed"
_SEPARATORS: Final = ("\t", " | ", "|", ";;", "::", " ; ", "; ", " / ", " • ", " · ", " — ", " – ")
_COLUMNS: Final = range(3, 16)
_LABELS: Final = range(3, 16)
# Units of a record, more are no fields of a paper.
_UNITS: Final = range(1, 10)
_MARKED: Final = re.compile(
    r"[^\w\s]{0,2}\s?[^\W\d_][\w .&/'()-]{0,28}?(?:\s?[:：=]{1,2}(?=\s|$)|\s[-–—](?=\s)|\]|[:：](?=\S))"
)
_WORD: Final = re.compile(r"[^\w\s]{0,2}[^\W\d_]\w*[^\w\s]?(?=\s|$)")
_WORDS: Final = re.compile(r"[^\W\d_]\w*(?:\s[^\W\d_]\w*){0,2}$")
# A label comes at least at one of so many records.
_RARE: Final = 3
# Shapes are found in the first lines of a file; all lines are held against them.
_READ: Final = 4000


def candidates(lines: Sequence[str]) -> Iterator[Spec]:
    """All descriptions that are worth being held against the file; they name themselves ``NAME``."""
    lines = lines[:_READ]
    yield from _columns(lines)
    yield from _labelled(lines)
    yield from _in_units(lines)


def _columns(lines: Sequence[str]) -> Iterator[Spec]:
    filled = [line for line in lines if line.strip()]
    for separator in _SEPARATORS:
        counts = Counter(len(pieces_of(line, separator, len(line))) for line in filled)
        size, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if size not in _COLUMNS or times * 3 < len(filled) * 2:
            continue
        rows = [
            [line[low:high] for low, high in pieces]
            for line in filled
            if len(pieces := pieces_of(line, separator, len(line))) == size
        ]
        for header in (False, True):
            groups = list(zip(*rows[header:], strict=True))
            roles = roles_of(groups, rows[0] if header else ())
            if roles:
                yield Spec(NAME, Columns(separator, roles, header))


def _labelled(lines: Sequence[str]) -> Iterator[Spec]:
    texts = [line.strip() for line in lines if line.strip()]
    for find in (_marked, _word, _whole):
        labels = _recurring(texts, find)
        if len(labels) not in _LABELS:
            continue
        # Which role each label has is read off the values behind it.
        numbered = Labels(tuple((label, f"field {number}") for number, label in enumerate(labels)))
        records = values_of(lines, roles_by_labels(numbered, lines)).values()
        groups = [[values.get(f"field {number}", "") for values in records] for number in range(len(labels))]
        roles = roles_of(groups, labels)
        if roles:
            yield Spec(NAME, Labels(tuple(zip(labels, roles, strict=True))))


def _marked(text: str) -> str | None:
    found = _MARKED.match(text)
    return found[0].strip() if found else None


def _word(text: str) -> str | None:
    found = _WORD.match(text)
    return found[0] if found else None


def _whole(text: str) -> str | None:
    """A line of a few words that may be a label over its field."""
    return text if _WORDS.match(text) else None


def _recurring(texts: Sequence[str], find: Callable[[str], str | None]) -> list[str]:
    """What stands before the text of many lines: about as often as what stands there most regularly, in the order of
    the first record.
    """
    places: dict[str, list[int]] = {}
    for index, text in enumerate(texts):
        if label := find(text):
            places.setdefault(label, []).append(index)
    often = {label: indices for label, indices in places.items() if len(indices) >= 3}
    if not often:
        return []
    records = Counter(map(len, often.values()))
    usual = max(records, key=lambda times: (records[times] * min(times, 4), times))
    kept = [label for label, indices in often.items() if usual <= len(indices) * _RARE and len(indices) <= usual * 1.1]
    return sorted(kept, key=lambda label: often[label][0])


def _in_units(lines: Sequence[str]) -> Iterator[Spec]:
    found = units_of(lines)
    for between in ("number", "bullet", "rule", "blank lines", "blank line"):
        if between == "rule" and not any(RULE.fullmatch(block.text) for block in found):
            continue
        groups = [group for is_record, group in records_of(found, Units(between, ())) if is_record]
        sizes = Counter(len(group) for group in groups)
        for size, times in sizes.most_common(2):
            if size in _UNITS and times >= 2 and times * 4 >= len(groups):
                rows = [_values(group, between) for group in groups if len(group) == size]
                yield from _unit_spec(between, list(zip(*rows, strict=True)))
    texts = [block.text for block in found]
    gaps = sum(block.gap > 0 for block in found)
    if len(texts) < gaps * 10 < 9 * len(texts):
        return  # blank lines here and there set something apart, which a plain series would cut across
    for size in range(2, 7):
        for head in range(min(4, len(texts))):
            body = texts[head:]
            yield from _unit_spec("line", [body[place::size] for place in range(size)])


def _values(group: Sequence[Block], between: str) -> list[str]:
    """The texts of the units of a record, the first without its number or bullet."""
    first = group[0].text
    return [first[prefix(first, between) :], *(block.text for block in group[1:])]


def _unit_spec(between: str, columns: Sequence[Sequence[str]]) -> Iterator[Spec]:
    roles = roles_of(columns)
    # Where nothing sets records apart, an abstract before its title is that of the record before.
    if roles and not (between == "line" and roles[0] == "abstract" and len(roles) > 1):
        yield Spec(NAME, Units(between, roles))
