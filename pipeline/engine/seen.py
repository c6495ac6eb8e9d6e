"""What a run has seen of the raw folder and of the code, so that another is not started for nothing.

The state is noted in the set that the run writes, beside its tables: it is published with them or not at all, whoever
started the run, and it outlives the history of Dagster.
"""

import hashlib

from pipeline.engine.stage import StageRun
from pipeline.engine.versions import code_version
from pipeline.storage import CleanFolder, RawFolder

_NOTE = ".seen"  # hidden: a run that redoes a part of the tables does not take it over
_STAGES = ("ingest", "repair", "split", "link")


def state_of(raw: RawFolder) -> str:
    """A hash over names, sizes and times of change of all raw files, what people wrote beside them, and the code.

    No raw file is read. Raises StorageError when the folder is not there.
    """
    digest = hashlib.sha256()
    for path, stamp in raw.stamps().items():
        digest.update(f"{path}\x1f{stamp}\x1e".encode())
    for stage in _STAGES:
        digest.update(code_version(stage, raw).encode())
    return digest.hexdigest()


def note_state(run: StageRun, state: str) -> None:
    """Note in the set of a run what it saw; ``state`` is of before its first look at a file.

    A file that changes while it is read is then another one to whoever compares, and is read again.
    """
    run.tables.write_page(_NOTE, state)


def published_state(clean: CleanFolder) -> str | None:
    """What the run saw whose tables are published, or None where that is not known."""
    tables = clean.published()
    note = tables.folder / _NOTE if tables else None
    return note.read_text(encoding="utf-8") if note and note.exists() else None
