"""Layout E: numbered references (`12. Title. Authors. Venue, year.`, `[12] Authors. Title. Venue, year.` and so on),
each with its abstract behind it.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipeline.layouts.blocks import MAX_HEAD, is_abstract
from pipeline.layouts.layout import Layout, LineRole
from pipeline.layouts.references import NUMBER, ends_with_year, is_reference, usual_order
from pipeline.layouts.shapes import are_labelled, ends_sentence, is_chrome, width
from pipeline.layouts.wrapping import broken_before

# Numbers that may lack between one reference and the next.
_GAP: Final = 3
# What is shorter and ends no sentence goes on with no abstract that has ended.
_SHORT: Final = 50


def score(lines: Sequence[str]) -> float:
    """Share of the lines with text, head and furniture of the page not counted, in references and abstracts.

    Abstracts are proof that this is a listing and no bibliography or list of steps: where fewer than half of them
    have one, the score falls.
    """
    if are_labelled(lines) or not _starts(lines):
        return 0.0
    given = roles(lines)
    groups: dict[int, dict[str, list[str]]] = {}
    for line, role in zip(lines, given, strict=True):
        if role.entry is not None:
            groups.setdefault(role.entry, {}).setdefault(role.role, []).append(line)
    texts = {entry: " ".join(parts["reference"]) for entry, parts in groups.items()}
    order = usual_order(list(texts.values()))
    told = {entry for entry, text in texts.items() if is_reference(text, order)}
    proven = sum(is_abstract(" ".join(groups[entry].get("abstract", ()))) for entry in told)
    if not proven:
        return 0.0
    parts = [role for line, role in zip(lines, given, strict=True) if role.role != "blank" and not is_chrome(line)]
    head = next(number for number, role in enumerate(parts) if role.entry is not None)
    share = sum(role.entry in told for role in parts) / (len(parts) - min(head, MAX_HEAD))
    return share * min(1.0, 2 * proven / len(told))


def roles(lines: Sequence[str]) -> list[LineRole]:
    """A role for each line: numbers that count on start references; behind one is its abstract, or the page's part."""
    starts = _starts(lines)
    broken = broken_before(lines)
    often = Counter(line.strip() for line in lines)
    entry, last, given = -1, "chrome", []
    for index, line in enumerate(lines):
        text = line.strip()
        if not text:
            given.append(LineRole("blank", None, "nothing on the line"))
            continue
        if index in starts:
            entry, last = entry + 1, "reference"
            given.append(LineRole("reference", entry, "number that counts on"))
        elif broken[index] and given[-1].role == "reference" and not ends_with_year(lines[index - 1]):
            given.append(LineRole("reference", entry, "goes on with a reference"))
        elif entry < 0 or is_chrome(text) or (often[text] > 1 and not broken[index]):
            given.append(LineRole("chrome", None, "furniture of the page"))
            continue
        elif last == "reference" or broken[index] or _goes_on(lines, given, text):
            last = "abstract"
            given.append(LineRole("abstract", entry, "behind a reference"))
        else:
            given.append(LineRole("chrome", None, "goes on with nothing"))
    return given


def _goes_on(lines: Sequence[str], given: Sequence[LineRole], text: str) -> bool:
    """Does a line go on with an abstract: one that is open, or with a line that is no short scrap?"""
    before = next((n for n in range(len(given) - 1, -1, -1) if given[n].role == "abstract"), None)
    was_open = before is not None and not ends_sentence(lines[before])
    return was_open or ends_sentence(text) or width(text) > 2 * _SHORT


def _starts(lines: Sequence[str]) -> frozenset[int]:
    """The lines of the longest series of numbers of one form that count on; a few may lack."""
    return _series(tuple(lines))


@lru_cache(maxsize=1)
def _series(lines: tuple[str, ...]) -> frozenset[int]:
    best: list[int] = []
    numbers = [(index, number) for index, line in enumerate(lines) if (number := NUMBER.match(line))]
    for form in ("bracket", "round", "dot"):
        series: dict[int, list[int]] = {}
        for index, number in numbers:
            if number[form]:
                count = int(number[form])
                before = max((series.get(count - step, []) for step in range(1, _GAP + 1)), key=len)
                if len(before) >= len(series.get(count, [])):
                    series[count] = [*before, index]
        best = max(best, *series.values(), key=len) if series else best
    return frozenset(best)


LAYOUT: Final = Layout("listing_e", score, roles)
