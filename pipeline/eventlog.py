"""Dagster's log of events in SQLite, where writing an event takes no longer than that takes SQLite.

A run has two events for each of some 350 checks, and three transactions for one of these. Dagster's own log opens its
file anew for every transaction, with an engine of SQLAlchemy's that knows nothing yet: it asks SQLite what it can, and
makes SQL of every statement again; and it waits until the disk has each. Nearly all of the twelve seconds that a
recorded run took longer than another went there. What is written is the same. Not here: which history is kept where
(``history``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sql import create_engine
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool


class OpenEventLog(SqliteEventLogStorage):
    """Dagster's log, which keeps the file of all runs open, and that of the run that it was asked for last."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction in the file of a run, or in that of all; one at a time, as in Dagster's own."""
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._open:
            self._close(set(self._open) - {INDEX_SHARD_NAME})
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                pool_size=1,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _without_waiting)
            self._open[shard] = engine
        return self._open[shard]

    def _close(self, shards: set[str]) -> None:
        for shard in shards:
            self._open.pop(shard).dispose()

    def has_table(self, table_name: str) -> bool:
        """Whether the file of all runs has a table; one that it has, it keeps."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        """Forget everything."""
        with self._db_lock:
            self._close(set(self._open))
        super().wipe()

    def dispose(self) -> None:
        """Close the files."""
        with self._db_lock:
            self._close(set(self._open))
        super().dispose()


def _without_waiting(connection: Any, _: object) -> None:
    """Have the disk take events when it likes: a process that dies loses none, and a machine that does its last few.

    The file is whole in either case (SQLite on ``synchronous``), and tables are not in it.
    """
    connection.execute("PRAGMA synchronous=NORMAL").close()


class OpenStorage(DagsterSqliteStorage):
    """Dagster's storage in SQLite with that log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        own = self._event_log_storage
        self._event_log_storage = OpenEventLog(own._base_dir)
