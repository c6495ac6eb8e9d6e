"""The stage ``link``: works, authors, and how records and mentions became them."""

from pipeline.engine import StageRun
from pipeline.link import link_authors, link_works


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors."""
    run.report("link", 0, 2)
    mentions = run.read("author_mentions")
    works = link_works(run.read("records"), mentions)
    run.keep("works", works.works)
    run.keep("work_records", works.work_records)
    run.report("link", 1, 2)
    authors = link_authors(mentions, works)
    run.keep("authors", authors.authors)
    run.keep("mention_authors", authors.mention_authors)
    run.keep("authorships", authors.authorships)
    run.keep("possible_same_author", authors.possible_same_author)
    run.report("link", 2, 2)
