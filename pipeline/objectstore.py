"""Folders on object stores (``s3://bucket/folder``, by fsspec): what a disk does otherwise than a store.

A place on a store is a UPath, which has the methods of pathlib. A store has no links, no rename and no lock that dies
with its holder: a table appears there when its upload is completed, and a lease keeps other runs away. Not here: which
set is published (``storage``).
"""

import functools
import importlib.util
import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final, cast

LEASE: Final = timedelta(minutes=2)
"""A run that has not renewed its lease for so long is taken to be dead."""


class LeaseHeldError(Exception):
    """Another run holds the lease; the message says which and until when."""


def place(text: str) -> Path:
    """The folder that a text names: a path, or a URL such as ``s3://bucket/raw``.

    Raises OSError when the library for such URLs is missing or does not know them; the message has the remedy.
    """
    if "://" not in text:
        return Path(text)
    from upath import UPath  # noqa: PLC0415  (takes a while, and most folders are on a disk)

    protocol = text.partition("://")[0]
    try:
        folder = UPath(text, use_listings_cache=False)  # others write there too
        folder.fs.ls  # noqa: B018  (the library is loaded by the first access)
    except (ImportError, ValueError) as error:
        remedy = "install it with: pip install 'palimpsest[s3]'" if protocol == "s3" else "install what it names"
        raise OSError(f"{text}: folders of the kind {protocol}:// cannot be read here ({error}); {remedy}") from error
    return cast("Path", folder)


def on_store(path: Path) -> bool:
    """Whether a place is on an object store."""
    return not isinstance(path, Path)


def filesystem(path: Path) -> tuple[str, Any]:
    """A place as pyarrow and fsspec want it: its name, and the file system that it is on; None for the disk."""
    return (cast("Any", path).path, cast("Any", path).fs) if on_store(path) else (str(path), None)


@contextmanager
def mishaps() -> Iterator[None]:
    """Errors of a store's own library (no credentials, no such host) as OSError, which is what a disk raises."""
    try:
        yield
    except _own_errors() as error:
        raise OSError(f"the object store refuses: {error}") from error


@functools.cache
def _own_errors() -> tuple[type[Exception], ...]:
    if importlib.util.find_spec("botocore") is None:
        return ()
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (not everybody has it)

    return (BotoCoreError, ClientError)


def listing(root: Path) -> dict[str, str]:
    """Every object below a folder, hidden ones left out, by its name below it, with a stamp that changes as it does.

    Raises OSError when the store refuses or has no such bucket.
    """
    name, files = filesystem(root)
    with mishaps():
        found = files.find(name, detail=True)
        if not found and not files.exists(name.partition("/")[0]):
            raise FileNotFoundError("no such bucket")
    below = {str(key).removeprefix(name.rstrip("/") + "/"): about for key, about in found.items()}
    return {key: _stamp(about) for key, about in sorted(below.items()) if not _hidden(key)}


def look(root: Path, key: str) -> tuple[int, str]:
    """Bytes and stamp of an object below a folder; raises OSError when they cannot be had."""
    name, files = filesystem(root)
    with mishaps():
        about = files.info(_below(name, key))
    return int(about["size"]), _stamp(about)


def read_object(root: Path, key: str, start: int | None = None, end: int | None = None) -> bytes:
    """The bytes of an object, or those from a place to another; raises OSError when they cannot be had."""
    name, files = filesystem(root)
    with mishaps():
        return bytes(files.cat_file(_below(name, key), start=start, end=end))


def _below(name: str, key: str) -> str:
    return f"{name.rstrip('/')}/{key}"  # joined as texts: to a store "a//b" and "a/b" are two objects


def _stamp(about: dict[str, Any]) -> str:
    changed = about.get("ETag") or about.get("etag") or about.get("LastModified") or about.get("mtime")
    return f"{about.get('size')} {changed}"


def _hidden(key: str) -> bool:
    return any(part.startswith(".") for part in key.split("/"))


class Upload:
    """A stream to an object, which appears, whole, when the upload is completed, and not at all when it is not."""

    def __init__(self, target: Path) -> None:
        name, files = filesystem(target)
        with mishaps():
            self.stream: IO[bytes] = files.open(name, "wb", autocommit=False)

        self._whole = False

    def complete(self) -> None:
        """Make the object appear."""
        with mishaps():
            self.stream.close()
            cast("Any", self.stream).commit()
        self._whole = True

    def close(self) -> None:
        """Throw away what has been sent, unless it is complete."""
        stream = cast("Any", self.stream)
        if not self._whole:
            with mishaps():
                stream.discard()
            stream.closed = True  # else it is completed when it is collected


@dataclass
class Lease:
    """The right of one run to write, as an object that only one can create; renewed by a thread while it is held."""

    path: Path
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lease while the block lasts; raises LeaseHeldError when another run has it, OSError as a disk."""
        with mishaps():
            self._take()
        over = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(over,), daemon=True)
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()
            name, files = filesystem(self.path)
            with mishaps():
                if self.holder().get("token") == self.token:
                    files.rm_file(name)

    def holder(self) -> dict[str, str]:
        """What the lease says of its holder; empty where there is none."""
        name, files = filesystem(self.path)
        try:
            return dict(json.loads(files.cat_file(name)))
        except FileNotFoundError:
            return {}

    def _take(self) -> None:
        name, files = filesystem(self.path)
        holder = self.holder()
        if holder and datetime.fromisoformat(holder["until"]) < datetime.now(UTC):
            files.rm_file(name)
        try:
            files.pipe_file(name, self._text(), mode="create")
        except FileExistsError:
            holder = self.holder()
            raise LeaseHeldError(
                f"{holder.get('who', 'somebody')} until {holder.get('until', 'just now')}, as {self.path} says"
            ) from None

    def _renew(self, over: threading.Event) -> None:
        name, files = filesystem(self.path)
        while not over.wait(LEASE.total_seconds() / 4):
            files.pipe_file(name, self._text())

    def _text(self) -> bytes:
        until = (datetime.now(UTC) + LEASE).isoformat(timespec="seconds")
        who = f"process {os.getpid()} on {socket.gethostname()}"
        return json.dumps({"who": who, "until": until, "token": self.token}).encode()
