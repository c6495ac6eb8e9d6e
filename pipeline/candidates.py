"""Sets of runs that were never published: killed, failed, or refused by the audit.

The next run that is published removes them. Until then, runs that fail night after night, or are killed again and
again, would fill the disk with them: each run that begins leaves the newest only, which people may want to look at.
"""

import shutil
from pathlib import Path
from typing import Final

from pipeline.tables import StorageError

LAST_PAGE: Final = "croissant.json"
"""The page that is written last before a set is published, since it has the hashes of all tables."""


def drop_candidates(sets: Path) -> None:
    """Remove all sets that were never published but the newest; raises StorageError when the disk refuses.

    For whoever holds the clean folder: the set of a run that is under way would be removed, too.
    """
    try:
        unpublished = [entry for entry in sets.iterdir() if entry.is_dir() and not (entry / LAST_PAGE).exists()]
        for folder in sorted(unpublished, key=lambda entry: entry.stat().st_mtime_ns)[:-1]:
            shutil.rmtree(folder)
    except OSError as error:
        raise StorageError(f"{sets}: sets of earlier runs cannot be removed ({error}); mend its rights") from error
