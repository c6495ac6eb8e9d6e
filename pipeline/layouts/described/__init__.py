"""Layouts that are data: a description of a record's shape, written by a person in YAML or proposed from a file.

Not here: the layouts with code of their own, which are the modules beside this package.
"""

from pipeline.layouts.described.proposal import Proposal, propose
from pipeline.layouts.described.reading import layout_of
from pipeline.layouts.described.spec import Columns, Labels, Spec, Units
from pipeline.layouts.described.written import LayoutFileError, read_specs, written

__all__ = [
    "Columns",
    "Labels",
    "LayoutFileError",
    "Proposal",
    "Spec",
    "Units",
    "layout_of",
    "propose",
    "read_specs",
    "written",
]
