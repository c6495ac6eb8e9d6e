"""Repair of text that was decoded wrongly: what was changed, why, how surely, and the way back."""

from pipeline.repair.languages import tables as language_tables
from pipeline.repair.marks import mark_lost
from pipeline.repair.mend import mend_lines, mend_text
from pipeline.repair.model import Mended, Repair, decoded_span, undo
from pipeline.repair.tidy import tidy, untidy
from pipeline.repair.twins import undamaged
from pipeline.repair.whole import mend_file

__all__ = [
    "Mended",
    "Repair",
    "decoded_span",
    "get_ready",
    "mark_lost",
    "mend_file",
    "mend_lines",
    "mend_text",
    "tidy",
    "undamaged",
    "undo",
]


def get_ready() -> None:
    """Read the tables that the first text waits for, a quarter of a second."""
    language_tables()
    untidy()
