"""Where Dagster keeps the history of runs: SQLite files in its home, or PostgreSQL where the environment names one.

``.dagster/dagster.yaml`` names the class here, so that one file of settings serves both: yaml cannot branch. Not here:
anything about tables; they are Parquet in either case.
"""

import os
from typing import Any

from dagster import Field, IntSource, StringSource
from dagster._core.storage.base_storage import DagsterStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData

from pipeline.eventlog import OpenStorage

POSTGRES_URL = "PALIMPSEST_POSTGRES_URL"
"""The variable with the address; it is read when the history is opened and is on no command line."""

_DRIVER = "postgresql+psycopg2"  # plain "postgresql" means another driver to SQLAlchemy from 2.1 on


class HistoryError(Exception):
    """The history cannot be opened; the message says what to set or install. It never holds the address."""


class History(DagsterStorage, ConfigurableClass):
    """Chooses between the two when Dagster opens it; it is never an instance of its own."""

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Settings: ``base_dir``, the folder for SQLite, and how long PostgreSQL may take to answer at first."""
        return {
            "base_dir": Field(StringSource),
            "connect_timeout_seconds": Field(IntSource, is_required=False, default_value=10),
        }

    @classmethod
    def from_config_value(  # type: ignore[override]  # that of another class, as the caller allows
        cls, inst_data: ConfigurableClassData | None, config_value: Any
    ) -> DagsterStorage:
        """The storage that the environment asks for.

        Raises HistoryError when the address is none, or the driver is not installed.
        """
        address = os.environ.get(POSTGRES_URL)
        if not address:
            return OpenStorage.from_local(config_value["base_dir"], inst_data=inst_data)
        try:
            from dagster_postgres import DagsterPostgresStorage  # noqa: PLC0415 - is an extra
        except ImportError as error:
            raise HistoryError(
                f"{POSTGRES_URL} is set, and the driver is not installed; install it with: "
                "pip install 'palimpsest[postgres]', or unset the variable to keep the history in SQLite"
            ) from error
        return DagsterPostgresStorage(with_driver(address, config_value["connect_timeout_seconds"]))


def with_driver(address: str, timeout: int = 10) -> str:
    """An address as people write it (``postgres://...``) with the driver named that is installed.

    Raises HistoryError, without the address, which holds a password, when it is not that of a PostgreSQL server.
    """
    scheme, found, rest = address.partition("://")
    if not found or scheme not in {"postgres", "postgresql", _DRIVER} or "/" not in rest:
        raise HistoryError(
            f"{POSTGRES_URL} is not an address of the form postgresql://user:password@host:port/database; mend it"
        )
    if "connect_timeout=" in rest:
        return f"{_DRIVER}://{rest}"
    return f"{_DRIVER}://{rest}{'&' if '?' in rest else '?'}connect_timeout={timeout}"
