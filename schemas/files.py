"""Contracts of what is known of a file: as bytes (``sources``) and after splitting (``raw_files``)."""

import pandas as pd
import pandera.pandas as pap

from schemas import rules
from schemas.arrow import Real, Text, Whole
from schemas.contract import Table, column
from schemas.rule import Reference


class Sources(pap.DataFrameModel):
    """One file under the raw folder, as bytes: what it is, how it is encoded, and whether it can be read as text."""

    path: Text = column(
        r"Path below the raw folder, with forward slashes; the key of a file everywhere. A member of an archive stands "
        r"behind !/ (archive.zip!/folder/name.txt); bytes that are no UTF-8, and control characters, are written \xNN",
        str_length={"min_value": 1},
    )
    sha256: Text = column(
        "SHA-256 of the bytes on disk, or of the member; null when they could not be read",
        nullable=True,
        str_matches=rules.SHA256,
    )
    bytes: Whole = column("Size in bytes, still packed; null when it could not be read", nullable=True, ge=0)
    compression: Text = column("How the bytes are packed", isin=["none", "gzip", "bzip2", "xz", "zstd"])
    encoding: Text = column(
        "Codec that turns the unpacked bytes into text, by Python's name; several joined by + where lines differ (see "
        "encoding_lines); null when they are no text",
        nullable=True,
    )
    encoding_source: Text = column(
        "How the codec is known: byte order mark, valid as UTF-8, declared in the text, detected by statistics",
        nullable=True,
        isin=["bom", "valid", "declared", "detected"],
    )
    newline: Text = column("What ends its lines", nullable=True, isin=["lf", "crlf", "cr", "mixed", "none"])
    line_count: Whole = column("Lines, counted at LF, CRLF and CR only; 0 when it is not read", ge=0)
    status: Text = column(
        "read: its lines follow in text_lines; empty: no text in it; rejected: see reason", isin=rules.READ_STATUSES
    )
    reason: Text = column("Why it is empty or rejected and what to do about it; null when it was read", nullable=True)
    note: Text = column(
        "What is amiss in a file that was read all the same, for example broken bytes, or that it is cut", nullable=True
    )
    encoding_lines: Text = column(
        "Which lines are in another codec than the first of encoding, for example cp1252: 3-7, 12; null when none is",
        nullable=True,
        str_matches=rules.LINES_BY_CODEC,
    )
    format: Text = column(
        "What kind of text it is: text for lines that people read, else the format of an export, told by its content",
        isin=rules.FORMATS,
    )
    value_count: Whole = column(
        "Values of an export, each a row of text_lines; null in plain text, where each line is one", nullable=True, ge=0
    )
    pieces: Text = column(
        "Of a file too large to be read at once, the first line, the first byte and a hash of each piece that it is "
        "read in, cut where a record ends; of a packed one also how many bytes it has unpacked; null for other files",
        nullable=True,
        str_matches=rules.PIECES,
    )
    piece_values: Text = column(
        "Of an export that is read in pieces, the values and the entries before each piece, and what is true of all of "
        "it: quotes escaped by a backslash, short rows, entries with an end, cited works; null for other files",
        nullable=True,
        str_matches=rules.PIECE_VALUES,
    )

    @pap.dataframe_check(name="reason_given", error="a file that is not read says why")
    def _reason_given(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["status"] == "read") == frame["reason"].isna()

    @pap.dataframe_check(name="read_has_encoding", error="a file that is read has an encoding and a hash")
    def _read_has_encoding(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["status"] != "read") | (frame["encoding"].notna() & frame["sha256"].notna())

    @pap.dataframe_check(name="export_has_values", error="exactly the files that are exports have a count of values")
    def _export_has_values(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["format"] == "text") == frame["value_count"].isna()

    class Config:
        """The table's name."""

        name = "sources"
        strict = True


class RawFiles(Sources):
    """One file under the raw folder and what became of it: bytes, encoding, layout, records, verdict."""

    layout: Text = column("Layout that claimed the file; null when none did", nullable=True, of=("text_lines.text",))
    layout_score: Real = column(
        "How sure that layout was, from 0 to 1; for a file that none claimed, the best score",
        nullable=True,
        ge=0,
        le=1,
        of=("text_lines.text",),
    )
    record_count: Whole = column("Records that the file yielded", ge=0, of=("records.record_id",))
    status: Text = column(
        "parsed: its records are in records; empty: no text in it; rejected: see reason",
        isin=rules.STATUSES,
        of=("sources.status",),
    )
    reason: Text = column(
        "Why it is empty or rejected and what to do about it; null when it was parsed",
        nullable=True,
        of=("sources.reason",),
    )

    @pap.dataframe_check(name="reason_given", error="a file that is not parsed says why")
    def _reason_given(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["status"] == "parsed") == frame["reason"].isna()

    @pap.dataframe_check(name="read_has_encoding", error="a file that is parsed has an encoding and a hash")
    def _read_has_encoding(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["status"] != "parsed") | (frame["encoding"].notna() & frame["sha256"].notna())

    @pap.dataframe_check(name="parsed_has_records", error="exactly the files that are parsed have a layout and records")
    def _parsed_has_records(cls, frame: pd.DataFrame) -> pd.Series:
        parsed = frame["status"] == "parsed"
        return (parsed == (frame["record_count"] > 0)) & (parsed == frame["layout"].notna())

    class Config:
        """The table's name."""

        name = "raw_files"
        strict = True


class FileIdentities(pap.DataFrameModel):
    """What the disk says of one file that was read: as long as it says the same, the file need not be read again."""

    path: Text = column("File", of=("sources.path",))
    identity: Text = column("Size, times of change and number on the disk, from before it was read")

    class Config:
        """The table's name."""

        name = "file_identities"
        strict = True


FILE_IDENTITIES = Table(FileIdentities, stage="ingest", key=("path",), version="1.0.0")
SOURCES = Table(Sources, stage="ingest", key=("path",), version="4.0.0")
RAW_FILES = Table(
    RawFiles,
    stage="split",
    key=("path",),
    version="4.0.0",
    references=(Reference(("path",), "sources"),),
    covers=(Reference(("path",), "sources"),),
    per_file=True,
)
