"""Contracts of the link stage: works and authors, and how records and mentions became them."""

import pandas as pd
import pandera.pandas as pap

from schemas import rules
from schemas.arrow import Flag, Real, Text, Texts, Whole
from schemas.contract import Table, column
from schemas.rule import Reference

MENTION = ("author_mentions.family", "author_mentions.given")


class Works(pap.DataFrameModel):
    """One paper, its fields filled from the best of its records."""

    work_id: Text = column(
        "The smallest fingerprint among its records; no other file changes it",
        str_matches=rules.WORK_ID,
        of=("records.title", "records.abstract"),
    )
    title: Text = column("Title; null when no listing prints one", nullable=True, of=("records.title",))
    title_record_id: Text = column("Record that the title is from", nullable=True, of=("records.record_id",))
    abstract: Text = column("Abstract", nullable=True, of=("records.abstract",))
    abstract_record_id: Text = column("Record that the abstract is from", nullable=True, of=("records.record_id",))
    venue: Text = column("Where it appeared, as printed", nullable=True, of=("records.venue",))
    venue_record_id: Text = column("Record that the venue is from", nullable=True, of=("records.record_id",))
    year: Whole = column("Year of publication", nullable=True, of=("records.year",))
    year_record_id: Text = column("Record that the year is from", nullable=True, of=("records.record_id",))
    authors_record_id: Text = column("Record that the authorships are from", nullable=True, of=("records.record_id",))
    record_count: Whole = column("Records of this paper", ge=1, of=("records.record_id",))
    author_count: Whole = column(
        "Authors of this paper; 0 when no listing prints them", ge=0, of=("author_mentions.position",)
    )
    superseded_ids: Texts = column(
        "Ids that its other records would have had alone; an old reference is found here",
        of=("records.title", "records.abstract"),
    )

    @pap.dataframe_check(name="title_or_abstract", error="a work has a title or an abstract")
    def _title_or_abstract(cls, frame: pd.DataFrame) -> pd.Series:
        return rules.either(frame, "title", "abstract")

    class Config:
        """The table's name."""

        name = "works"
        strict = True


class WorkRecords(pap.DataFrameModel):
    """The place of one record in one work, and why it is there."""

    work_id: Text = column("Work", of=("works.work_id",))
    record_id: Text = column("Record", of=("records.record_id",))
    path: Text = column("File that the record is in", of=("records.path",))
    line_start: Whole = column("First line of the record", ge=1, of=("records.line_start",))
    line_end: Whole = column("Last line of the record", ge=1, of=("records.line_end",))
    rule: Text = column(
        "Why it is in this work: alone, decided by a person, same abstract, similar abstract, same title",
        isin=["alone", "decided by a person", "same abstract", "similar abstract", "same title"],
        of=("records.title", "records.abstract", "decisions.decision"),
    )
    score: Real = column(
        "How sure, from 0 to 1; of similar abstracts how much of the shorter one the longer one holds", ge=0, le=1
    )
    shared_shingles: Whole = column(
        "Runs of five words that similar abstracts have in common; null for other rules",
        nullable=True,
        ge=1,
        of=("records.abstract",),
    )
    linked_record_id: Text = column(
        "Record of the same work that the rule links it with; null when it is alone",
        nullable=True,
        of=("records.record_id",),
    )

    class Config:
        """The table's name."""

        name = "work_records"
        strict = True


class WorkDisagreements(pap.DataFrameModel):
    """What one record of a work prints otherwise than the work has it, in more than case, spaces or punctuation."""

    work_id: Text = column("Work", of=("works.work_id",))
    record_id: Text = column("Record that prints something else", of=("work_records.record_id",))
    field: Text = column(
        "Field that it is about; authors where the list names other people or fewer",
        isin=["title", "abstract", "venue", "year", "authors"],
    )
    value: Text = column(
        "What the record prints",
        of=("records.title", "records.abstract", "records.venue", "records.year", "records.authors_text"),
    )

    class Config:
        """The table's name."""

        name = "work_disagreements"
        strict = True


class Authors(pap.DataFrameModel):
    """One person or organisation, as far as names can tell."""

    author_id: Text = column(
        "Made of kind and folded name, the smallest among its names; no other file changes it",
        str_matches=rules.AUTHOR_ID,
        of=MENTION,
    )
    display_name: Text = column(
        "Given names, family name, suffix, as the best mention prints them after repair", of=MENTION
    )
    family: Text = column("Family name, or the organisation's name", of=("author_mentions.family",))
    given: Text = column("Given names", nullable=True, of=("author_mentions.given",))
    kind: Text = column("person or organisation", isin=rules.NAME_KINDS, of=("author_mentions.kind",))
    match_key: Text = column("Folded name that mentions are matched by; never shown as a name", of=MENTION)
    work_count: Whole = column("Works that list this author", ge=1, of=("work_records.work_id",))
    certainty: Text = column(
        "Certainty of the mention that the name is from", isin=rules.NAME_CERTAINTIES, of=("author_mentions.certainty",)
    )
    ambiguous_name: Flag = column(
        "True when the name alone cannot tell people apart or damage in it was left", of=MENTION
    )
    ambiguity: Text = column(
        "Why: damage that was left, single name or initials, or a short name whose works share no co-author",
        nullable=True,
        of=MENTION,
    )
    superseded_ids: Texts = column(
        "Ids that its other names would have had alone; an old reference is found here", of=MENTION
    )

    class Config:
        """The table's name."""

        name = "authors"
        strict = True


class MentionAuthors(pap.DataFrameModel):
    """The author that one mention names, and why."""

    record_id: Text = column("Record of the mention", of=("author_mentions.record_id",))
    position: Whole = column("Position of the mention", ge=1, of=("author_mentions.position",))
    author_id: Text = column("Author", of=("authors.author_id",))
    rule: Text = column(
        "Why: same folded name as the one that gives the id; or what joins the two: missing middle name (with a "
        "co-author in common), undamaged twin, decided by a person",
        isin=["same folded name", "missing middle name", "undamaged twin", "decided by a person"],
        of=("authors.match_key", "decisions.decision"),
    )
    score: Real = column("How sure, from 0 to 1", ge=0, le=1)
    shared_coauthors: Whole = column(
        "Co-authors that the two names have in common; null for one name and for decisions",
        nullable=True,
        ge=0,
        of=("author_mentions.record_id",),
    )
    linked_key: Text = column(
        "Match key of the name that this one is joined with; null for the one that gives the id",
        nullable=True,
        of=MENTION,
    )

    class Config:
        """The table's name."""

        name = "mention_authors"
        strict = True


class Authorships(pap.DataFrameModel):
    """One author of one work, from the record whose list is the best."""

    work_id: Text = column("Work", of=("works.work_id",))
    position: Whole = column("Place in that record's list, from 1", ge=1, of=("author_mentions.position",))
    author_id: Text = column("Author", of=("mention_authors.author_id",))
    record_id: Text = column("Record that the list is from", of=("works.authors_record_id",))
    name_as_printed: Text = column(
        "The name as that file prints it, before repair", of=("author_mentions.name_as_printed",)
    )
    certainty: Text = column("Certainty of the name", isin=rules.NAME_CERTAINTIES, of=("author_mentions.certainty",))

    @pap.dataframe_check(name="author_once", error="an author is listed once in a work")
    def _author_once(cls, frame: pd.DataFrame) -> pd.Series:
        return ~frame.duplicated(["work_id", "author_id"], keep=False)

    class Config:
        """The table's name."""

        name = "authorships"
        strict = True


class PossibleSameAuthor(pap.DataFrameModel):
    """Two authors that may be one person and were not merged, because the evidence is not enough."""

    author_id: Text = column("The author with the smaller id", of=("authors.author_id",))
    other_author_id: Text = column("The other", of=("authors.author_id",))
    reason: Text = column("What speaks for it", of=("authors.match_key",))
    score: Real = column("How strong it is, from 0 to 1", ge=0, le=1)

    @pap.dataframe_check(name="smaller_id_first", error="author_id is smaller than other_author_id")
    def _smaller_id_first(cls, frame: pd.DataFrame) -> pd.Series:
        return frame["author_id"] < frame["other_author_id"]

    class Config:
        """The table's name."""

        name = "possible_same_author"
        strict = True


_RECORD = Reference(("record_id",), "records")
_MENTION = Reference(("record_id", "position"), "author_mentions")

WORKS = Table(
    Works,
    stage="link",
    in_ranges=True,
    key=("work_id",),
    version="1.0.0",
    references=tuple(
        Reference((c,), "records", ("record_id",))
        for c in ("title_record_id", "abstract_record_id", "venue_record_id", "year_record_id", "authors_record_id")
    ),
)
WORK_RECORDS = Table(
    WorkRecords,
    stage="link",
    in_ranges=True,
    key=("record_id",),
    version="2.0.0",
    references=(Reference(("work_id",), "works"), _RECORD),
    covers=(_RECORD, Reference(("work_id",), "works")),
)
WORK_DISAGREEMENTS = Table(
    WorkDisagreements,
    stage="link",
    in_ranges=True,
    key=("record_id", "field"),
    version="1.0.0",
    references=(Reference(("work_id",), "works"), Reference(("record_id",), "work_records")),
)
AUTHORS = Table(Authors, stage="link", key=("author_id",), version="1.1.0")
MENTION_AUTHORS = Table(
    MentionAuthors,
    stage="link",
    key=("record_id", "position"),
    version="2.0.0",
    references=(_MENTION, Reference(("author_id",), "authors")),
    covers=(_MENTION, Reference(("author_id",), "authors")),
)
AUTHORSHIPS = Table(
    Authorships,
    stage="link",
    key=("work_id", "position"),
    version="1.0.0",
    references=(Reference(("work_id",), "works"), Reference(("author_id",), "authors"), _MENTION),
)
POSSIBLE_SAME_AUTHOR = Table(
    PossibleSameAuthor,
    stage="link",
    key=("author_id", "other_author_id"),
    version="1.0.0",
    references=(Reference(("author_id",), "authors"), Reference(("other_author_id",), "authors", ("author_id",))),
)
