"""Layouts: how sure one kind of listing is that a file is its own, and which line plays which role there.

One module a layout, found by being in this package and having a ``LAYOUT``: adding one touches no other file. Layouts
that are data, written by people in YAML or proposed by a file's own shape, are in ``described``. What is made of the
lines of a role (titles, names) belongs to ``pipeline.split``.
"""

from pipeline.layouts.choice import Choice, choose, layouts
from pipeline.layouts.described import LayoutFileError, Spec, propose, read_specs
from pipeline.layouts.explanation import explain, proposal
from pipeline.layouts.layout import Layout, LineRole

__all__ = [
    "Choice",
    "Layout",
    "LayoutFileError",
    "LineRole",
    "Spec",
    "choose",
    "explain",
    "layouts",
    "proposal",
    "propose",
    "read_specs",
]
