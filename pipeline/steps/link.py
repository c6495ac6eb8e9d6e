"""The stage ``link``: works, authors, and how records and mentions became them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from functools import cache, partial

import pandas as pd
import pyarrow as pa

from pipeline.engine import StageRun
from pipeline.engine.memory import give_memory_back
from pipeline.link import link_authors, link_works
from pipeline.link.authors import AuthorLinks, Names, names_of
from pipeline.link.decisions import Decision, decision_rows, decisions_of
from pipeline.link.fingerprint import record_prints
from pipeline.link.shingles import record_shingles
from pipeline.link.works import COLUMNS, WorkLinks
from pipeline.steps.works import find_pairs, linked_before, made_of, relink
from pipeline.storage import CleanFolder
from schemas import TABLES, Table
from schemas.arrow import to_arrow, to_frame
from schemas.registry import KEPT, stored


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors; what people have decided wins."""
    run.report("link", 0, 2)
    beside = run.settings.beside and run.beside(_names, CleanFolder(run.clean.root.absolute()), run.run_id)
    mentions = run.read_columns("author_mentions", TABLES["author_mentions"].arrow_schema.names)
    written = run.raw.decisions()
    decisions = decisions_of(written)
    names = cache(beside or partial(names_of, mentions))
    _keep(run, KEPT["record_prints"], lambda rows: to_arrow(record_prints(rows), KEPT["record_prints"].arrow_schema))
    _keep(run, KEPT["record_shingles"], record_shingles)
    before = linked_before(run)
    with ThreadPoolExecutor(1) as thread:  # most of this is done by numpy, and names are folded at the same time
        pairs = thread.submit(find_pairs, run)
        again = thread.submit(relink, run, before, mentions, pairs.result)
        if before:
            names()
        taken_over = again.result() if before else None
        works = taken_over or _link_all(run, mentions, decisions, pairs.result, names)
    run.report("link", 1, 2)
    with run.writing_beside(), ThreadPoolExecutor(1) as thread:
        if decisions:  # which may make one author of two in a list, and then works have fewer
            authors = link_authors(mentions, works, decisions, names())
            _keep_works(run, works.counted(authors.authorships), authors, written)
        elif taken_over:
            authors = link_authors(mentions, works, names=names())
        else:
            keeping = thread.submit(_keep_works, run, works, None, written)
            authors = link_authors(mentions, works, names=names())
            keeping.result()
        del mentions, works, taken_over, again, names, beside  # nor is any of this while the last tables are written
        give_memory_back()
        _keep_tables(run, authors)
    run.report("link", 2, 2)


def _link_all(
    run: StageRun,
    mentions: pd.DataFrame,
    decisions: list[Decision],
    pairs: Callable[[], pd.DataFrame],
    names: Callable[[], Names],
) -> WorkLinks:
    """Link all records; their texts are not needed while authors are linked."""
    records = run.read_columns("records", COLUMNS).sort_values("record_id", ignore_index=True)
    prints = run.tables.read(stored("record_prints"))
    return link_works(records, mentions, decisions, prints, pairs, partial(_keys, names))


def _keys(names: Callable[[], Names]) -> pd.DataFrame:
    return names().keys


def _names(clean: CleanFolder, run_id: str) -> Names:
    """The names in the mentions of a run."""
    return names_of(clean.latest("author_mentions", run_id).read("author_mentions"))


def _keep_works(run: StageRun, works: WorkLinks, authors: AuthorLinks | None, written: pd.DataFrame) -> None:
    """Keep what people have written down, and what came of it, and the tables of works."""
    matches, contradicts = works.matches, works.contradicts
    if authors is not None:
        matches, contradicts = {**matches, **authors.matches}, {**contradicts, **authors.contradicts}
    run.keep("decisions", decision_rows(written, matches, contradicts))
    _keep_tables(run, works)


def _keep_tables(run: StageRun, links: WorkLinks | AuthorLinks) -> None:
    for field in fields(links):
        if field.name in TABLES:
            run.keep(field.name, getattr(links, field.name))


def _keep(run: StageRun, table: Table, make: Callable[[pd.DataFrame], pa.Table]) -> None:
    """What is known of each record by itself, batch by batch of files; of batches that have not changed as it was."""
    name = stored(table.name)
    records, before = run.clean.latest("records", run.run_id), run.clean.published()
    made_by = made_of(run)
    known = {} if run.full or before is None or before.made_by(name) != made_by else before.parts(name)
    source = before.source(name) if before and known else None
    with run.tables.writer(table, part=run.stage, made_by=made_by) as writer:
        for key, part in records.parts("records").items():
            if source and key in known:
                writer.move(source, known[key])
            else:
                rows = make(to_frame(records.read_part("records", part)))
                writer.append_arrow(rows.cast(writer.parquet.schema), (part.first, part.last), key)
