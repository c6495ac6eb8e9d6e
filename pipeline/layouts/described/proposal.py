"""Finding the shape of the records of a listing that no layout knows: descriptions that could be true are made from
what repeats in the file, and the one that explains most of it is proposed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.layouts.blocks import is_abstract
from pipeline.layouts.described.candidates import candidates
from pipeline.layouts.described.looks import is_several
from pipeline.layouts.described.reading import Values, roles_of_lines, score_of, told_of, values_of
from pipeline.layouts.described.spec import Spec
from pipeline.layouts.shapes import ends_sentence

# From here a proposal is used without being asked; it must explain nearly the whole file.
USED_FROM: Final = 0.9
# Fewer records repeat nothing.
LEAST_RECORDS: Final = 3
# What is proposed at all explains at least that.
_PROPOSED_FROM: Final = 0.5
# Of the records so many (one in ...) must have a list of several authors, or the names are senders or speakers.
_LISTS: Final = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """A description of a file's shape: the share of the lines that it explains, the number of records, and what keeps
    it from being used unasked (None when nothing does).
    """

    spec: Spec
    score: float
    records: int
    doubt: str | None


def propose(lines: Sequence[str]) -> Proposal | None:
    """The description that explains most lines, one without doubts before others; None where none explains half."""
    best: Proposal | None = None
    for spec in candidates(lines):
        found = _judged(spec, lines)
        if found and (best is None or _rank(found) > _rank(best)):
            best = found
    return best


def _rank(proposal: Proposal) -> tuple[bool, float, int]:
    fields = sum(role != "other" for role in _roles(proposal.spec))
    return proposal.doubt is None, round(proposal.score, 2), fields


def _roles(spec: Spec) -> Iterator[str]:
    yield from (role if isinstance(role, str) else role[1] for role in spec.shape.roles)


def _judged(spec: Spec, lines: Sequence[str]) -> Proposal | None:
    score = round(score_of(spec.shape, lines), 4)
    records = values_of(lines, roles_of_lines(spec.shape, lines))
    told = [records[entry] for entry in sorted(told_of(records))]
    if score < _PROPOSED_FROM or len(told) < LEAST_RECORDS:
        return None
    return Proposal(spec, score, len(records), _doubt(score, told))


def _doubt(score: float, told: Sequence[Values]) -> str | None:
    """What speaks against using a proposal unasked."""
    abstracts = [values["abstract"] for values in told if is_abstract(values.get("abstract", ""))]
    if len(abstracts) * 2 < len(told):
        return "fewer than half of its records have an abstract, which would prove that they are papers"
    if len(set(abstracts)) * 2 < len(abstracts) or sum(map(ends_sentence, abstracts)) * 2 < len(abstracts):
        return "its abstracts repeat, or are no sentences"
    lists = sum(is_several(values.get("authors", values.get("reference", ""))) for values in told)
    if lists * _LISTS < len(told):
        return "its names stand alone, as those of senders and speakers do"
    titles = {values.get("title", values.get("reference", "")) for values in told}
    if len(titles) * 2 < len(told):
        return "its titles repeat"
    return f"it explains {score:.0%} of the lines, and {USED_FROM:.0%} are needed" if score < USED_FROM else None
