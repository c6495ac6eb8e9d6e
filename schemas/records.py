"""Contracts of the split stage: records, the role of every line, the names of author lists, and the other tokens."""

import pandas as pd
import pandera.pandas as pap

from schemas import rules
from schemas.arrow import Flag, Real, Text, Texts, Whole, Wholes
from schemas.contract import Table, column
from schemas.rule import Reference

LINE = ("text_lines.text",)


class Records(pap.DataFrameModel):
    """One entry of one listing, as that listing prints it after repair."""

    record_id: Text = column(
        "Id made of path, text and repetition, so that other lines and files never change it",
        str_matches=rules.RECORD_ID,
    )
    path: Text = column("File that the record is in", of=("text_lines.path",))
    line_start: Whole = column("First line of the record in the file", ge=1, of=("text_lines.entry_start",))
    line_end: Whole = column("Last line of the record in the file", ge=1, of=("text_lines.entry_end",))
    layout: Text = column("Layout that read it")
    title: Text = column("Title", nullable=True, of=LINE, str_matches=rules.NO_CONTROLS)
    authors_text: Text = column("The author list as it stands in the file, after repair", nullable=True, of=LINE)
    author_tokens: Whole = column("Tokens of the author list; each is in a mention or in unused_tokens", ge=0, of=LINE)
    abstract: Text = column("Abstract", nullable=True, of=LINE, str_matches=rules.NO_CONTROLS)
    overflow: Text = column("Text behind the abstract's true end that was glued to it", nullable=True, of=LINE)
    venue: Text = column("Where it appeared, as printed", nullable=True, of=LINE, str_matches=rules.NO_CONTROLS)
    year: Whole = column("Year of publication, where printed", nullable=True, ge=1400, le=2200, of=LINE)
    page_owner: Text = column("Person whose page the listing is, where the page says so", nullable=True, of=LINE)

    @pap.check("title", "abstract", "venue", name="trimmed", error="no white space at its ends, not empty")
    def _trimmed(cls, values: pd.Series) -> pd.Series:
        return rules.trimmed(values)

    @pap.check("title", "abstract", "venue", name="not_placeholder", error="not a word for nothing")
    def _not_placeholder(cls, values: pd.Series) -> pd.Series:
        return rules.not_placeholder(values)

    @pap.dataframe_check(name="title_or_abstract", error="a record has a title or an abstract")
    def _title_or_abstract(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.either(frame, "title", "abstract")

    @pap.dataframe_check(name="lines_in_order", error="a record does not end before it starts")
    def _lines_in_order(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.not_after(frame, "line_start", "line_end")

    class Config:
        """The table's name."""

        name = "records"
        strict = True


class LineRoles(pap.DataFrameModel):
    """The one role that one line, or one value of an export, plays in its file."""

    path: Text = column("File that the line is in", of=("text_lines.path",))
    line_no: Whole = column("Line or value, numbered as in text_lines", ge=1, of=("text_lines.line_no",))
    role: Text = column(
        "What the line is: part of a record (title, authors, abstract, venue, year, overflow, a reference with "
        "several of these, or another field of an export), of the page "
        "(page_owner, chrome, blank), of neither (unclaimed; broken: an entry of an export that cannot be read), or "
        "of a record or file that was rejected",
        isin=rules.ROLES,
        of=LINE,
    )
    record_id: Text = column(
        "Record that the line is part of; null for lines of the page", nullable=True, of=("records.record_id",)
    )
    layout_rule: Text = column("Layout and rule that gave the role")

    class Config:
        """The table's name."""

        name = "line_roles"
        strict = True


class AuthorMentions(pap.DataFrameModel):
    """One name in the author list of one record; a name printed twice in one list is one mention, flagged repeated."""

    record_id: Text = column("Record whose list it is", of=("records.record_id",))
    position: Whole = column("Place in the list, from 1", ge=1, of=("records.authors_text",))
    name_as_printed: Text = column(
        "The name's tokens as the decoded file prints them, before repair",
        of=("records.authors_text", "text_repairs.before"),
    )
    tokens: Whole = column("Tokens of the list that make up this mention", ge=1, of=("records.authors_text",))
    family: Text = column(
        "Family name; an organisation's or a single name stands here",
        of=("records.authors_text",),
        str_matches=rules.NO_CONTROLS,
    )
    given: Text = column(
        "Given names; null for single names and organisations",
        nullable=True,
        of=("records.authors_text",),
        str_matches=rules.NO_CONTROLS,
    )
    suffix: Text = column("Jr., III and the like", nullable=True, of=("records.authors_text",))
    kind: Text = column("person or organisation", isin=rules.NAME_KINDS, of=("records.authors_text",))
    certainty: Text = column(
        "The least sure of the repairs inside the name; clean when there was none",
        isin=rules.NAME_CERTAINTIES,
        of=("text_repairs.certainty",),
    )
    flags: Texts = column(
        "What was done or is doubtful: split_name_joined, repeated (printed twice), single_name, maybe_split_name, "
        "organisation_guessed, partner_missing (a token of it is lost), doubtful_pairing, "
        "doubtful_family (where the family name starts is a guess), unresolved_damage"
    )

    @pap.check("family", "given", name="not_placeholder", error="not a word for nothing")
    def _not_placeholder(cls, values: pd.Series) -> pd.Series:
        return rules.not_placeholder(values)

    @pap.check("family", "given", name="trimmed", error="no white space at its ends, not empty")
    def _trimmed(cls, values: pd.Series) -> pd.Series:
        return rules.trimmed(values)

    @pap.dataframe_check(name="organisation_has_no_given", error="an organisation has no given name")
    def _organisation_has_no_given(cls, frame: pd.DataFrame) -> pd.Series:
        return (frame["kind"] != "organisation") | frame["given"].isna()

    class Config:
        """The table's name."""

        name = "author_mentions"
        strict = True


class UnusedTokens(pap.DataFrameModel):
    """One token of an author list that is in no mention, and why."""

    record_id: Text = column("Record whose list it is", of=("records.record_id",))
    token_no: Whole = column("Place among the list's tokens, from 1", ge=1, of=("records.authors_text",))
    token: Text = column("The token, after repair", of=("records.authors_text",))
    reason: Text = column(
        "Why it is no name", isin=["placeholder", "punctuation", "repeated name", "et al.", "not understood"]
    )

    class Config:
        """The table's name."""

        name = "unused_tokens"
        strict = True


class RecordPrints(pap.DataFrameModel):
    """What linking compares of a record, so that a later run need not fold its texts again."""

    record_id: Text = column("Record", of=("records.record_id",))
    abstract_printed: Whole = column("A hash of the abstract as it stands; 0 without one", of=("records.abstract",))
    abstract_folded: Text = column("A hash of the folded abstract", nullable=True, of=("records.abstract",))
    abstract_is_long: Flag = column("Whether the abstract is long enough to be evidence", of=("records.abstract",))
    title_folded: Text = column("The folded title", nullable=True, of=("records.title",))
    title_is_usable: Flag = column("Whether the title is neither generic nor very short", of=("records.title",))
    distinctive: Flag = column("Whether the title says enough without authors", of=("records.title",))

    class Config:
        """The table's name."""

        name = "record_prints"
        strict = True


class RecordShingles(pap.DataFrameModel):
    """The abstract of a record as linking compares it, so that a later run need not take it apart again."""

    record_id: Text = column("Record", of=("records.record_id",))
    shingles: Wholes = column("Hashes of each five words in a row of its abstract", of=("records.abstract",))

    class Config:
        """The table's name."""

        name = "record_shingles"
        strict = True


class AbstractPairs(pap.DataFrameModel):
    """Two abstracts that share much of what they say, so that a later run sees which pairs are new, or gone."""

    left: Whole = column("The hash of one abstract", of=("record_prints.abstract_printed",))
    right: Whole = column("The hash of the other", of=("record_prints.abstract_printed",))
    shared: Whole = column("Runs of five words in common", ge=1, of=("record_shingles.shingles",))
    containment: Real = column("How much of the shorter one the longer one holds", ge=0, le=1)

    class Config:
        """The table's name."""

        name = "abstract_pairs"
        strict = True


class ComparedAbstracts(pap.DataFrameModel):
    """An abstract that was compared with all others, in the order in which they are compared."""

    abstract_printed: Whole = column("The hash of the abstract", of=("record_prints.abstract_printed",))
    shingles: Whole = column("Its runs of five words, each once", ge=0, of=("record_shingles.shingles",))
    phrases: Whole = column("Those that are in too many to say something", ge=0, of=("record_shingles.shingles",))

    class Config:
        """The table's name."""

        name = "compared_abstracts"
        strict = True


RECORDS = Table(
    Records,
    stage="split",
    key=("record_id",),
    version="2.0.0",
    references=(
        Reference(("path",), "sources"),
        Reference(("path", "line_start"), "text_lines", ("path", "entry_start")),
        Reference(("path", "line_end"), "text_lines", ("path", "entry_end")),
    ),
    per_file=True,
)
LINE_ROLES = Table(
    LineRoles,
    stage="split",
    key=("path", "line_no"),
    version="2.0.0",
    references=(Reference(("path", "line_no"), "text_lines"), Reference(("record_id",), "records")),
    covers=(Reference(("path", "line_no"), "text_lines"),),
    per_file=True,
)
AUTHOR_MENTIONS = Table(
    AuthorMentions,
    stage="split",
    key=("record_id", "position"),
    version="1.0.0",
    references=(Reference(("record_id",), "records"),),
    per_file=True,
)
UNUSED_TOKENS = Table(
    UnusedTokens,
    stage="split",
    key=("record_id", "token_no"),
    version="1.0.0",
    references=(Reference(("record_id",), "records"),),
    per_file=True,
)
RECORD_PRINTS = Table(RecordPrints, stage="link", key=("record_id",), version="1.0.0", per_file=True)
RECORD_SHINGLES = Table(RecordShingles, stage="link", key=("record_id",), version="1.0.0", per_file=True)
ABSTRACT_PAIRS = Table(AbstractPairs, stage="link", key=("left", "right"), version="1.0.0")
COMPARED_ABSTRACTS = Table(ComparedAbstracts, stage="link", key=("abstract_printed",), version="1.0.0")
