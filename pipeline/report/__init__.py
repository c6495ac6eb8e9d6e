"""``report.html``: one page that says how a run went, for people with a browser and nothing else. Tables in, HTML out.

It draws with Altair and great_tables, which take half a second to import: import this where a report is made.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pipeline.report.charts import warm_up
from pipeline.report.choice import choose
from pipeline.report.drift import drift
from pipeline.report.gathering import gathered
from pipeline.report.losses import losses
from pipeline.report.material import At, Material
from pipeline.report.origins import origins
from pipeline.report.page import Section, document
from pipeline.report.repairs import repairs
from pipeline.report.rules import rules
from pipeline.report.sources import sources
from pipeline.report.undecided import undecided
from pipeline.report.verdict import top
from pipeline.report.works import distributions, works
from schemas.quality import ALL_STAGES

__all__ = ["BEFORE_LINKING", "At", "Material", "Section", "begun", "gathered", "linked", "origins", "report", "warm_up"]


BEFORE_LINKING: Final = ALL_STAGES[: ALL_STAGES.index("link")]
"""The stages whose tables the sections of ``begun`` are made of."""


def begun(made_of: Material) -> dict[str, Section]:
    """The sections that need no works and no accounting, by their names; ``made_of`` may have nothing of these."""
    choice = choose(made_of)
    made = [repairs(made_of, choice.examples), undecided(made_of, choice), sources(made_of), origins()]
    return {section.name: section for section in made}


def linked(made_of: Material) -> dict[str, Section]:
    """The sections that need the tables of linking and no others, by their names."""
    return {section.name: section for section in (works(made_of), distributions(made_of))}


def report(made_of: Material, first: Mapping[str, Section] = MappingProxyType({})) -> str:
    """The page, the same for the same material, character for character.

    ``first`` are the sections that are ``begun`` of the same, or ``linked``, where that was done before.
    """
    ready = dict(first)
    ready |= {} if "repairs" in ready else begun(made_of)
    ready |= {} if "works" in ready else linked(made_of)
    sections = [
        losses(made_of),
        ready["repairs"],
        ready["undecided"],
        rules(made_of),
        drift(made_of),
        ready["files"],
        ready["works"],
        ready["distributions"],
        ready["lineage"],
    ]
    return document("Palimpsest: report of a run", top(made_of), sections)
