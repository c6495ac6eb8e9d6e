"""Alerts: who is told, how, and what is said when nobody could be."""

import sys
from pathlib import Path

import pytest

from pipeline.alerts import Alert, AlertError, send

ALERT = Alert("run failed", "line one\nline two; $(touch x) `y` é", "0123")


def command(file: Path, code: int = 0) -> str:
    program = (
        "import os, pathlib, sys; "
        f"pathlib.Path('{file}').write_text(os.environ['PALIMPSEST_ALERT_SUBJECT'] + '|' + "
        "os.environ['PALIMPSEST_ALERT_RUN'] + '|' + sys.stdin.read()); "
        f"sys.exit({code})"
    )
    return f'{sys.executable} -c "{program}"'


def test_nobody_is_told_where_nobody_is_named() -> None:
    assert send(ALERT, {}) == []


def test_a_command_gets_the_message_and_no_shell_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "told"
    assert send(ALERT, {"PALIMPSEST_ALERT_COMMAND": command(file), "PYTHONUTF8": "1"}) == ["command"]
    assert file.read_text(encoding="utf-8") == f"run failed|0123|{ALERT.text}\n"


@pytest.mark.parametrize("broken", ["/nowhere/at/all", "false", "'unbalanced"])
def test_a_command_that_fails_is_said(broken: str) -> None:
    with pytest.raises(AlertError, match=r"could not tell of: run failed \(command: .*mend PALIMPSEST_ALERT"):
        send(ALERT, {"PALIMPSEST_ALERT_COMMAND": broken, "PATH": "/usr/bin:/bin"})


def test_one_way_that_fails_does_not_keep_from_the_other(tmp_path: Path) -> None:
    file = tmp_path / "told"
    names = {
        "PALIMPSEST_ALERT_COMMAND": command(file),
        "PALIMPSEST_ALERT_EMAIL": "a@example.org",
        "PALIMPSEST_SMTP_HOST": "127.0.0.1",
        "PALIMPSEST_SMTP_PORT": "1",
    }
    with pytest.raises(AlertError, match=r"e-mail: .*refused"):
        send(ALERT, names)
    assert file.exists()
