"""The stage ``link``: works, authors, and how records and mentions became them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial

import pandas as pd

from pipeline.engine import StageRun
from pipeline.engine.ahead import start_ahead
from pipeline.engine.beside import with_beside
from pipeline.engine.memory import give_memory_back
from pipeline.link.author_tables import GroupedAuthors
from pipeline.link.authors import PRINTED, Names, group_authors, names_in_parts, names_of
from pipeline.link.decisions import Decision, decision_rows, decisions_of
from pipeline.link.linked import Linked, Places, tables_of
from pipeline.link.printed import Dealt, Held
from pipeline.link.spellings import COLUMNS as SPELLED
from pipeline.link.works import link_records
from pipeline.spill import RowStore, row_store
from pipeline.steps.authors import keep_authors, many_mentions
from pipeline.steps.by_record import keep_texts
from pipeline.steps.ranged import keep_works
from pipeline.steps.stored import Stored, StoredMentions, all_evidence
from pipeline.steps.works import find_pairs, linked_before, relink
from pipeline.storage import CleanFolder

_MANY_MENTIONS = 20_000  # from which on their names take longer than a process takes to start
_MANY_RECORDS = 100_000  # from which on what memory holds counts for more than what is done at the same time


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors; what people have decided wins."""
    many = run.clean.latest("author_mentions", run.run_id).count("author_mentions") >= _MANY_MENTIONS
    with (
        with_beside(run) if many else nullcontext(),
        row_store(run.tables.folder) if many_mentions(run) else nullcontext() as store,
    ):
        _link(run, store)


def _link(run: StageRun, store: RowStore | None) -> None:
    run.report("link", 0, 2)
    beside = run.settings.beside and run.beside(_names, CleanFolder(run.clean.root.absolute()), run.run_id, store)
    start_ahead(run)  # behind the names, which are waited for
    printed = partial(_printed, run, store)
    written = run.raw.decisions()
    decisions = decisions_of(written)
    names = cache(beside or partial(_names, run.clean, run.run_id, store))
    keep_texts(run)
    if run.settings.staff is not None:
        run.settings.staff.let_go()  # nothing is left for them, and what they hold would come on top of all texts
    before = None if len(written) else linked_before(run)
    if not beside:
        names()  # not while pairs are looked for, which takes as much memory
        give_memory_back()
    with ThreadPoolExecutor(1) as thread:  # most of the work on pairs is done by numpy, and needs nothing else
        pairs = thread.submit(find_pairs, run, before)
        again = relink(run, before, pairs.result, written) if before else None
        works = again or _link_all(run, decisions, written, pairs.result, names)
    run.report("link", 1, 2)
    with run.writing_beside():
        if decisions:  # which may make one author of two in a list, and then works have fewer
            authors = group_authors(printed(), works.places, names(), decisions)
            works.keep(authors)
        else:
            with ThreadPoolExecutor(1) as thread:
                kept = thread.submit(works.keep)
                if works.large:
                    kept.result()  # since authors take as much memory
                authors = group_authors(printed(), works.places, names())
            if not kept.result():  # a rule was broken, and which rows do that is told where all are made
                _link_all(run, decisions, written, pairs.result, names).keep()
        del works, again, names, beside  # nor is any of this while the last tables are written
        keep_authors(run, authors)
    run.report("link", 2, 2)


@dataclass(frozen=True)
class _All:
    """All records, linked anew; ``keep`` keeps the tables of works, and what people have written down."""

    run: StageRun
    linked: Linked
    printed: Stored
    written: pd.DataFrame

    @property
    def places(self) -> Places:
        """Where records are."""
        return self.linked.places

    @property
    def large(self) -> bool:
        """Whether so much is kept that nothing else is to be done meanwhile."""
        return len(self.linked.record) >= _MANY_RECORDS

    def keep(self, authors: GroupedAuthors | None = None) -> bool:
        """Keep them, with what came of authors if decisions were about them; always true."""
        linked = self.linked
        matches, contradicts = linked.matches, linked.contradicts
        if authors is not None:
            matches, contradicts = {**matches, **authors.matches}, {**contradicts, **authors.contradicts}
            linked = linked.counted(authors.table("authorships"))
        self.run.keep("decisions", decision_rows(self.written, matches, contradicts))
        if not keep_works(self.run, linked, self.printed):
            for name, rows in tables_of(linked, self.printed).items():
                self.run.keep(name, rows)
        return True


def _link_all(
    run: StageRun,
    decisions: list[Decision],
    written: pd.DataFrame,
    pairs: Callable[[], pd.DataFrame],
    names: Callable[[], Names],
) -> _All:
    """Link all records; of their texts only those are read that are compared."""
    names()
    found = pairs()
    give_memory_back()
    known, printed = all_evidence(run)
    linked = link_records(known, printed, lambda: names().named, decisions, lambda: found)
    return _All(run, linked, printed, written)


def _printed(run: StageRun, store: RowStore | None) -> Dealt:
    """What mentions print: in memory, or on the disk where their names are."""
    if store is None:
        return Held(run.read_columns("author_mentions", [PRINTED]))
    return StoredMentions(run.clean.latest("author_mentions", run.run_id), store.folder)


def _names(clean: CleanFolder, run_id: str, store: RowStore | None) -> Names:
    """The names in the mentions of a run."""
    tables = clean.latest("author_mentions", run_id)
    if store is None:
        return names_of(tables.read("author_mentions", SPELLED))
    give_memory_back()
    return names_in_parts(tables.groups("author_mentions", SPELLED), tables.count("author_mentions"), store)
