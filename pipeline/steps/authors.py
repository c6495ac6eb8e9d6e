"""The tables of authors, kept one after the other; large ones some rows at a time, so that none is in memory whole.

Not here: what is in them (``link.author_tables``).
"""

from typing import Final

from pipeline.engine import StageRun
from pipeline.engine.memory import give_memory_back
from pipeline.link.author_tables import GroupedAuthors
from pipeline.link.authors import AUTHOR_TABLES
from pipeline.link.numbers import Hashes
from pipeline.steps.slabs import keep_slabs, keys_of
from schemas import TABLES

_LARGE: Final = {
    "authors": (),
    "mention_authors": ("author_mentions", "authors"),
    "authorships": ("works", "authors", "author_mentions"),
    "possible_same_author": ("authors",),
}
"""Tables that have a row for each mention or author, or name one, and the tables that their rows name."""

_MANY_MENTIONS: Final = 400_000  # of fewer, these tables are less than what is in memory while names are compared


def many_mentions(run: StageRun) -> bool:
    """Whether there are so many mentions that their names and tables are to be made some at a time."""
    return run.clean.latest("author_mentions", run.run_id).count("author_mentions") >= _MANY_MENTIONS


def keep_authors(run: StageRun, authors: GroupedAuthors | None) -> None:
    """Keep the tables of authors; of None they have no rows."""
    large = _LARGE if authors is not None and len(authors.placed.mentions.order) >= _MANY_MENTIONS else {}
    known: dict[str, Hashes] = {}
    for name in AUTHOR_TABLES:
        give_memory_back()
        if authors is None:
            run.keep(name, TABLES[name].empty())
            continue
        if name in large:
            known |= {other: keys_of(run, other) for other in large[name] if other not in known}
        if name not in large or not keep_slabs(run, name, authors.parts(name), known):
            run.keep(name, authors.table(name))
