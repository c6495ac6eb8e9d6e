"""The log of a run: a line of JSON an event, nothing in it that a terminal obeys."""

import json
import logging
from pathlib import Path

import pytest

from pipeline.engine.stage import LOG, note
from pipeline.logs import LogError, logged_to


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="ascii").splitlines()]


def test_an_event_is_a_line_with_its_facts(tmp_path: Path) -> None:
    file = tmp_path / "log"
    with logged_to(str(file)):
        note((LOG,), "file.read", logging.WARNING, run="r1", stage="ingest", file="a.txt", bytes=7, reason=None)
    (line,) = lines(file)
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "warning",
        "event": "file.read",
        "run": "r1",
        "stage": "ingest",
        "file": "a.txt",
        "bytes": 7,
    }


def test_lines_are_added_and_survive_rotation(tmp_path: Path) -> None:
    file = tmp_path / "log"
    for event in ("one", "two"):
        with logged_to(str(file)):
            note((LOG,), event)
    with logged_to(str(file)):
        file.rename(tmp_path / "log.1")
        note((LOG,), "three")
    assert [line["event"] for line in lines(tmp_path / "log.1")] == ["one", "two"]
    assert [line["event"] for line in lines(file)] == ["three"]


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\nb", "\u202eexe.txt", 'a"b', "a\udc80"])
def test_names_reach_no_terminal_and_break_no_line(tmp_path: Path, name: str) -> None:
    with logged_to(str(tmp_path / "log")):
        note((LOG,), "file.read", file=name)
    text = (tmp_path / "log").read_text(encoding="ascii")
    assert text.rstrip("\n").isprintable()
    assert json.loads(text)["file"] == name


def test_nothing_is_printed_where_nobody_listens(capfd: pytest.CaptureFixture[str]) -> None:
    note((LOG,), "row.rejected", logging.WARNING, file="a.txt")
    assert capfd.readouterr() == ("", "")


def test_without_a_place_nothing_is_written() -> None:
    with logged_to(None):
        note((LOG,), "x")


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(LogError, match=r"log: cannot be written .*; name another file"),
        logged_to(str(tmp_path / "file" / "log")),
    ):
        pass
