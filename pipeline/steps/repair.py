"""The stage ``repair``: every line, mended, and every mend."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from pipeline.engine import Batch, BatchRun, StageRun
from pipeline.exports import TEXT, Row, read_rows
from pipeline.ingest import IngestError, Source
from pipeline.ingest.pieces import Piece
from pipeline.quality.rejects import Reject
from pipeline.repair import Mended
from pipeline.repair.collector import uncollected
from pipeline.repair.corrections import KIND, correct_file, uses
from pipeline.repair.tables import correction_rows, corrections_of, line_rows, repair_rows, word_rows
from pipeline.repair.twins import file_words
from pipeline.repair.values import mend_rows
from pipeline.steps.large import mended_piece, piece_rows
from pipeline.steps.parted import mended_part, parted_rows
from schemas import TABLES
from schemas.arrow import to_rows
from schemas.registry import KEPT


@uncollected()
def repair(run: BatchRun) -> None:
    """Decode and mend the lines of every file that can be read; what people have corrected comes last and wins.

    What other files were found to have for a file is read from its batch.
    """
    sources = run.read("sources")
    readable = [Source(**row) for row in to_rows(sources[sources["status"] == "read"])]
    valid, told = corrections_of(run.raw.corrections()), _told(run.batch)
    lines, repairs, words = [], [], []
    for number, source in enumerate(readable, 1):
        try:
            decoded, mended = _read(run, source, told.get(source.path, {}))
        except (OSError, IngestError) as error:
            run.rejects.append(_gone(source, run.batch.piece, error))
            continue
        mended = correct_file(source.path, mended, valid)
        lines.append(line_rows(source.path, decoded, mended))
        repairs.append(repair_rows(source.path, mended, decoded[0].line_no if decoded else 1))
        words.append(word_rows(source.path, file_words(mended)))
        run.progress(number)
    run.keep("file_words", KEPT["file_words"].joined(words))
    run.keep("text_lines", TABLES["text_lines"].joined(lines))
    run.keep("text_repairs", TABLES["text_repairs"].joined(repairs))


def _told(batch: Batch) -> dict[str, dict[str, str]]:
    """What other files have for those of a batch: by file the words, each with where it stands."""
    told: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path, word, place in batch.twins.itertuples(index=False):
        told[path][word] = place
    return told


def _read(run: BatchRun, source: Source, known: Mapping[str, str]) -> tuple[Sequence[Row], list[Mended]]:
    """The rows of a file, or of the batch's piece of it, before and after repair; ``known`` are of other files."""
    if run.batch.piece is None:
        rows = read_rows(run.raw.read(source.path), source)
        return rows, mend_rows(rows, source.format, known)
    if source.format != TEXT:
        rows = parted_rows(run.raw, source, run.batch.piece)
        return rows, mended_part(run.raw, source, rows, known)
    rows = piece_rows(run.raw, source, run.batch.piece)
    return rows, mended_piece(run.raw, source, rows, known)


def corrections(run: StageRun) -> None:
    """Say of every correction how often it was used."""
    rows = run.raw.corrections()
    used: Counter[int] = Counter()
    if len(rows):
        repairs = run.tables.read("text_repairs", ["kind", "evidence"])
        used = uses(repairs.loc[repairs["kind"] == KIND, "evidence"])
    run.keep("corrections", correction_rows(rows, used))


def _gone(source: Source, piece: Piece | None, error: Exception) -> Reject:
    reason = f"{source.path}: changed or vanished while it was read ({error}); run again when it is at rest"
    if piece is not None:
        first, last = piece.rows
        return Reject("repair", "text_lines", source.path, first, last, ["file_changed"], reason)
    rows = source.line_count if source.value_count is None else source.value_count
    return Reject("repair", "text_lines", source.path, 1, rows, ["file_changed"], reason)
