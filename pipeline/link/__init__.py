"""The link stage: records of one paper become a work, mentions of one name become an author.

Pure functions on frames. Not here: reading records (``split``), and judging tables (``quality``).
"""

from pipeline.link.authors import AuthorLinks, link_authors
from pipeline.link.works import WorkLinks, link_works

__all__ = ["AuthorLinks", "WorkLinks", "link_authors", "link_works"]
