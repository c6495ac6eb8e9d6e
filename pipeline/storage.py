"""Files on disk: the raw folder, which is only read, and sets of Parquet tables, which are switched as one.

A run writes its tables to a set of its own, ``<clean>/.sets/<run>/``. Publishing renames one link, ``.published``, on
to that set; the stable names (``<clean>/works.parquet``) are links through it. So a reader sees the tables of one run
and never a mixture, and a run that is killed anywhere leaves the last good set, as Kubernetes switches configuration.
On an object store, which has no links, the object ``published.json``, written last, names the set. Not here: tables.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from pipeline import manifest
from pipeline.candidates import drop_candidates
from pipeline.ingest.pieces import Read
from pipeline.layouts import LayoutFileError, Spec, read_specs
from pipeline.objectstore import Lease, LeaseHeldError, listing, mishaps, on_store
from pipeline.rawfiles import (
    BeingWrittenError,
    Fresh,
    identity_of,
    key_of_object,
    keys_of_files,
    numbered_rows,
    read_file,
    reader,
    size_of,
    stamp_of,
)
from pipeline.tables import MisplacedError, StorageError, TableSet


@dataclass(frozen=True, slots=True)
class Found:
    """A file below the raw folder, its size where the listing says it, or a name that cannot be read, and why."""

    path: str
    error: OSError | None = None
    size: int | None = None


@dataclass(frozen=True)
class RawFolder:
    """The folder with the raw files; nothing in it is ever written."""

    root: Path

    def scan(self) -> list[Found]:
        """Every file below the folder, hidden ones left out, sorted by path.

        Folders that cannot be listed are in it with their error. Raises StorageError when the root is not there.
        """
        if on_store(self.root):
            return [Found(key, None, int(stamp.split()[0])) for key, stamp in sorted(self._objects().items())]
        if not self.root.is_dir():
            raise StorageError(f"{self.root}: no such folder; make it, or name another with --raw")
        errors: list[OSError] = []
        found = []
        for folder, folders, names in os.walk(self.root, onerror=errors.append):
            folders[:] = [name for name in folders if not name.startswith(".")]
            shown = [name for name in names if not name.startswith(".")]
            found += [Found(key) for key in keys_of_files(self.root, folder, shown)]
        for error in errors:
            lost = Path(str(error.filename))
            found += [Found(key, error) for key in keys_of_files(self.root, str(lost.parent), [lost.name])]
        return sorted(found, key=lambda f: f.path)

    def read(self, path: str) -> bytes:
        """The bytes of one file or member of an archive; OSError as ``read_file``."""
        return read_file(self.root, path)

    def reader(self, path: str, compression: str = "none") -> Read:
        """Gives some of the bytes of a file that is no member, or of what is packed in it; OSError where it cannot."""
        return reader(self.root, path, compression)

    def size(self, path: str) -> int | None:
        """The bytes of a plain file; None for anything else, and where they cannot be had."""
        return size_of(self.root, path)

    def fresh(self, found: list[Found]) -> Fresh:
        """A first look at those of some files that may still be written to."""
        return Fresh.of(self.root, (f.path for f in found if not f.error))

    def settled(self, found: list[Found], fresh: Fresh | None = None) -> list[Found]:
        """The same files, with an error where somebody is still writing to one; ``fresh`` is the first look at them."""
        growing = (fresh or self.fresh(found)).growing()
        return [Found(f.path, BeingWrittenError()) if f.path in growing else f for f in found]

    @property
    def corrections_file(self) -> Path:
        """Where people write down what they know better: ``corrections.csv`` beside the folder."""
        return self.root.absolute().parent / "corrections.csv"

    @property
    def decisions_file(self) -> Path:
        """Where people write down which works and authors are the same: ``decisions.csv`` beside the folder."""
        return self.root.absolute().parent / "decisions.csv"

    def corrections(self) -> pd.DataFrame:
        """The corrections of people, as texts, with their row numbers; no rows where there is no such file.

        Raises StorageError when the file is no CSV with the columns path, before, after and note.
        """
        return numbered_rows(self.corrections_file, ["path", "before", "after", "note"])

    @property
    def layouts_file(self) -> Path:
        """Where people describe layouts of their own: ``layouts.yaml`` beside the folder."""
        return self.root.absolute().parent / "layouts.yaml"

    def layouts(self) -> tuple[Spec, ...]:
        """The layouts that people described; none where there is no such file.

        Raises StorageError when the file cannot be read, or says what is no layout.
        """
        file = self.layouts_file
        if not file.exists():
            return ()
        try:
            return read_specs(file.read_text(encoding="utf-8"), str(file))
        except LayoutFileError as error:
            raise StorageError(str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(f"{file}: cannot be read as UTF-8 ({error}); mend or remove it") from error

    def decisions(self) -> pd.DataFrame:
        """The decisions of people, as texts, with their row numbers; no rows where there is no such file.

        Raises StorageError when the file is no CSV with the columns decision, one, other and note.
        """
        return numbered_rows(self.decisions_file, ["decision", "one", "other", "note"])

    def pages(self, *, linking: bool = False) -> list[bytes]:
        """What people have written down beside the folder that changes how its files are read, or linked, as bytes."""
        files = [self.corrections_file, self.layouts_file, *([self.decisions_file] if linking else [])]
        return [file.read_bytes() for file in files if file.exists()]

    def stamps(self) -> dict[str, str]:
        """The stamp of every file, and of what people have written down beside the folder."""
        beside = {
            f"../{number}": hashlib.sha256(page).hexdigest() for number, page in enumerate(self.pages(linking=True))
        }
        stamps = self._objects() if on_store(self.root) else {f.path: self.stamp(f.path) for f in self.scan()}
        return {**beside, **stamps}

    def _objects(self) -> dict[str, str]:
        try:
            return {key_of_object(name): stamp for name, stamp in listing(self.root).items()}
        except OSError as error:
            raise StorageError(f"{self.root}: cannot be listed ({error}); mend its name or the rights to it") from error

    def stamp(self, path: str) -> str:
        """Size and time of change of one file, or why they cannot be had."""
        return stamp_of(self.root, path)

    def identity(self, path: str, now: float) -> str | None:
        """What changes whenever the bytes of a plain file do, without reading them, as ``identity_of`` at a time."""
        return identity_of(self.root, path, now)


class BusyError(Exception):
    """Another run is writing to the clean folder."""


@dataclass(frozen=True)
class CleanFolder:
    """The folder with published tables and the sets behind them."""

    root: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other runs away while the block lasts; the system lets go when this process dies, however it does.

        Raises BusyError when another run is there, and StorageError when the folder cannot be written.
        """
        self.prepare()
        if on_store(self.root):
            with self._leased():
                yield
            return
        lock = FileLock(self.root / ".sets" / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise BusyError(
                f"{self.root}: another run writes here and holds {lock.lock_file}; wait until it is done, or stop it"
            ) from None
        try:
            drop_candidates(self.root / ".sets")
            yield
        finally:
            lock.release()

    @contextmanager
    def _leased(self) -> Iterator[None]:
        lease = Lease(self.root / ".sets" / ".lock")
        try:
            with lease.held():
                yield
        except LeaseHeldError as error:
            raise BusyError(
                f"{self.root}: another run writes here, {error}; wait until it is done, or stop it"
            ) from None

    def prepare(self) -> None:
        """Make the folder and try to write to it, so that a run does not work for nothing; raises StorageError."""
        probe = self.root / ".sets" / ".probe"
        try:
            with mishaps():
                probe.parent.mkdir(parents=True, exist_ok=True)
                probe.write_bytes(b"")
                probe.unlink(missing_ok=True)  # another run tries it, too
        except OSError as error:
            kind = MisplacedError if error.errno in {errno.ENOTDIR, errno.ENAMETOOLONG} else StorageError
            raise kind(f"{self.root}: cannot be written ({error}); mend its rights, or name another folder") from error

    def table_set(self, run_id: str) -> TableSet:
        """The set of a run; its folder is made when the first table is written."""
        return TableSet(self.root / ".sets" / run_id, run_id)

    def published(self) -> TableSet | None:
        """The set that readers see, or None before the first run."""
        if on_store(self.root):
            return manifest.read_manifest(self.root)
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
            if on_store(self.root):
                manifest.write_manifest(self.root, tables)
                manifest.drop_other_sets(self.root / ".sets", keep={tables.run_id, before.run_id if before else ""})
                return
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
                (manifest.take_over if on_store(file) else os.link)(file, taken_over)

    def _link(self, target: Path, name: Path) -> None:
        if name.exists() and not name.is_symlink():
            raise FileExistsError(f"{name} is in the way: move it elsewhere, this folder is written by runs")
        draft = name.with_name(f".{name.name}.draft")
        draft.unlink(missing_ok=True)
        draft.symlink_to(target)
        draft.replace(name)

    def _prune(self, keep: set[Path], names: set[str]) -> None:
        for folder in (self.root / ".sets").iterdir():
            if folder not in keep and folder.is_dir():
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
