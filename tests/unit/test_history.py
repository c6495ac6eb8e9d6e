"""Where the history is kept, and what is said when it cannot be."""

from pathlib import Path

import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from pipeline.history import POSTGRES_URL, History, HistoryError, with_driver


def test_sqlite_where_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(POSTGRES_URL, raising=False)
    config = {"base_dir": str(tmp_path / "home"), "connect_timeout_seconds": 10}
    assert isinstance(History.from_config_value(None, config), DagsterSqliteStorage)
    assert (tmp_path / "home" / "history").is_dir()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_the_driver_that_is_installed_is_named(scheme: str) -> None:
    assert with_driver(f"{scheme}://u:p%40@h:1/d") == "postgresql+psycopg2://u:p%40@h:1/d?connect_timeout=10"
    assert with_driver(f"{scheme}://h/d?sslmode=require", 3).endswith("/d?sslmode=require&connect_timeout=3")
    assert with_driver(f"{scheme}://h/d?connect_timeout=1").endswith("/d?connect_timeout=1")


@pytest.mark.parametrize("address", ["secret", "mysql://u:secret@h/d", "postgresql://u:secret@h", "://secret/"])
def test_an_address_that_is_none_is_said_without_its_password(address: str) -> None:
    with pytest.raises(HistoryError, match="postgresql://user:password@host:port/database") as caught:
        with_driver(address)
    assert "secret" not in str(caught.value)
