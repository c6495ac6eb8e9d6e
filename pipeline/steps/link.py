"""The stage ``link``: works, authors, and how records and mentions became them."""

from dataclasses import fields

from pipeline.engine import StageRun
from pipeline.link import link_authors, link_works
from pipeline.link.decisions import decision_rows, decisions_of
from pipeline.link.works import COLUMNS
from pipeline.spill import DiskShelf
from schemas import TABLES


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors; what people have decided wins."""
    run.report("link", 0, 2)
    mentions, written = run.read("author_mentions"), run.raw.decisions()
    decisions = decisions_of(written)
    with DiskShelf(run.tables.folder) as shelf:
        records = run.read_columns("records", COLUMNS).sort_values("record_id", ignore_index=True)
        works = link_works(records, mentions, decisions, shelf)
        del records  # the texts are not needed while authors are linked
    run.report("link", 1, 2)
    authors = link_authors(mentions, works, decisions)
    works = works.counted(authors.authorships)
    matches, contradicts = {**works.matches, **authors.matches}, {**works.contradicts, **authors.contradicts}
    run.keep("decisions", decision_rows(written, matches, contradicts))
    for links in (works, authors):
        for field in fields(links):
            if field.name in TABLES:
                run.keep(field.name, getattr(links, field.name))
    run.report("link", 2, 2)
