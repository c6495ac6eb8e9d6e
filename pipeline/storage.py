"""Files on disk: the raw folder, which is only read, and sets of Parquet tables, which are switched as one.

A run writes its tables to a set of its own, ``<clean>/.sets/<run>/``. Publishing renames one link, ``.published``, on
to that set; the stable names (``<clean>/works.parquet``) are links through it. So a reader sees the tables of one run
and never a mixture, and a run that is killed anywhere leaves the last good set. (Kubernetes switches mounted
configuration the same way.) Not here: what is in the tables.
"""

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from schemas import Table
from schemas.arrow import stamped, to_arrow, to_frame

# Rows that are read together; few enough that to look up some lines is not to read all.
_ROW_GROUP = 65_536


class StorageError(Exception):
    """A folder or file that cannot be read or written; the message names it and says what to do."""


@dataclass(frozen=True)
class Found:
    """A file below the raw folder, or a name there that cannot be read (``error`` says why)."""

    path: str
    error: OSError | None = None


@dataclass(frozen=True)
class RawFolder:
    """The folder with the raw files; nothing in it is ever written."""

    root: Path

    def scan(self) -> list[Found]:
        """Every file below the folder, hidden ones left out, sorted by path.

        Folders that cannot be listed are in it with their error. Raises StorageError when the root is not there.
        """
        if not self.root.is_dir():
            raise StorageError(f"{self.root}: no such folder; make it, or name another with --raw")
        errors: list[OSError] = []
        found = []
        for folder, folders, names in os.walk(self.root, onerror=errors.append):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [Found(self._name(Path(folder) / name)) for name in names if not name.startswith(".")]
        found += [Found(self._name(Path(str(error.filename))), error) for error in errors]
        return sorted(found, key=lambda f: f.path)

    def read(self, path: str) -> bytes:
        """The bytes of one file; raises OSError when they cannot be had, also for pipes and devices."""
        file = self.root / path
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(f"{path} is no regular file")
        return file.read_bytes()

    @property
    def corrections_file(self) -> Path:
        """Where people write down what they know better: ``corrections.csv`` beside the folder."""
        return self.root.absolute().parent / "corrections.csv"

    def corrections(self) -> pd.DataFrame:
        """The corrections of people, as texts, with their row numbers; no rows where there is no such file.

        Raises StorageError when the file is no CSV with the columns path, before, after and note.
        """
        columns = ["path", "before", "after", "note"]
        file = self.corrections_file
        if not file.exists():
            return pd.DataFrame(columns=["row_no", *columns])
        try:
            rows = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8")
        except (OSError, ValueError) as error:
            raise StorageError(f"{file}: cannot be read as CSV in UTF-8 ({error}); mend or remove it") from error
        if list(rows.columns) != columns:
            raise StorageError(
                f"{file}: its columns are {list(rows.columns)}, and must be {columns}; mend the first line"
            )
        return rows.assign(row_no=range(1, len(rows) + 1))

    def stamp(self, path: str) -> str:
        """Size and time of change of one file, or why they cannot be had."""
        try:
            status = (self.root / path).stat()
        except OSError as error:
            return str(error)
        return f"{status.st_size} {status.st_mtime_ns}"

    def _name(self, file: Path) -> str:
        # A name that is not UTF-8 is shown with escapes; reading it under that name fails and says so.
        return os.fsencode(file.relative_to(self.root).as_posix()).decode("utf-8", "backslashreplace")


@dataclass(frozen=True)
class TableSet:
    """The tables of one run in one folder."""

    folder: Path
    run_id: str

    def path(self, name: str) -> Path:
        """Where a table is or would be."""
        return self.folder / f"{name}.parquet"

    def has(self, name: str) -> bool:
        """Whether the table has been written."""
        return self.path(name).exists()

    def write(self, table: Table, frame: pd.DataFrame, part: str = "") -> Path:
        """Write a table, or a stage's part of one, whole or not at all; returns where.

        The footer carries contract, version, hash and run. Raises StorageError when the disk refuses.
        """
        stamp = {"table": table.name, "version": table.version, "contract": table.fingerprint, "run": self.run_id}
        schema = stamped(table.arrow_schema, stamp)
        target = self.path(f"{table.name}@{part}" if part else table.name)
        draft = target.with_name(f".{target.name}.draft")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as stream:
                pq.write_table(to_arrow(frame, schema), stream, compression="zstd", row_group_size=_ROW_GROUP)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(target)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise StorageError(
                f"{target}: cannot be written ({error}); free the disk or mend the folder's rights, "
                "then run again. The tables published before stand."
            ) from error
        return target

    def write_page(self, name: str, text: str) -> None:
        """Write a page for people beside the tables."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def read(self, name: str, columns: Sequence[str] | None = None, at: pd.DataFrame | None = None) -> pd.DataFrame:
        """A table, or some of its columns, Arrow-backed; raises StorageError when it is not there or no Parquet.

        With ``at`` only the rows that agree with a row of it in all of its columns, which must be among those read;
        what cannot have such rows is not read from the disk.
        """
        path = self.path(name)
        filters = None if at is None else [(str(key), "in", at[key].drop_duplicates().to_list()) for key in at]
        try:
            frame = to_frame(pq.read_table(path, columns=columns, filters=filters, partitioning=None))
            return frame if at is None else frame.merge(at, on=list(at.columns))
        except (OSError, pa.ArrowInvalid) as error:
            raise StorageError(f"{path}: cannot be read ({error}); run all stages again") from error

    def count(self, name: str) -> int:
        """The rows of a table, from its footer."""
        rows: int = pq.read_metadata(self.path(name)).num_rows
        return rows

    def size(self) -> int:
        """Bytes on disk of all its files."""
        return sum(file.stat().st_size for file in self.folder.iterdir())


@dataclass(frozen=True)
class CleanFolder:
    """The folder with published tables and the sets behind them."""

    root: Path

    def prepare(self) -> None:
        """Make the folder and try to write to it, so that a run does not work for nothing; raises StorageError."""
        probe = self.root / ".sets" / ".probe"
        try:
            probe.parent.mkdir(parents=True, exist_ok=True)
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise StorageError(
                f"{self.root}: cannot be written ({error}); mend its rights, or name another folder"
            ) from error

    def table_set(self, run_id: str) -> TableSet:
        """The set of a run; its folder is made when the first table is written."""
        return TableSet(self.root / ".sets" / run_id, run_id)

    def published(self) -> TableSet | None:
        """The set that readers see, or None before the first run."""
        link = self.root / ".published"
        folder = self.root / link.readlink() if link.is_symlink() else None
        return TableSet(folder, folder.name) if folder and folder.is_dir() else None

    def latest(self, name: str, run_id: str) -> TableSet:
        """The set to read a table from during a run: its own, or the published one for stages that it does not redo.

        Raises StorageError when neither has the table.
        """
        own, published = self.table_set(run_id), self.published()
        for candidate in (own, published):
            if candidate and candidate.has(name):
                return candidate
        raise StorageError(f"{own.path(name)}: the table is not there yet; run the stages before this one first")

    def publish(self, tables: TableSet) -> None:
        """Make a set the published one with one rename, then remove sets older than the one before it.

        Tables that the run did not redo are taken over from the set published before. Raises StorageError when a
        stable name is taken by something that is no link, or the disk refuses.
        """
        before = self.published()
        try:
            self._complete(tables, before)
            names = sorted(file.name for file in tables.folder.iterdir() if _is_public(file))
            for name in names:
                self._link(Path(".published") / name, self.root / name)
            self._link(Path(".sets") / tables.run_id, self.root / ".published")
        except OSError as error:
            raise StorageError(f"{self.root}: cannot be published ({error}); the tables before stand") from error
        self._prune(keep={tables.folder, before.folder if before else tables.folder}, names=set(names))

    def _complete(self, tables: TableSet, before: TableSet | None) -> None:
        for file in before.folder.iterdir() if before else ():
            taken_over = tables.folder / file.name
            if not file.name.startswith(".") and not taken_over.exists():
                os.link(file, taken_over)

    def _link(self, target: Path, name: Path) -> None:
        if name.exists() and not name.is_symlink():
            raise FileExistsError(f"{name} is in the way: move it elsewhere, this folder is written by runs")
        draft = name.with_name(f".{name.name}.draft")
        draft.unlink(missing_ok=True)
        draft.symlink_to(target)
        draft.replace(name)

    def _prune(self, keep: set[Path], names: set[str]) -> None:
        for folder in (self.root / ".sets").iterdir():
            if folder not in keep:
                shutil.rmtree(folder)
        for link in self._stable_links():
            if link.name not in names:
                link.unlink()

    def _stable_links(self) -> Iterator[Path]:
        for entry in self.root.iterdir():
            if entry.is_symlink() and entry.readlink().parts[:1] == (".published",):
                yield entry


def _is_public(file: Path) -> bool:
    """Not a draft and not a stage's part of a table."""
    return not file.name.startswith(".") and "@" not in file.name
