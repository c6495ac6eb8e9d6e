"""The first stage: the bytes of one file become lines of text.

Here belong unpacking, file types, encodings and line ends. What is wrong inside a line (mojibake, entities, controls)
belongs to ``pipeline.repair``; which file to read, and reading it, to whoever calls.
"""

from pipeline.ingest.identify import identify, unreadable
from pipeline.ingest.reading import read_lines
from pipeline.ingest.source import IngestError, Line, Source

__all__ = ["IngestError", "Line", "Source", "identify", "read_lines", "unreadable"]
