"""The stage ``repair``: every line, mended, and every mend."""

from collections import Counter

import pandas as pd

from pipeline.engine import BatchRun, StageRun
from pipeline.exports import read_rows
from pipeline.ingest import IngestError, Source
from pipeline.quality.rejects import Reject
from pipeline.repair.corrections import KIND, correct_file, uses
from pipeline.repair.tables import correction_rows, corrections_of, line_rows, repair_rows
from pipeline.repair.values import mend_rows
from schemas import TABLES
from schemas.arrow import to_rows


def repair(run: BatchRun) -> None:
    """Decode and mend the lines of every file that can be read; what people have corrected comes last and wins."""
    sources = run.read("sources")
    readable = [Source(**row) for row in to_rows(sources[sources["status"] == "read"])]
    valid = corrections_of(run.raw.corrections())
    lines, repairs = [TABLES["text_lines"].empty()], [TABLES["text_repairs"].empty()]
    for number, source in enumerate(readable, 1):
        try:
            decoded = read_rows(run.raw.read(source.path), source)
        except (OSError, IngestError) as error:
            run.rejects.append(_gone(source, error))
            continue
        mended = correct_file(source.path, mend_rows(decoded, source.format), valid)
        lines.append(line_rows(source.path, decoded, mended))
        repairs.append(repair_rows(source.path, mended))
        run.progress(number)
    run.keep("text_lines", pd.concat(lines, ignore_index=True))
    run.keep("text_repairs", pd.concat(repairs, ignore_index=True))


def corrections(run: StageRun) -> None:
    """Say of every correction how often it was used."""
    rows = run.raw.corrections()
    used: Counter[int] = Counter()
    if len(rows):
        repairs = run.tables.read("text_repairs", ["kind", "evidence"])
        used = uses(repairs.loc[repairs["kind"] == KIND, "evidence"])
    run.keep("corrections", correction_rows(rows, used))


def _gone(source: Source, error: Exception) -> Reject:
    reason = f"{source.path}: changed or vanished while it was read ({error}); run again when it is at rest"
    rows = source.line_count if source.value_count is None else source.value_count
    return Reject("repair", "text_lines", source.path, 1, rows, ["file_changed"], reason)
