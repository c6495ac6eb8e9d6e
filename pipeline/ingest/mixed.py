"""Several codecs in one file: which line is in which, and how that is written down.

A file is put together from others, or edited with a program that was set otherwise; so codecs change between lines,
mostly between blocks of them. Which lines are UTF-8 is plain from their bytes (``encodings``); here the others are
shared out between legacy codecs.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

from pipeline.ingest.legacy import Price, cost, decodes, handicap, ranked, words_of

_SECTIONS: Final = 8  # parts of a file that are asked for their codec
_GROUPS: Final = 300  # of neighbouring lines, at most; more make it slow and no better
_WORDS: Final = 20  # of a group
_SWITCH: Final = 12.0  # nats for another codec than the line before has
_CLEAR: Final = 25.0  # nats that one codec more must be better by
_MOST: Final = 3  # legacy codecs of one file
_CANDIDATES: Final = 8
_NEVER: Final = 1e9
_RANGE: Final = re.compile(r"([0-9]+)(?:-([0-9]+))?")


def shared_out(lines: Sequence[bytes], price: Price | None) -> list[str] | None:
    """The legacy codec of each line, which have bytes beyond ASCII and are in order; None when no codec decodes them.

    One codec for all unless the evidence for several is clear: their lines then cost less under their own codecs than
    under the best single one, by far more than the changes from one to another cost (a Viterbi path over the lines).
    """
    names = ranked(words_of(lines), price)
    single = next((name for name in names if all(decodes(line, name) for line in lines)), None)
    if price is None or len(lines) < 2:
        return None if single is None else [single] * len(lines)
    candidates = list(dict.fromkeys([*([single] if single else []), *_of_sections(lines, price)]))[:_CANDIDATES]
    groups = _groups(lines)
    costs = [[_cost_of(group, name, price) for name in candidates] for group in groups]
    path, total = _fewest(costs, [handicap(name) for name in candidates])
    if total >= _NEVER:
        return None if single is None else [single] * len(lines)
    return [candidates[choice] for choice, group in zip(path, groups, strict=True) for _ in group]


def _fewest(costs: Sequence[Sequence[float]], entry: Sequence[float]) -> tuple[list[int], float]:
    """The cheapest path over the rows that uses one column, or two or three where each one more is clearly cheaper."""
    best: tuple[list[int], float] = ([], 2 * _NEVER)
    for count in range(1, min(_MOST, len(entry)) + 1):
        found = min(
            (_cheapest_path(costs, entry, columns) for columns in combinations(range(len(entry)), count)),
            key=lambda pair: pair[1],
        )
        if found[1] + (_CLEAR if best[0] else 0.0) >= best[1]:
            break
        best = found
    return best


def ranges(codecs: Iterable[tuple[int, str]]) -> str:
    """Line numbers by codec, ``cp1252: 3-7, 12; cp1250: 9``, from lines beyond ASCII in their order."""
    spans: dict[str, list[str]] = {}
    before = ""
    for number, codec in codecs:
        own = spans.setdefault(codec, [])
        if codec == before:
            own[-1] = f"{own[-1].partition('-')[0]}-{number}"
        else:
            own.append(str(number))
        before = codec
    return "; ".join(f"{codec}: {', '.join(own)}" for codec, own in spans.items())


def codecs_of_lines(encoding: str, encoding_lines: str | None, count: int, start: int = 1) -> list[str]:
    """The codec of each of ``count`` lines from line ``start`` on, from what ``sources`` says of a file."""
    found = [encoding.partition("+")[0]] * count
    for part in (encoding_lines or "").split("; "):
        codec, _, spans = part.partition(": ")
        for match in _RANGE.finditer(spans):
            first, last = max(0, int(match[1]) - start), min(count, int(match[2] or match[1]) - start + 1)
            if first < last:
                found[first:last] = [codec] * (last - first)
    return found


def _of_sections(lines: Sequence[bytes], price: Price) -> list[str]:
    """The likeliest codec of each part of the file, in which another than the file's may rule."""
    size = max(1, -(-len(lines) // _SECTIONS))
    sections = (lines[start : start + size] for start in range(0, len(lines), size))
    return [name for section in sections for name in ranked(words_of(section), price)[:2]]


def _groups(lines: Sequence[bytes]) -> list[Sequence[bytes]]:
    size = max(1, -(-len(lines) // _GROUPS))
    return [lines[start : start + size] for start in range(0, len(lines), size)]


def _cost_of(group: Sequence[bytes], codec: str, price: Price) -> float:
    if not all(decodes(line, codec) for line in group):
        return _NEVER
    found = cost(words_of(group)[:_WORDS], codec, price)
    return _NEVER if found is None else found


def _cheapest_path(
    costs: Sequence[Sequence[float]], entry: Sequence[float], columns: Sequence[int]
) -> tuple[list[int], float]:
    """The cheapest choice among some columns in each row, with a price for every change, and what it costs.

    ``entry`` is added where a column is entered.
    """
    best = [costs[0][column] + entry[column] for column in columns]
    steps: list[list[int]] = []
    for row in costs[1:]:
        cheapest = min(range(len(best)), key=best.__getitem__)
        step, after = [], []
        for place, column in enumerate(columns):
            switch = best[cheapest] + _SWITCH + entry[column]
            stay = best[place] <= switch
            step.append(place if stay else cheapest)
            after.append((best[place] if stay else switch) + row[column])
        steps.append(step)
        best = after
    choice = min(range(len(best)), key=best.__getitem__)
    total, path = best[choice], [choice]
    for step in reversed(steps):
        path.append(step[path[-1]])
    return [columns[place] for place in reversed(path)], total
