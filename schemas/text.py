"""Contracts of the repair stage: lines of text, every mend that made them so, and what files have for one another."""

import pandas as pd
import pandera.pandas as pap

from schemas import rules
from schemas.arrow import Flag, Real, Text, Texts, Whole
from schemas.contract import Table, column
from schemas.rule import Reference


class TextLines(pap.DataFrameModel):
    """One line of plain text or one value of an export, mended. Undoing its text_repairs gives it as it was decoded."""

    path: Text = column("File that the line is in", of=("sources.path",))
    line_no: Whole = column("Running number in the file, from 1; of lines in plain text, of values in an export", ge=1)
    byte_start: Whole = column("Offset of the first byte of the line or value in the unpacked file", ge=0)
    byte_end: Whole = column("Offset behind the last byte, a line's end or a value's quotes not counted", ge=0)
    text: Text = column("The line after repair; of a value what it says, without the escapes of its format")
    file_line: Whole = column(
        "Line of the file, from 1, that it starts on; only LF, CRLF and CR end a line. In plain text the same as "
        "line_no",
        ge=1,
    )
    field: Text = column("Name of the field of the value, as its file writes it; null in plain text", nullable=True)
    entry: Whole = column(
        "Entry of the export that the value is in, from 0; null in plain text and for values of the whole file",
        nullable=True,
        ge=0,
    )
    entry_start: Whole = column("First line of that entry in the file; without an entry, of the row itself", ge=1)
    entry_end: Whole = column("Last line of that entry in the file; without an entry, of the row itself", ge=1)

    @pap.dataframe_check(name="bytes_in_order", error="a line does not end before it starts")
    def _bytes_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.not_after(frame, "byte_start", "byte_end")

    @pap.dataframe_check(name="inside_its_entry", error="a row starts on a line of its entry")
    def _inside_its_entry(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.not_after(frame, "entry_start", "file_line") & rules.not_after(frame, "file_line", "entry_end")

    @pap.dataframe_check(name="plain_lines_are_their_own", error="a line of plain text is its own line and entry")
    def _plain_lines_are_their_own(cls, frame: pd.DataFrame) -> pd.Series:
        own = (frame["file_line"] == frame["line_no"]) & (frame["entry_end"] == frame["entry_start"])
        return frame["field"].notna() | (own & frame["entry"].isna())

    class Config:
        """The table's name."""

        name = "text_lines"
        strict = True


class TextRepairs(pap.DataFrameModel):
    """One mend of one span of a decoded line, or a damaged span that was left because nobody can know (unresolved)."""

    path: Text = column("File that the line is in", of=("text_lines.path",))
    line_no: Whole = column("Line that was mended", ge=1, of=("text_lines.line_no",))
    start: Whole = column("First character of the span in the decoded line, from 0", ge=0)
    end: Whole = column("Character behind the span in the decoded line", ge=0)
    before: Text = column("The span as it was decoded")
    after: Text = column("What stands there now; the same as before when unresolved", of=("text_lines.text",))
    kind: Text = column("What was wrong", isin=rules.REPAIR_KINDS)
    codec: Text = column(
        "For mojibake the channel that was undone, true codec > codec it was read as; null for other kinds",
        nullable=True,
    )
    certainty: Text = column(
        "exact: the one inverse; constrained: few candidates, evidence chose; inferred: a model chose; "
        "unresolved: left as it was",
        isin=rules.CERTAINTIES,
    )
    confidence: Real = column("Probability that the mend is right, from 0 to 1", ge=0, le=1)
    alternatives: Texts = column("Other texts that the span could have been")
    evidence: Text = column("Why this mend, in words")

    @pap.dataframe_check(name="span_in_order", error="a span does not end before it starts")
    def _span_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.not_after(frame, "start", "end")

    @pap.dataframe_check(name="span_as_long_as_before", error="end - start is the length of before")
    def _span_as_long_as_before(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["before"].str.len() == frame["end"] - frame["start"]

    @pap.dataframe_check(
        name="changed_unless_unresolved",
        error="text changes exactly where the mend is not unresolved; a correction may say that it was right",
    )
    def _changed_unless_unresolved(cls, frame: pd.DataFrame) -> pd.Series:
        same, left = frame["before"] == frame["after"], frame["certainty"] == "unresolved"
        return (same == left) | (frame["kind"] == "correction")

    @pap.dataframe_check(name="mojibake_names_channel", error="mojibake that was undone names its channel")
    def _mojibake_names_channel(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["kind"] != "mojibake") | frame["codec"].notna() | (frame["certainty"] == "unresolved")

    class Config:
        """The table's name."""

        name = "text_repairs"
        strict = True


class Corrections(pap.DataFrameModel):
    """One row of corrections.csv beside the raw folder: what a person knows better than any inference."""

    row_no: Whole = column("Row of the CSV file, from 1; the line with the column names is not counted", ge=1)
    path: Text = column("File that it is for, or any", str_length={"min_value": 1})
    before: Text = column("Text as the decoded file, or its repair, has it", str_length={"min_value": 1})
    after: Text = column("Text that is right")
    note: Text = column("Why, or who says so", nullable=True)
    matches: Whole = column("Places that it changed in this run", ge=0, of=("text_repairs.before",))

    @pap.dataframe_check(name="changes_something", error="after is not the same as before")
    def _changes_something(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["before"] != frame["after"]

    @pap.dataframe_check(name="not_contradicted", error="no other row says something else of the same text and file")
    def _not_contradicted(cls, frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(["path", "before"], keep=False)

    @pap.dataframe_check(name="matched", error="its text was found; mend or remove a correction that never matches")
    def _matched(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["matches"] > 0

    class Config:
        """The table's name."""

        name = "corrections"
        strict = True


class FileWords(pap.DataFrameModel):
    """A word of one file that others may need to mend theirs, or the shape of one that it asks them for."""

    path: Text = column("File", of=("sources.path",))
    shape: Text = column("The word in small letters, with one sign for each letter outside ASCII")
    word: Text = column("The word; null for a damaged one, which nobody can read", nullable=True)
    damaged: Flag = column("True for a word that lost bytes, false for one that stands undamaged")

    class Config:
        """The table's name."""

        name = "file_words"
        strict = True


class FileTwins(pap.DataFrameModel):
    """A word that stands undamaged in another file, and that a damaged word of this file may be."""

    path: Text = column("File with the damaged word", of=("file_words.path",))
    word: Text = column("The undamaged word, in small letters", of=("file_words.word",))
    seen_in: Text = column("First file by name, other than this one, that has it", of=("file_words.path",))

    class Config:
        """The table's name."""

        name = "file_twins"
        strict = True


TEXT_LINES = Table(
    TextLines,
    stage="repair",
    key=("path", "line_no"),
    version="2.0.0",
    references=(Reference(("path",), "sources"),),
    per_file=True,
)
TEXT_REPAIRS = Table(
    TextRepairs,
    stage="repair",
    key=("path", "line_no", "start"),
    version="1.0.0",
    references=(Reference(("path", "line_no"), "text_lines"),),
    per_file=True,
)
CORRECTIONS = Table(Corrections, stage="repair", key=("row_no",), version="1.0.0")
FILE_WORDS = Table(FileWords, stage="repair", key=("path", "shape", "word", "damaged"), version="1.0.0", per_file=True)
FILE_TWINS = Table(FileTwins, stage="repair", key=("path", "word"), version="1.0.0")
