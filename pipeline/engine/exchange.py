"""Stages in which files have something to tell one another: a second look at those that are told something new.

Each file is worked on alone first. Then all say what they have and what they ask for, and those whose answer is not
the one that their rows were made with are worked on once more. So the rows of a file depend on it and on its answer
alone, in whatever order files come and go. Not here: what is asked and answered (``pipeline.repair.twins``).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.engine.batches import batches
from pipeline.engine.reuse import Earlier, earlier, told
from pipeline.engine.running import BatchBody, Crew, work_through
from pipeline.engine.settings import Settings
from pipeline.engine.stage import FileCounts, StageRun
from pipeline.engine.versions import code_version
from schemas import Table
from schemas.registry import KEPT, of_stage, stored

Exchange = Callable[[Callable[[Sequence[str]], Iterable[pd.DataFrame]]], pd.DataFrame]
"""Makes ``file_twins`` of ``file_words``, of whose rows it may read some columns more than once."""


def run_with_exchange(run: StageRun, body: BatchBody, exchange: Exchange, settings: Settings) -> None:
    """Run a body over batches of files as ``run_by_files`` does, and again over those that others tell something new.

    The body keeps ``file_words`` of every file that it works on.
    """
    run.made_by = code_version(run.stage, run.raw)
    with Crew(run) as crew:
        _exchanged(crew, body, exchange, settings)


def _exchanged(crew: Crew, body: BatchBody, exchange: Exchange, settings: Settings) -> None:
    run = crew.run
    tables, words = [table for table in of_stage(run.stage) if table.per_file], KEPT["file_words"]
    sources = run.read("sources")
    before = None if settings.full else earlier(run, [*tables, words], sources)
    none = KEPT["file_twins"].empty()
    unchanged, renamed = (before.unchanged, before.renamed) if before else (frozenset[str](), {})
    held = before.twins if before else none
    plan = [
        # A large file is worked on afresh as a whole, or not at all; what is worked on has been told nothing.
        batch if batch.piece is None or (before and before.has(batch)) else replace(batch.afresh, twins=none)
        for batch in batches(sources, unchanged, held, renamed)
    ]
    work_through(crew, body, [*tables, words], plan, before)
    if before and before.is_all(plan):  # the same words have the same twins
        run.tables.take_over(KEPT["file_twins"], before.tables, run.stage, run.made_by)
        return
    twins = exchange(lambda columns: run.tables.groups(stored(words.name), columns))
    run.tables.write(KEPT["file_twins"], twins, part=run.stage, made_by=run.made_by)
    then = told(sources, pd.concat([none, *(batch.twins for batch in plan)]).drop_duplicates())
    now = told(sources, twins)
    new = set(now.loc[(now["status"] == "read") & (now["twins"] != then["twins"]), "path"])
    if new:
        _again(crew, body, tables, sources, twins, new)
        worked_on = sources[~sources["path"].isin([*unchanged, *renamed]) | sources["path"].isin(new)]
        size = int(worked_on["bytes"].fillna(0).sum())
        run.files = FileCounts(len(worked_on), len(sources) - len(worked_on), size)


def _again(
    crew: Crew,
    body: BatchBody,
    tables: Sequence[Table],
    sources: pd.DataFrame,
    twins: pd.DataFrame,
    new: set[str],
) -> None:
    """Work once more on the files that are told something new, and on those of which rows were refused."""
    run = crew.run
    refused = {reject.path for reject in run.rejects if reject.path is not None}
    unchanged = frozenset(sources["path"]) - new - refused
    once = Earlier(run.tables, unchanged, tables, {table.name: run.tables.parts(table.name) for table in tables})
    run.results, run.rejects, run.written = [], [], {}
    work_through(crew, body, tables, list(batches(sources, unchanged, twins)), once)
