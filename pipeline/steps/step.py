"""The steps of a run, in their order: which bodies a stage has, and the tables of earlier stages that they read."""

from dataclasses import dataclass

import pandas as pd

from pipeline.engine import (
    BatchBody,
    Body,
    Exchange,
    Settings,
    StageRun,
    run_by_files,
    run_with_exchange,
    take_over,
    take_over_files,
)
from pipeline.engine.cost import cost_row, tell_outcome
from pipeline.engine.memory import give_memory_back
from pipeline.engine.usage import measured
from pipeline.repair.twins import twins_of
from pipeline.steps.ingest import ingest
from pipeline.steps.link import link
from pipeline.steps.quality import quality
from pipeline.steps.repair import corrections, repair
from pipeline.steps.split import split
from schemas import TABLES
from schemas.quality import RUN_METRICS, STAGES


@dataclass(frozen=True)
class Step:
    """One stage: what it does batch by batch of files, what files tell one another, and what needs whole tables.

    ``pure``: the whole tables are made of the tables that it needs and of nothing else, so that those of the published
    set are taken over where these are the same.
    """

    stage: str
    needs: tuple[str, ...]
    by_files: BatchBody | None = None
    exchange: Exchange | None = None
    whole: Body | None = None
    pure: bool = False

    def work(self, run: StageRun, settings: Settings) -> None:
        """Make all tables of the stage, log what happens, and put down what it cost."""
        give_memory_back()
        with measured() as usage:
            run.full, run.settings = settings.full, settings
            run.tell("stage.started")
            self._work(run, settings)
        for worker in run.workers:
            usage.add(worker)
        row = cost_row(run, usage)
        run.tables.write(RUN_METRICS, RUN_METRICS.typed(pd.DataFrame([row])), part=self.stage)
        tell_outcome(run, row)

    def _work(self, run: StageRun, settings: Settings) -> None:
        if self.by_files is not None and not settings.full and take_over_files(run, self.needs):
            run.taken_over = True
            run.finish()
            return
        if self.by_files is not None and self.exchange is not None:
            run_with_exchange(run, self.by_files, self.exchange, settings)
        elif self.by_files is not None:
            run_by_files(run, self.by_files, settings)
        taken_over = self.pure and not settings.full and take_over(run, self.needs)
        run.taken_over = taken_over
        if self.whole is not None and not taken_over:
            self.whole(run)
        run.finish()


STEPS = {
    step.stage: step
    for step in (
        Step("ingest", (), whole=ingest),
        Step("repair", ("sources",), by_files=repair, exchange=twins_of, whole=corrections),
        Step("split", ("sources", "text_lines", "text_repairs"), by_files=split),
        Step("link", ("records", "author_mentions"), whole=link, pure=True),
        Step("quality", tuple(t.name for t in TABLES.values() if t.stage in STAGES), whole=quality),
    )
}
