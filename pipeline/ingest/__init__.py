"""The first stage: the bytes of one file become lines of text.

Here belong unpacking, archives, file types, encodings and line ends. What is wrong inside a line (mojibake, entities,
controls) belongs to ``pipeline.repair``; which file to read, and reading it, to whoever calls.
"""

from pipeline.ingest.identify import bounded, identify, unreadable
from pipeline.ingest.reading import read_lines
from pipeline.ingest.source import IngestError, Line, Source
from pipeline.ingest.survey import sources_of

__all__ = ["IngestError", "Line", "Source", "bounded", "identify", "read_lines", "sources_of", "unreadable"]
