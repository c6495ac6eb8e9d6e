"""The one list of tables, in the order in which the stages yield them."""

from types import MappingProxyType

from schemas import decisions, files, history, publications, quality, records, text
from schemas.contract import Table

_IN_ORDER = (
    files.SOURCES,
    text.TEXT_LINES,
    text.TEXT_REPAIRS,
    text.CORRECTIONS,
    records.RECORDS,
    records.LINE_ROLES,
    records.AUTHOR_MENTIONS,
    records.UNUSED_TOKENS,
    files.RAW_FILES,
    decisions.DECISIONS,
    publications.WORKS,
    publications.WORK_RECORDS,
    publications.WORK_DISAGREEMENTS,
    publications.AUTHORS,
    publications.MENTION_AUTHORS,
    publications.AUTHORSHIPS,
    publications.POSSIBLE_SAME_AUTHOR,
    quality.REJECTS,
    quality.LEDGER,
    history.RUN_HISTORY,
    quality.RULE_RESULTS,
)

TABLES = MappingProxyType({table.name: table for table in _IN_ORDER})
"""Tables that are made of the raw files and nothing else: the same files, the same rows."""

PUBLISHED = MappingProxyType({**TABLES, quality.RUN_METRICS.name: quality.RUN_METRICS})
"""All that is published: beside these what a run cost, which is never the same twice."""

_KEPT = (
    files.FILE_IDENTITIES,
    text.FILE_WORDS,
    text.FILE_TWINS,
    records.RECORD_PRINTS,
    records.RECORD_SHINGLES,
    records.ABSTRACT_PAIRS,
    records.COMPARED_ABSTRACTS,
)

KEPT = MappingProxyType({table.name: table for table in _KEPT})
"""What a stage keeps for itself beside its tables, for a later run to take over; no reader sees it."""


def stored(name: str) -> str:
    """The name under which a set has a table: what is kept is a part of a stage, and no public file."""
    return f"{name}@{KEPT[name].stage}" if name in KEPT else name


def of_stage(stage: str) -> tuple[Table, ...]:
    """The tables that one stage yields, in order."""
    return tuple(table for table in _IN_ORDER if table.stage == stage)


_PLACE = ("path", "line_start", "line_end")


def referred(stage: str, name: str) -> list[str]:
    """The columns of a table that the tables of a stage refer to, its key, and those that say where a row is from."""
    table = TABLES[name]
    asked = [ref.target for one in of_stage(stage) for ref in (*one.references, *one.covers) if ref.table == name]
    wanted = {*table.key, *_PLACE, *(column for columns in asked for column in columns)}
    return [column for column in table.arrow_schema.names if column in wanted]
