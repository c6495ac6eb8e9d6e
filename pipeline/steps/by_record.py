"""What linking compares of each record by itself: made batch by batch on all cores, and kept for later runs."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pyarrow as pa

from pipeline.engine import StageRun, code_version, spread
from pipeline.footers import Part
from pipeline.link.fingerprint import record_prints
from pipeline.link.shingles import record_shingles
from pipeline.storage import CleanFolder
from pipeline.tables import TableSet
from schemas.arrow import to_arrow, to_frame
from schemas.registry import KEPT, stored

_TABLES = (KEPT["record_prints"], KEPT["record_shingles"])
_WORK = 400  # bytes that repair and split work on in the time that a record takes here


def made_of(run: StageRun) -> str:
    """What is known of records by themselves depends on: the code of linking, and what made the records."""
    return f"{code_version(run.stage, run.raw)} {run.clean.latest('records', run.run_id).made_by('records')}"


def keep_texts(run: StageRun) -> None:
    """Keep ``record_prints`` and ``record_shingles``; of batches that have not changed as they were."""
    records, before = run.clean.latest("records", run.run_id), run.clean.published()
    made_by = made_of(run)
    parts = records.parts("records")
    known = {} if run.full or before is None else _known(before, made_by)
    fresh = [part for key, part in parts.items() if key not in known]
    size = _WORK * records.count("records") * len(fresh) // max(1, len(parts))
    there = CleanFolder(run.clean.root.absolute()).latest("records", run.run_id)  # workers start elsewhere
    with ExitStack() as stack:
        made = stack.enter_context(closing(spread(run, Texts(there), fresh, size)))
        writers = [stack.enter_context(run.tables.writer(t, part=run.stage, made_by=made_by)) for t in _TABLES]
        sources = [before.source(stored(table.name)) for table in _TABLES] if before and known else []
        for key, part in parts.items():
            if key in known:
                for writer, source, then in zip(writers, sources, known[key], strict=True):
                    writer.move(source, then)
            else:
                for writer, rows in zip(writers, next(made), strict=True):
                    writer.append_arrow(rows.cast(writer.parquet.schema), (part.first, part.last), key)


def _known(before: TableSet, made_by: str) -> Mapping[str, tuple[Part, ...]]:
    """Where both tables of an earlier set have each batch, by its key; nothing where other code made them."""
    names = [stored(table.name) for table in _TABLES]
    if any(before.made_by(name) != made_by for name in names):
        return {}
    prints, shingles = map(before.parts, names)
    return {key: (part, shingles[key]) for key, part in prints.items() if key in shingles}


@dataclass(frozen=True)
class Texts:
    """Makes the rows of both tables from those that a batch has in ``records``."""

    records: TableSet

    def __call__(self, part: Part) -> tuple[pa.Table, pa.Table]:
        """The prints, and the shingles."""
        rows = to_frame(self.records.read_part("records", part))
        return to_arrow(record_prints(rows), KEPT["record_prints"].arrow_schema), record_shingles(rows)
