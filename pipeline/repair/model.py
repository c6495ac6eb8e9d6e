"""What a repair is, and the arithmetic of spans: applying, undoing, composing two steps, finding the way back.

Not here: how damage is found and decided (``decide``, ``lost``), nor what the second step mends (``tidy``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Final, NamedTuple, overload

SURE_FIRST: Final = ("exact", "constrained", "inferred", "unresolved")


class Repair(NamedTuple):
    """One mend of one span, or one damaged span that was left because nobody can know.

    ``start`` and ``end`` count characters of the decoded line, before any repair. ``before == after`` exactly when
    ``certainty`` is ``unresolved``. ``codec`` names the channel of mojibake as true codec > codec it was read as.
    """

    start: int
    end: int
    before: str
    after: str
    kind: str
    codec: str | None
    certainty: str
    confidence: float
    alternatives: tuple[str, ...]
    evidence: str


class Repairs(Sequence[Repair]):
    """Repairs of which only the number is known until somebody asks for them; equal to a tuple of the same."""

    __slots__ = ("_first", "_last", "_made", "_make")

    def __init__(self, make: Callable[[int, int], tuple[Repair, ...]], first: int, last: int) -> None:
        """``make`` gives those from the first to the last of some."""
        self._make, self._first, self._last = make, first, last
        self._made: tuple[Repair, ...] | None = None

    def made(self) -> tuple[Repair, ...]:
        """The repairs as a tuple."""
        if self._made is None:
            self._made = self._make(self._first, self._last)
        return self._made

    def __len__(self) -> int:
        return self._last - self._first

    @overload
    def __getitem__(self, place: int) -> Repair: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Repair, ...]: ...
    def __getitem__(self, place: int | slice) -> Repair | tuple[Repair, ...]:
        return self.made()[place]

    def __iter__(self) -> Iterator[Repair]:
        return iter(self.made())

    def __eq__(self, other: object) -> bool:
        return self.made() == (other.made() if isinstance(other, Repairs) else other)

    def __hash__(self) -> int:
        return hash(self.made())

    def __repr__(self) -> str:
        return repr(self.made())

    def __reduce__(self) -> tuple[type[tuple[Repair, ...]], tuple[tuple[Repair, ...]]]:
        return tuple, (self.made(),)  # elsewhere the others are not there


class Mended(NamedTuple):
    """A text after repair, and the repairs that made it so: sorted by ``start``, never overlapping."""

    text: str
    repairs: tuple[Repair, ...] | Repairs = ()


def untouched(texts: Iterable[str]) -> list[Mended]:
    """Each text as one that needed no repair; the fastest way to make many."""
    return list(map(tuple.__new__, repeat(Mended), zip(texts, repeat(()))))


def moved(repairs: Iterable[Repair], shift: int) -> list[Repair]:
    """Repairs of a part of a text as repairs of the text, in which the part begins at ``shift``."""
    return [Repair(repair[0] + shift, repair[1] + shift, *repair[2:]) for repair in repairs]


def applied(text: str, repairs: list[Repair]) -> Mended:
    """Like ``apply_repairs``, of repairs that are known to fit and to be in order."""
    parts: list[str] = []
    position = 0
    for repair in repairs:
        parts += (text[position : repair[0]], repair[3])
        position = repair[1]
    return Mended("".join((*parts, text[position:])), tuple(repairs))


def apply_repairs(text: str, repairs: Iterable[Repair]) -> Mended:
    """Apply repairs whose spans are in ``text``; raises ValueError where two overlap or one does not fit."""
    parts, position, ordered = [], 0, tuple(sorted(repairs, key=lambda repair: repair.start))
    for repair in ordered:
        if repair.start < position or text[repair.start : repair.end] != repair.before:
            raise ValueError(f"repair {repair} does not fit a text that is mended up to {position}")
        parts += [text[position : repair.start], repair.after]
        position = repair.end
    return Mended("".join([*parts, text[position:]]), ordered)


def undo(mended: Mended) -> str:
    """The decoded line again, character for character."""
    parts, position = [], 0
    for repair, start, end in placed_in(mended):
        parts += [mended.text[position:start], repair.before]
        position = end
    return "".join([*parts, mended.text[position:]])


def decoded_span(mended: Mended, start: int, end: int) -> tuple[int, int]:
    """The span of the decoded line behind a span of the mended text, widened to whole repairs that it touches.

    What was removed altogether belongs to a span that reaches over its place on both sides.
    Raises ValueError for a span outside of the text.
    """
    if not 0 <= start <= end <= len(mended.text):
        raise ValueError(f"span {start}:{end} is not inside a text of {len(mended.text)} characters")
    low, high = _back(mended, start, opening=True), _back(mended, end, opening=False)
    return min(low, high), high


def compose(first: Mended, second: Mended) -> Mended:
    """Two steps as one: the second mended the text that the first yielded.

    Edits of the second that touch one of the first become one repair with it. What the second leaves unresolved
    there, the first knew already.
    """
    if not first.repairs or not second.repairs:
        return second if second.repairs else first
    placed = list(placed_in(first))
    edits = [
        edit
        for edit in second.repairs
        if edit.before != edit.after or not any(edit.start < there and here < edit.end for _, here, there in placed)
    ]
    items: list[tuple[int, int, Repair, bool]] = [(here, there, repair, False) for repair, here, there in placed]
    items += [(edit.start, edit.end, edit, True) for edit in edits]
    groups: list[list[tuple[int, int, Repair, bool]]] = []
    reach = -1
    for item in sorted(items, key=lambda item: item[:2]):
        if item[0] >= reach:
            groups.append([])
        groups[-1].append(item)
        reach = max(reach, item[1])
    decoded = undo(first)
    joined = [_joined(first, decoded, group) for group in groups]
    return apply_repairs(decoded, [repair for repair in joined if repair is not None])


def _joined(first: Mended, decoded: str, group: list[tuple[int, int, Repair, bool]]) -> Repair | None:
    """The repairs of one group as one whose span is in the decoded line; None when they cancel out."""
    if len(group) == 1 and not group[0][3]:
        return group[0][2]
    low, high = group[0][0], max(item[1] for item in group)
    edits = [item[2] for item in group if item[3]]
    start, end = _back(first, low, opening=True), _back(first, high, opening=False)
    after = apply_repairs(first.text[low:high], moved(edits, -low)).text
    before = decoded[start:end]
    if before == after and any(item[2].certainty != "unresolved" for item in group):
        return None
    parts = [item[2] for item in group]
    lead = next((part for part in parts if part.before != part.after), parts[0])
    certainty = max((part.certainty for part in parts), key=SURE_FIRST.index)
    alternatives = [
        first.text[low : item[0]] + other + first.text[item[1] : high]
        for item in group
        for other in item[2].alternatives
    ]
    return lead._replace(
        start=start,
        end=end,
        before=before,
        after=after,
        certainty="inferred" if certainty == "unresolved" and before != after else certainty,
        confidence=min(part.confidence for part in parts),
        alternatives=tuple([other for other in dict.fromkeys(alternatives) if other != after]),
        evidence="; then ".join(dict.fromkeys(part.evidence for part in parts)),
    )


def _back(mended: Mended, position: int, *, opening: bool) -> int:
    """A place in the mended text as a place in the decoded one; inside a repair, the repair's own start or end."""
    shift = 0
    for repair, here, there in placed_in(mended):
        if here < position < there:
            return repair.start if opening else repair.end
        if there > position or (here == position and not opening):
            break
        shift = repair.end - there
    return position + shift


def placed_in(mended: Mended) -> Iterator[tuple[Repair, int, int]]:
    """Every repair with the span that its ``after`` fills in the mended text."""
    shift = 0
    for repair in mended.repairs:
        start = repair.start + shift
        yield repair, start, start + len(repair.after)
        shift += len(repair.after) - len(repair.before)
