"""Accounting: what was refused and why, a ledger that must balance, and the verdict whether a run may be published."""

from pipeline.quality.audit import findings
from pipeline.quality.drift import measured, profile, with_history
from pipeline.quality.ledger import balance, balanced, counted_entries
from pipeline.quality.rejects import refused_files, refused_rows
from pipeline.quality.results import result_rows

__all__ = [
    "balance",
    "balanced",
    "counted_entries",
    "findings",
    "measured",
    "profile",
    "refused_files",
    "refused_rows",
    "result_rows",
    "with_history",
]
