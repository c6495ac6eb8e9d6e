"""The stage ``link``: works, authors, and how records and mentions became them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import fields
from functools import cache, partial

import pandas as pd

from pipeline.engine import StageRun
from pipeline.engine.ahead import start_ahead
from pipeline.engine.beside import with_beside
from pipeline.engine.memory import give_memory_back
from pipeline.link import link_authors, link_works
from pipeline.link.authors import PRINTED, AuthorLinks, Names, names_of
from pipeline.link.decisions import Decision, decision_rows, decisions_of
from pipeline.link.spellings import COLUMNS as SPELLED
from pipeline.link.spellings import Spellings
from pipeline.link.works import COLUMNS, WorkLinks
from pipeline.steps.by_record import keep_texts
from pipeline.steps.works import find_pairs, linked_before, relink
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
    start_ahead(run)  # behind the names, which are waited for
    mentions = partial(run.read_columns, "author_mentions")
    written = run.raw.decisions()
    decisions = decisions_of(written)
    names = cache(beside or partial(_names, run.clean, run.run_id))
    keep_texts(run)
    before = None if len(written) else linked_before(run)
    with ThreadPoolExecutor(1) as thread:  # most of the work on pairs is done by numpy, and needs nothing else
        pairs = thread.submit(find_pairs, run)
        again = relink(run, before, pairs.result, written) if before else None
        works = again.works if again else _link_all(run, decisions, pairs.result, names)
    run.report("link", 1, 2)
    with run.writing_beside():
        if decisions:  # which may make one author of two in a list, and then works have fewer
            authors = link_authors(mentions(PRINTED), works, decisions, names())
            _keep_works(run, works.counted(authors.authorships), authors, written)
        else:
            with ThreadPoolExecutor(1) as thread:
                kept = thread.submit(again.keep if again else partial(_keep_works, run, works, None, written))
                authors = link_authors(mentions(PRINTED), works, names=names())
            done = kept.result()
            if again and not done:  # a rule was broken, and which rows do that is told where all are made
                _keep_works(run, _link_all(run, decisions, pairs.result, names), None, written)
        del works, again, names, beside  # nor is any of this while the last tables are written
        give_memory_back()
        _keep_tables(run, authors)
    run.report("link", 2, 2)


def _link_all(
    run: StageRun, decisions: list[Decision], pairs: Callable[[], pd.DataFrame], names: Callable[[], Names]
) -> WorkLinks:
    """Link all records; their texts are not there while pairs are looked for, nor while authors are linked."""
    names()
    found = pairs()
    give_memory_back()
    records = run.read_columns("records", COLUMNS).sort_values("record_id", ignore_index=True)
    prints = run.tables.read(stored("record_prints"))
    return link_works(records, partial(_spellings, names), decisions, prints, lambda: found)


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
