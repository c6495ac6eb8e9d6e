"""Rows of files that are read in pieces: put together when the last piece is done, and held against their contract."""

from dataclasses import dataclass, field

import pandas as pd

from pipeline.engine.batches import FILE_KEY, Batch, BatchRun
from pipeline.engine.stage import StageRun
from pipeline.split.tables import added_up
from schemas import TABLES
from schemas.rule import merged


@dataclass
class LargeFiles:
    """What the pieces of a large file say of it, until all have; pieces come in their order."""

    run: StageRun
    _said: dict[str, list[pd.DataFrame]] = field(default_factory=dict)

    def whole_rows(self, batch: Batch, kept: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """The rows of a batch as they are written: of tables in which a row is a file, nothing before the last piece.

        Results and refused rows of what is put together here go to the run.
        """
        if batch.piece is None:
            return kept
        rows = dict(kept)
        for name in [name for name in kept if name in TABLES and TABLES[name].key == FILE_KEY]:
            self._said.setdefault(name, []).append(kept[name])
            rows[name] = kept[name].iloc[:0]
            if batch.piece.is_last:
                run = BatchRun(self.run.stage, self.run.raw, self.run.clean, self.run.run_id, batch=batch)
                rows[name] = run.held(TABLES[name], added_up(self._said.pop(name)))
                self.run.results = merged(self.run.results, run.results)
                self.run.rejects += run.rejects
        return rows
