"""``published.json``: names the published set on an object store, which has no links. Written last, in one request.

A reader reads it first and then the tables that it names, and so sees the tables of one run. The set before it is
kept, for readers who have read the manifest and not yet the tables. Not here: when a set is published (``storage``).
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from pipeline.objectstore import filesystem, mishaps
from pipeline.tables import StorageError, TableSet

MANIFEST: Final = "published.json"


def write_manifest(root: Path, tables: TableSet) -> None:
    """Make a set the published one; raises OSError when the store refuses."""
    home = f".sets/{tables.run_id}"
    with mishaps():
        names = sorted(file.name for file in tables.folder.iterdir())
        public = [name for name in names if name.endswith(".parquet") and "@" not in name and not name.startswith(".")]
        held = {name.removesuffix(".parquet"): f"{home}/{name}" for name in public}
        text = json.dumps({"run": tables.run_id, "set": home, "tables": held}, indent=1)
        (root / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(root: Path) -> TableSet | None:
    """The published set, or None before the first run; raises StorageError for a manifest that says something else."""
    try:
        with mishaps():
            text = (root / MANIFEST).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{root / MANIFEST}: cannot be read ({error}); mend the rights to it") from error
    try:
        named: dict[str, Any] = json.loads(text)
        return TableSet(root / named["set"], named["run"])
    except (ValueError, LookupError, TypeError) as error:
        raise StorageError(f"{root / MANIFEST}: names no set of tables ({error!r}); remove it and run again") from error


def drop_other_sets(sets: Path, keep: Collection[str]) -> None:
    """Remove the sets of runs that are not to be kept; raises OSError when the store refuses."""
    name, files = filesystem(sets)
    with mishaps():
        for entry in files.ls(name, detail=True):
            if entry["type"] == "directory" and entry["name"].rstrip("/").rpartition("/")[2] not in keep:
                files.rm(entry["name"], recursive=True)


def take_over(file: Path, name: Path) -> None:
    """Copy an object within the store."""
    source, files = filesystem(file)
    with mishaps():
        files.copy(source, filesystem(name)[0])
