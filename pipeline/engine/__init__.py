"""Running stages: tables are read, contracts held, rows written and refusals accounted for, on one core or on all.

The bodies of stages (``pipeline.steps``) do the work and know nothing of this; Dagster's assets call it and add
nothing. Not here: where files are (``storage``) and what Dagster is told (``io``, ``checks``).
"""

from pipeline.engine.batches import Batch, BatchRun, batches
from pipeline.engine.exchange import Exchange, run_with_exchange
from pipeline.engine.pools import WorkerError
from pipeline.engine.reuse import take_over, take_over_files
from pipeline.engine.running import BatchBody, Body, run_by_files, spread
from pipeline.engine.seen import note_state, published_state, state_of
from pipeline.engine.settings import Settings
from pipeline.engine.stage import Report, StageRun, Written, silent
from pipeline.engine.versions import code_version

__all__ = [
    "Batch",
    "BatchBody",
    "BatchRun",
    "Body",
    "Exchange",
    "Report",
    "Settings",
    "StageRun",
    "WorkerError",
    "Written",
    "batches",
    "code_version",
    "note_state",
    "published_state",
    "run_by_files",
    "run_with_exchange",
    "silent",
    "spread",
    "state_of",
    "take_over",
    "take_over_files",
]
