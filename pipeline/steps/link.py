"""The stage ``link``: works, authors, and how records and mentions became them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import fields
from functools import cache, partial

import pandas as pd

from pipeline.engine import StageRun
from pipeline.engine.beside import with_beside
from pipeline.engine.memory import give_memory_back
from pipeline.link import link_authors, link_works
from pipeline.link.authors import AuthorLinks, Names, names_of
from pipeline.link.decisions import decision_rows, decisions_of
from pipeline.link.spellings import COLUMNS as SPELLED
from pipeline.link.spellings import Spellings
from pipeline.link.works import COLUMNS, WorkLinks
from pipeline.spill import DiskShelf
from pipeline.steps.by_record import keep_texts
from pipeline.storage import CleanFolder
from schemas import TABLES
from schemas.registry import stored

_MANY_MENTIONS = 20_000  # from which on their names take longer than a process takes to start


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors; what people have decided wins."""
    many = run.clean.latest("author_mentions", run.run_id).count("author_mentions") >= _MANY_MENTIONS
    with with_beside(run) if many else nullcontext():
        _link(run)


def _link(run: StageRun) -> None:
    run.report("link", 0, 2)
    beside = run.settings.beside and run.beside(_names, CleanFolder(run.clean.root.absolute()), run.run_id)
    mentions = run.read_columns("author_mentions", TABLES["author_mentions"].arrow_schema.names)
    written = run.raw.decisions()
    decisions = decisions_of(written)
    names = cache(beside or partial(names_of, mentions))
    keep_texts(run)
    with DiskShelf(run.tables.folder) as shelf:
        records = run.read_columns("records", COLUMNS).sort_values("record_id", ignore_index=True)
        prints, shingles = stored("record_prints"), stored("record_shingles")
        known = run.tables.read(prints), run.tables.groups(shingles)
        works = link_works(records, mentions, decisions, shelf, *known, partial(_spellings, names))
        del records  # the texts are not needed while authors are linked
    run.report("link", 1, 2)
    with run.writing_beside(), ThreadPoolExecutor(1) as thread:
        if decisions:  # which may make one author of two in a list, and then works have fewer
            authors = link_authors(mentions, works, decisions, names())
            _keep_works(run, works.counted(authors.authorships), authors, written)
        else:
            keeping = thread.submit(_keep_works, run, works, None, written)
            authors = link_authors(mentions, works, names=names())
            keeping.result()
        del mentions, works, names, beside  # nor is anything of these while the last tables are written
        give_memory_back()
        _keep_tables(run, authors)
    run.report("link", 2, 2)


def _spellings(names: Callable[[], Names]) -> Spellings:
    return names().spellings


def _names(clean: CleanFolder, run_id: str) -> Names:
    """The names in the mentions of a run."""
    return names_of(clean.latest("author_mentions", run_id).read("author_mentions", SPELLED))


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
