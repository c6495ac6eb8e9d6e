"""When a process beside a run is worth it."""

from pathlib import Path

import pytest

from pipeline import processes
from pipeline.engine import Settings
from pipeline.storage import CleanFolder, RawFolder
from pipeline.workplace import workplace


def test_many_bytes_or_many_files_are_worth_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_A_PROCESS", 100)
    monkeypatch.setattr(processes, "_MANY_FILES", 4)
    assert not processes.worth_a_process(tmp_path / "missing")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.txt").write_bytes(b"x" * 60)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert not processes.worth_a_process(tmp_path)
    (tmp_path / "two.txt").write_bytes(b"x" * 60)
    assert processes.worth_a_process(tmp_path)
    (tmp_path / "two.txt").write_bytes(b"")
    assert not processes.worth_a_process(tmp_path)
    (tmp_path / "deep" / "three.txt").write_bytes(b"")
    assert processes.worth_a_process(tmp_path)


def test_a_first_run_over_much_has_a_process_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = RawFolder(tmp_path / "raw"), CleanFolder(tmp_path / "clean")
    raw.root.mkdir()
    (raw.root / "one.txt").write_bytes(b"x" * 60)
    clean.prepare()
    monkeypatch.setattr(processes, "WORTH_A_PROCESS", 10)
    with workplace(raw, clean, Settings(1)) as settings:
        assert settings.beside is None
    with workplace(raw, clean, Settings(2)) as settings:
        assert settings.beside is not None
        assert settings.beside.start(divmod, 7, 2)() == (3, 1)
