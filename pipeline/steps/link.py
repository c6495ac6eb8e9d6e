"""The stage ``link``: works, authors, and how records and mentions became them."""

from dataclasses import fields

import pandas as pd
import pyarrow as pa

from pipeline.engine import StageRun, code_version
from pipeline.link import link_authors, link_works
from pipeline.link.decisions import decision_rows, decisions_of
from pipeline.link.fingerprint import record_prints
from pipeline.link.works import COLUMNS
from pipeline.spill import DiskShelf
from schemas import TABLES
from schemas.arrow import to_arrow, to_frame
from schemas.registry import KEPT, stored


def link(run: StageRun) -> None:
    """Link records to works and mentions to authors; what people have decided wins."""
    run.report("link", 0, 2)
    mentions, written = run.read("author_mentions"), run.raw.decisions()
    decisions = decisions_of(written)
    with DiskShelf(run.tables.folder) as shelf:
        records = run.read_columns("records", COLUMNS).sort_values("record_id", ignore_index=True)
        works = link_works(records, mentions, decisions, shelf, _prints(run))
        del records  # the texts are not needed while authors are linked
    run.report("link", 1, 2)
    authors = link_authors(mentions, works, decisions)
    works = works.counted(authors.authorships)
    matches, contradicts = {**works.matches, **authors.matches}, {**works.contradicts, **authors.contradicts}
    run.keep("decisions", decision_rows(written, matches, contradicts))
    for links in (works, authors):
        for field in fields(links):
            if field.name in TABLES:
                run.keep(field.name, getattr(links, field.name))
    run.report("link", 2, 2)


def _prints(run: StageRun) -> pd.DataFrame:
    """What is compared of each record, batch by batch of files; of batches that have not changed as it was kept."""
    table, name = KEPT["record_prints"], stored("record_prints")
    records, before = run.clean.latest("records", run.run_id), run.clean.published()
    made_by = f"{code_version(run.stage, run.raw)} {records.made_by('records')}"
    known = {} if run.full or before is None or before.made_by(name) != made_by else before.parts(name)
    found = [table.arrow_schema.empty_table()]
    with run.tables.writer(table, part=run.stage, made_by=made_by) as writer:
        for key, part in records.parts("records").items():
            if before is not None and key in known:
                rows = before.read_part(name, known[key])
            else:
                rows = to_arrow(record_prints(to_frame(records.read_part("records", part))), table.arrow_schema)
            writer.append_arrow(rows, (part.first, part.last), key)
            found.append(rows.replace_schema_metadata(None))
    return to_frame(pa.concat_tables(found))
