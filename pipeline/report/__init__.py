"""``report.html``: one page that says how a run went, for people with a browser and nothing else. Tables in, HTML out.

It draws with Altair and great_tables, which take half a second to import: import this where a report is made.
"""

from pipeline.report.charts import warm_up
from pipeline.report.choice import choose
from pipeline.report.drift import drift
from pipeline.report.gathering import gathered
from pipeline.report.losses import losses
from pipeline.report.material import At, Material
from pipeline.report.origins import origins
from pipeline.report.page import document
from pipeline.report.repairs import repairs
from pipeline.report.rules import rules
from pipeline.report.sources import sources
from pipeline.report.undecided import undecided
from pipeline.report.verdict import top
from pipeline.report.works import distributions, works

__all__ = ["At", "Material", "gathered", "report", "warm_up"]


def report(made_of: Material) -> str:
    """The page, the same for the same material, character for character."""
    choice = choose(made_of)
    sections = [
        losses(made_of),
        repairs(made_of, choice.examples),
        undecided(made_of, choice),
        rules(made_of),
        drift(made_of),
        sources(made_of),
        works(made_of),
        distributions(made_of),
        origins(),
    ]
    return document("Palimpsest: report of a run", top(made_of), sections)
