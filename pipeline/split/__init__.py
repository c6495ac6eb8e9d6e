"""The split stage: the mended lines of one file become records, roles of lines, and names of authors.

What kind of listing a file is, and which line plays which role, is said by ``pipeline.layouts``; here records are
made of that. Whether two names are one person, or two records one paper, belongs to ``pipeline.link``.
"""

from pipeline.split.exports import ExportHabits, export_habits, split_export
from pipeline.split.files import split_file, split_piece
from pipeline.split.rows import AuthorMention, FileSplit, Record, RoleOfLine, UnusedToken

__all__ = [
    "AuthorMention",
    "ExportHabits",
    "FileSplit",
    "Record",
    "RoleOfLine",
    "UnusedToken",
    "export_habits",
    "split_export",
    "split_file",
    "split_piece",
]
