"""Assets of the stage ``repair``: every line, mended, and every mend."""

from collections import Counter

import pandas as pd

from pipeline.assets.stage import stage_assets
from pipeline.engine import StageRun
from pipeline.ingest import IngestError, Source, read_lines
from pipeline.io import RAW_FOLDER
from pipeline.quality.rejects import Reject
from pipeline.repair import mend_file
from pipeline.repair.corrections import correct_file
from pipeline.repair.tables import correction_rows, corrections_of, line_rows, repair_rows
from schemas import TABLES
from schemas.arrow import to_rows


def repair(run: StageRun) -> None:
    """Decode and mend the lines of every file that can be read; what people have corrected comes last and wins."""
    sources = run.read("sources")
    readable = [Source(**row) for row in to_rows(sources[sources["status"] == "read"])]
    corrections = run.raw.corrections()
    valid = corrections_of(corrections)
    used: Counter[int] = Counter()
    lines, repairs = [TABLES["text_lines"].empty()], [TABLES["text_repairs"].empty()]
    for number, source in enumerate(readable, 1):
        try:
            decoded = read_lines(run.raw.read(source.path), source)
        except (OSError, IngestError) as error:
            run.rejects.append(_gone(source, error))
            continue
        mended, here = correct_file(source.path, mend_file([line.text for line in decoded]), valid)
        used += here
        lines.append(line_rows(source.path, decoded, mended))
        repairs.append(repair_rows(source.path, mended))
        run.report("repair", number, len(readable))
    run.keep("text_lines", pd.concat(lines, ignore_index=True))
    run.keep("text_repairs", pd.concat(repairs, ignore_index=True))
    run.keep("corrections", correction_rows(corrections, used))


def _gone(source: Source, error: Exception) -> Reject:
    reason = f"{source.path}: changed or vanished while it was read ({error}); run again when it is at rest"
    return Reject("repair", "text_lines", source.path, 1, source.line_count, ["file_changed"], reason)


repair_assets = stage_assets("repair", (RAW_FOLDER, "sources"), repair)
